// Addresses from outside: Services of type LoadBalancer and Ingresses get one after a moment.

import { listAt, objectAt, textAt } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import { type Controller, isGoing, type World } from './world.ts';

/** From the range that is kept for documentation: nobody answers there. */
const ADDRESS = '192.0.2.10';

export function services(): Controller {
  return {
    name: 'cloud-controller-manager',
    storage: '/services',
    reconcile: async (world, service) => {
      if (textAt(service, 'spec', 'type') === 'LoadBalancer') await giveAddress(world, '/services', service);
      return undefined;
    },
  };
}

export function ingresses(): Controller {
  return {
    name: 'ingress-controller',
    storage: 'networking.k8s.io/ingresses',
    reconcile: async (world, ingress) => {
      await giveAddress(world, 'networking.k8s.io/ingresses', ingress);
      return undefined;
    },
  };
}

async function giveAddress(world: World, storage: string, object: KubeObject): Promise<void> {
  if (isGoing(object) || listAt(object, 'status', 'loadBalancer', 'ingress').length > 0) return;
  const entry = storage === '/services' ? { ip: ADDRESS, ipMode: 'VIP' } : { ip: ADDRESS };
  await world.report(storage, object, { ...objectAt(object, 'status'), loadBalancer: { ingress: [entry] } });
}
