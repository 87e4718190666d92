import { isKubeObject, type KubeObject } from '../objects/object.ts';

/** What a source renders: one Kubernetes object. */
export type Manifest = KubeObject;

export function isManifest(value: unknown): value is Manifest {
  return isKubeObject(value);
}
