import { isObject, type Json, type JsonObject, listAt, textAt } from '../core/json.ts';

/** Any Kubernetes object, as data. */
export interface KubeObject extends JsonObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
}

export interface ObjectMeta extends JsonObject {
  readonly name?: string;
  readonly generateName?: string;
  readonly namespace?: string;
  readonly uid?: string;
  /** A decimal integer that grows with every write of the cluster. */
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly deletionGracePeriodSeconds?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  readonly ownerReferences?: readonly OwnerReference[];
  readonly managedFields?: readonly Json[];
}

export interface OwnerReference extends JsonObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

export function isKubeObject(value: unknown): value is KubeObject {
  return (
    isObject(value) &&
    typeof value['apiVersion'] === 'string' &&
    typeof value['kind'] === 'string' &&
    isObject(value['metadata'])
  );
}

/** '' for the core group. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

export function versionOf(apiVersion: string): string {
  return apiVersion.slice(apiVersion.indexOf('/') + 1);
}

export function apiVersionOf(group: string, version: string): string {
  return group === '' ? version : `${group}/${version}`;
}

/** What one object is in one cluster; namespace is '' for what belongs to none. */
export interface ObjectKey {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

export function keyOf(object: KubeObject): ObjectKey {
  return {
    group: groupOf(object.apiVersion),
    kind: object.kind,
    namespace: object.metadata.namespace ?? '',
    name: object.metadata.name ?? '',
  };
}

/** 'apps/Deployment/default/web': equal for the same object, usable as a map's key. */
export function keyText(key: ObjectKey): string {
  return `${key.group}/${key.kind}/${key.namespace}/${key.name}`;
}

export function labelsOf(object: KubeObject): Readonly<Record<string, string>> {
  return object.metadata.labels ?? {};
}

/** Whatever carries annotations as a Kubernetes object does. */
export interface Annotated {
  readonly metadata: { readonly annotations?: Readonly<Record<string, string>> };
}

export function annotationsOf(object: Annotated): Readonly<Record<string, string>> {
  return object.metadata.annotations ?? {};
}

/** A copy with these annotations set, or removed where undefined. */
export function withAnnotations<T extends KubeObject>(
  object: T,
  changes: Readonly<Record<string, string | undefined>>,
): T {
  const annotations: Record<string, string> = { ...annotationsOf(object) };
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) delete annotations[name];
    else annotations[name] = value;
  }
  const { annotations: _before, ...metadata } = object.metadata;
  return { ...object, metadata: Object.keys(annotations).length > 0 ? { ...metadata, annotations } : metadata };
}

export const isPod = ({ kind, apiVersion }: KubeObject): boolean => kind === 'Pod' && apiVersion === 'v1';

/** The container images of a Pod or of whatever has a pod template, those of init containers last. */
export const imagesOf = (object: KubeObject): string[] => imagesIn(object, ['containers', 'initContainers']);

/** The same without init containers. */
export const runningImagesOf = (object: KubeObject): string[] => imagesIn(object, ['containers']);

function imagesIn(object: KubeObject, fields: readonly string[]): string[] {
  const specs = [['spec'], ['spec', 'template', 'spec'], ['spec', 'jobTemplate', 'spec', 'template', 'spec']];
  return specs.flatMap((path) =>
    fields.flatMap((field) =>
      listAt(object, ...path, field)
        .map((container) => textAt(container, 'image'))
        .filter((image) => image !== ''),
    ),
  );
}
