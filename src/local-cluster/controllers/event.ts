// Events: what controllers tell of an object. They outlive it by an hour at most.

import { numberAt, textAt } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import type { Reconciler, ReconcilerClient } from './reconciler.ts';

const EVENTS = '/events';
const LIFETIME_MS = 3_600_000;

export interface Told {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  /** Who tells it; absent: the controller of the object's kind. */
  readonly component?: string;
}

/** Nothing fails for want of an event: in a namespace that goes none can be made. */
export async function recordEvent(
  client: ReconcilerClient,
  about: KubeObject,
  { type, reason, message, component = `${about.kind.toLowerCase()}-controller` }: Told,
): Promise<void> {
  const { apiVersion, kind } = about;
  const { name = '', namespace = '', uid = '', resourceVersion = '' } = about.metadata;
  const time = client.time();
  const event = {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `${name}.${momentOf(client)}`, namespace: namespace || 'default' },
    involvedObject: { apiVersion, kind, name, namespace, uid, resourceVersion },
    type,
    reason,
    message,
    count: 1,
    firstTimestamp: time,
    lastTimestamp: time,
    source: { component },
    reportingComponent: component,
    reportingInstance: '',
  };
  await client.create(EVENTS, event).catch(() => undefined);
}

/** A time in nanoseconds, of which the last are chance: as clients name their events. */
function momentOf({ api, now }: ReconcilerClient): string {
  return (BigInt(Math.floor(now())) * 1_000_000n + BigInt(Math.floor(api.random() * 1_000_000))).toString(16);
}

/**
 * When an event was told: what it says of its time counts where it is told again, for the fields' owners keep the time of the first
 * write; never a time that is yet to come.
 */
function lastWrite(event: KubeObject, now: number): number {
  const { creationTimestamp = '', managedFields = [] } = event.metadata;
  const times = [...managedFields.map((entry) => textAt(entry, 'time')), textAt(event, 'lastTimestamp')];
  return Math.max(
    ...[creationTimestamp, ...times].map((time) => Date.parse(time) || 0).filter((time) => time <= now),
    0,
  );
}

/** Tells what may have been told before: an event of the same reason counts on, with the newest message. */
export async function recordAgain(client: ReconcilerClient, about: KubeObject, told: Told): Promise<void> {
  const { namespace = '', uid = '' } = about.metadata;
  const earlier = client
    .list(EVENTS, namespace)
    .find((event) => textAt(event, 'involvedObject', 'uid') === uid && textAt(event, 'reason') === told.reason);
  if (!earlier) return recordEvent(client, about, told);
  const count = (numberAt(earlier, 'count') ?? 1) + 1;
  const after = { ...earlier, message: told.message, count, lastTimestamp: client.time() };
  await client.update(EVENTS, earlier, after).catch(() => undefined);
}

function sameEvent(client: ReconcilerClient, { metadata }: KubeObject, told: Told): KubeObject | undefined {
  const { namespace = '', uid = '' } = metadata;
  return client
    .list(EVENTS, namespace || 'default')
    .find(
      (event) =>
        textAt(event, 'involvedObject', 'uid') === uid &&
        textAt(event, 'reason') === told.reason &&
        textAt(event, 'message') === told.message,
    );
}

/** Tells what need not be told twice. */
export async function recordOnce(client: ReconcilerClient, about: KubeObject, told: Told): Promise<void> {
  if (!sameEvent(client, about, told)) await recordEvent(client, about, told);
}

/** Like `recordAgain`, where several things are told for the same reason: only the same words count on. */
export async function recordRepeated(client: ReconcilerClient, about: KubeObject, told: Told): Promise<void> {
  const earlier = sameEvent(client, about, told);
  if (!earlier) return recordEvent(client, about, told);
  const count = (numberAt(earlier, 'count') ?? 1) + 1;
  await client.update(EVENTS, earlier, { ...earlier, count, lastTimestamp: client.time() }).catch(() => undefined);
}

/** Removes events when their time is over. */
export function events(): Reconciler {
  return {
    name: 'kube-apiserver',
    storage: EVENTS,
    reconcile: async (client, event) => {
      const due = lastWrite(event, client.now()) + LIFETIME_MS;
      if (client.now() < due) return due;
      await client.remove(EVENTS, event);
      return undefined;
    },
  };
}
