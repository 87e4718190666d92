// What people did to an application, as events beside it: who, and what.

import { timestamp } from '../../core/time.ts';
import type { KubeObject } from '../../objects/object.ts';
import type { Caller } from '../auth/enforcer.ts';
import type { ServerPorts } from '../ports.ts';

const COMPONENT = 'argocd-server';

export interface EventSubject extends Pick<KubeObject, 'kind' | 'apiVersion'> {
  readonly metadata: Pick<KubeObject['metadata'], 'name' | 'namespace' | 'uid' | 'resourceVersion'>;
}

export type ApplicationEventReason =
  | 'ResourceCreated'
  | 'ResourceUpdated'
  | 'ResourceDeleted'
  | 'ResourceActionRan'
  | 'OperationStarted';

/** The message goes on from the name of the caller: 'created application'. Nothing fails for want of an event. */
export async function recordEvent(
  { home, clock }: Pick<ServerPorts, 'home' | 'clock'>,
  { username }: Caller,
  { metadata, kind, apiVersion }: EventSubject,
  { reason, message }: { readonly reason: ApplicationEventReason; readonly message: string },
): Promise<void> {
  const { name = '', namespace = '', uid = '', resourceVersion = '' } = metadata;
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
