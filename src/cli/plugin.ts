// Programs on PATH that add a command: what no command of ours is called is looked for as `hawser-NAME`, then as
// `argocd-NAME`, and gets the rest of the command line.

import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access, readdir } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import { HawserError, messageOf } from '../core/errors.ts';
import type { Context } from './context.ts';
import type { Output } from './io/io.ts';

/** The program behind a word; relative folders of PATH are not looked into. */
export async function findPlugin(word: string, { env, policy }: Context): Promise<string | undefined> {
  if (!/^[\w.-]+$/.test(word)) return undefined;
  for (const folder of foldersOf(env['PATH'])) {
    for (const prefix of policy.defaults.pluginPrefixes) {
      const path = join(folder, prefix + word);
      if (await isProgram(path)) return path;
    }
  }
  return undefined;
}

/** The words that programs on PATH add. */
export async function pluginWords({ env, policy }: Context): Promise<string[]> {
  const words = new Set<string>();
  for (const folder of foldersOf(env['PATH'])) {
    const names = await readdir(folder).catch(() => []);
    for (const name of names) {
      const prefix = policy.defaults.pluginPrefixes.find((one) => name.startsWith(one));
      if (prefix !== undefined && (await isProgram(join(folder, name)))) words.add(name.slice(prefix.length));
    }
  }
  return [...words].sort();
}

const foldersOf = (path = ''): string[] => path.split(delimiter).filter((folder) => isAbsolute(folder));

const isProgram = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  );

/** Runs it with this process's streams; the answer is its exit code. */
export function runPlugin(path: string, words: readonly string[], { io, env, signal }: Context): Promise<number> {
  return new Promise((resolve, reject) => {
    const to = (output: Output): 'inherit' | 'pipe' => (output.terminal ? 'inherit' : 'pipe');
    const child = spawn(path, words, { stdio: ['inherit', to(io.out), to(io.err)], env: { ...env }, signal });
    child.stdout?.on('data', (chunk: Buffer) => io.out.write(chunk.toString('utf8')));
    child.stderr?.on('data', (chunk: Buffer) => io.err.write(chunk.toString('utf8')));
    child.on('error', (thrown) =>
      reject(new HawserError('missing-tool', `cannot start ${path}: ${messageOf(thrown)}`)),
    );
    child.on('close', (code) => resolve(code ?? 1));
  });
}
