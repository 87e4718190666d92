// A chart of a Helm repository or an OCI registry, rendered.

import type { Charts } from '../charts/charts.ts';
import type { Rendered, RenderRequest } from '../request.ts';
import { renderHelm } from './helm.ts';
import { type RenderSurroundings, referencedTree } from './render.ts';
import { temporaryFolders } from './temporary-folders.ts';

export async function renderChart(
  surroundings: RenderSurroundings & { readonly charts: Charts },
  request: RenderRequest,
): Promise<Rendered> {
  const { charts, tools, environment, home } = surroundings;
  const { source, revision, credentials } = request;
  const folders = temporaryFolders(home);
  try {
    const { manifests, commands } = await renderHelm({
      request,
      source,
      folder: '',
      tools,
      environment,
      home,
      checkout: () =>
        folders.filled('chart', (path) => charts.unpack({ source, credentials, version: revision }, path)),
      referenced: async (name) => {
        const tree = await referencedTree(surroundings, request, name);
        return folders.filled(`ref ${name}`, (path) => tree.writeTo(path));
      },
      scratch: () => folders.filled('scratch'),
    });
    return { manifests, revision, sourceType: 'Helm', commands };
  } finally {
    await folders.remove();
  }
}
