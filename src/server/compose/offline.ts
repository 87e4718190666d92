// Rendering without a cluster, a server or the lock of the data folder: only its caches are used.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFolderCache } from '../../cache/folder-cache.ts';
import { type FileText, type LintedFiles, lintDocuments } from '../../engine/lint/documents.ts';
import { type LintedRendering, lintRenderings } from '../../engine/lint/rendered.ts';
import type { Finding, LintedDocument } from '../../model/lint.ts';
import type { KubeObject } from '../../objects/object.ts';
import { builtinResources } from '../../objects/types.ts';
import type { LocalSourcesRequest } from '../../repo/local-sources.ts';
import { createOfflineRepoServer, type OfflineRepoServer } from '../../repo/offline.ts';
import { createTools } from '../../repo/tools.ts';
import { prepareFolder } from '../door/own.ts';
import type { SystemOptions } from './components.ts';

interface PlacedObject {
  readonly object: KubeObject;
  /** The one that it would get; '' for a kind without one. */
  readonly namespace: string;
}

export interface OfflineSystem extends Omit<OfflineRepoServer, 'render'> {
  render(request: LocalSourcesRequest): Promise<readonly PlacedObject[]>;
  lintDocuments(files: readonly FileText[]): LintedFiles;
  lintRenderings(renderings: readonly LintedRendering[], documents: readonly LintedDocument[]): readonly Finding[];
}

export async function openOffline(
  options: Pick<SystemOptions, 'folder' | 'environment' | 'clock'>,
): Promise<OfflineSystem> {
  const { environment, clock } = options;
  const isOwn = await isWritable(options.folder);
  // A machine that runs tests may have no home.
  const folder = isOwn ? options.folder : await mkdtemp(join(tmpdir(), 'hawser-'));
  const cache = createFolderCache(join(folder, 'cache'), clock);
  const tools = createTools(environment);
  const repo = createOfflineRepoServer({ folder: join(folder, 'repo'), tools, cache, clock, environment });
  const resources = builtinResources();
  const served = Object.entries(resources).flatMap(([version, kinds]) => [
    version,
    ...kinds.map(({ kind }) => `${version}/${kind}`),
  ]);
  return {
    ...repo,
    lintDocuments,
    lintRenderings,
    async render(request) {
      const apiVersions = request.apiVersions.length > 0 ? request.apiVersions : served;
      const manifests = await repo.render({ ...request, apiVersions });
      return manifests.map((object) => {
        const entry = resources[object.apiVersion]?.find(({ kind }) => kind === object.kind);
        const namespace = object.metadata.namespace || request.destinationNamespace;
        return { object, namespace: entry?.namespaced === false ? '' : namespace };
      });
    },
    async close() {
      await repo.close();
      if (!isOwn) await rm(folder, { recursive: true, force: true });
    },
  };
}

const isWritable = (folder: string): Promise<boolean> =>
  prepareFolder(folder).then(
    () => true,
    () => false,
  );
