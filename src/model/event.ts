// An Event of Kubernetes beside an application or a project: what the system did, or a caller through it.

import { textAt } from '../core/json.ts';
import { timestamp } from '../core/time.ts';
import type { KubeObject } from '../objects/object.ts';

/** What an event is about. */
export interface EventSubject extends Pick<KubeObject, 'kind' | 'apiVersion'> {
  readonly metadata: Pick<KubeObject['metadata'], 'name' | 'uid' | 'resourceVersion'>;
}

export interface EventText {
  readonly component: 'argocd-server' | 'argocd-application-controller';
  readonly type: 'Normal' | 'Warning';
  readonly reason:
    | 'ResourceCreated'
    | 'ResourceUpdated'
    | 'ResourceDeleted'
    | 'OperationStarted'
    | 'OperationCompleted';
  readonly message: string;
  readonly annotations: Readonly<Record<string, string>>;
}

/** The event as an object of a namespace. */
export function eventOf(
  { metadata, kind, apiVersion }: EventSubject,
  { component, type, reason, message, annotations }: EventText,
  { namespace, now }: { readonly namespace: string; readonly now: number },
): KubeObject {
  const { name = '', uid = '', resourceVersion = '' } = metadata;
  const time = timestamp(now);
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `${name}.${suffixOf(now)}`, namespace, annotations },
    involvedObject: { apiVersion, kind, name, namespace, uid, resourceVersion },
    source: { component },
    type,
    reason,
    message,
    count: 1,
    firstTimestamp: time,
    lastTimestamp: time,
  };
}

/** Where an application of such a specification goes, for who reads its events. */
export const destinationAnnotations = (spec: unknown): Readonly<Record<string, string>> => ({
  'dest-namespace': textAt(spec, 'destination', 'namespace'),
  'dest-server': textAt(spec, 'destination', 'server'),
});

let last = 0;

/** The time in hexadecimal, never twice the same. */
function suffixOf(now: number): string {
  last = Math.max(now * 1000, last + 1);
  return last.toString(16).padStart(16, '0');
}
