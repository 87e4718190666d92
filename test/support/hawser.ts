// Types a command line in process: argv in, streams and exit code out.

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Inspect } from '../../src/cli/checks/inspector.ts';
import type { Context, OwnedSystem } from '../../src/cli/context.ts';
import type { Input } from '../../src/cli/io/io.ts';
import type { Prompt } from '../../src/cli/io/prompt.ts';
import { systemClock } from '../../src/cli/io/system-clock.ts';
import type { RenderFolders } from '../../src/cli/offline/offline.ts';
import { createContext, type LiveContext } from '../../src/cli/process-context.ts';
import { runProgram } from '../../src/cli/program.ts';
import type { Clock } from '../../src/core/time.ts';
import { expectClean } from './controls.ts';
import type { FakeApi } from './fake-api.ts';

export interface Typed {
  readonly api?: FakeApi;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly terminal?: boolean;
  readonly columns?: number;
  readonly prompt?: Prompt;
  readonly clock?: Clock;
  readonly signal?: AbortSignal;
  readonly program?: string;
  readonly renderFolders?: RenderFolders;
  readonly inspect?: Inspect;
  readonly own?: OwnedSystem;
}

export interface Shown {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A clock that stands still and sleeps no time. */
export function stillClock(now = Date.parse('2026-01-05T10:00:00Z')): Clock {
  return { now: () => now, sleep: () => Promise.resolve() };
}

/** A clock on which short pauses are over at once, deadlines of some seconds too, and longer ones only when aborted. */
export function patientClock(now = Date.parse('2026-01-05T10:00:00Z')): Clock {
  const LONG = 60_000;
  return {
    now: () => now,
    sleep: (milliseconds, signal) =>
      new Promise((resolve, reject) => {
        if (milliseconds < LONG) setTimeout(resolve, milliseconds > 500 ? 50 : 0);
        signal?.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
      }),
  };
}

/** A context for looking at commands, not for running them. */
export const idleContext = (): Context => idleLive().context;

export function idleLive(): LiveContext {
  return contextOf(
    {},
    () => undefined,
    () => undefined,
  );
}

/** Runs words (or a line split at spaces) against a fake API as the local system. */
export async function hawser(line: string | readonly string[], typed: Typed = {}): Promise<Shown> {
  const argv = typeof line === 'string' ? line.split(' ').filter((word) => word !== '') : line;
  let out = '';
  let err = '';
  const live = contextOf(
    typed,
    (text) => {
      out += text;
    },
    (text) => {
      err += text;
    },
  );
  const code = await runProgram(argv, live);
  return { code, out: expectClean(out), err: expectClean(err) };
}

type Write = (text: string) => void;

/** A stdin that holds a text. */
export function inputOf(text: string, terminal = false): Input {
  const lines = text.split('\n').slice(0, -1);
  return { terminal, read: () => Promise.resolve(text), line: () => Promise.resolve(lines.shift()) };
}

function contextOf(typed: Typed, writeOut: Write, writeErr: Write): LiveContext {
  const terminal = typed.terminal ?? false;
  const columns = (): number => typed.columns ?? 160;
  const rows = (): number => 24;
  const home = mkdtempSync(join(tmpdir(), 'hawser-home-'));
  return createContext({
    io: {
      out: { write: writeOut, terminal, columns, rows },
      err: { write: writeErr, terminal, columns, rows },
      input: inputOf(typed.stdin ?? '', terminal),
    },
    env: { HOME: home, HAWSER_CONTEXT: 'local', TERM: 'xterm', ...typed.env },
    clock: typed.clock ?? stillClock(),
    program: typed.program ?? 'hawser',
    signal: typed.signal ?? new AbortController().signal,
    version: () => '1.2.3',
    openLocal: async () => {
      if (!typed.api) throw new Error('this command was not expected to connect');
      return { transport: { dispatch: typed.api.dispatch }, warnings: [], close: () => Promise.resolve() };
    },
    openCore: () => Promise.reject(new Error('this command was not expected to ask a cluster')),
    openForward: () => Promise.reject(new Error('this command was not expected to ask a cluster')),
    ownSystem: async () => {
      if (!typed.own) throw new Error('this command was not expected to own a system');
      return typed.own;
    },
    resetSystem: () => Promise.reject(new Error('this command was not expected to reset a system')),
    openJq: async () => (await import('../../src/cli/system.ts')).openJq(),
    openKubeconfig: async (options) => {
      const { openKubeconfig } = await import('../../src/cli/system.ts');
      return openKubeconfig({ env: { HOME: home, ...typed.env }, clock: systemClock }, options);
    },
    openOffline: async () => {
      const { openOfflineSystem } = await import('../../src/cli/system.ts');
      return openOfflineSystem({ dataDir: join(home, 'data'), env: process.env, clock: systemClock });
    },
    inspect: typed.inspect ?? (() => Promise.reject(new Error('this machine was not expected to be looked at'))),
    planSync: async (planning) => (await import('../../src/cli/system.ts')).planSync(planning),
    settingsTools: async () =>
      (await import('../../src/cli/system.ts')).openSettingsTools({
        env: { HOME: home, ...typed.env },
        clock: systemClock,
      }),
    renderFolders: typed.renderFolders ?? (() => Promise.reject(new Error('nothing was expected to be rendered here'))),
    ...(typed.prompt ? { prompt: typed.prompt } : {}),
  });
}
