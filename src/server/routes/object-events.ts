// Events of the system's own objects: who did what to them, kept in the cluster as the reference keeps it.

import { timestamp } from '../../core/time.ts';
import type { KubeObject } from '../../objects/object.ts';
import type { Caller } from '../auth/enforcer.ts';
import type { ServerPorts } from '../ports.ts';
import { jsonObject } from './json.ts';

const EVENT_TYPE = { group: '', version: 'v1', kind: 'Event' } as const;

export interface ObjectEvent {
  readonly reason: 'ResourceCreated' | 'ResourceUpdated' | 'ResourceDeleted';
  /** 'created project': what the caller did. */
  readonly message: string;
  readonly caller: Caller;
}

type EventPorts = Pick<ServerPorts, 'home' | 'namespace' | 'clock'>;

/** The change has been made: an event that cannot be stored does not undo it. */
export async function recordEvent(ports: EventPorts, object: KubeObject, event: ObjectEvent): Promise<void> {
  const { name = '', uid = '', resourceVersion = '' } = object.metadata;
  const now = ports.clock.now();
  const time = timestamp(now);
  const involvedObject = {
    apiVersion: object.apiVersion,
    kind: object.kind,
    namespace: ports.namespace,
    name,
    uid,
    resourceVersion,
  };
  const stored: KubeObject = {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `${name}.${(now * 1_000_000).toString(16)}`, namespace: ports.namespace },
    involvedObject,
    reason: event.reason,
    message: `${event.caller.username || 'Unknown user'} ${event.message}`,
    source: { component: 'argocd-server' },
    firstTimestamp: time,
    lastTimestamp: time,
    count: 1,
    type: 'Normal',
  };
  await ports.home.create(stored, { fieldManager: 'argocd-server' }).catch(() => undefined);
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
