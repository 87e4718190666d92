// Kustomize asks no proxy for this machine, and a remote base may name further ones: for a server that many people share,
// everything that a kustomization names elsewhere is fetched here and named as a folder or a file, before kustomize runs.

import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { HawserError } from '../../core/errors.ts';
import { isList, isObject, type Json, listAt } from '../../core/json.ts';
import { withoutLogins } from '../../core/url.ts';
import { formatYaml, parseYaml, parseYamlDocuments } from '../../core/yaml.ts';
import { kustomizationOf } from '../source-type.ts';
import { fetchFile } from './fetch-file.ts';
import { checkInside, realPlaceInside } from './inside.ts';
import type { Rendering } from './renderer.ts';

/** The fields that name folders, repositories or files of objects. */
const BASES = ['resources', 'bases', 'components', 'generators', 'transformers', 'validators'] as const;

/** Of these the files say what to do, and may name files themselves. */
const PLUGINS: readonly string[] = ['generators', 'transformers', 'validators'];

interface Root {
  /** What no path may leave. */
  readonly root: string;
  readonly folder: string;
}

/** Throws `invalid` for what cannot be fetched so. */
export async function localizeBases(rendering: Rendering, start: Root): Promise<void> {
  const visited = new Set<string>();
  const visit = async ({ root, folder }: Root): Promise<void> => {
    if (visited.has(folder)) return;
    visited.add(folder);
    const name = kustomizationOf(await readdir(folder));
    if (name === undefined) return;
    const file = join(folder, name);
    const kustomization = parseYaml(await readFile(file, 'utf8'), name);
    if (!isObject(kustomization)) return;
    refuseFetching(kustomization, name);
    const changed: Record<string, Json> = {};
    for (const field of BASES) {
      const entries = listAt(kustomization, field);
      const local: Json[] = [];
      for (const entry of entries) local.push(await localize(entry, { root, folder }, PLUGINS.includes(field)));
      if (local.some((entry, index) => entry !== entries[index])) changed[field] = local;
    }
    if (Object.keys(changed).length > 0) await writeFile(file, formatYaml({ ...kustomization, ...changed }));
  };

  /** An entry as a path of this machine. */
  async function localize(entry: Json, place: Root, isPlugin: boolean): Promise<Json> {
    if (typeof entry !== 'string') return entry;
    const { root, folder } = place;
    if (entry.includes('\n')) {
      refuseFetching(parseYaml(entry, 'an entry'), 'an entry');
      return entry;
    }
    const path = resolve(folder, entry);
    const stats = await stat(path).catch(() => undefined);
    const base = remoteBase(entry);
    // As kustomize has it: a file, a repository, a folder.
    if (stats?.isFile() || (stats && base === undefined)) {
      checkInside(root, path, entry);
      await realPlaceInside(root, path);
      await visitLocal(root, path, isPlugin);
      return stats.isDirectory() && /[@:]/.test(entry) ? `./${relative(folder, path)}` : entry;
    }
    // Files elsewhere are none of a kustomization's own: it is written beside it.
    if (base === undefined && /^https?:\/\//i.test(entry))
      return fetchFile(rendering, { url: entry, folder, prefix: 'remote' });
    if (base === undefined) throw unknownPlace(entry);
    const repository = await rendering.remote(base.url, base.revision);
    const target = join(repository, base.path);
    checkInside(repository, target, entry);
    await realPlaceInside(repository, target);
    await visitLocal(repository, target, isPlugin);
    return relative(folder, target);
  }

  async function visitLocal(root: string, path: string, isPlugin: boolean): Promise<void> {
    const stats = await stat(path).catch(() => undefined);
    if (stats?.isDirectory()) return visit({ root, folder: path });
    if (!isPlugin || !stats) return;
    for (const document of parseYamlDocuments(await readFile(path, 'utf8'), path)) refuseFetching(document, path);
  }

  await visit(start);
}

interface RemoteBase {
  readonly url: string;
  /** Of the repository; '' is its own default. */
  readonly revision: string;
  readonly path: string;
}

const HOST =
  /^(?:git::)?((?:https?|ssh):\/\/(?:[^/@]*@)?[^/]+\/|[\w.-]+@[\w.-]+[:/]|(?:github\.com|gitlab\.com|bitbucket\.org)[:/]|gh:)(.+)$/i;

/** A repository as kustomize writes it: `//` or `.git` parts it from the path in it, or else it has two names. */
export function remoteBase(text: string): RemoteBase | undefined {
  const [, host = '', rest = ''] = HOST.exec(text) ?? [];
  if (host === '') return undefined;
  const [place = '', query = ''] = rest.split('?');
  const options = new URLSearchParams(query);
  const revision = options.get('ref') ?? options.get('version') ?? '';
  // One file is no repository.
  if (/\.(ya?ml|json)$/i.test(place) && query === '') return undefined;
  const [, repository = '', path = ''] =
    /^(.+?_git\/[^/]+)\/?(.*)$/.exec(place) ??
    /^(.+?\.git)(?:\/+(.*))?$/.exec(place) ??
    /^(.+?)\/\/(.*)$/.exec(place) ??
    /^([^/]+\/[^/]+)\/?(.*)$/.exec(place) ??
    [];
  if (repository === '') return undefined;
  const whole = /^(https?|ssh):|@/i.test(host) ? host : `https://${host === 'gh:' ? 'github.com' : host.slice(0, -1)}/`;
  return { url: `${whole}${repository}`, revision, path };
}

/** Every text that is a URL, or a name and a URL, as the files of a generator are written. */
function refuseFetching(value: unknown, where: string): void {
  if (isList(value)) for (const entry of value) refuseFetching(entry, where);
  if (!isObject(value)) return;
  for (const [key, entry] of Object.entries(value)) {
    if (BASES.some((field) => field === key) || isText(key)) continue;
    const texts: readonly unknown[] = isList(entry) ? entry : [entry];
    const url = texts.find((text) => typeof text === 'string' && /^([\w.-]+=)?(git::)?[a-z][a-z+]*:\/\//i.test(text));
    if (typeof url === 'string' && isPath(key)) throw refusedField(key, url, where);
    refuseFetching(entry, where);
  }
}

/** Fields whose values are no places. */
const isText = (key: string): boolean => /^(metadata|labels|commonLabels|commonAnnotations|literals|data)$/.test(key);

/** Fields whose values are read as files. */
const isPath = (key: string): boolean =>
  /^(path|paths|files|env|envs|crds|configurations|patchesStrategicMerge|patches|openapi|replacements|valuesFile|additionalValuesFiles)$/.test(
    key,
  );

const refusedField = (field: string, url: string, where: string): HawserError =>
  new HawserError(
    'invalid',
    `${where}: '${withoutLogins(url)}' in ${field} is not fetched by a server that others share`,
    {
      hint: 'put the file into the repository, or name it under resources',
    },
  );

const unknownPlace = (entry: string): HawserError =>
  new HawserError(
    'invalid',
    `'${withoutLogins(entry)}' is no file of the repository, and no remote base that is known`,
    {
      hint: 'write it like https://git.example.com/org/repo.git//path?ref=v1',
    },
  );
