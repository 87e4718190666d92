// What a pod's spec must hold.

import { at, isObject, type Json, type JsonObject, listAt, numberAt, objectAt, textAt } from '../../core/json.ts';
import { parseQuantity } from '../../objects/quantity.ts';
import { type Cause, duplicate, forbiddenField, invalidValue, required, unsupported } from '../status.ts';
import { labelProblems } from './names.ts';

const POLICIES = ['Always', 'OnFailure', 'Never'];
const PULL_POLICIES = ['Always', 'IfNotPresent', 'Never'];
const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];
const HANDLERS = ['exec', 'httpGet', 'tcpSocket', 'grpc'];

export function podSpecCauses(path: string, spec: JsonObject): Cause[] {
  const volumes = listAt(spec, 'volumes').filter(isObject);
  const names = volumes.map((volume) => textAt(volume, 'name'));
  const containers = listAt(spec, 'containers').filter(isObject);
  const policy = textAt(spec, 'restartPolicy');
  return [
    ...volumes.flatMap((volume, index) => volumeCauses(`${path}.volumes[${index}]`, volume, names.slice(0, index))),
    ...(containers.length === 0 ? [required(`${path}.containers`)] : []),
    ...containerListCauses(`${path}.containers`, containers, names),
    ...containerListCauses(`${path}.initContainers`, listAt(spec, 'initContainers').filter(isObject), names),
    ...(policy === '' || POLICIES.includes(policy) ? [] : [unsupported(`${path}.restartPolicy`, policy, POLICIES)]),
  ];
}

function volumeCauses(path: string, volume: JsonObject, before: readonly string[]): Cause[] {
  const name = textAt(volume, 'name');
  const sources = Object.keys(volume).filter((key) => key !== 'name');
  const causes: Cause[] = [];
  if (name === '') causes.push(required(`${path}.name`));
  else if (before.includes(name)) causes.push(duplicate(`${path}.name`, name));
  else for (const problem of labelProblems(name)) causes.push(invalidValue(`${path}.name`, name, problem));
  for (const source of sources.slice(1)) {
    causes.push(forbiddenField(`${path}.${source}`, 'may not specify more than 1 volume type'));
  }
  return causes;
}

function containerListCauses(path: string, containers: readonly JsonObject[], volumes: readonly string[]): Cause[] {
  const names = containers.map((container) => textAt(container, 'name'));
  return containers.flatMap((container, index) => {
    const field = `${path}[${index}]`;
    const [name = ''] = [names[index]];
    const causes: Cause[] = [];
    if (name === '') causes.push(required(`${field}.name`));
    else if (names.indexOf(name) < index) causes.push(duplicate(`${field}.name`, name));
    else for (const problem of labelProblems(name)) causes.push(invalidValue(`${field}.name`, name, problem));
    if (textAt(container, 'image') === '') causes.push(required(`${field}.image`));
    return [...causes, ...containerCauses(field, container, volumes)];
  });
}

function containerCauses(path: string, container: JsonObject, volumes: readonly string[]): Cause[] {
  const pull = textAt(container, 'imagePullPolicy');
  return [
    ...portCauses(`${path}.ports`, listAt(container, 'ports')),
    ...listAt(container, 'env').flatMap((variable, index) =>
      textAt(variable, 'name') === '' ? [required(`${path}.env[${index}].name`)] : [],
    ),
    ...listAt(container, 'volumeMounts').flatMap((mount, index) =>
      mountCauses(`${path}.volumeMounts[${index}]`, mount, volumes),
    ),
    ...['livenessProbe', 'readinessProbe', 'startupProbe'].flatMap((probe) =>
      probeCauses(`${path}.${probe}`, container[probe]),
    ),
    ...(pull === '' || PULL_POLICIES.includes(pull)
      ? []
      : [unsupported(`${path}.imagePullPolicy`, pull, PULL_POLICIES)]),
    ...resourceCauses(`${path}.resources`, objectAt(container, 'resources')),
  ];
}

function portCauses(path: string, ports: readonly Json[]): Cause[] {
  const names = ports.map((port) => textAt(port, 'name'));
  return ports.flatMap((port, index) => {
    const name = names[index] ?? '';
    const number = numberAt(port, 'containerPort') ?? 0;
    const protocol = textAt(port, 'protocol');
    return [
      ...(name !== '' && names.indexOf(name) < index ? [duplicate(`${path}[${index}].name`, name)] : []),
      ...rangeCauses(`${path}[${index}].containerPort`, number),
      ...(PROTOCOLS.includes(protocol) ? [] : [unsupported(`${path}[${index}].protocol`, protocol, PROTOCOLS)]),
    ];
  });
}

export function rangeCauses(field: string, port: number): Cause[] {
  return port >= 1 && port <= 65_535 ? [] : [invalidValue(field, port, 'must be between 1 and 65535, inclusive')];
}

function mountCauses(path: string, mount: Json, volumes: readonly string[]): Cause[] {
  const name = textAt(mount, 'name');
  const causes: Cause[] = [];
  if (name === '') causes.push(required(`${path}.name`));
  else if (!volumes.includes(name)) {
    causes.push({ field: `${path}.name`, reason: 'FieldValueNotFound', message: JSON.stringify(name) });
  }
  if (textAt(mount, 'mountPath') === '') causes.push(required(`${path}.mountPath`));
  return causes;
}

function probeCauses(path: string, probe: Json | undefined): Cause[] {
  if (!isObject(probe)) return [];
  return HANDLERS.some((handler) => probe[handler] !== undefined)
    ? []
    : [required(path, 'must specify a handler type')];
}

function resourceCauses(path: string, resources: JsonObject): Cause[] {
  const causes: Cause[] = [];
  for (const part of ['limits', 'requests']) {
    for (const [name, value] of Object.entries(objectAt(resources, part))) {
      if (typeof value === 'string' && parseQuantity(value).nano < 0n) {
        causes.push(invalidValue(`${path}.${part}[${name}]`, value, 'must be greater than or equal to 0'));
      }
    }
  }
  for (const [name, value] of Object.entries(objectAt(resources, 'requests'))) {
    const limit = at(resources, 'limits', name);
    if (typeof value !== 'string' || typeof limit !== 'string') continue;
    if (parseQuantity(value).nano > parseQuantity(limit).nano) {
      causes.push(invalidValue(`${path}.requests`, value, `must be less than or equal to ${name} limit of ${limit}`));
    }
  }
  return causes;
}
