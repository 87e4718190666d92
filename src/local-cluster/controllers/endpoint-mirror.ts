// EndpointSlices of Endpoints that somebody writes himself, for a Service without a selector.

import { isObject, type JsonObject, listAt, objectAt, sameJson, textAt } from '../../core/json.ts';
import { annotationsOf, type KubeObject, labelsOf } from '../../objects/object.ts';
import { recordEvent } from '../events/record.ts';
import { ofMirror } from '../events/tell.ts';
import { isTerminating } from '../object-meta.ts';
import { SLICES } from './endpoint-slices.ts';
import { ownedBy, ownerOfKind, ownerReference, type Reconciler, type ReconcilerClient } from './reconciler.ts';

const ENDPOINTS = '/endpoints';
const MANAGED_BY = 'endpointslicemirroring-controller.k8s.io';
/** Of one subset so many addresses are mirrored. */
const MOST = 1000;

export function endpointMirror(): Reconciler {
  const sameName = ({ metadata: { name = '', namespace = '' } }: KubeObject): string[] => [`${namespace}/${name}`];
  return {
    name: 'kube-controller-manager',
    storage: ENDPOINTS,
    watches: { '/services': sameName, [SLICES]: ownerOfKind('Endpoints') },
    reconcile: async (client, endpoints) => {
      if (isTerminating(endpoints)) return undefined;
      const wanted = isMirrored(client, endpoints)
        ? listAt(endpoints, 'subsets').flatMap((subset) => contentsOf(client, endpoints, objectAt(subset)))
        : [];
      const free = ownedBy(client, SLICES, endpoints);
      for (const content of wanted) await keep(client, endpoints, { content, free });
      for (const slice of free) await client.remove(SLICES, slice);
      return undefined;
    },
  };
}

function isMirrored(client: ReconcilerClient, endpoints: KubeObject): boolean {
  const { name = '', namespace = '' } = endpoints.metadata;
  const service = client.get('/services', namespace, name);
  if (!service || Object.keys(objectAt(service, 'spec', 'selector')).length > 0) return false;
  if (labelsOf(endpoints)['endpointslice.kubernetes.io/skip-mirror'] === 'true') return false;
  return annotationsOf(endpoints)['control-plane.alpha.kubernetes.io/leader'] === undefined;
}

interface Content {
  readonly addressType: 'IPv4' | 'IPv6';
  readonly endpoints: readonly JsonObject[];
  readonly ports: readonly JsonObject[] | null;
}

function contentsOf(client: ReconcilerClient, endpoints: KubeObject, subset: JsonObject): Content[] {
  const of = (field: string, ready: boolean): JsonObject[] =>
    listAt(subset, field)
      .filter(isObject)
      .map((address) => ({ ...address, ready }));
  const all = [...of('addresses', true), ...of('notReadyAddresses', false)];
  if (all.length > MOST) recordEvent(client, endpoints, ofMirror.tooMany(MOST, all.length - MOST), { once: true });
  const some = all.slice(0, MOST);
  const ports = listAt(subset, 'ports')
    .filter(isObject)
    .map((port) => ({ name: '', protocol: 'TCP', ...port }));
  return (['IPv4', 'IPv6'] as const).flatMap((addressType) => {
    const those = some.filter(({ ip }) => String(ip).includes(':') === (addressType === 'IPv6'));
    const content = { addressType, endpoints: those.map(endpointOf), ports: ports.length > 0 ? ports : null };
    return those.length > 0 ? [content] : [];
  });
}

const endpointOf = ({ ip, ready, ...more }: JsonObject): JsonObject => ({
  addresses: [String(ip)],
  conditions: { ready: ready === true },
  ...more,
});

/** Writes one slice: it takes the place of one of the same ports, then of any that is left. */
async function keep(
  client: ReconcilerClient,
  endpoints: KubeObject,
  { content, free }: { readonly content: Content; readonly free: KubeObject[] },
): Promise<void> {
  const { addressType, ports } = content;
  const { name = '', namespace = '' } = endpoints.metadata;
  const labels = {
    ...labelsOf(endpoints),
    'endpointslice.kubernetes.io/managed-by': MANAGED_BY,
    'kubernetes.io/service-name': name,
  };
  const annotations = annotationsOf(endpoints);
  const notes = Object.keys(annotations).length > 0 ? { annotations } : {};
  const candidates = free.filter((slice) => textAt(slice, 'addressType') === addressType);
  const slice = candidates.find((one) => sameJson(listAt(one, 'ports'), ports ?? [])) ?? candidates[0];
  const body = { endpoints: [...content.endpoints], ports: ports && [...ports] };
  if (!slice) {
    const metadata = {
      generateName: `${name}-`,
      namespace,
      labels,
      ...notes,
      ownerReferences: [ownerReference(endpoints)],
    };
    const head = { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata, addressType };
    await client.create(SLICES, { ...head, ...body });
    return;
  }
  free.splice(free.indexOf(slice), 1);
  const { annotations: _before, ...metadata } = slice.metadata;
  const after: KubeObject = { ...slice, ...body, metadata: { ...metadata, labels, ...notes } };
  if (!sameJson(after, slice)) await client.update(SLICES, slice, after);
}
