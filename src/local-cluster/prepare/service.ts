// Cluster addresses and node ports.

import { type Json, listAt, numberAt, textAt } from '../../core/json.ts';
import { type Draft, draftOf, each, fill, within } from '../../objects/draft.ts';
import type { Api } from '../api.ts';
import { type ApiError, internalError, invalid, invalidValue } from '../status.ts';
import type { PrepareContext } from './context.ts';

const FIRST_PORT = 30_000;
const PORTS = 2768;

export function allocateAddresses(object: Draft, { api, before }: PrepareContext): void {
  const spec = within(object, 'spec');
  const old = before ? within(draftOf(before), 'spec') : undefined;
  if (spec['type'] === 'ExternalName') {
    for (const field of ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy']) delete spec[field];
    return;
  }
  if (old && old['type'] !== 'ExternalName') {
    for (const field of ['clusterIP', 'clusterIPs']) {
      const value = old[field];
      if (value !== undefined) fill(spec, { [field]: value });
    }
  }
  if (spec['clusterIP'] === undefined) spec['clusterIP'] = freeAddress(api);
  fill(spec, { clusterIPs: [spec['clusterIP'] ?? 'None'], ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' });
  if (spec['type'] === 'NodePort' || spec['type'] === 'LoadBalancer') allocateNodePorts(object, { api, before });
  else if (old && old['type'] !== 'ClusterIP') for (const port of each(spec, 'ports')) delete port['nodePort'];
}

/** The first free address of 10.96.0.0/16; the first ten are left to the cluster itself. */
function freeAddress(api: Api): string {
  const used = new Set(api.store.list('/services').map((service) => textAt(service, 'spec', 'clusterIP')));
  for (let index = 10; index < 65_000; index += 1) {
    const address = `10.96.${Math.floor(index / 250)}.${(index % 250) + 1}`;
    if (!used.has(address)) return address;
  }
  return 'None';
}

const taken = (name: string, field: string, port: number): ApiError =>
  invalid({ group: '', kind: 'Service' }, name, [invalidValue(field, port, 'provided port is already allocated')]);

function allocateNodePorts(object: Draft, { api, before }: PrepareContext): void {
  const spec = within(object, 'spec');
  const name = textAt(object, 'metadata', 'name');
  const services = api.store.list('/services');
  const used = new Set(
    services
      .flatMap((service) => listAt(service, 'spec', 'ports').map((port) => numberAt(port, 'nodePort')))
      .filter((port) => port !== undefined),
  );
  const same = (port: Draft, other: Json): boolean =>
    port['port'] === numberAt(other, 'port') && port['protocol'] === textAt(other, 'protocol');
  const own = new Set(listAt(before, 'spec', 'ports').map((port) => numberAt(port, 'nodePort')));
  each(spec, 'ports').forEach((port, index) => {
    const asked = port['nodePort'];
    if (typeof asked === 'number' && asked !== 0) {
      if (used.has(asked) && !own.has(asked)) throw taken(name, `spec.ports[${index}].nodePort`, asked);
      return;
    }
    const old = numberAt(
      listAt(before, 'spec', 'ports').find((other) => same(port, other)),
      'nodePort',
    );
    if (old === undefined && used.size >= PORTS) throw internalError('failed to allocate a nodePort: range is full');
    let next = FIRST_PORT + Math.floor(api.random() * PORTS);
    while (used.has(next)) next = FIRST_PORT + ((next - FIRST_PORT + 1) % PORTS);
    port['nodePort'] = old ?? next;
    used.add(next);
  });
}
