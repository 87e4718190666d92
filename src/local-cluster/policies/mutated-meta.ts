// The metadata of an object that policies have changed: what is not theirs stays as it was, or refuses the write.

import { isObject, textAt } from '../../core/json.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import type { KubeObject } from '../../objects/object.ts';
import type { JudgedWrite } from '../api.ts';
import { ApiError, badRequest, conflict, MODIFIED } from '../status.ts';
import { startsGeneration } from '../strategy.ts';

/** The changed object with what policies cannot change as it was in the one that was to be written. */
export function withOwnMeta(changed: KubeObject, write: JudgedWrite & { readonly object: KubeObject }): KubeObject {
  const { kind, before, settings } = write;
  const { uid, creationTimestamp, generation, namespace, resourceVersion } = write.object.metadata;
  const { metadata } = changed;
  if ((metadata.namespace ?? namespace) !== namespace)
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  const isOther = (metadata.resourceVersion ?? '') !== '' && metadata.resourceVersion !== resourceVersion;
  if (isOther && before) throw conflict(kind, before.metadata.name ?? '', MODIFIED);
  if (isOther && settings.operation !== 'Apply')
    throw new ApiError(500, '', { message: 'resourceVersion should not be set on objects to be created' });
  const isCounted = before !== undefined || startsGeneration(kind);
  const own = {
    namespace,
    resourceVersion,
    creationTimestamp,
    uid: before && metadata.uid ? metadata.uid : uid,
    generation: isCounted ? generation : metadata.generation,
    managedFields: ownersAfter(changed, write.object),
  };
  return { ...changed, metadata: omitUndefined({ ...metadata, ...own }) };
}

/** Entries that cannot be read are not taken; a list without any takes all away. */
function ownersAfter(changed: KubeObject, sent: KubeObject): KubeObject['metadata']['managedFields'] {
  const { managedFields } = changed.metadata;
  const entries = managedFields?.filter((entry) => !isObject(entry) || Object.keys(entry).length > 0) ?? [];
  if (entries.length === 0) return undefined;
  const isReadable = entries.every(
    (entry) =>
      ['Apply', 'Update'].includes(textAt(entry, 'operation')) &&
      textAt(entry, 'fieldsType') === 'FieldsV1' &&
      textAt(entry, 'apiVersion') !== '',
  );
  return isReadable ? managedFields : sent.metadata.managedFields;
}
