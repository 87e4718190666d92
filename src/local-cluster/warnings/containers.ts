// What to warn of in containers: variables that hide others, ports that are said twice, parts of bytes.

import { type Json, type JsonObject, listAt, numberAt, objectAt, textAt } from '../../core/json.ts';
import { fractionWarnings } from './claims.ts';

export const containerWarnings = (container: JsonObject, path: string): string[] => [
  ...variableWarnings(container, path),
  ...['limits', 'requests'].flatMap((part) =>
    fractionWarnings(objectAt(container, 'resources', part), `${path}.resources.${part}`, [
      'memory',
      'ephemeral-storage',
    ]),
  ),
];

/** A variable may be built from one of its own name; else it hides that. */
const variableWarnings = (container: JsonObject, path: string): string[] =>
  listAt(container, 'env').flatMap((variable, index, list) => {
    const name = textAt(variable, 'name');
    const isTaken = list.slice(0, index).some((other) => textAt(other, 'name') === name);
    if (!isTaken || textAt(variable, 'value').includes(`$(${name})`)) return [];
    return [
      `${path}.env[${index}]: hides previous definition of ${JSON.stringify(name)}, which may be dropped when using apply`,
    ];
  });

interface Port {
  readonly path: string;
  readonly port: Json;
}

/** Of the ports of all containers, in their order. */
export function portWarnings(containers: readonly (readonly [path: string, container: JsonObject])[]): string[] {
  const ports = containers.flatMap(([path, container]) =>
    listAt(container, 'ports').map((port, index): Port => ({ path: `${path}.ports[${index}]`, port })),
  );
  return ports.flatMap(({ path, port }, index) => [
    ...lonelyAddress(port, path),
    ...ports.slice(0, index).flatMap((other) => {
      const kind = collision(port, other.port);
      return kind === '' ? [] : [`${path}: ${kind} port definition with ${other.path}`];
    }),
  ]);
}

function lonelyAddress(port: Json, path: string): string[] {
  const [hostIP, hostPort] = [textAt(port, 'hostIP'), numberAt(port, 'hostPort') ?? 0];
  if (hostIP === '' || hostPort !== 0) return [];
  const shown = `Name:${textAt(port, 'name')} HostPort:0 ContainerPort:${numberAt(port, 'containerPort') ?? 0} Protocol:${textAt(port, 'protocol')} HostIP:${hostIP}`;
  return [`${path}: hostIP set without hostPort: {${shown}}`];
}

/** How two ports stand in each other's way. */
function collision(one: Json, other: Json): string {
  const protocolOf = (port: Json): string => textAt(port, 'protocol') || 'TCP';
  if (numberAt(one, 'containerPort') !== numberAt(other, 'containerPort') || protocolOf(one) !== protocolOf(other))
    return '';
  const [a, b] = [numberAt(one, 'hostPort') ?? 0, numberAt(other, 'hostPort') ?? 0];
  const [here, there] = [textAt(one, 'hostIP'), textAt(other, 'hostIP')];
  if (a === b && here === there) return 'duplicate';
  if (a === 0 || b === 0) return a === b ? '' : 'overlapping';
  if (a !== b) return '';
  return here === '' || there === '' ? 'dangerously ambiguous' : '';
}
