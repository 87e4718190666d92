// Events outlive what they tell by an hour at most.

import { textAt } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import { EVENTS } from '../events/event.ts';
import type { Reconciler } from './reconciler.ts';

const LIFETIME_MS = 3_600_000;

/**
 * When an event was told: what it says of its time counts where it is told again, for the fields' owners keep the time of the first
 * write; never a time that is yet to come.
 */
function lastWrite(event: KubeObject, now: number): number {
  const { creationTimestamp = '', managedFields = [] } = event.metadata;
  const told = [
    textAt(event, 'lastTimestamp'),
    textAt(event, 'eventTime'),
    textAt(event, 'series', 'lastObservedTime'),
  ];
  const times = [...managedFields.map((entry) => textAt(entry, 'time')), ...told];
  return Math.max(
    ...[creationTimestamp, ...times].map((time) => Date.parse(time) || 0).filter((time) => time <= now),
    0,
  );
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
