// Bare Git folders that stand for repositories elsewhere.

import { createHash } from 'node:crypto';
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Repository, storageName } from '../request.ts';
import { gitFailure } from './failure.ts';
import type { Git } from './git.ts';

/** The name of a repository's folder. */
export const digestOf = (repository: Repository): string =>
  createHash('sha256').update(storageName(repository)).digest('hex').slice(0, 32);

export async function initMirror(git: Git, gitFolder: string, url: string): Promise<void> {
  if (await stat(join(gitFolder, 'HEAD')).catch(() => undefined)) return;
  await mkdir(gitFolder, { recursive: true, mode: 0o700 });
  const { code, stderr } = await git.read(gitFolder, ['init', '--quiet', '--bare', '--template=']);
  if (code !== 0) throw gitFailure(url, stderr);
}
