// Events beside objects: who did what to those of the system, kept in the cluster as the reference keeps it, and what is told of any.

import { type ResourceEventList, resourceEvents } from '../../api/resources.ts';
import { textAt } from '../../core/json.ts';
import { parse } from '../../core/shape.ts';
import { APPLICATION_OBJECT } from '../../model/application-key.ts';
import { destinationAnnotations, type EventSubject, type EventText, eventOf } from '../../model/event.ts';
import type { Cluster } from '../../objects/cluster.ts';
import type { KubeObject } from '../../objects/object.ts';
import type { Caller } from '../auth/enforcer.ts';
import type { ServerPorts } from '../ports.ts';

const EVENT = { group: '', version: 'v1', kind: 'Event' } as const;
const COMPONENT = 'argocd-server';

/** What a caller did. */
export interface ObjectEvent {
  readonly reason: EventText['reason'];
  /** Goes on from the name of the caller: 'created project'. */
  readonly message: string;
  readonly caller: Caller;
}

type EventPorts = Pick<ServerPorts, 'home' | 'namespace' | 'clock'>;

/** Nothing fails for want of an event. */
export async function recordEvent(
  { home, namespace, clock }: EventPorts,
  subject: EventSubject & { readonly spec?: unknown },
  { reason, message, caller: { username } }: ObjectEvent,
): Promise<void> {
  const isApplication = subject.kind === APPLICATION_OBJECT.kind;
  const event = eventOf(
    subject,
    {
      component: COMPONENT,
      type: 'Normal',
      reason,
      message: `${username || 'Unknown user'} ${message}`,
      annotations: { ...(isApplication ? destinationAnnotations(subject.spec) : {}), user: username },
    },
    { namespace, now: clock.now() },
  );
  await home.create(event).catch(() => undefined);
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
