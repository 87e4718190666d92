// A chart of a Helm repository or an OCI registry, rendered.

import type { Charts } from '../charts/charts.ts';
import { openFolder } from '../git/folder-tree.ts';
import type { LocalFiles, Rendered, RenderRequest } from '../request.ts';
import { renderHelm } from './helm.ts';
import { type RenderContext, referencedTree, remoteFolders } from './render.ts';
import { temporaryFolders } from './temporary-folders.ts';

/** `folders` stand for sources that value files refer to, by their names. */
export async function renderChart(
  context: RenderContext & { readonly charts: Charts },
  request: RenderRequest,
  folders: LocalFiles['folders'] = {},
): Promise<Rendered> {
  const { charts, tools, environment, home } = context;
  const { source, revision, credentials } = request;
  const temporary = temporaryFolders(home);
  const checkout = (): Promise<string> =>
    temporary.filled('chart', (path) => charts.unpack({ source, credentials, version: revision }, path));
  try {
    const { manifests, commands } = await renderHelm({
      request,
      source,
      folder: '',
      tools,
      environment,
      home,
      checkout,
      ownCheckout: checkout,
      referenced: async (name) => {
        const folder = folders[name];
        const tree = await (folder === undefined ? referencedTree(context, request, name) : openFolder(folder));
        return temporary.filled(`ref ${name}`, (path) => tree.writeTo(path));
      },
      remote: remoteFolders(context, request, temporary),
      scratch: () => temporary.filled('scratch'),
    });
    return { manifests, revision, sourceType: 'Helm', commands, isOwn: false };
  } finally {
    await temporary.remove();
  }
}
