// Cluster addresses and node ports.

import { isIPv4 } from 'node:net';
import { type Json, listAt, numberAt, sameJson, textAt } from '../../core/json.ts';
import { type Draft, type DraftJson, draftOf, each, fill, present, within } from '../../objects/draft.ts';
import { freeAddress } from '../addresses.ts';
import type { Api } from '../api.ts';
import { type ApiError, internalError, invalid, invalidValue } from '../status.ts';
import { nodePort } from '../store/held.ts';
import type { PrepareContext } from './context.ts';

const FIRST_PORT = 30_000;
const PORTS = 2768;

export function allocateAddresses(object: Draft, { api, before }: PrepareContext): void {
  const spec = within(object, 'spec');
  if (spec['type'] === 'LoadBalancer')
    for (const address of each(present(present(object, 'status'), 'loadBalancer'), 'ingress'))
      if (address['ip']) fill(address, { ipMode: 'VIP' });
  const old = before ? within(draftOf(before), 'spec') : undefined;
  if (old) dropFieldsOfType(spec, old);
  if (spec['type'] === 'ExternalName') {
    if (TRAFFIC_POLICIES.includes(String(spec['internalTrafficPolicy']))) delete spec['internalTrafficPolicy'];
    if (spec['clusterIP']) fill(spec, { clusterIPs: [spec['clusterIP']] });
    return;
  }
  if (old && old['type'] !== 'ExternalName') {
    // Who changes the first address alone means all of them.
    const { clusterIP, clusterIPs } = spec;
    const isAlone =
      clusterIP && clusterIP !== old['clusterIP'] && sameJson(clusterIPs ?? null, old['clusterIPs'] ?? null);
    if (isAlone) spec['clusterIPs'] = [clusterIP];
    for (const field of ['clusterIP', 'clusterIPs']) {
      const value = old[field];
      if (value !== undefined) fill(spec, { [field]: value });
    }
  }
  // Addresses without the first are refused.
  if (spec['clusterIP'] === undefined && listOf(spec['clusterIPs']).length > 0) return;
  if (spec['clusterIP'] === undefined) spec['clusterIP'] = freeAddress(api.store, ADDRESSES) ?? 'None';
  else if (!old || old['type'] === 'ExternalName') checkAddress(api, object);
  fill(spec, { clusterIPs: [spec['clusterIP'] ?? 'None'] });
  fillFamilies(spec);
  if (needsNodePorts(spec)) allocateNodePorts(object, { api, before });
  if (needsHealthPort(spec)) fill(spec, { healthCheckNodePort: old?.['healthCheckNodePort'] ?? freeNodePort(api) });
}

const TRAFFIC_POLICIES = ['Cluster', 'Local'];

const hasType = (spec: Draft, ...types: readonly string[]): boolean => types.includes(String(spec['type']));
const needsNodePorts = (spec: Draft): boolean =>
  hasType(spec, 'NodePort') || (hasType(spec, 'LoadBalancer') && spec['allocateLoadBalancerNodePorts'] !== false);
const needsHealthPort = (spec: Draft): boolean =>
  hasType(spec, 'LoadBalancer') && spec['externalTrafficPolicy'] === 'Local';

/** What only some types of Service have; it goes with the type unless it is given anew. */
const OF_TYPE: readonly (readonly [fields: readonly string[], belongs: (spec: Draft) => boolean])[] = [
  [['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy'], (spec) => !hasType(spec, 'ExternalName')],
  [['healthCheckNodePort'], needsHealthPort],
  [['allocateLoadBalancerNodePorts', 'loadBalancerClass'], (spec) => hasType(spec, 'LoadBalancer')],
  [
    ['externalTrafficPolicy'],
    (spec) => hasType(spec, 'NodePort', 'LoadBalancer') || listOf(spec['externalIPs']).length > 0,
  ],
];

const listOf = (value: DraftJson | undefined): readonly DraftJson[] => (Array.isArray(value) ? value : []);

function dropFieldsOfType(spec: Draft, old: Draft): void {
  for (const [fields, belongs] of OF_TYPE) {
    if (!belongs(old) || belongs(spec)) continue;
    for (const field of fields) if (sameJson(spec[field] ?? null, old[field] ?? null)) delete spec[field];
  }
  const isExposed = (one: Draft): boolean => hasType(one, 'NodePort', 'LoadBalancer');
  if (!isExposed(old) || isExposed(spec)) return;
  const ports = (one: Draft): DraftJson[] => each(one, 'ports').flatMap(({ nodePort }) => (nodePort ? [nodePort] : []));
  const had = ports(old);
  if (ports(spec).every((port) => had.includes(port))) for (const port of each(spec, 'ports')) delete port['nodePort'];
}

/** Whoever lists the endpoints of a headless Service himself may have both families. */
function fillFamilies(spec: Draft): void {
  const isFree = spec['clusterIP'] === 'None' && Object.keys(present(spec, 'selector') ?? {}).length === 0;
  fill(spec, { ipFamilies: ['IPv4'] });
  if (!isFree) {
    fill(spec, { ipFamilyPolicy: 'SingleStack' });
    return;
  }
  const [family, other] = Array.isArray(spec['ipFamilies']) ? spec['ipFamilies'] : [];
  if (other === undefined && spec['ipFamilyPolicy'] !== 'SingleStack')
    spec['ipFamilies'] = [family ?? 'IPv4', family === 'IPv6' ? 'IPv4' : 'IPv6'];
  fill(spec, { ipFamilyPolicy: 'RequireDualStack' });
}

/** The first ten are left to the cluster itself. */
const ADDRESSES = { resource: '/services', prefix: '10.96', first: 10, size: 65_000 } as const;

const SERVICE_NETWORK = '10.96.0.0/16';

/** An address that is asked for must be of the cluster's network, and free. */
function checkAddress(api: Api, object: Draft): void {
  const address = textAt(object, 'spec', 'clusterIP');
  if (!isIPv4(address)) return;
  const isTaken = api.store.isHeld('/services', address);
  const isOutside = !address.startsWith('10.96.');
  if (!isTaken && !isOutside) return;
  const why = isTaken
    ? 'provided IP is already allocated'
    : `the provided IP (${address}) is not in the valid range. The range of valid IPs is ${SERVICE_NETWORK}`;
  const cause = invalidValue('spec.clusterIPs', [address], `failed to allocate IP ${address}: ${why}`);
  throw invalid({ group: '', kind: 'Service' }, textAt(object, 'metadata', 'name'), [cause]);
}

type IsUsed = (port: number) => boolean;

function freeNodePort(api: Api, isUsed: IsUsed = usedIn(api)): number {
  const start = Math.floor(api.random() * PORTS);
  for (let step = 0; step < PORTS; step += 1) {
    const port = FIRST_PORT + ((start + step) % PORTS);
    if (!isUsed(port)) return port;
  }
  throw internalError('failed to allocate a nodePort: range is full');
}

const usedIn =
  (api: Api): IsUsed =>
  (port) =>
    api.store.isHeld('/services', nodePort(port));

const taken = (name: string, field: string, port: number): ApiError =>
  invalid({ group: '', kind: 'Service' }, name, [invalidValue(field, port, 'provided port is already allocated')]);

function allocateNodePorts(object: Draft, { api, before }: Pick<PrepareContext, 'api' | 'before'>): void {
  const spec = within(object, 'spec');
  const name = textAt(object, 'metadata', 'name');
  const given = new Set<number>();
  const isUsed: IsUsed = (port) => given.has(port) || usedIn(api)(port);
  const same = (port: Draft, other: Json): boolean =>
    port['port'] === numberAt(other, 'port') && port['protocol'] === textAt(other, 'protocol');
  const own = new Set(listAt(before, 'spec', 'ports').map((port) => numberAt(port, 'nodePort')));
  each(spec, 'ports').forEach((port, index) => {
    const asked = port['nodePort'];
    if (typeof asked === 'number' && asked !== 0) {
      if (isUsed(asked) && !own.has(asked)) throw taken(name, `spec.ports[${index}].nodePort`, asked);
      return;
    }
    const old = numberAt(
      listAt(before, 'spec', 'ports').find((other) => same(port, other)),
      'nodePort',
    );
    const next = old ?? freeNodePort(api, isUsed);
    port['nodePort'] = next;
    given.add(next);
  });
}
