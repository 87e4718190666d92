// Addresses from outside: Services of type LoadBalancer and Ingresses get one after a moment.

import { listAt, objectAt, textAt } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import { recordEvent } from '../events/record.ts';
import { ofBalancer } from '../events/tell.ts';
import { faultyUntil } from '../faults/of.ts';
import { isTerminating } from '../object-meta.ts';
import type { Reconciler, ReconcilerClient } from './reconciler.ts';

/** From the range that is reserved for documentation: no host has it. */
const ADDRESS = '192.0.2.10';
const DELAY_MS = 1000;
const NO_ADDRESS = {
  type: 'Warning',
  reason: 'SyncLoadBalancerFailed',
  message: 'Error syncing load balancer: failed to ensure load balancer: no address is left',
} as const;

export function services(): Reconciler {
  return {
    name: 'cloud-controller-manager',
    storage: '/services',
    reconcile: async (client, service) => {
      return textAt(service, 'spec', 'type') === 'LoadBalancer' ? giveAddress(client, '/services', service) : undefined;
    },
  };
}

export function ingresses(): Reconciler {
  return {
    name: 'ingress-controller',
    storage: 'networking.k8s.io/ingresses',
    reconcile: (client, ingress) => giveAddress(client, 'networking.k8s.io/ingresses', ingress),
  };
}

async function giveAddress(client: ReconcilerClient, storage: string, object: KubeObject): Promise<number | undefined> {
  if (isTerminating(object) || listAt(object, 'status', 'loadBalancer', 'ingress').length > 0) return undefined;
  const until = faultyUntil(object, 'pending');
  if (until !== undefined && client.now() < until) {
    recordEvent(client, object, NO_ADDRESS, { once: true });
    return Number.isFinite(until) ? until : undefined;
  }
  // Times are stored in whole seconds: a second more makes sure that some time has passed.
  const due = Date.parse(object.metadata.creationTimestamp ?? '') + 1000 + DELAY_MS;
  const told = storage === '/services' ? ofBalancer : undefined;
  if (told) recordEvent(client, object, told.begun(), { once: true });
  if (client.now() < due) return due;
  const entry = storage === '/services' ? { ip: ADDRESS, ipMode: 'VIP' } : { ip: ADDRESS };
  await client.updateStatus(storage, object, { ...objectAt(object, 'status'), loadBalancer: { ingress: [entry] } });
  if (told) recordEvent(client, object, told.done());
  return undefined;
}
