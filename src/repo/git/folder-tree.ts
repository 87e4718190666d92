// The files of a folder as they lie on disk, committed or not, read as if they were a commit.

import { lstat, mkdir, readdir, readFile, readlink, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, posix, sep } from 'node:path';
import { HawserError, messageOf } from '../../core/errors.ts';
import type { TreeEntry } from './objects.ts';
import { leavesRoot, type Tree } from './tree.ts';

/** Whoever names the root of a disk by mistake must not wait for all of it. */
const MAX_FILES = 50_000;

export async function openFolder(root: string): Promise<Tree> {
  const entries = new Map<string, TreeEntry>();
  const links = new Map<string, string>();
  try {
    await collect({ root, entries, links }, '');
  } catch (thrown) {
    if (thrown instanceof HawserError) throw thrown;
    throw new HawserError('usage', `cannot read all of ${root}: ${messageOf(thrown)}`, {
      hint: 'name the root of the repository: --local-repo-root FOLDER',
      cause: thrown,
    });
  }
  const read: Tree['read'] = async (paths, limitBytes) => {
    const contents = new Map<string, Buffer>();
    let size = 0;
    for (const path of paths) {
      if (!entries.has(path) || links.has(path)) continue;
      const content = await readFile(join(root, path));
      size += content.length;
      if (limitBytes !== undefined && size > limitBytes) {
        throw new HawserError('invalid', `the files in ${root} are larger than ${limitBytes} bytes together`);
      }
      contents.set(path, content);
    }
    return contents;
  };
  return {
    url: root,
    revision: 'local',
    entries,
    links,
    read,
    async writeTo(folder) {
      for (const path of entries.keys()) {
        const to = join(folder, path);
        await mkdir(dirname(to), { recursive: true });
        const target = links.get(path);
        if (target !== undefined) await symlink(target, to);
        else await writeFile(to, await readFile(join(root, path)));
      }
    },
  };
}

interface Collection {
  readonly root: string;
  readonly entries: Map<string, TreeEntry>;
  readonly links: Map<string, string>;
}

async function collect(into: Collection, folder: string): Promise<void> {
  const { root, entries, links } = into;
  for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
    if (entry.name === '.git') continue;
    const path = posix.join(folder.split(sep).join('/'), entry.name);
    if (entry.isDirectory()) await collect(into, path);
    else if (entry.isSymbolicLink()) await addLink(into, path);
    else if (entry.isFile()) {
      const { mode } = await lstat(join(root, path));
      entries.set(path, { path, kind: (mode & 0o100) === 0 ? 'file' : 'program', object: '' });
    }
    if (entries.size <= MAX_FILES) continue;
    throw new HawserError('usage', `there are more than ${MAX_FILES} files below ${root}`, {
      hint: 'name the root of the repository: --local-repo-root FOLDER',
    });
  }
  for (const path of links.keys()) entries.set(path, { path, kind: 'link', object: '' });
}

/** A link that leads out of the root is left out: what needs it will say what is missing. */
async function addLink({ root, links }: Collection, path: string): Promise<void> {
  const target = await readlink(join(root, path));
  if (!leavesRoot(path, target)) links.set(path, target);
}
