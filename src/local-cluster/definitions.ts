// CustomResourceDefinitions become kinds as soon as they are stored: names are accepted, the definition is established.

import { isObject, type JsonObject, listAt, objectAt, sameJson, textAt } from '../core/json.ts';
import { timestamp } from '../core/time.ts';
import { trackUpdate } from '../objects/managed-fields.ts';
import type { KubeObject } from '../objects/object.ts';
import { UNTYPED } from '../objects/schema.ts';
import type { Api } from './api.ts';
import { acceptNames, areAccepted, type Claims, withTerminating } from './definition-names.ts';
import { CRD_STORAGE } from './kinds.ts';

export const CLEANUP = 'customresourcecleanup.apiextensions.k8s.io';

/** Watches the store for definitions that come and go; ends by the returned function. */
export function establishDefinitions(api: Api): () => void {
  const claims: Claims = new Map();
  // The journal stays broken: the next write fails and says so.
  const follow = (name: string): void => void followDefinition(api, name, claims).catch(() => undefined);
  const end = api.store.subscribe((change) => {
    if (change.resource === CRD_STORAGE) {
      if (!change.object) claims.delete(change.name);
      follow(change.name);
      // A name that is given up is another's.
      for (const other of api.store.list(CRD_STORAGE))
        if (other.metadata.name !== change.name && !areAccepted(other)) follow(other.metadata.name ?? '');
    } else if (!change.object) void finishDefinition(api, change.resource).catch(() => undefined);
  });
  // A process that was killed may have stored one, and no more.
  for (const { metadata } of api.store.list(CRD_STORAGE)) follow(metadata.name ?? '');
  return end;
}

async function followDefinition(api: Api, name: string, claims: Claims): Promise<void> {
  const definition = api.store.get(CRD_STORAGE, '', name);
  if (!definition) return;
  if (definition.metadata.deletionTimestamp !== undefined) return endDefinition(api, definition);
  const status = definitionStatus(api, definition, claims);
  if (sameJson(status, definition['status'])) return;
  await commitStatus(api, { ...definition, status });
}

/** The status of a definition is the API server's own. */
async function commitStatus(api: Api, after: KubeObject): Promise<void> {
  await api.ready();
  const name = after.metadata.name ?? '';
  const before = api.store.get(CRD_STORAGE, '', name);
  // Whoever was faster has set this off again.
  if (!before || before.metadata.resourceVersion !== after.metadata.resourceVersion) return;
  const { conditions, ...rest } = objectAt(before, 'status');
  const object = trackUpdate({
    // No conditions are an empty list of them.
    before: { ...before, status: { ...rest, conditions: conditions ?? [] } },
    after,
    type: api.types().ofKind('apiextensions.k8s.io', 'v1', 'CustomResourceDefinition') ?? UNTYPED,
    manager: {
      name: 'kube-apiserver',
      operation: 'Update',
      apiVersion: 'apiextensions.k8s.io/v1',
      subresource: 'status',
    },
    time: timestamp(api.clock.now()),
    untouched: [],
  });
  await api.store.commit({ resource: CRD_STORAGE, namespace: '', name, object });
}

const storageOf = (definition: KubeObject): string =>
  `${textAt(definition, 'spec', 'group')}/${textAt(definition, 'spec', 'names', 'plural')}`;

/** The objects of a definition go before it does. */
async function endDefinition(api: Api, definition: KubeObject): Promise<void> {
  const resource = storageOf(definition);
  const deletionTimestamp = timestamp(api.clock.now());
  for (const object of api.store.list(resource)) {
    const { name = '', namespace = '', finalizers = [] } = object.metadata;
    if (object.metadata.deletionTimestamp !== undefined) continue;
    const generation = (object.metadata.generation ?? 0) + 1;
    const metadata = { ...object.metadata, generation, deletionTimestamp, deletionGracePeriodSeconds: 0 };
    const ending = finalizers.length > 0 ? { ...object, metadata } : undefined;
    void api.store.commit({ resource, namespace, name, object: ending }).catch(() => undefined);
  }
  await finishDefinition(api, resource);
}

async function finishDefinition(api: Api, resource: string): Promise<void> {
  const definition = api.store.list(CRD_STORAGE).find((candidate) => storageOf(candidate) === resource);
  if (definition?.metadata.deletionTimestamp === undefined) return;
  if (api.store.list(resource).length > 0) {
    const status = withTerminating(definition, 'InstanceDeletionInProgress', timestamp(api.clock.now()));
    if (!sameJson(status, definition['status'])) await commitStatus(api, { ...definition, status });
    return;
  }
  const finalizers = (definition.metadata.finalizers ?? []).filter((name) => name !== CLEANUP);
  const { finalizers: _before, ...metadata } = definition.metadata;
  const remaining = finalizers.length > 0 ? { ...definition, metadata: { ...metadata, finalizers } } : undefined;
  if (remaining && sameJson(remaining, definition)) return;
  await api.store.commit({
    resource: CRD_STORAGE,
    namespace: '',
    name: definition.metadata.name ?? '',
    object: remaining,
  });
}

function definitionStatus(api: Api, definition: KubeObject, claims: Claims): JsonObject {
  const spec = objectAt(definition, 'spec');
  const versions = listAt(spec, 'versions').filter(isObject);
  const storage = textAt(
    versions.find((version) => version['storage'] === true),
    'name',
  );
  const stored = listAt(definition, 'status', 'storedVersions').map(String);
  return {
    ...acceptNames(definition, api.store.list(CRD_STORAGE), { claims, now: timestamp(api.clock.now()) }),
    storedVersions: stored.length > 0 ? stored : [storage],
  };
}
