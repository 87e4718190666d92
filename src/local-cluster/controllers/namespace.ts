// Namespaces: what each new one gets, and how one ends.

import { type JsonObject, objectAt, sameJson } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import { isTerminating } from '../object-meta.ts';
import { condition, type NewCondition } from './conditions.ts';
import { holdsCertificate, ownCertificate } from './own-certificate.ts';
import { namespacedName, type Reconciler, type ReconcilerClient } from './reconciler.ts';

const CA_TEXT =
  'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.';
const CA_NAME = 'kube-root-ca.crt';

/** Gives each namespace its ServiceAccount and the certificate of the cluster. */
export function namespaceContents(): Reconciler {
  const ownNamespace = (object: KubeObject): readonly string[] => [`/${object.metadata.namespace ?? ''}`];
  return {
    name: 'kube-controller-manager',
    storage: '/namespaces',
    watches: {
      '/serviceaccounts': (object) => (object.metadata.name === 'default' ? ownNamespace(object) : []),
      '/configmaps': (object) => (object.metadata.name === CA_NAME ? ownNamespace(object) : []),
      '/secrets': (object, client) => (holdsCertificate(object) ? client.list('/namespaces').map(namespacedName) : []),
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
  const data = { 'ca.crt': ownCertificate(client) };
  if (!current) {
    const metadata = { name: CA_NAME, namespace, annotations };
    await client.create('/configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata, data });
    return;
  }
  if (!sameJson(objectAt(current, 'data'), data)) await client.update('/configmaps', current, { ...current, data });
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
      // As long as there are Pods all that they may need stays.
      const pods = within.filter(({ resource }) => resource === '/pods');
      const waiting = (pods.length > 0 ? pods : within).filter(({ object }) => !isTerminating(object));
      await Promise.all(waiting.map(({ resource, object }) => client.remove(resource, object)));
      if (within.length > 0) return tellOfContent(client, namespace, within);
      const isHeld = (namespace.metadata.finalizers ?? []).length > 0;
      const object = isHeld ? emptied(client, namespace) : undefined;
      if (object && sameJson(object, namespace)) return undefined;
      await client.api.store.commit({ resource: '/namespaces', namespace: '', name, object });
      return undefined;
    },
  };
}

const AGAIN_MS = 60;
/** What is still there after so long is told of, and looked at less often. */
const PATIENCE_MS = 5000;
const STUCK_MS = 1000;

async function tellOfContent(
  client: ReconcilerClient,
  namespace: KubeObject,
  within: readonly Stored[],
): Promise<number | undefined> {
  const since = Date.parse(namespace.metadata.deletionTimestamp ?? '');
  if (client.now() < since + PATIENCE_MS) return client.now() + AGAIN_MS;
  const hasPods = within.some(({ resource }) => resource === '/pods');
  const conditions = contentConditions(client, namespace, hasPods ? [] : within);
  await client.updateStatus('/namespaces', namespace, { ...objectAt(namespace, 'status'), conditions });
  return client.now() + STUCK_MS;
}

/** Nothing is in it any more, and somebody else still holds it. */
function emptied(client: ReconcilerClient, namespace: KubeObject): KubeObject {
  const { finalizers: _done, ...spec } = objectAt(namespace, 'spec');
  const conditions = contentConditions(client, namespace, []);
  return { ...namespace, spec, status: { ...objectAt(namespace, 'status'), conditions } };
}

interface Stored {
  readonly resource: string;
  readonly object: KubeObject;
}

function contentConditions(client: ReconcilerClient, namespace: KubeObject, left: readonly Stored[]): JsonObject[] {
  const resources = countsOf(left.map(({ resource }) => resource.split('/').reverse().join('.')));
  const finalizers = countsOf(left.flatMap(({ object }) => object.metadata.finalizers ?? []));
  const kinds = resources.map(([name, count]) => `${name} has ${count} resource instances`);
  const holders = finalizers.map(([name, count]) => `${name} in ${count} resource instances`);
  return [
    ...CONTENT_IS_KNOWN,
    kinds.length > 0
      ? remains('NamespaceContentRemaining', 'SomeResourcesRemain', `Some resources are remaining: ${kinds.join(', ')}`)
      : NOTHING_REMAINS,
    holders.length > 0
      ? remains(
          'NamespaceFinalizersRemaining',
          'SomeFinalizersRemain',
          `Some content in the namespace has finalizers remaining: ${holders.join(', ')}`,
        )
      : NOBODY_HOLDS,
  ].map((next) => condition(client, namespace, next));
}

function countsOf(names: readonly string[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
}

const remains = (type: string, reason: string, message: string): NewCondition => ({
  type,
  status: 'True',
  reason,
  message,
});
const fine = (type: string, reason: string, message: string): NewCondition => ({
  type,
  status: 'False',
  reason,
  message,
});

const CONTENT_IS_KNOWN: readonly NewCondition[] = [
  fine('NamespaceDeletionDiscoveryFailure', 'ResourcesDiscovered', 'All resources successfully discovered'),
  fine(
    'NamespaceDeletionGroupVersionParsingFailure',
    'ParsedGroupVersions',
    'All legacy kube types successfully parsed',
  ),
  fine(
    'NamespaceDeletionContentFailure',
    'ContentDeleted',
    'All content successfully deleted, may be waiting on finalization',
  ),
];
const NOTHING_REMAINS = fine('NamespaceContentRemaining', 'ContentRemoved', 'All content successfully removed');
const NOBODY_HOLDS = fine(
  'NamespaceFinalizersRemaining',
  'ContentHasNoFinalizers',
  'All content-preserving finalizers finished',
);
