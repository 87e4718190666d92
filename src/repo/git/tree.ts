// The files of one commit, read straight from the object store: no checkout, no filters, no hooks.

import { posix } from 'node:path';
import { HawserError } from '../../core/errors.ts';
import { writeFiles } from './checkout.ts';
import { damage, gitFailure, isMissingCommit } from './failure.ts';
import type { Git } from './git.ts';
import { type Commit, missingRevision, readObjects, type TreeEntry } from './objects.ts';
import { nameOfBytes } from './path-bytes.ts';

export interface Tree {
  readonly url: string;
  readonly revision: string;
  /** Everything but folders, by path. */
  readonly entries: ReadonlyMap<string, TreeEntry>;
  /** Targets of the symbolic links, by path. */
  readonly links: ReadonlyMap<string, string>;
  /** The contents at these paths; throws `invalid` when they are larger than `limitBytes` together. */
  read(paths: readonly string[], limitBytes?: number): Promise<ReadonlyMap<string, Buffer>>;
  /** Writes all files below a folder. */
  writeTo(folder: string): Promise<void>;
}

const KINDS: Readonly<Record<string, TreeEntry['kind']>> = {
  '100644': 'file',
  '100664': 'file',
  '100755': 'program',
  '120000': 'link',
  '160000': 'submodule',
};

/** Reads the list of files of a commit; throws `invalid` when it has a link that leaves the repository. */
export async function openTree(git: Git, commit: Commit): Promise<Tree> {
  const entries = await listEntries(git, commit);
  const read = (paths: readonly string[], limitBytes?: number): Promise<ReadonlyMap<string, Buffer>> =>
    readObjects(git, commit, { entries, paths, limitBytes });
  const links = await readLinks(entries, read);
  return {
    url: commit.url,
    revision: commit.revision,
    entries,
    links,
    read,
    writeTo: (folder) => writeFiles({ git, commit, entries, links }, folder),
  };
}

async function listEntries(git: Git, commit: Commit): Promise<ReadonlyMap<string, TreeEntry>> {
  const { gitFolder, revision } = commit;
  const outcome = await git.read(gitFolder, ['ls-tree', '-r', '-z', '--full-tree', revision]);
  if (outcome.code !== 0) throw listingFailure(commit, outcome.stderr);
  const entries = new Map<string, TreeEntry>();
  for (const line of pathsOf(outcome.stdout)) {
    const tab = line.indexOf('\t');
    if (tab < 0) continue;
    const [mode = '', , object = ''] = line.slice(0, tab).split(' ');
    const path = line.slice(tab + 1);
    const kind = KINDS[mode];
    if (kind && !isUnsafe(path)) entries.set(path, { path, kind, object });
  }
  return entries;
}

function listingFailure(commit: Commit, stderr: string): HawserError {
  const damaged = stderr.trim() === '' ? undefined : damage(commit, stderr);
  if (damaged) return damaged;
  return isMissingCommit(stderr) ? missingRevision(commit.url, commit.revision) : gitFailure(commit.url, stderr);
}

/** Apart by zeros; decoded one by one only where some name is no UTF-8. */
function pathsOf(output: Buffer): readonly string[] {
  const text = output.toString('utf8');
  if (!text.includes('\ufffd')) return text.split('\0');
  const lines: string[] = [];
  for (let at = 0, end = output.indexOf(0); end >= 0; at = end + 1, end = output.indexOf(0, at)) {
    lines.push(nameOfBytes(output.subarray(at, end)));
  }
  return lines;
}

/** Git itself refuses such names; a repository made by hand may hold them. */
function isUnsafe(path: string): boolean {
  return path.split('/').some((part) => part === '' || part === '.' || part === '..' || part.toLowerCase() === '.git');
}

async function readLinks(
  entries: ReadonlyMap<string, TreeEntry>,
  read: (paths: readonly string[]) => Promise<ReadonlyMap<string, Buffer>>,
): Promise<ReadonlyMap<string, string>> {
  const paths = [...entries.values()].filter(({ kind }) => kind === 'link').map(({ path }) => path);
  const links = new Map<string, string>();
  for (const [path, target] of await read(paths)) {
    const text = nameOfBytes(target);
    if (leavesRoot(path, text)) {
      throw new HawserError('invalid', `repository contains out-of-bounds symlinks. file: ${path}`, {
        hint: 'a link may only point to files of its own repository',
      });
    }
    links.set(path, text);
  }
  return links;
}

const sortedPaths = new WeakMap<Tree['entries'], readonly string[]>();

/** The paths below a folder ('' for the root), sorted; found without a look at all the others. */
export function pathsBelow({ entries }: Pick<Tree, 'entries'>, folder: string): readonly string[] {
  const paths = sortedPaths.get(entries) ?? [...entries.keys()].sort();
  sortedPaths.set(entries, paths);
  if (folder === '') return paths;
  const begin = firstFrom(paths, `${folder}/`);
  // The character behind a slash.
  return paths.slice(begin, firstFrom(paths, `${folder}0`));
}

function firstFrom(paths: readonly string[], text: string): number {
  let [low, high] = [0, paths.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((paths[middle] ?? '') < text) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Whether a link is absolute or steps out of the root at any point of its way. */
export function leavesRoot(path: string, target: string): boolean {
  if (posix.isAbsolute(target) || /^[A-Za-z]:/.test(target)) return true;
  let depth = path.split('/').length - 1;
  for (const part of target.split('/')) {
    if (part === '..') depth -= 1;
    else if (part !== '' && part !== '.') depth += 1;
    if (depth < 0) return true;
  }
  return false;
}

/** The path of the file or folder that a path means, links followed; undefined when they turn in a circle. */
export function realPath(tree: Pick<Tree, 'links'>, path: string): string | undefined {
  let current = posix.normalize(path);
  for (let hops = 0; hops < 40; hops += 1) {
    const link = leadingLink(tree, current);
    if (link === undefined) return current;
    const target = posix.join(posix.dirname(link), tree.links.get(link) ?? '');
    current = posix.normalize(posix.join(target, current.slice(link.length)));
    if (current.startsWith('..')) return undefined;
  }
  return undefined;
}

function leadingLink(tree: Pick<Tree, 'links'>, path: string): string | undefined {
  if (tree.links.size === 0) return undefined;
  const parts = path.split('/');
  for (let length = 1; length <= parts.length; length += 1) {
    const prefix = parts.slice(0, length).join('/');
    if (tree.links.has(prefix)) return prefix;
  }
  return undefined;
}
