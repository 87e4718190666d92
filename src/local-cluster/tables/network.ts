// Columns of Services and of how traffic finds them.

import { type Json, listAt, numberAt, objectAt, textAt } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import { AGE, type Column, cell, firstFew, labelText, NAME, NONE, selectorAt, text, UNSET, wide } from './column.ts';

export const NETWORK_COLUMNS: Readonly<Record<string, readonly Column[]>> = {
  '/services': [
    NAME,
    text('Type', 'spec.type'),
    text('Cluster-IP', 'spec.clusterIP', NONE),
    cell('External-IP', externalAddress),
    cell('Port(s)', (service) => listAt(service, 'spec', 'ports').map(portText).join(',') || NONE),
    AGE,
    ...wide(cell('Selector', (service) => labelText(objectAt(service, 'spec', 'selector')))),
  ],
  '/endpoints': [NAME, cell('Endpoints', endpointTexts), AGE],
  'discovery.k8s.io/endpointslices': [
    NAME,
    text('AddressType', 'addressType'),
    cell('Ports', (slice) => {
      const ports = listAt(slice, 'ports').map((port) => String(numberAt(port, 'port') ?? textAt(port, 'name')));
      return firstFew(ports) || UNSET;
    }),
    cell('Endpoints', (slice) => {
      const addresses = listAt(slice, 'endpoints').flatMap((endpoint) => listAt(endpoint, 'addresses').map(String));
      return addresses.length === 0 ? UNSET : firstFew(addresses);
    }),
    AGE,
  ],
  'networking.k8s.io/ingresses': [
    NAME,
    text('Class', 'spec.ingressClassName', NONE),
    cell(
      'Hosts',
      (ingress) =>
        firstFew(
          listAt(ingress, 'spec', 'rules')
            .map((rule) => textAt(rule, 'host'))
            .filter((host) => host !== ''),
        ) || '*',
    ),
    cell('Address', (ingress) => balancerAddresses(ingress).join(',')),
    cell('Ports', (ingress) => (listAt(ingress, 'spec', 'tls').length > 0 ? '80, 443' : '80')),
    AGE,
  ],
  'networking.k8s.io/ingressclasses': [
    NAME,
    text('Controller', 'spec.controller'),
    cell('Parameters', (object) => {
      const parameters = objectAt(object, 'spec', 'parameters');
      const group = textAt(parameters, 'apiGroup');
      if (Object.keys(parameters).length === 0) return NONE;
      return `${textAt(parameters, 'kind')}${group === '' ? '' : `.${group}`}/${textAt(parameters, 'name')}`;
    }),
    AGE,
  ],
  'networking.k8s.io/networkpolicies': [NAME, selectorAt('Pod-Selector', 'spec.podSelector'), AGE],
  'networking.k8s.io/servicecidrs': [NAME, cell('CIDRs', (object) => listAt(object, 'spec', 'cidrs').join(',')), AGE],
  'networking.k8s.io/ipaddresses': [
    NAME,
    cell('ParentRef', (object) => {
      const parent = objectAt(object, 'spec', 'parentRef');
      const resource = [textAt(parent, 'resource'), textAt(parent, 'group')].filter((part) => part !== '').join('.');
      return [resource.toLowerCase(), textAt(parent, 'namespace'), textAt(parent, 'name')]
        .filter((part) => part !== '')
        .join('/');
    }),
  ],
};

function portText(port: Json): string {
  const node = numberAt(port, 'nodePort') ?? 0;
  return `${numberAt(port, 'port') ?? 0}${node === 0 ? '' : `:${node}`}/${textAt(port, 'protocol')}`;
}

const balancerAddresses = (object: KubeObject): string[] =>
  listAt(object, 'status', 'loadBalancer', 'ingress')
    .map((entry) => textAt(entry, 'ip') || textAt(entry, 'hostname'))
    .filter((address) => address !== '');

function externalAddress(service: KubeObject): string {
  const own = listAt(service, 'spec', 'externalIPs').map(String);
  switch (textAt(service, 'spec', 'type')) {
    case 'ExternalName':
      return textAt(service, 'spec', 'externalName');
    case 'LoadBalancer':
      return [...balancerAddresses(service), ...own].join(',') || '<pending>';
    default:
      return own.join(',') || NONE;
  }
}

function endpointTexts(object: KubeObject): string {
  const texts = listAt(object, 'subsets').flatMap((subset) => {
    const addresses = listAt(subset, 'addresses').map((address) => textAt(address, 'ip'));
    const ports = listAt(subset, 'ports').map((port) => numberAt(port, 'port') ?? 0);
    if (ports.length === 0) return addresses;
    return ports.flatMap((port) =>
      addresses.map((address) => `${address.includes(':') ? `[${address}]` : address}:${port}`),
    );
  });
  return listAt(object, 'subsets').length === 0 ? NONE : firstFew(texts);
}
