// The files of one commit, read straight from the object store: no checkout, no filters, no hooks.

import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { HawserError } from '../../core/errors.ts';
import { gitFailure, plainUrl } from './failure.ts';
import type { Git } from './git.ts';

export interface TreeEntry {
  /** From the root of the repository, with slashes. */
  readonly path: string;
  readonly kind: 'file' | 'program' | 'link' | 'submodule';
  readonly object: string;
}

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

/** The place of a commit: a Git folder that holds it. */
export interface Commit {
  readonly url: string;
  readonly gitFolder: string;
  readonly revision: string;
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
    async writeTo(folder) {
      const files = [...entries.values()].filter(({ kind }) => kind === 'file' || kind === 'program');
      const contents = await read(files.map(({ path }) => path));
      const folders = new Set([...files.map(({ path }) => path), ...links.keys()].map((path) => dirname(path)));
      for (const inner of folders) await mkdir(join(folder, inner), { recursive: true });
      await Promise.all(
        files.map(({ path, kind }) =>
          writeFile(join(folder, path), contents.get(path) ?? '', { mode: kind === 'program' ? 0o755 : 0o644 }),
        ),
      );
      for (const [path, target] of links) await symlink(target, join(folder, path));
    },
  };
}

async function listEntries(git: Git, { url, gitFolder, revision }: Commit): Promise<ReadonlyMap<string, TreeEntry>> {
  const outcome = await git.read(gitFolder, ['ls-tree', '-r', '-z', '--full-tree', revision]);
  if (outcome.code !== 0) {
    if (/not a tree object|Not a valid object name|bad object/i.test(outcome.stderr))
      throw missingRevision(url, revision);
    throw gitFailure(url, outcome.stderr);
  }
  const entries = new Map<string, TreeEntry>();
  for (const line of outcome.stdout.toString('utf8').split('\0')) {
    const tab = line.indexOf('\t');
    if (tab < 0) continue;
    const [mode = '', , object = ''] = line.slice(0, tab).split(' ');
    const path = line.slice(tab + 1);
    const kind = KINDS[mode];
    if (kind && !isUnsafe(path)) entries.set(path, { path, kind, object });
  }
  return entries;
}

export function missingRevision(url: string, revision: string): HawserError {
  return new HawserError('invalid', `revision '${revision}' not found in repository '${plainUrl(url)}'`, {
    hint: `git -C ${plainUrl(url)} log --oneline lists what is there; a commit must be pushed to be found`,
  });
}

/** Git itself refuses such names; a repository made by hand may hold them. */
function isUnsafe(path: string): boolean {
  return path.split('/').some((part) => part === '' || part === '.' || part === '..' || part.toLowerCase() === '.git');
}

interface Wanted {
  readonly entries: ReadonlyMap<string, TreeEntry>;
  readonly paths: readonly string[];
  readonly limitBytes: number | undefined;
}

async function readObjects(git: Git, commit: Commit, wanted: Wanted): Promise<ReadonlyMap<string, Buffer>> {
  const entries = wanted.paths.flatMap((path) => wanted.entries.get(path) ?? []);
  const contents = new Map<string, Buffer>();
  if (entries.length === 0) return contents;
  const { limitBytes } = wanted;
  const { code, stdout, stderr } = await git.read(commit.gitFolder, ['cat-file', '--batch'], {
    input: entries.map(({ object }) => `${object}\n`).join(''),
    ...(limitBytes === undefined ? {} : { limitBytes: limitBytes + 100 * entries.length }),
  });
  if (code !== 0) throw gitFailure(commit.url, stderr);
  let offset = 0;
  for (const entry of entries) {
    const end = stdout.indexOf(10, offset);
    const size = Number(stdout.toString('latin1', offset, end).split(' ')[2]);
    if (end < 0 || Number.isNaN(size)) throw missingRevision(commit.url, commit.revision);
    contents.set(entry.path, stdout.subarray(end + 1, end + 1 + size));
    offset = end + size + 2;
  }
  return contents;
}

async function readLinks(
  entries: ReadonlyMap<string, TreeEntry>,
  read: (paths: readonly string[]) => Promise<ReadonlyMap<string, Buffer>>,
): Promise<ReadonlyMap<string, string>> {
  const paths = [...entries.values()].filter(({ kind }) => kind === 'link').map(({ path }) => path);
  const links = new Map<string, string>();
  for (const [path, target] of await read(paths)) {
    const text = target.toString('utf8');
    if (leavesRoot(path, text)) {
      throw new HawserError('invalid', `repository contains out-of-bounds symlinks. file: ${path}`, {
        hint: 'a link may only point to files of its own repository',
      });
    }
    links.set(path, text);
  }
  return links;
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
