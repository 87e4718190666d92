// Events of the system's own objects: who did what to them, kept in the cluster as the reference keeps it.

import type { KubeObject } from '../../objects/object.ts';
import type { Caller } from '../auth/enforcer.ts';
import type { ServerPorts } from '../ports.ts';
import { jsonObject } from './json.ts';
import { recordEvent as recordApplicationEvent } from './record-event.ts';

const EVENT_TYPE = { group: '', version: 'v1', kind: 'Event' } as const;

export interface ObjectEvent {
  readonly reason: 'ResourceCreated' | 'ResourceUpdated' | 'ResourceDeleted';
  /** 'created project': what the caller did. */
  readonly message: string;
  readonly caller: Caller;
}

type EventPorts = Pick<ServerPorts, 'home' | 'namespace' | 'clock'>;

export function recordEvent(ports: EventPorts, object: KubeObject, event: ObjectEvent): Promise<void> {
  const subject = { ...object, metadata: { ...object.metadata, namespace: ports.namespace } };
  return recordApplicationEvent(ports, event.caller, subject, event);
}

interface EventList {
  readonly metadata: { readonly resourceVersion: string };
  readonly items: readonly unknown[];
}

export async function eventsOf({ home, namespace }: EventPorts, { metadata }: KubeObject): Promise<EventList> {
  const { name = '', uid = '' } = metadata;
  const fieldSelector = `involvedObject.name=${name},involvedObject.namespace=${namespace},involvedObject.uid=${uid}`;
  const { items, resourceVersion } = await home.list(EVENT_TYPE, { namespace, fieldSelector });
  return { metadata: { resourceVersion }, items: items.map(eventOf) };
}

/** As the API tells of one: without what is empty. */
function eventOf({ apiVersion: _version, kind: _kind, metadata, ...event }: KubeObject): unknown {
  const set = Object.entries(event).filter(([, value]) => value !== '' && value !== null);
  return jsonObject({ metadata, ...Object.fromEntries(set), eventTime: event['eventTime'] ?? null });
}
