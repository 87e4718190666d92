// `--local`: an application as the files in a folder here would have it, rendered by our own repo server.

import { access, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { getCluster } from '../../api/clusters.ts';
import { HawserError } from '../../core/errors.ts';
import { type JsonObject, listAt, objectAt, textAt } from '../../core/json.ts';
import { type Application, hasMultipleSources, sourcesOf } from '../../model/application.ts';
import type { ApplicationSource } from '../../model/source.ts';
import { TRACKING_ANNOTATION, trackingId } from '../../model/tracking.ts';
import type { Context } from '../context.ts';
import type { RenderedObject } from '../offline/offline.ts';
import { whyUnreadable } from './unreadable.ts';

export interface LocalChoice {
  /** Folders: one, or NAME=FOLDER for each of several sources. */
  readonly local: readonly string[];
  /** Where the repository begins; without it the next Git folder above says it. */
  readonly root?: string;
}

/** The rendered objects, without tracking; values of Secrets as they stand in the files. */
export async function localManifests(
  app: Application,
  { local, root }: LocalChoice,
  context: Context,
): Promise<readonly RenderedObject[]> {
  const sources = sourcesOf(app.spec);
  const folders = new Map<ApplicationSource, string>();
  for (const text of local) {
    const { source, folder } = readFolder(text, app);
    folders.set(source, folder);
  }
  const localSources = await Promise.all(
    sources.map(async (source) => {
      const folder = folders.get(source);
      return folder === undefined ? { source } : { source, folder: await placeOf(folder, root) };
    }),
  );
  return context.renderFolders({
    application: {
      name: app.metadata.name,
      namespace: app.metadata.namespace ?? 'argocd',
      project: app.spec.project || 'default',
    },
    destinationNamespace: app.spec.destination.namespace ?? '',
    ...(await clusterFacts(app, context)),
    sources: localSources,
  });
}

/** The object marked as the application's, as the server would mark it. */
export function tracked({ object, namespace }: RenderedObject, application: string): JsonObject {
  const version = textAt(object, 'apiVersion');
  const group = version.includes('/') ? (version.split('/')[0] ?? '') : '';
  const key = { group, kind: textAt(object, 'kind'), namespace, name: textAt(object, 'metadata', 'name') };
  return withTracking(object, trackingId(application, key));
}

export function withTracking(object: JsonObject, id: string): JsonObject {
  const metadata = objectAt(object, 'metadata');
  const annotations = { ...objectAt(metadata, 'annotations'), [TRACKING_ANNOTATION]: id };
  return { ...object, metadata: { ...metadata, annotations } };
}

export const trackingOf = (object: JsonObject | undefined): string =>
  textAt(object, 'metadata', 'annotations', TRACKING_ANNOTATION);

/** NAME is the name of a source, its ref, or its position from 1. */
function readFolder(text: string, app: Application): { source: ApplicationSource; folder: string } {
  const sources = sourcesOf(app.spec);
  const names = sources.map((source, index) => source.name ?? source.ref ?? String(index + 1));
  const [, name, folder] = /^([\w.-]+)=(.+)$/.exec(text) ?? [];
  if (name !== undefined && folder !== undefined) {
    const index = sources.findIndex((source, at) => [source.name, source.ref, String(at + 1)].includes(name));
    const source = sources[index];
    if (source) return { source, folder };
    throw new HawserError('usage', `there is no source '${name}'`, { hint: `available sources: ${names.join(', ')}` });
  }
  const [source] = sources;
  if (source && !hasMultipleSources(app.spec)) return { source, folder: text };
  throw new HawserError('usage', `--local ${text}: the application has ${sources.length} sources`, {
    hint: `name the one that is meant: ${names.map((name) => `--local ${name}=${text}`).join(' or ')}`,
  });
}

/** A folder in the repository that it belongs to. */
export async function placeOf(folder: string, rootFlag: string | undefined): Promise<{ root: string; path: string }> {
  await checkFolder(folder);
  const full = resolve(folder);
  // The reference's default is the root of the disk: nobody means to render all of that.
  const explicit = rootFlag === undefined ? undefined : resolve(rootFlag);
  const root = explicit === undefined || dirname(explicit) === explicit ? await repositoryAround(full) : explicit;
  const path = relative(root, full).split(sep).join('/');
  if (path.startsWith('..')) {
    throw new HawserError('usage', `${full} does not lie below ${root}`, {
      hint: '--local-repo-root is a folder around the one of --local',
    });
  }
  return { root, path: path === '' ? '.' : path };
}

async function checkFolder(folder: string): Promise<void> {
  const stats = await stat(folder).catch((thrown: unknown) => {
    throw new HawserError('usage', `cannot read ${folder}: ${whyUnreadable(thrown, 'folder')}`, {
      hint: 'name a folder with manifests, a Helm chart or a kustomization',
      reason: { kind: 'no-folder', folder },
    });
  });
  if (!stats.isDirectory())
    throw new HawserError('usage', `${folder} is not a folder`, { reason: { kind: 'invalid-argument' } });
}

/** The next folder above that Git knows; else the folder itself. */
async function repositoryAround(folder: string): Promise<string> {
  for (let current = folder; ; current = dirname(current)) {
    const isRoot = await access(join(current, '.git')).then(
      () => true,
      () => false,
    );
    if (isRoot) return current;
    if (dirname(current) === current) return folder;
  }
}

/** What charts may ask of the cluster; whoever may not see it renders for an unknown one. */
async function clusterFacts(
  { spec }: Application,
  context: Context,
): Promise<{ kubeVersion: string; apiVersions: readonly string[] }> {
  const { client } = await context.connect();
  const { server, name } = spec.destination;
  const query = server ? { 'id.value': server } : { 'id.value': name ?? '', 'id.type': 'name' };
  const cluster = await client.call(getCluster, query).catch(() => undefined);
  const kubeVersion = textAt(cluster?.info, 'serverVersion') || cluster?.serverVersion || '';
  const apiVersions = listAt(cluster?.info, 'apiVersions').flatMap((one) => (typeof one === 'string' ? [one] : []));
  return { kubeVersion: kubeVersion.replace(/^v/, ''), apiVersions };
}
