import { imagesOf, isKubeObject, type KubeObject } from '../objects/object.ts';

/** What a source renders: one Kubernetes object. */
export type Manifest = KubeObject;

export function isManifest(value: unknown): value is Manifest {
  return isKubeObject(value);
}

/** The container images of manifests, each once, sorted. */
export function imagesIn(manifests: readonly Manifest[]): string[] {
  return [...new Set(manifests.flatMap(imagesOf))].sort();
}
