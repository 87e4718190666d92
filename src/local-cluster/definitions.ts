// CustomResourceDefinitions become kinds as soon as they are stored: names are accepted, the definition is established.

import { isObject, type JsonObject, listAt, objectAt, sameJson, textAt } from '../core/json.ts';
import { timestamp } from '../core/time.ts';
import type { KubeObject } from '../objects/object.ts';
import type { Api } from './api.ts';
import { CRD_STORAGE } from './kinds.ts';

export const CLEANUP = 'customresourcecleanup.apiextensions.k8s.io';

/** Watches the store for definitions that come and go; ends by the returned function. */
export function establishDefinitions(api: Api): () => void {
  // The journal stays broken: the next write fails and says so.
  const follow = (name: string): void => void followDefinition(api, name).catch(() => undefined);
  const end = api.store.subscribe((change) => {
    if (change.resource === CRD_STORAGE) follow(change.name);
    else if (!change.object) void finishDefinition(api, change.resource).catch(() => undefined);
  });
  // A process that was killed may have stored one, and no more.
  for (const { metadata } of api.store.list(CRD_STORAGE)) follow(metadata.name ?? '');
  return end;
}

async function followDefinition(api: Api, name: string): Promise<void> {
  const definition = api.store.get(CRD_STORAGE, '', name);
  if (!definition) return;
  if (definition.metadata.deletionTimestamp !== undefined) return endDefinition(api, definition);
  const status = definitionStatus(api, definition);
  if (sameJson(status, definition['status'])) return;
  await api.store.commit({ resource: CRD_STORAGE, namespace: '', name, object: { ...definition, status } });
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
    const metadata = { ...object.metadata, deletionTimestamp, deletionGracePeriodSeconds: 0 };
    const ending = finalizers.length > 0 ? { ...object, metadata } : undefined;
    void api.store.commit({ resource, namespace, name, object: ending }).catch(() => undefined);
  }
  await finishDefinition(api, resource);
}

async function finishDefinition(api: Api, resource: string): Promise<void> {
  const definition = api.store.list(CRD_STORAGE).find((candidate) => storageOf(candidate) === resource);
  if (definition?.metadata.deletionTimestamp === undefined || api.store.list(resource).length > 0) return;
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

function definitionStatus(api: Api, definition: KubeObject): JsonObject {
  const spec = objectAt(definition, 'spec');
  const old = objectAt(definition, 'status');
  const now = timestamp(api.clock.now());
  const versions = listAt(spec, 'versions').filter(isObject);
  const storage = textAt(
    versions.find((version) => version['storage'] === true),
    'name',
  );
  const stored = listAt(old, 'storedVersions').map(String);
  const conditions = listAt(old, 'conditions');
  return {
    conditions: conditions.length > 0 ? conditions : established(now),
    acceptedNames: objectAt(spec, 'names'),
    storedVersions: stored.includes(storage) ? stored : [...stored, storage],
  };
}

function established(now: string): JsonObject[] {
  const condition = (type: string, reason: string, message: string): JsonObject => ({
    type,
    status: 'True',
    lastTransitionTime: now,
    reason,
    message,
  });
  return [
    condition('NamesAccepted', 'NoConflicts', 'no conflicts found'),
    condition('Established', 'InitialNamesAccepted', 'the initial names have been accepted'),
  ];
}
