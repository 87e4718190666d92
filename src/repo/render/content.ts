// What a commit elsewhere in the repository does not change needs no new rendering.

import { createHash } from 'node:crypto';
import { pathsBelow, type Tree } from '../git/tree.ts';
import type { Trees } from '../git/trees.ts';
import { type ContentRequest, repositoryOf } from '../request.ts';
import { folderOf } from '../source-type.ts';

/** The files of an application's folder, as one digest; undefined where a link leads to others. */
export async function contentOf(trees: Trees, request: ContentRequest): Promise<string | undefined> {
  const { source, revision } = request;
  try {
    const tree = await trees.open(repositoryOf(request), revision);
    const folder = await folderOf(tree, source);
    const written = (source.path ?? '').split('/').filter((part) => part !== '' && part !== '.');
    return folder === written.join('/') ? digestOf(tree, folder) : undefined;
  } catch {
    // The rendering says what is wrong, and better.
    return undefined;
  }
}

const digests = new WeakMap<Tree, Map<string, string | undefined>>();

function digestOf(tree: Tree, folder: string): string | undefined {
  const digestsOfTree = digests.get(tree) ?? new Map<string, string | undefined>();
  digests.set(tree, digestsOfTree);
  if (!digestsOfTree.has(folder)) digestsOfTree.set(folder, digestNew(tree, folder));
  return digestsOfTree.get(folder);
}

function digestNew(tree: Tree, folder: string): string | undefined {
  const hash = createHash('sha256');
  for (const path of pathsBelow(tree, folder)) {
    const entry = tree.entries.get(path);
    if (!entry || entry.kind === 'link') return undefined;
    hash.update(`${entry.kind} ${entry.object} ${path}\0`);
  }
  return `files-${hash.digest('hex')}`;
}
