// The Directory renderer: plain files, and Jsonnet by its tool.

import { readDirectory } from './directory.ts';
import type { GitRendering, RenderedFiles } from './renderer.ts';

export async function renderDirectory(rendering: GitRendering): Promise<RenderedFiles> {
  const { tree, folder, source } = rendering;
  const { manifests, jsonnet } = await readDirectory(tree, folder, source.directory ?? {});
  if (jsonnet.length === 0) return { manifests, commands: [], isOwn: true };
  const { evaluateJsonnet } = await import('./jsonnet.ts');
  const evaluated = await evaluateJsonnet(rendering, jsonnet);
  return { ...evaluated, manifests: [...manifests, ...evaluated.manifests] };
}
