// What objects hold so that no other may: addresses and ports. Nobody may look at all objects to find a free one.

import { listAt, numberAt, textAt } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';

type Held = (object: KubeObject) => readonly string[];

export const nodePort = (port: number): string => `nodePort ${port}`;

const HELD: Readonly<Record<string, Held>> = {
  '/pods': (pod) => present(textAt(pod, 'status', 'podIP')),
  '/services': (service) => [
    ...present(textAt(service, 'spec', 'clusterIP')),
    ...ports(numberAt(service, 'spec', 'healthCheckNodePort')),
    ...listAt(service, 'spec', 'ports').flatMap((port) => ports(numberAt(port, 'nodePort'))),
  ],
};

const ports = (port: number | undefined): readonly string[] => (port === undefined ? [] : [nodePort(port)]);
const present = (text: string): readonly string[] => (text === '' ? [] : [text]);

export const heldIn = (resource: string): Held | undefined => HELD[resource];
