// Which tool renders a folder.

import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { HawserError } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import { type ApplicationSource, explicitSourceType, type SourceType } from '../model/source.ts';
import { localFolder } from './git/location.ts';
import { pathsBelow, realPath, type Tree } from './git/tree.ts';

const KUSTOMIZATIONS = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'] as const;

/** The source's own options decide, else what lies in the folder. */
export function sourceTypeOf(tree: Pick<Tree, 'entries'>, folder: string, source: ApplicationSource): SourceType {
  return explicitSourceType(source) ?? foundType(tree, folder);
}

function foundType(tree: Pick<Tree, 'entries'>, folder: string): SourceType {
  const has = (file: string): boolean => tree.entries.has(folder === '' ? file : `${folder}/${file}`);
  if (KUSTOMIZATIONS.some(has)) return 'Kustomize';
  return has('Chart.yaml') ? 'Helm' : 'Directory';
}

/** The file that describes a Kustomize folder; undefined where there is none. */
export function kustomizationOf(files: readonly string[]): string | undefined {
  return KUSTOMIZATIONS.find((name) => files.includes(name));
}

/** The folder of a source from the root of its repository, '' for the root; throws when it is no folder of it. */
export async function folderOf(tree: Tree, source: ApplicationSource): Promise<string> {
  const path = source.path ?? '';
  if (path.startsWith('/')) {
    throw new HawserError('invalid', `${path}: app path is absolute`, {
      hint: 'give the path from the root of the repository, without a leading slash',
    });
  }
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..')) {
    throw new HawserError('invalid', `${path}: app path outside root`, {
      hint: 'give the path from the root of the repository',
    });
  }
  const folder = realPath(tree, parts.join('/') || '.');
  if (folder === '.' || folder === undefined) return '';
  if (pathsBelow(tree, folder).length > 0) return folder;
  if (tree.entries.has(folder)) throw new HawserError('invalid', `${path}: app path is not a directory`);
  throw (await uncommitted(tree, path)) ?? missingPath(tree, path);
}

/** A local folder that is there and not in the commit was most likely not committed yet. */
async function uncommitted(tree: Tree, path: string): Promise<HawserError | undefined> {
  const local = localFolder(tree.url);
  const stats = local === undefined ? undefined : await stat(join(local, path)).catch(() => undefined);
  if (local === undefined || !stats?.isDirectory()) return undefined;
  return new HawserError('invalid', `${path}: app path does not exist at ${tree.revision.slice(0, 7)}`, {
    hint: `it is not committed yet: git -C ${local} add ${path} && git -C ${local} commit`,
  });
}

function missingPath(tree: Tree, path: string): HawserError {
  const folders = [...foldersOf(tree)];
  const [near] = nearest(path, folders);
  return new HawserError('invalid', `${path}: app path does not exist`, {
    hint:
      near === undefined
        ? `the path counts from the root of the repository at ${tree.revision.slice(0, 7)}; what is not committed is not there`
        : `did you mean '${near}'?`,
  });
}

function foldersOf(tree: Pick<Tree, 'entries'>): Set<string> {
  const folders = new Set<string>();
  for (const path of tree.entries.keys()) {
    for (let cut = path.lastIndexOf('/'); cut > 0; cut = path.lastIndexOf('/', cut - 1))
      folders.add(path.slice(0, cut));
  }
  return folders;
}
