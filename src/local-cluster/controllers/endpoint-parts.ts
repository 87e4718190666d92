// What Endpoints and EndpointSlices tell alike of a Service and its Pods.

import { at, type Json, type JsonObject, listAt, textAt } from '../../core/json.ts';
import { type KubeObject, labelsOf } from '../../objects/object.ts';
import { isTerminating } from '../object-meta.ts';
import { isReady } from './pod.ts';
import type { ReconcilerClient } from './reconciler.ts';

/** Ports whose name no container knows are left out. */
export function portsOf(service: KubeObject, pod: KubeObject | undefined): JsonObject[] {
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

export const isHeadless = (service: KubeObject): boolean => textAt(service, 'spec', 'clusterIP') === 'None';

/** Whether it may be called: some Services tell of all their Pods. */
export const isPublished = (service: KubeObject, pod: KubeObject): boolean =>
  at(service, 'spec', 'publishNotReadyAddresses') === true || (isReady(pod) && !isTerminating(pod));

/** A Pod that has a name in the Service. */
export function hostOf(service: KubeObject, pod: KubeObject): JsonObject {
  const hostname = textAt(pod, 'spec', 'hostname');
  const isNamed = hostname !== '' && textAt(pod, 'spec', 'subdomain') === service.metadata.name;
  return isNamed ? { hostname } : {};
}

export const labelsFor = (service: KubeObject, added: Readonly<Record<string, string>>): Record<string, string> => ({
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

export const nodeOf = (pod: KubeObject): string => textAt(pod, 'spec', 'nodeName');

export function zoneOf(client: ReconcilerClient, pod: KubeObject): string | undefined {
  const node = client.get('/nodes', '', nodeOf(pod));
  return node && labelsOf(node)['topology.kubernetes.io/zone'];
}

export function targetReference(pod: KubeObject): JsonObject {
  const { name = '', namespace = '', uid = '' } = pod.metadata;
  return { kind: 'Pod', namespace, name, uid };
}
