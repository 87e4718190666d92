import type { RenderedFiles, Rendering } from './renderer.ts';
export async function renderHelm(_r: Rendering): Promise<RenderedFiles> {
  return { manifests: [], commands: [] };
}
