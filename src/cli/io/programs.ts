// Other programs: an editor, a viewer of differences, kubectl, a browser. The one place of the commands that starts them.

import { spawn } from 'node:child_process';
import { platform } from 'node:os';
import { HawserError, messageOf, type Reason } from '../../core/errors.ts';
import type { Context } from '../context.ts';

export interface Program {
  readonly name: string;
  readonly words: readonly string[];
  /** What to do when it cannot be started. */
  readonly hint: string;
  /** What is said then; by default with the reason of the system. */
  readonly missing?: string;
  readonly reason?: Reason;
}

type Surroundings = Pick<Context, 'env' | 'signal'>;

/** Runs a program on this process's streams; the answer is its exit code. Throws `missing-tool`. */
export function runOnTerminal(program: Program, { env, signal }: Surroundings): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(program.name, [...program.words], { stdio: 'inherit', env: { ...env }, signal });
    child.on('error', (thrown) => reject(signal.aborted ? signal.reason : missingTool(program, thrown)));
    child.on('close', (code) => resolve(code ?? 1));
  });
}

/** What a program writes to stdout, whatever its exit code is. Throws `missing-tool`. */
export function outputOf(program: Program, { env, signal }: Surroundings): Promise<string> {
  return new Promise((resolve, reject) => {
    const stdio = ['ignore', 'pipe', 'inherit'] as const;
    const child = spawn(program.name, [...program.words], { stdio: [...stdio], env: { ...env }, signal });
    const chunks: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', (thrown) => reject(signal.aborted ? signal.reason : missingTool(program, thrown)));
    child.on('close', () => resolve(Buffer.concat(chunks).toString('utf8')));
  });
}

function missingTool({ name, hint, missing, reason }: Program, cause: Error): HawserError {
  const message = missing ?? `cannot start ${name}: ${messageOf(cause)}`;
  return new HawserError('missing-tool', message, { hint, reason, cause });
}

const OPENERS: Readonly<Record<string, readonly string[]>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
};

/** Opens a page in the browser; false where there is no program that opens pages. */
export function openBrowser(url: string, { env }: Surroundings): Promise<boolean> {
  const [name = 'xdg-open', ...words] = OPENERS[platform()] ?? ['xdg-open'];
  return new Promise((resolve) => {
    const child = spawn(name, [...words, url], { stdio: 'ignore', detached: true, env: { ...env } });
    child.on('error', () => resolve(false));
    child.on('spawn', () => {
      child.unref();
      resolve(true);
    });
  });
}
