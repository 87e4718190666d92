// CustomResourceDefinitions become kinds as soon as they are stored: names are accepted, the definition is established.

import { isObject, type JsonObject, listAt, objectAt, textAt } from '../core/json.ts';
import { timestamp } from '../core/time.ts';
import type { KubeObject } from '../objects/object.ts';
import type { Api } from './api.ts';
import { CRD_STORAGE } from './kinds.ts';

/** Watches the store for definitions that are not established; ends by the returned function. */
export function establishDefinitions(api: Api): () => void {
  return api.store.subscribe((change) => {
    const object = change.resource === CRD_STORAGE ? change.object : undefined;
    if (!object || object.metadata.deletionTimestamp !== undefined) return;
    const current = api.store.get(CRD_STORAGE, '', change.name);
    if (current !== object) return;
    const status = statusOf(api, object);
    if (JSON.stringify(status) === JSON.stringify(object['status'])) return;
    // A refused write is told to whoever writes next: the journal stays broken.
    void api.store.commit({ ...change, object: { ...object, status } }).catch(() => undefined);
  });
}

function statusOf(api: Api, definition: KubeObject): JsonObject {
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
