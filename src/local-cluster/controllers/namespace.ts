// Namespaces: what each new one gets, and how one ends.

import { objectAt } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import { isTerminating } from '../object-meta.ts';
import type { Reconciler, ReconcilerClient } from './reconciler.ts';

const CA_TEXT =
  'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.';
const CA_NAME = 'kube-root-ca.crt';
const CA = { 'ca.crt': '' } as const;

/** Gives each namespace its ServiceAccount and the certificate of the cluster. */
export function namespaceContents(): Reconciler {
  const ownNamespace = (object: KubeObject): readonly string[] => [`/${object.metadata.namespace ?? ''}`];
  return {
    name: 'kube-controller-manager',
    storage: '/namespaces',
    watches: {
      '/serviceaccounts': (object) => (object.metadata.name === 'default' ? ownNamespace(object) : []),
      '/configmaps': (object) => (object.metadata.name === CA_NAME ? ownNamespace(object) : []),
    },
    reconcile: async (client, namespaceObject) => {
      if (isTerminating(namespaceObject)) return undefined;
      const namespace = namespaceObject.metadata.name ?? '';
      if (!client.get('/serviceaccounts', namespace, 'default')) {
        const metadata = { name: 'default', namespace };
        await client.create('/serviceaccounts', { apiVersion: 'v1', kind: 'ServiceAccount', metadata });
      }
      await keepCertificate(client, namespace);
      return undefined;
    },
  };
}

async function keepCertificate(client: ReconcilerClient, namespace: string): Promise<void> {
  const current = client.get('/configmaps', namespace, CA_NAME);
  const annotations = { 'kubernetes.io/description': CA_TEXT };
  if (!current) {
    const metadata = { name: CA_NAME, namespace, annotations };
    await client.create('/configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: CA });
    return;
  }
  const keys = Object.keys(objectAt(current, 'data'));
  if (keys.length === 1 && objectAt(current, 'data')['ca.crt'] === CA['ca.crt']) return;
  await client.update('/configmaps', current, { ...current, data: CA });
}

/** Empties a namespace that is to go, then lets it go. */
export function namespaces(): Reconciler {
  return {
    name: 'kube-controller-manager',
    storage: '/namespaces',
    reconcile: async (client, namespace) => {
      if (!isTerminating(namespace)) return undefined;
      const name = namespace.metadata.name ?? '';
      const within = [...client.api.store.all()].filter(({ object }) => object.metadata.namespace === name);
      if (within.length > 0) {
        const waiting = within.filter(({ object }) => !isTerminating(object));
        await Promise.all(waiting.map(({ resource, object }) => client.remove(resource, object)));
        return client.now() + AGAIN_MS;
      }
      if ((namespace.metadata.finalizers ?? []).length > 0) return undefined;
      await client.api.store.commit({ resource: '/namespaces', namespace: '', name, object: undefined });
      return undefined;
    },
  };
}

const AGAIN_MS = 60;
