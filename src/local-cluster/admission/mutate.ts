// What admission, policies and webhooks make of an object before it is stored.

import type { KubeObject } from '../../objects/object.ts';
import type { Api, WriteSettings } from '../api.ts';
import type { Kind } from '../kinds.ts';
import { prepareObject } from '../prepare.ts';
import { admitNew } from './admit.ts';
import { admitFaults } from './faults.ts';
import { mutatedByPolicies } from './policies.ts';

/** A new object with all that is filled in. */
export function mutatedNew(api: Api, kind: Kind, sent: KubeObject, settings: WriteSettings): KubeObject {
  const write = { kind, operation: 'CREATE', before: undefined, settings } as const;
  const admitted = (object: KubeObject): KubeObject => admitFaults(kind, admitNew(api, kind, object, settings));
  const prepared = (object: KubeObject): KubeObject =>
    prepareObject(kind, object, { api, before: undefined, settings });
  const { webhooks } = api;
  if (!webhooks) return mutatedByPolicies(api, { ...write, object: prepared(admitted(sent)) });
  // Webhooks see what admission makes of a Pod, and not yet the state in which it begins.
  const isPod = kind.storage === '/pods';
  const first = isPod ? withoutStatus(prepared(admitted(sent))) : admitted(sent);
  const object = mutatedByPolicies(api, { ...write, object: first });
  const changed = webhooks.mutate({ ...write, object }) ?? object;
  return prepared(isPod && changed !== object ? admitted(changed) : changed);
}

function withoutStatus({ status: _status, ...object }: KubeObject): KubeObject {
  return object;
}

interface Change {
  readonly before: KubeObject;
  /** With the fields that are written, and their owners. */
  readonly object: KubeObject;
  /** As it was sent. */
  readonly given: KubeObject;
  readonly settings: WriteSettings;
}

/** The changed object as webhooks leave it; undefined where they leave it as it is. */
export function changedByWebhooks(
  api: Api,
  kind: Kind,
  { before, object, given, settings }: Change,
): KubeObject | undefined {
  if (!api.webhooks) return undefined;
  const { managedFields } = object.metadata;
  const { managedFields: _given, ...metadata } = given.metadata;
  const shown = { ...object, metadata: { ...metadata, ...(managedFields ? { managedFields } : {}) } };
  const changed = api.webhooks.mutate({ kind, operation: 'UPDATE', object: shown, before, settings });
  return changed === shown ? undefined : changed;
}
