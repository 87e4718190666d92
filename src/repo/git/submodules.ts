// Submodules: other repositories at a fixed commit inside of this one.

import { isAbsolute, posix } from 'node:path';
import { HawserError, messageOf } from '../../core/errors.ts';
import type { Repository } from '../request.ts';
import type { Git } from './git.ts';
import { localFolder } from './location.ts';
import type { TreeEntry } from './objects.ts';
import type { Repositories } from './repositories.ts';
import { openTree, type Tree } from './tree.ts';

interface Submodule {
  readonly path: string;
  readonly tree: Tree;
}

const DEPTH = 8;

/** The files of a commit with those of its submodules in their places. */
export async function openWhole(
  { git, repositories }: { readonly git: Git; readonly repositories: Repositories },
  repository: Repository,
  revision: string,
): Promise<Tree> {
  const open = async (from: Repository, commit: string, depth: number): Promise<Tree> => {
    const tree = await openTree(git, await repositories.commit(from, commit));
    const places = [...tree.entries.values()].filter(({ kind }) => kind === 'submodule');
    if (places.length === 0 || depth === 0 || !tree.entries.has('.gitmodules')) return tree;
    const text = (await tree.read(['.gitmodules'])).get('.gitmodules')?.toString('utf8') ?? '';
    const urls = submoduleUrls(text);
    const opened: Submodule[] = [];
    for (const { path, object } of places) {
      const url = urls.get(path);
      // A place that no URL is known for stays empty, as git leaves it.
      if (url === undefined) continue;
      const inner = innerRepository(from, url, path);
      opened.push({ path, tree: await open(inner, object, depth - 1).catch((thrown: unknown) => fail(path, thrown)) });
    }
    return joined(tree, opened);
  };
  return open(repository, revision, DEPTH);
}

function fail(path: string, thrown: unknown): never {
  const code = thrown instanceof HawserError ? thrown.code : 'internal';
  throw new HawserError(code, `submodule '${path}': ${messageOf(thrown)}`, { cause: thrown });
}

/** Path → URL of a .gitmodules file. */
function submoduleUrls(text: string): Map<string, string> {
  const urls = new Map<string, string>();
  for (const section of text.split(/^\s*\[submodule /m).slice(1)) {
    const path = /^\s*path\s*=\s*(.+?)\s*$/m.exec(section)?.[1];
    const url = /^\s*url\s*=\s*(.+?)\s*$/m.exec(section)?.[1];
    if (path !== undefined && url !== undefined) urls.set(path, url);
  }
  return urls;
}

/** A relative URL counts from the outer repository; credentials go no further than their own host. */
function innerRepository(outer: Repository, url: string, path: string): Repository {
  const full = /^\.\.?\//.test(url) ? relativeTo(outer.url, url) : url;
  if (localFolder(full) !== undefined && localFolder(outer.url) === undefined) {
    throw new HawserError('invalid', `submodule '${path}' points to a folder of this machine: '${full}'`);
  }
  return hostOf(full) === hostOf(outer.url) ? { url: full, credentials: outer.credentials } : { url: full };
}

function relativeTo(base: string, url: string): string {
  if (isAbsolute(base)) return posix.join(base, url);
  const [, start = '', path = ''] = /^([a-z]+:\/\/[^/]*|[^/:]+:)(.*)$/.exec(base) ?? [];
  return `${start}${posix.join(path, url)}`;
}

function hostOf(url: string): string {
  return /^(?:[a-z]+:\/\/)?(?:[^@/]*@)?([^/:]*)/.exec(url)?.[1] ?? '';
}

function joined(outer: Tree, submodules: readonly Submodule[]): Tree {
  const entries = new Map<string, TreeEntry>(outer.entries);
  const links = new Map(outer.links);
  for (const { path, tree } of submodules) {
    entries.delete(path);
    for (const entry of tree.entries.values()) {
      const full = posix.join(path, entry.path);
      entries.set(full, { ...entry, path: full });
    }
    for (const [link, target] of tree.links) links.set(posix.join(path, link), target);
  }
  return {
    ...outer,
    entries,
    links,
    async read(paths, limitBytes) {
      const contents = new Map(await outer.read(paths, limitBytes));
      for (const { path, tree } of submodules) {
        const inner = paths.flatMap((one) => (one.startsWith(`${path}/`) ? [one.slice(path.length + 1)] : []));
        for (const [name, content] of await tree.read(inner, limitBytes)) contents.set(posix.join(path, name), content);
      }
      return contents;
    },
    async writeTo(folder) {
      await outer.writeTo(folder);
      for (const { path, tree } of submodules) await tree.writeTo(posix.join(folder, path));
    },
  };
}
