// The files of a commit on disk, a few at a time: a large repository must fit neither into memory nor into the table of open files.

import { mkdir, open, symlink, writeFile } from 'node:fs/promises';
import { posix } from 'node:path';
import { createLimit } from '../../core/concurrency.ts';
import { gitFailure } from './failure.ts';
import type { Git } from './git.ts';
import { type Commit, readObjects, type TreeEntry, unreadable } from './objects.ts';
import { bytesOfName } from './path-bytes.ts';

/** What is read in one go; a larger file is written as git gives it. */
const BATCH_BYTES = 16 * 1024 * 1024;
const BATCH_FILES = 1000;
const OPEN_FILES = 32;

export interface Files {
  readonly git: Git;
  readonly commit: Commit;
  readonly entries: ReadonlyMap<string, TreeEntry>;
  readonly links: ReadonlyMap<string, string>;
}

export async function writeFiles({ git, commit, entries, links }: Files, folder: string): Promise<void> {
  const files = [...entries.values()].filter(({ kind }) => kind === 'file' || kind === 'program');
  const destination = (path: string): string | Buffer => bytesOfName(posix.join(folder, path));
  const parents = new Set([...files.map(({ path }) => path), ...links.keys()].map((path) => posix.dirname(path)));
  for (const parent of parents) await mkdir(destination(parent), { recursive: true });
  const limited = createLimit(OPEN_FILES);
  for (const batch of batches(files, await sizesOf(git, commit, files))) {
    const [large] = batch;
    if (batch.length === 1 && large) {
      await writeAlone(git, commit, { entry: large, path: destination(large.path) });
      continue;
    }
    const contents = await readObjects(git, commit, { entries, paths: batch.map(({ path }) => path) });
    await Promise.all(
      batch.map((entry) =>
        limited(() => writeFile(destination(entry.path), contents.get(entry.path) ?? '', { mode: modeOf(entry) })),
      ),
    );
  }
  for (const [path, target] of links) await symlink(bytesOfName(target), destination(path));
}

const modeOf = ({ kind }: TreeEntry): number => (kind === 'program' ? 0o755 : 0o644);

async function sizesOf(git: Git, commit: Commit, files: readonly TreeEntry[]): Promise<readonly number[]> {
  const { code, stdout, stderr } = await git.read(commit.gitFolder, ['cat-file', '--batch-check=%(objectsize)'], {
    input: files.map(({ object }) => `${object}\n`).join(''),
  });
  if (code !== 0) throw gitFailure(commit.url, stderr);
  const sizes = stdout.toString('latin1').split('\n').slice(0, files.length).map(Number);
  if (sizes.some(Number.isNaN)) throw unreadable(commit, stderr);
  return sizes;
}

function* batches(files: readonly TreeEntry[], sizes: readonly number[]): Generator<readonly TreeEntry[]> {
  let batch: TreeEntry[] = [];
  let bytes = 0;
  for (const [index, file] of files.entries()) {
    const size = sizes[index] ?? 0;
    if (batch.length > 0 && (bytes + size > BATCH_BYTES || batch.length === BATCH_FILES)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(file);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}

async function writeAlone(
  git: Git,
  commit: Commit,
  { entry, path }: { readonly entry: TreeEntry; readonly path: string | Buffer },
): Promise<void> {
  const file = await open(path, 'w', modeOf(entry));
  try {
    const { code, stderr } = await git.read(commit.gitFolder, ['cat-file', 'blob', entry.object], { output: file.fd });
    if (code !== 0) throw unreadable(commit, stderr);
  } finally {
    await file.close();
  }
}
