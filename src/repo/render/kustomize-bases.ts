// What a kustomization is made of: kustomize takes a folder of this machine as readily as one of the repository.

import { readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isObject, listAt } from '../../core/json.ts';
import { parseYaml } from '../../core/yaml.ts';
import { kustomizationOf } from '../source-type.ts';
import { checkInside, realPlaceInside } from './inside.ts';

/** The fields that may name folders. */
const FIELDS = ['resources', 'bases', 'components', 'generators', 'transformers', 'validators'] as const;

/** Whether all of it lies in its own folder; throws `invalid` where something would leave the checkout. */
export async function checkBases(root: string, folder: string): Promise<boolean> {
  const visited = new Set<string>();
  let isOwn = true;
  const visit = async (base: string): Promise<void> => {
    if (visited.has(base)) return;
    visited.add(base);
    for (const path of await referencesOf(base)) {
      if (isRemote(path)) {
        isOwn = false;
        continue;
      }
      const target = resolve(base, path);
      checkInside(root, target, path);
      await realPlaceInside(root, target);
      if (target !== folder && !target.startsWith(join(folder, '/'))) isOwn = false;
      const stats = await stat(target).catch(() => undefined);
      // What is no file here may be a remote base in a spelling that only kustomize knows.
      if (!stats) isOwn = false;
      if (stats?.isDirectory()) await visit(target);
    }
  };
  await visit(folder);
  return isOwn;
}

async function referencesOf(folder: string): Promise<string[]> {
  const name = kustomizationOf(await readdir(folder));
  if (name === undefined) return [];
  const kustomization = parseYaml(await readFile(join(folder, name), 'utf8'), name);
  if (!isObject(kustomization)) return [];
  return FIELDS.flatMap((field) => listAt(kustomization, field)).filter((path) => typeof path === 'string');
}

/** By kustomize's rules: with a scheme, a login, or the host of a Git repository before the path. */
const isRemote = (path: string): boolean => /:\/\/|^git@|^git::|^[\w-]+@|^github\.com[/:]|\?(ref|version)=/.test(path);
