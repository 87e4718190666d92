import { type JsonObject, textAt } from '../core/json.ts';
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

export function isSecretKind({ group, kind }: { readonly group: string; readonly kind: string }): boolean {
  return group === '' && kind === 'Secret';
}

export function isSecret(object: JsonObject): boolean {
  return textAt(object, 'apiVersion') === 'v1' && textAt(object, 'kind') === 'Secret';
}

/** Whether an object is left out of the plain resources: any hook annotation but Helm's old crd-install. */
export function isHook(object: JsonObject): boolean {
  const helm = annotatedList(object, 'helm.sh/hook').filter((hook) => hook !== 'crd-install');
  return annotatedList(object, 'argocd.argoproj.io/hook').length > 0 || helm.length > 0;
}

/** An annotation that lists names, separated by commas. */
export function annotatedList(object: JsonObject, annotation: string): readonly string[] {
  return textAt(object, 'metadata', 'annotations', annotation)
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
