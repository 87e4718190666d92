// Endpoints and EndpointSlices of Services with a selector.

import { at, type Json, type JsonObject, listAt, objectAt, sameJson, textAt } from '../../core/json.ts';
import { matchesLabels, selectorRequirements } from '../../objects/label-selector.ts';
import { type KubeObject, labelsOf } from '../../objects/object.ts';
import { isTerminating } from '../object-meta.ts';
import { isActive, isReady } from './pod.ts';
import { namespacedName, ownedBy, ownerReference, type Reconciler, type ReconcilerClient } from './reconciler.ts';

const ENDPOINTS = '/endpoints';
const SLICES = 'discovery.k8s.io/endpointslices';

export function endpoints(): Reconciler {
  return {
    name: 'kube-controller-manager',
    storage: '/services',
    watches: { '/pods': servicesOf },
    reconcile: async (client, service) => {
      const selector = objectAt(service, 'spec', 'selector');
      if (Object.keys(selector).length === 0 || isTerminating(service)) return undefined;
      const pods = selected(client, service).filter((pod) => isActive(pod) && textAt(pod, 'status', 'podIP') !== '');
      await keepEndpoints(client, service, pods);
      await keepSlice(client, service, pods);
      return undefined;
    },
    forget: async (client, service) => {
      const { name = '', namespace = '' } = service.metadata;
      const current = client.get(ENDPOINTS, namespace, name);
      if (current) await client.remove(ENDPOINTS, current);
    },
  };
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

/** Ports whose name no container knows are left out. */
function portsOf(service: KubeObject, pod: KubeObject | undefined): JsonObject[] {
  return listAt(service, 'spec', 'ports').flatMap((port) => {
    const target = at(port, 'targetPort');
    const number = typeof target === 'string' ? targetOf(target, pod) : (target ?? at(port, 'port') ?? 0);
    if (number === undefined) return [];
    const [name, appProtocol] = [textAt(port, 'name'), textAt(port, 'appProtocol')];
    return [
      {
        ...(name === '' ? {} : { name }),
        protocol: textAt(port, 'protocol'),
        port: number,
        ...(appProtocol === '' ? {} : { appProtocol }),
      },
    ];
  });
}

const isHeadless = (service: KubeObject): boolean => textAt(service, 'spec', 'clusterIP') === 'None';

/** Whether it may be called: some Services tell of all their Pods. */
const isPublished = (service: KubeObject, pod: KubeObject): boolean =>
  isReady(pod) || at(service, 'spec', 'publishNotReadyAddresses') === true;

/** A Pod that has a name in the Service. */
function hostOf(service: KubeObject, pod: KubeObject): JsonObject {
  const hostname = textAt(pod, 'spec', 'hostname');
  const isNamed = hostname !== '' && textAt(pod, 'spec', 'subdomain') === service.metadata.name;
  return isNamed ? { hostname } : {};
}

const labelsFor = (service: KubeObject, added: Readonly<Record<string, string>>): Record<string, string> => ({
  ...labelsOf(service),
  ...added,
  ...(isHeadless(service) ? { 'service.kubernetes.io/headless': '' } : {}),
});

/** The number of the container's port of that name. */
function targetOf(target: string, pod: KubeObject | undefined): Json | undefined {
  const containers = listAt(pod, 'spec', 'containers');
  const containerPort = containers
    .flatMap((container) => listAt(container, 'ports'))
    .find((port) => textAt(port, 'name') === target);
  return at(containerPort, 'containerPort');
}

const nodeOf = (pod: KubeObject): string => textAt(pod, 'spec', 'nodeName');

function zoneOf(client: ReconcilerClient, pod: KubeObject): JsonObject {
  const zone = labelsOf(client.get('/nodes', '', nodeOf(pod)) ?? { ...pod, metadata: {} })[
    'topology.kubernetes.io/zone'
  ];
  return zone === undefined ? {} : { zone };
}

function targetReference(pod: KubeObject): JsonObject {
  const { name = '', namespace = '', uid = '' } = pod.metadata;
  return { kind: 'Pod', namespace, name, uid };
}

async function keepEndpoints(
  client: ReconcilerClient,
  service: KubeObject,
  pods: readonly KubeObject[],
): Promise<void> {
  const { name = '', namespace = '' } = service.metadata;
  const addresses = (list: readonly KubeObject[]): JsonObject[] =>
    list.map((pod) => ({
      ip: textAt(pod, 'status', 'podIP'),
      ...hostOf(service, pod),
      nodeName: nodeOf(pod),
      targetRef: targetReference(pod),
    }));
  const ready = addresses(pods.filter((pod) => isPublished(service, pod)));
  const waiting = addresses(pods.filter((pod) => !isPublished(service, pod)));
  const ports = portsOf(service, pods[0]);
  const subset = {
    ...(ready.length > 0 ? { addresses: ready } : {}),
    ...(waiting.length > 0 ? { notReadyAddresses: waiting } : {}),
    ...(ports.length > 0 ? { ports } : {}),
  };
  const isReachable = pods.length > 0 && (ports.length > 0 || isHeadless(service));
  const subsets = isReachable ? { subsets: [subset] } : {};
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

async function keepSlice(client: ReconcilerClient, service: KubeObject, pods: readonly KubeObject[]): Promise<void> {
  const { name = '', namespace = '' } = service.metadata;
  const ports = pods.length > 0 ? portsOf(service, pods[0]) : [];
  const content = {
    endpoints: pods.map((pod) => ({
      addresses: [textAt(pod, 'status', 'podIP')],
      conditions: { ready: isPublished(service, pod), serving: isReady(pod), terminating: false },
      ...hostOf(service, pod),
      nodeName: nodeOf(pod),
      ...zoneOf(client, pod),
      targetRef: targetReference(pod),
    })),
    ports: ports.length > 0 ? ports : null,
  };
  const labels = labelsFor(service, {
    'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
    'kubernetes.io/service-name': name,
  });
  const [current] = ownedBy(client, SLICES, service);
  if (!current) {
    const metadata = { generateName: `${name}-`, namespace, labels, ownerReferences: [ownerReference(service)] };
    const slice = { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata, addressType: 'IPv4' };
    await client.create(SLICES, { ...slice, ...content });
    return;
  }
  const same =
    sameJson(listAt(current, 'endpoints'), content.endpoints) &&
    sameJson(listAt(current, 'ports'), content.ports ?? []) &&
    sameJson(labelsOf(current), labels);
  if (!same)
    await client.update(SLICES, current, { ...current, metadata: { ...current.metadata, labels }, ...content });
}
