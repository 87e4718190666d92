// Events beside objects: who did what to those of the system, kept in the cluster as the reference keeps it, and what is told of any.

import { type ResourceEventList, resourceEvents } from '../../api/resources.ts';
import { textAt } from '../../core/json.ts';
import { parse } from '../../core/shape.ts';
import { timestamp } from '../../core/time.ts';
import type { Cluster } from '../../objects/cluster.ts';
import type { KubeObject } from '../../objects/object.ts';
import type { Caller } from '../auth/enforcer.ts';
import type { ServerPorts } from '../ports.ts';

const EVENT = { group: '', version: 'v1', kind: 'Event' } as const;
const COMPONENT = 'argocd-server';

export interface EventSubject extends Pick<KubeObject, 'kind' | 'apiVersion'> {
  readonly metadata: Pick<KubeObject['metadata'], 'name' | 'uid' | 'resourceVersion'>;
}

/** What a caller did. */
export interface ObjectEvent {
  readonly reason: 'ResourceCreated' | 'ResourceUpdated' | 'ResourceDeleted' | 'OperationStarted';
  /** Goes on from the name of the caller: 'created project'. */
  readonly message: string;
  readonly caller: Caller;
}

type EventPorts = Pick<ServerPorts, 'home' | 'namespace' | 'clock'>;

/** Nothing fails for want of an event. */
export async function recordEvent(
  { home, namespace, clock }: EventPorts,
  { metadata, kind, apiVersion }: EventSubject,
  { reason, message, caller: { username } }: ObjectEvent,
): Promise<void> {
  const { name = '', uid = '', resourceVersion = '' } = metadata;
  const time = timestamp(clock.now());
  const event = {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `${name}.${suffixOf(clock.now())}`, namespace, annotations: { user: username } },
    involvedObject: { apiVersion, kind, name, namespace, uid, resourceVersion },
    source: { component: COMPONENT },
    type: 'Normal',
    reason,
    message: `${username || 'Unknown user'} ${message}`,
    count: 1,
    firstTimestamp: time,
    lastTimestamp: time,
  };
  await home.create(event).catch(() => undefined);
}

let last = 0;

/** The time in hexadecimal, never twice the same. */
function suffixOf(now: number): string {
  last = Math.max(now * 1000, last + 1);
  return last.toString(16).padStart(16, '0');
}

/** In one namespace; in all where it is ''. */
export async function eventsOf(
  cluster: Cluster,
  namespace: string,
  about: { readonly name?: string; readonly uid?: string },
): Promise<ResourceEventList> {
  const { items, resourceVersion } = await cluster.list(EVENT, namespace === '' ? {} : { namespace });
  const isAbout = (event: KubeObject): boolean =>
    textAt(event, 'involvedObject', 'name') === (about.name ?? '') &&
    textAt(event, 'involvedObject', 'uid') === (about.uid ?? '');
  return parse(resourceEvents.output, { metadata: { resourceVersion }, items: items.filter(isAbout) }, 'events');
}
