import type { RenderedFiles, Rendering } from './renderer.ts';
export async function renderKustomize(_r: Rendering): Promise<RenderedFiles> {
  return { manifests: [], commands: [] };
}
