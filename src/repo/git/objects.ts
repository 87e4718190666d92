// Reading a commit's files out of the object store.

import { HawserError } from '../../core/errors.ts';
import { withoutLogins } from '../../core/url.ts';
import { damage, gitFailure } from './failure.ts';
import type { Git } from './git.ts';

export interface TreeEntry {
  /** From the root of the repository, with slashes. */
  readonly path: string;
  readonly kind: 'file' | 'program' | 'link' | 'submodule';
  readonly object: string;
}

/** The place of a commit: a Git folder that holds it. */
export interface Commit {
  readonly url: string;
  readonly gitFolder: string;
  readonly revision: string;
}

interface ObjectPaths {
  readonly entries: ReadonlyMap<string, TreeEntry>;
  readonly paths: readonly string[];
  readonly limitBytes?: number;
}

export async function readObjects(git: Git, commit: Commit, paths: ObjectPaths): Promise<ReadonlyMap<string, Buffer>> {
  const entries = paths.paths.flatMap((path) => paths.entries.get(path) ?? []);
  const contents = new Map<string, Buffer>();
  if (entries.length === 0) return contents;
  const { limitBytes } = paths;
  const { code, stdout, stderr } = await git.read(commit.gitFolder, ['cat-file', '--batch'], {
    input: entries.map(({ object }) => `${object}\n`).join(''),
    ...(limitBytes === undefined ? {} : { limitBytes: limitBytes + 100 * entries.length }),
  });
  if (code !== 0) throw gitFailure(commit.url, stderr);
  let offset = 0;
  for (const entry of entries) {
    const end = stdout.indexOf(10, offset);
    const size = Number(stdout.toString('latin1', offset, end).split(' ')[2]);
    if (end < 0 || Number.isNaN(size)) throw unreadable(commit, stderr);
    contents.set(entry.path, stdout.subarray(end + 1, end + 1 + size));
    offset = end + size + 2;
  }
  return contents;
}

/** The commit is there, or its files would not be known. */
export function unreadable(commit: Commit, stderr: string): HawserError {
  return damage(commit, stderr) ?? gitFailure(commit.url, stderr);
}

export function missingRevision(url: string, revision: string): HawserError {
  return new HawserError('invalid', `revision '${revision}' not found in repository '${withoutLogins(url)}'`, {
    hint: `git -C ${withoutLogins(url)} log --oneline lists what is there; a commit must be pushed to be found`,
  });
}
