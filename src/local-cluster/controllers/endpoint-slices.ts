// The EndpointSlices of a Service: one for all Pods with the same ports, or several where they are many.

import { isObject, type JsonObject, listAt, sameJson, textAt } from '../../core/json.ts';
import { type KubeObject, labelsOf } from '../../objects/object.ts';
import { isTerminating } from '../object-meta.ts';
import { hostOf, isPublished, labelsFor, nodeOf, portsOf, targetReference, zoneOf } from './endpoint-parts.ts';
import { isReady } from './pod.ts';
import { ownedBy, ownerReference, type ReconcilerClient } from './reconciler.ts';

export const SLICES = 'discovery.k8s.io/endpointslices';
const MANAGED_BY = 'endpointslice-controller.k8s.io';
/** So many endpoints are in one slice at most. */
const MOST = 100;

interface Content {
  readonly endpoints: readonly JsonObject[];
  readonly ports: readonly JsonObject[];
}

/** A slice that is there, with what is to be in it. */
interface Filled {
  readonly slice: KubeObject;
  readonly endpoints: JsonObject[];
}

export async function keepSlices(
  client: ReconcilerClient,
  service: KubeObject,
  pods: readonly KubeObject[],
): Promise<void> {
  const free = new Set(ownedBy(client, SLICES, service).filter((slice) => !isTerminating(slice)));
  const wanted: Content[] = [];
  for (const { ports, endpoints } of byPorts(client, service, pods)) {
    const { filled, rest } = fill(
      [...free].filter((slice) => sameJson(listAt(slice, 'ports'), ports)),
      endpoints,
    );
    for (const { slice, endpoints: inside } of filled) {
      free.delete(slice);
      await update(client, service, { slice, content: { endpoints: inside, ports } });
    }
    for (let from = 0; from < rest.length; from += MOST)
      wanted.push({ endpoints: rest.slice(from, from + MOST), ports });
  }
  if (pods.length === 0) wanted.push({ endpoints: [], ports: [] });
  for (const content of wanted) {
    const [slice] = free;
    if (slice) free.delete(slice);
    await (slice ? update(client, service, { slice, content }) : create(client, service, content));
  }
  for (const slice of free) await client.remove(SLICES, slice);
}

function byPorts(client: ReconcilerClient, service: KubeObject, pods: readonly KubeObject[]): Content[] {
  const groups = new Map<string, { readonly ports: readonly JsonObject[]; endpoints: JsonObject[] }>();
  for (const pod of pods) {
    const ports = portsOf(service, pod).map((port) => ({ name: '', ...port }));
    const key = JSON.stringify(ports);
    const endpoints = groups.get(key)?.endpoints ?? [];
    endpoints.push(endpointOf(client, service, pod));
    groups.set(key, { ports, endpoints });
  }
  return [...groups.values()];
}

function endpointOf(client: ReconcilerClient, service: KubeObject, pod: KubeObject): JsonObject {
  const zone = zoneOf(client, pod);
  const ready = isPublished(service, pod);
  const hints = ready ? hintsOf(service, { zone, node: nodeOf(pod) }) : {};
  return {
    addresses: [textAt(pod, 'status', 'podIP')],
    conditions: { ready, serving: isReady(pod), terminating: isTerminating(pod) },
    ...hostOf(service, pod),
    nodeName: nodeOf(pod),
    ...(zone === undefined ? {} : { zone }),
    targetRef: targetReference(pod),
    ...(Object.keys(hints).length > 0 ? { hints } : {}),
  };
}

const NEAR: ReadonlySet<string> = new Set(['PreferClose', 'PreferSameZone', 'PreferSameNode']);

/** Who should call it first, where the Service wants traffic to stay near. */
function hintsOf(
  service: KubeObject,
  { zone, node }: { readonly zone: string | undefined; readonly node: string },
): JsonObject {
  const distribution = textAt(service, 'spec', 'trafficDistribution');
  if (!NEAR.has(distribution)) return {};
  return {
    ...(zone === undefined ? {} : { forZones: [{ name: zone }] }),
    ...(distribution === 'PreferSameNode' ? { forNodes: [{ name: node }] } : {}),
  };
}

const uidOf = (endpoint: JsonObject): string => textAt(endpoint, 'targetRef', 'uid');

/** Endpoints stay in the slice that they are in; others come where there is room. */
function fill(
  slices: readonly KubeObject[],
  endpoints: readonly JsonObject[],
): { readonly filled: readonly Filled[]; readonly rest: readonly JsonObject[] } {
  const left = new Map(endpoints.map((endpoint) => [uidOf(endpoint), endpoint]));
  const filled = slices.map((slice): Filled => {
    const staying = listAt(slice, 'endpoints').filter(isObject).map(uidOf);
    const inside = staying.map((uid) => left.get(uid)).filter((endpoint) => endpoint !== undefined);
    for (const uid of staying) left.delete(uid);
    return { slice, endpoints: inside };
  });
  for (const { endpoints: inside } of filled) {
    for (const [uid, endpoint] of [...left].slice(0, MOST - inside.length)) {
      inside.push(endpoint);
      left.delete(uid);
    }
  }
  return { filled: filled.filter(({ endpoints: inside }) => inside.length > 0), rest: [...left.values()] };
}

const labelsOfSlice = (service: KubeObject): Record<string, string> =>
  labelsFor(service, {
    'endpointslice.kubernetes.io/managed-by': MANAGED_BY,
    'kubernetes.io/service-name': service.metadata.name ?? '',
  });

const written = ({ endpoints, ports }: Content): JsonObject => ({
  endpoints: [...endpoints],
  ports: ports.length > 0 ? [...ports] : null,
});

async function create(client: ReconcilerClient, service: KubeObject, content: Content): Promise<void> {
  const { name = '', namespace = '' } = service.metadata;
  const owners = { labels: labelsOfSlice(service), ownerReferences: [ownerReference(service)] };
  const metadata = { generateName: `${name}-`, namespace, ...owners };
  const slice = { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata, addressType: 'IPv4' };
  await client.create(SLICES, { ...slice, ...written(content) });
}

async function update(
  client: ReconcilerClient,
  service: KubeObject,
  { slice, content }: { readonly slice: KubeObject; readonly content: Content },
): Promise<void> {
  const labels = labelsOfSlice(service);
  const same =
    sameJson(listAt(slice, 'endpoints'), content.endpoints) &&
    sameJson(listAt(slice, 'ports'), content.ports) &&
    sameJson(labelsOf(slice), labels);
  if (same) return;
  await client.update(SLICES, slice, { ...slice, metadata: { ...slice.metadata, labels }, ...written(content) });
}
