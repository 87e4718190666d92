// Endpoints and EndpointSlices of Services with a selector.

import { at, type JsonObject, objectAt, sameJson, textAt } from '../../core/json.ts';
import { matchesLabels, selectorRequirements } from '../../objects/label-selector.ts';
import { type KubeObject, labelsOf } from '../../objects/object.ts';
import { isTerminating } from '../object-meta.ts';
import { hostOf, isHeadless, isPublished, labelsFor, nodeOf, portsOf, targetReference } from './endpoint-parts.ts';
import { keepSlices, SLICES } from './endpoint-slices.ts';
import { isOver } from './pod.ts';
import { namespacedName, ownerOfKind, type Reconciler, type ReconcilerClient } from './reconciler.ts';

const ENDPOINTS = '/endpoints';

export function endpoints(): Reconciler {
  return {
    name: 'kube-controller-manager',
    storage: '/services',
    watches: { '/pods': servicesOf, [ENDPOINTS]: ofLostEndpoints, [SLICES]: ownerOfKind('Service') },
    reconcile: async (client, service) => {
      const selector = objectAt(service, 'spec', 'selector');
      if (Object.keys(selector).length === 0 || isTerminating(service)) return undefined;
      // What it had before stays as it was.
      if (textAt(service, 'spec', 'type') === 'ExternalName') return undefined;
      const pods = selected(client, service).filter((pod) => !isOver(pod) && textAt(pod, 'status', 'podIP') !== '');
      const isAll = at(service, 'spec', 'publishNotReadyAddresses') === true;
      await keepEndpoints(
        client,
        service,
        pods.filter((pod) => isAll || !isTerminating(pod)),
      );
      await keepSlices(client, service, pods);
      return undefined;
    },
    forget: async (client, service) => {
      const { name = '', namespace = '' } = service.metadata;
      const current = client.get(ENDPOINTS, namespace, name);
      if (current) await client.remove(ENDPOINTS, current);
    },
  };
}

/** Endpoints that somebody changed stay so until a Pod changes; those that are gone come back. */
function ofLostEndpoints({ metadata: { name = '', namespace = '' } }: KubeObject, client: ReconcilerClient): string[] {
  return client.get(ENDPOINTS, namespace, name) ? [] : [`${namespace}/${name}`];
}

function servicesOf(pod: KubeObject, client: ReconcilerClient): readonly string[] {
  return client
    .list('/services', pod.metadata.namespace ?? '')
    .filter((service) => selects(service, pod))
    .map(namespacedName);
}

function selects(service: KubeObject, pod: KubeObject): boolean {
  const selector = objectAt(service, 'spec', 'selector');
  return (
    Object.keys(selector).length > 0 && matchesLabels(selectorRequirements({ matchLabels: selector }), labelsOf(pod))
  );
}

function selected(client: ReconcilerClient, service: KubeObject): KubeObject[] {
  return client.list('/pods', service.metadata.namespace ?? '').filter((pod) => selects(service, pod));
}

async function keepEndpoints(
  client: ReconcilerClient,
  service: KubeObject,
  pods: readonly KubeObject[],
): Promise<void> {
  const { name = '', namespace = '' } = service.metadata;
  const found = subsetsOf(service, pods);
  const subsets = found.length > 0 ? { subsets: found } : {};
  const current = client.get(ENDPOINTS, namespace, name);
  const labels = labelsFor(service, { 'endpoints.kubernetes.io/managed-by': 'endpoint-controller' });
  if (!current) {
    const metadata = { name, namespace, labels };
    await client.create(ENDPOINTS, { apiVersion: 'v1', kind: 'Endpoints', metadata, ...subsets });
  } else if (!sameJson(current['subsets'], subsets.subsets) || !sameJson(labelsOf(current), labels)) {
    const { subsets: _before, ...rest } = current;
    await client.update(ENDPOINTS, current, { ...rest, metadata: { ...current.metadata, labels }, ...subsets });
  }
}

/** Ports that the same Pods have are told together; a name may stand for another number from Pod to Pod. */
function subsetsOf(service: KubeObject, pods: readonly KubeObject[]): JsonObject[] {
  const podsOfPort = new Map<string, { readonly port: JsonObject | undefined; readonly pods: KubeObject[] }>();
  for (const pod of pods) {
    const ports = portsOf(service, pod);
    const hasNone = ports.length === 0 && isHeadless(service);
    for (const port of hasNone ? [undefined] : ports) {
      const key = JSON.stringify(port ?? null);
      const known = podsOfPort.get(key) ?? { port, pods: [] };
      podsOfPort.set(key, known);
      known.pods.push(pod);
    }
  }
  const subsets = new Map<string, { readonly ports: JsonObject[]; readonly pods: readonly KubeObject[] }>();
  for (const { port, pods: those } of podsOfPort.values()) {
    const key = those.map(({ metadata }) => metadata.uid ?? '').join();
    const known = subsets.get(key) ?? { ports: [], pods: those };
    subsets.set(key, known);
    if (port) known.ports.push(port);
  }
  return [...subsets.values()].map(({ ports, pods: those }) => subset(service, those, ports));
}

function subset(service: KubeObject, pods: readonly KubeObject[], ports: readonly JsonObject[]): JsonObject {
  const addresses = (isWanted: (pod: KubeObject) => boolean): JsonObject[] =>
    pods.filter(isWanted).map((pod) => ({
      ip: textAt(pod, 'status', 'podIP'),
      ...hostOf(service, pod),
      nodeName: nodeOf(pod),
      targetRef: targetReference(pod),
    }));
  const ready = addresses((pod) => isPublished(service, pod));
  const waiting = addresses((pod) => !isPublished(service, pod));
  return {
    ...(ready.length > 0 ? { addresses: ready } : {}),
    ...(waiting.length > 0 ? { notReadyAddresses: waiting } : {}),
    ...(ports.length > 0 ? { ports: [...ports] } : {}),
  };
}
