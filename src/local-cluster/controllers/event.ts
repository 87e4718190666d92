// Events outlive what they tell by an hour at most.

import { textAt } from '../../core/json.ts';
import { timestamp } from '../../core/time.ts';
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
  const present = timestamp(now);
  const told = [
    textAt(event, 'lastTimestamp'),
    textAt(event, 'eventTime'),
    textAt(event, 'series', 'lastObservedTime'),
  ];
  // Times as they are written sort as texts.
  let latest = creationTimestamp <= present ? creationTimestamp : '';
  for (const time of [...told, ...managedFields.map((entry) => textAt(entry, 'time'))])
    if (time > latest && time <= present) latest = time;
  return Date.parse(latest) || Date.parse(creationTimestamp) || 0;
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
