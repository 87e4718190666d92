// Who owns the fields that an apply on the client's side wrote: an apply on the server's side takes them over.

import { isObject, type Json } from '../../core/json.ts';
import { difference, fieldAt, union } from '../../objects/field-set.ts';
import { type ManagedFieldsEntry, readManagedFields, withManagedFields } from '../../objects/managed-fields.ts';
import type { KubeObject } from '../../objects/object.ts';
import { TEMPLATE_GENERATION } from '../../objects/template-generation.ts';
import { lastApplied } from './normalise.ts';

const KUBECTL = 'kubectl-client-side-apply';

/** What the API server writes in the name of whoever makes a DaemonSet: an apply without it would not take it away. */
const OF_THE_SERVER = fieldAt(['metadata', 'annotations', TEMPLATE_GENERATION]);

/**
 * The managed fields as they are when `owner` applies what kubectl, the managers `also`, or itself applied on the client's side
 * before; undefined when there is nothing of that. Without it a field that Git drops would stay: its old manager holds it.
 */
export function takeOver(live: KubeObject, owner: string, also: readonly string[] = []): readonly Json[] | undefined {
  // What the owner updated in another way, as by hand, is not part of an apply.
  const managers = [KUBECTL, ...also, ...(lastApplied(live) ? [owner] : [])];
  const entries = readManagedFields(live);
  const takenEntries = entries.filter((entry) => isTaken(entry, managers));
  const [first] = takenEntries;
  if (!first) return undefined;
  const applied = entries.find((entry) => entry.operation === 'Apply' && entry.name === owner);
  const others = entries.filter((entry) => entry !== applied && !takenEntries.includes(entry));
  const taken = [...takenEntries, ...(applied ? [applied] : [])].map(({ fields }) => fields).reduce(union);
  const own: ManagedFieldsEntry = {
    name: owner,
    operation: 'Apply',
    apiVersion: applied?.apiVersion ?? first.apiVersion,
    subresource: '',
    time: applied?.time ?? first.time,
    fields: difference(taken, OF_THE_SERVER),
  };
  return (withManagedFields(live, [...others, own]).metadata.managedFields ?? []).filter(isObject);
}

const isTaken = ({ operation, subresource, name }: ManagedFieldsEntry, managers: readonly string[]): boolean =>
  operation === 'Update' && subresource === '' && managers.includes(name);
