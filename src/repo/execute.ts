// Running a program: with a deadline, a limit on what it may say, and an end for all that it started.

import { type ChildProcess, spawn } from 'node:child_process';
import { HawserError, messageOf, systemCode } from '../core/errors.ts';
import { omitUndefined } from '../core/omit-undefined.ts';

declare module '../core/errors.ts' {
  interface Reasons {
    'excessive-output': unknown;
  }
}

export interface Execution {
  /** The program's file. */
  readonly program: string;
  /** What to call it in errors. */
  readonly name: string;
  readonly arguments: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  readonly folder?: string;
  readonly input?: string;
  readonly timeoutMs: number;
  readonly limitBytes?: number;
  /** The descriptor of a file that takes the program's output, instead of the outcome. */
  readonly output?: number;
  readonly signal?: AbortSignal;
}

export interface ProcessResult {
  /** 0 is success; -1 stands for a child that a signal ended. */
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

const DEFAULT_LIMIT = 256 * 1024 * 1024;
const STDERR_LIMIT = 256 * 1024;

/** Children that run: they live in groups of their own, so a terminal's Ctrl-C does not reach them. */
const alive = new Set<ChildProcess>();
let parting = false;

/** When this process ends, so do they. */
function endWithUs(child: ChildProcess): void {
  alive.add(child);
  if (parting) return;
  parting = true;
  process.once('exit', () => {
    for (const one of alive) endGroup(one);
  });
}

/** Runs a program to its end; whatever code it ends with is an outcome, not an error. */
export async function execute(execution: Execution): Promise<ProcessResult> {
  execution.signal?.throwIfAborted();
  const child = await start(execution);
  const watch = watchOver(child, execution);
  try {
    return await outcomeOf(child, execution, watch);
  } finally {
    alive.delete(child);
    watch.stop();
  }
}

/** A child that runs. One that cannot be started, for want of descriptors or memory, may not even have its streams. */
function start(execution: Execution): Promise<ChildProcess> {
  const starting = new Promise<ChildProcess>((resolve, reject) => {
    const child = spawn(execution.program, execution.arguments, {
      env: execution.environment,
      stdio: ['pipe', execution.output ?? 'pipe', 'pipe'],
      // Its own process group, so that its children end with it.
      detached: process.platform !== 'win32',
      windowsHide: true,
      ...omitUndefined({ cwd: execution.folder }),
    });
    child.on('error', (cause) => {
      alive.delete(child);
      reject(cause);
    });
    child.once('spawn', () => resolve(child));
    endWithUs(child);
  });
  // Some shortages are thrown in place of told.
  return starting.catch((thrown: unknown) => {
    throw thrown instanceof Error ? startFailure(execution, thrown) : thrown;
  });
}

interface ProcessWatch {
  /** Why the child was ended before its time. */
  readonly verdict: () => unknown;
  readonly end: (why: unknown) => void;
  readonly stop: () => void;
}

function watchOver(child: ChildProcess, { name, timeoutMs, signal }: Execution): ProcessWatch {
  let verdict: unknown;
  const end = (why: unknown): void => {
    verdict ??= why;
    endGroup(child);
  };
  const timer = setTimeout(() => {
    end(new HawserError('timed-out', `${name} did not end within ${Math.round(timeoutMs / 1000)} s`));
  }, timeoutMs);
  const aborted = (): void => end(signal?.reason);
  if (signal?.aborted) aborted();
  signal?.addEventListener('abort', aborted, { once: true });
  return {
    verdict: () => verdict,
    end,
    stop: () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', aborted);
    },
  };
}

function endGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill();
    else process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

const excessiveOutput = (name: string, limitBytes: number): HawserError =>
  new HawserError('invalid', `${name} wrote more than ${limitBytes} bytes`, { reason: { kind: 'excessive-output' } });

function outcomeOf(child: ChildProcess, execution: Execution, watch: ProcessWatch): Promise<ProcessResult> {
  const { name, limitBytes = DEFAULT_LIMIT, input = '' } = execution;
  return new Promise((resolve, reject) => {
    const output: Buffer[] = [];
    let size = 0;
    let complaint = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limitBytes) output.push(chunk);
      else watch.end(excessiveOutput(name, limitBytes));
    });
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      if (complaint.length < STDERR_LIMIT) complaint += chunk;
    });
    // A child that ends without reading its input is judged by its exit code.
    child.stdin?.on('error', () => undefined).end(input);
    child.on('error', (cause) => reject(startFailure(execution, cause)));
    child.on('close', (code) => {
      const verdict = watch.verdict();
      if (verdict === undefined) resolve({ code: code ?? -1, stdout: Buffer.concat(output), stderr: complaint });
      else reject(verdict);
    });
  });
}

function startFailure({ name, program }: Execution, cause: Error): HawserError {
  if (cause instanceof HawserError) return cause;
  const code = systemCode(cause);
  if (code === 'ENOENT') return new HawserError('missing-tool', `${name} was not found at '${program}'`, { cause });
  const { reason = messageOf(cause), hint = undefined } = SHORTAGES[code] ?? {};
  return new HawserError('internal', `${name} could not be started: ${reason}`, {
    ...omitUndefined({ hint }),
    cause,
  });
}

const SHORTAGES: Readonly<Record<string, { readonly reason: string; readonly hint?: string }>> = {
  EMFILE: { reason: 'too many files are open', hint: 'raise the limit: ulimit -n 1024' },
  ENFILE: { reason: 'too many files are open on this machine' },
  EAGAIN: { reason: 'there are too many processes', hint: 'raise the limit: ulimit -u' },
  ENOMEM: { reason: 'there is not enough memory' },
  E2BIG: { reason: 'its arguments are too long' },
  EACCES: { reason: 'the file may not be run' },
};
