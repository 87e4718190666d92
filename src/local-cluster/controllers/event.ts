// Events: what controllers tell of an object. They outlive it by an hour at most.

import { textAt } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import type { Controller, World } from './world.ts';

const EVENTS = '/events';
const LIFETIME_MS = 3_600_000;

export interface Told {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
}

/** Nothing fails for want of an event: in a namespace that goes none can be made. */
export async function recordEvent(world: World, about: KubeObject, { type, reason, message }: Told): Promise<void> {
  const { apiVersion, kind } = about;
  const { name = '', namespace = '', uid = '', resourceVersion = '' } = about.metadata;
  const component = `${kind.toLowerCase()}-controller`;
  const time = world.time();
  const event = {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { generateName: `${name}.`, namespace },
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
  await world.create(EVENTS, event).catch(() => undefined);
}

/** Removes events when their time is over. */
export function events(): Controller {
  return {
    name: 'kube-apiserver',
    storage: EVENTS,
    reconcile: async (world, event) => {
      const told = textAt(event, 'lastTimestamp') || (event.metadata.creationTimestamp ?? '');
      const due = Date.parse(told) + LIFETIME_MS;
      if (world.now() < due) return due;
      await world.remove(EVENTS, event);
      return undefined;
    },
  };
}
