// Namespaces: what each new one gets, and how one ends.

import { objectAt } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import { type Controller, isGoing, type World } from './world.ts';

const CA_TEXT =
  'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.';
const CA_NAME = 'kube-root-ca.crt';
const CA = { 'ca.crt': '' } as const;

/** Gives each namespace its ServiceAccount and the certificate of the cluster. */
export function namespaceContents(): Controller {
  const ownNamespace = (object: KubeObject): readonly string[] => [`/${object.metadata.namespace ?? ''}`];
  return {
    name: 'kube-controller-manager',
    storage: '/namespaces',
    alsoWatches: {
      '/serviceaccounts': (object) => (object.metadata.name === 'default' ? ownNamespace(object) : []),
      '/configmaps': (object) => (object.metadata.name === CA_NAME ? ownNamespace(object) : []),
    },
    reconcile: async (world, namespaceObject) => {
      if (isGoing(namespaceObject)) return undefined;
      const namespace = namespaceObject.metadata.name ?? '';
      if (!world.get('/serviceaccounts', namespace, 'default')) {
        const metadata = { name: 'default', namespace };
        await world.create('/serviceaccounts', { apiVersion: 'v1', kind: 'ServiceAccount', metadata });
      }
      await keepCertificate(world, namespace);
      return undefined;
    },
  };
}

async function keepCertificate(world: World, namespace: string): Promise<void> {
  const found = world.get('/configmaps', namespace, CA_NAME);
  const annotations = { 'kubernetes.io/description': CA_TEXT };
  if (!found) {
    const metadata = { name: CA_NAME, namespace, annotations };
    await world.create('/configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: CA });
    return;
  }
  const keys = Object.keys(objectAt(found, 'data'));
  if (keys.length === 1 && objectAt(found, 'data')['ca.crt'] === CA['ca.crt']) return;
  await world.update('/configmaps', found, { ...found, data: CA });
}

/** Empties a namespace that is to go, then lets it go. */
export function namespaces(): Controller {
  return {
    name: 'kube-controller-manager',
    storage: '/namespaces',
    reconcile: async (world, namespace) => {
      if (!isGoing(namespace)) return undefined;
      const name = namespace.metadata.name ?? '';
      const within = [...world.api.store.all()].filter(({ object }) => object.metadata.namespace === name);
      if (within.length > 0) {
        const waiting = within.filter(({ object }) => !isGoing(object));
        await Promise.all(waiting.map(({ resource, object }) => world.remove(resource, object)));
        return world.now() + AGAIN_MS;
      }
      if ((namespace.metadata.finalizers ?? []).length > 0) return undefined;
      await world.api.store.commit({ resource: '/namespaces', namespace: '', name, object: undefined });
      return undefined;
    },
  };
}

const AGAIN_MS = 60;
