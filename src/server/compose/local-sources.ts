// Rendering folders of this machine, without a cluster or a server.

import { join } from 'node:path';
import { createFolderCache } from '../../cache/folder-cache.ts';
import type { KubeObject } from '../../objects/object.ts';
import { builtinResources } from '../../objects/types.ts';
import { type LocalSourcesRequest, renderLocalSources } from '../../repo/local-sources.ts';
import { createRepoServer } from '../../repo/repo-server.ts';
import { createTools } from '../../repo/tools.ts';
import type { SystemOptions } from './components.ts';

/** What folders here render to, each object with the namespace that it would get: no cluster is asked. */
export async function renderLocal(
  options: Pick<SystemOptions, 'folder' | 'environment' | 'clock'>,
  request: LocalSourcesRequest,
): Promise<{ readonly object: KubeObject; readonly namespace: string }[]> {
  const { folder, environment, clock } = options;
  const cache = createFolderCache(join(folder, 'cache'), clock);
  const tools = createTools(environment);
  const repo = createRepoServer({ folder: join(folder, 'repo'), tools, cache, clock, environment });
  const resources = builtinResources();
  const served = Object.entries(resources).flatMap(([version, kinds]) => [
    version,
    ...kinds.map(({ kind }) => `${version}/${kind}`),
  ]);
  const apiVersions = request.apiVersions.length > 0 ? request.apiVersions : served;
  const manifests = await renderLocalSources(repo, { ...request, apiVersions });
  return manifests.map((object) => {
    const entry = resources[object.apiVersion]?.find(({ kind }) => kind === object.kind);
    const namespace = object.metadata.namespace || request.destinationNamespace;
    return { object, namespace: entry?.namespaced === false ? '' : namespace };
  });
}
