// The process: its streams, environment and signals become a Context; what comes back becomes its exit code.

import { setMaxListeners } from 'node:events';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { isatty } from 'node:tty';
import type { Input, Output } from './cli/io/io.ts';
import { listenForKeys } from './cli/io/keys.ts';
import { systemClock } from './cli/io/system-clock.ts';
import { leaveUnwritten } from './cli/io/unwritten.ts';
import { visible } from './cli/io/visible.ts';
import { createContext } from './cli/process-context.ts';
import { runProgram } from './cli/program.ts';
import { EXIT_CODES, HawserError } from './core/errors.ts';
import { isObject } from './core/json.ts';

const WIDTH = 80;
const HEIGHT = 24;

/** How long a command has to end by itself when it is asked to, and a server, whose requests end first. */
const GRACE_MS = 1000;
const SERVER_GRACE_MS = 7000;

/** Runs this process's command line and leaves its exit code behind. */
export async function main(): Promise<void> {
  const stop = new AbortController();
  const late = new AbortController();
  // As many may listen as there are calls under way: no leak.
  setMaxListeners(0, stop.signal);
  let grace = GRACE_MS;
  onFirstSignal((code) => {
    stop.abort(new HawserError(code, code));
    setTimeout(() => late.abort(stop.signal.reason), grace);
  });
  process.stdout.on('error', leaveUnwritten);
  const live = createContext({
    io: { out: outputOn(() => process.stdout), err: outputOn(standardError), input: standardInput() },
    env: process.env,
    clock: systemClock,
    program: basename(process.argv[1] ?? 'hawser'),
    signal: stop.signal,
    late: late.signal,
    version,
    openLocal: async (options) => (await import('./cli/system.ts')).openLocalSystem(around(stop.signal, options)),
    openCore: async (options) =>
      (await import('./cli/system.ts')).openCoreSystem(around(stop.signal, options), options),
    openForward: async (options) => (await import('./cli/system.ts')).openForward(around(stop.signal, {}), options),
    ownSystem: async (options) => {
      grace = SERVER_GRACE_MS;
      return (await import('./cli/system.ts')).ownSystem({ ...around(stop.signal, options), ...options });
    },
    resetSystem: async (options) => (await import('./cli/system.ts')).resetSystem(around(stop.signal, options)),
    renderFolders: async (options, rendering) =>
      (await import('./cli/system.ts')).renderFolders(around(stop.signal, options), rendering),
    openJq: async () => (await import('./cli/system.ts')).openJq(),
    inspect: async (options) => (await import('./cli/system.ts')).inspectSystem(around(stop.signal, options)),
    openKubeconfig: async (options) =>
      (await import('./cli/system.ts')).openKubeconfig(around(stop.signal, {}), options),
    openOffline: async (options) => (await import('./cli/system.ts')).openOfflineSystem(around(stop.signal, options)),
    planSync: async (planning) => (await import('./cli/system.ts')).planSync(planning),
    settingsTools: async () => (await import('./cli/system.ts')).openSettingsTools(around(stop.signal, {})),
  });
  process.exitCode = await runProgram(process.argv.slice(2), live);
  // Something may still be open that nothing can end, as the question for the address of a name.
  if (stop.signal.aborted) process.exit();
}

const around = (signal: AbortSignal, { dataDir }: { readonly dataDir?: string }) => ({
  signal,
  dataDir,
  env: process.env,
  clock: systemClock,
  version: version(),
  say,
});

function say(line: string): void {
  standardError().write(`${visible(line)}\n`);
}

const SIGNALS = [
  ['SIGINT', 'interrupted'],
  ['SIGTERM', 'terminated'],
  ['SIGHUP', 'terminated'],
] as const;

/** Once: everything that waits is told. Twice: gone. Listeners of others stay: signal-exit kills at once where it sees one alone. */
function onFirstSignal(listener: (code: 'interrupted' | 'terminated') => void): void {
  const first = SIGNALS.map(([signal, code]) => {
    const tell = (): void => {
      for (const { name, heard } of first) process.off(name, heard);
      for (const [name, ending] of SIGNALS) process.once(name, () => process.exit(EXIT_CODES[ending]));
      listener(code);
    };
    return { name: signal, heard: tell };
  });
  for (const { name, heard } of first) process.on(name, heard);
}

let errorsWatched = false;

function standardError(): NodeJS.WriteStream {
  if (!errorsWatched) process.stderr.on('error', leaveUnwritten);
  errorsWatched = true;
  return process.stderr;
}

/** Node makes a stream when it is first asked for it: one that is not used is not paid for. */
function outputOn(stream: () => NodeJS.WriteStream): Output {
  return {
    write: (text) => {
      stream().write(text);
    },
    get terminal() {
      return stream().isTTY === true;
    },
    columns: () => stream().columns || Number(process.env['COLUMNS']) || WIDTH,
    rows: () => stream().rows || HEIGHT,
    onResize: (listener) => {
      stream().on('resize', listener);
      return () => stream().off('resize', listener);
    },
  };
}

function standardInput(): Input {
  let lines: AsyncIterator<string> | undefined;
  return {
    // The stream itself is made when something is read from it.
    get terminal() {
      return isatty(0);
    },
    read: async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
      return Buffer.concat(chunks).toString('utf8');
    },
    line: async () => {
      if (!lines) {
        const { createInterface } = await import('node:readline');
        lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
      }
      const next = await lines.next();
      return next.done ? undefined : next.value;
    },
    keys: (listener) => listenForKeys(process.stdin, listener),
  };
}

function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  return isObject(manifest) && typeof manifest['version'] === 'string' ? manifest['version'] : 'unknown';
}
