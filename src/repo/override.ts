// `.argocd-source.yaml` and `.argocd-source-NAME.yaml` beside the manifests change a source's options.

import { HawserError } from '../core/errors.ts';
import { isObject, type Json, type JsonObject, toJson } from '../core/json.ts';
import { fits, parse } from '../core/shape.ts';
import { parseYaml } from '../core/yaml.ts';
import { type ApplicationSource, applicationSource } from '../model/source.ts';
import type { Tree } from './git/tree.ts';
import { decodeText } from './render/text.ts';

/** The source with the overrides of its folder; where it comes from cannot be overridden. */
export async function overridden(
  tree: Tree,
  folder: string,
  { source, name }: { readonly source: ApplicationSource; readonly name: string },
): Promise<ApplicationSource> {
  const paths = ['.argocd-source.yaml', `.argocd-source-${name}.yaml`]
    .map((file) => (folder === '' ? file : `${folder}/${file}`))
    .filter((path) => tree.entries.has(path));
  if (paths.length === 0) return source;
  const contents = await tree.read(paths);
  let merged = toJson(source);
  for (const path of paths) {
    const patch = parseYaml(decodeText(contents.get(path) ?? Buffer.alloc(0)), path);
    if (isObject(patch)) merged = mergeOver(merged, patch);
    if (!fits(applicationSource, merged)) {
      throw new HawserError('invalid', `${path}: ${applicationSource.problem(merged, '') ?? 'no source options'}`);
    }
  }
  const { chart, path, repoURL, targetRevision, ref } = source;
  return { ...parse(applicationSource, merged, 'source'), chart, path, repoURL, targetRevision, ref };
}

/** As a JSON merge patch: null removes, objects merge, everything else replaces. */
function mergeOver(target: Json | undefined, patch: JsonObject): JsonObject {
  const merged: Record<string, Json | undefined> = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = isObject(value) ? mergeOver(merged[key], value) : value;
  }
  return merged;
}
