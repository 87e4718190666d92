// What a Pod's spec must hold.

import { isObject, type Json, type JsonObject, listAt, objectAt, textAt } from '../../core/json.ts';
import { type Cause, duplicate, forbiddenField, invalidValue, required, unsupported } from '../status.ts';
import { addressProblems } from './addresses.ts';
import { container, containerNameCauses, hostPortCauses, initContainer } from './container.ts';
import { labelNameCauses, labelProblems, subdomainProblems } from './names.ts';
import {
  at,
  between,
  fields,
  items,
  known,
  labelSelector,
  labels,
  MAX_INT32,
  needed,
  optional,
  type Rule,
  rowOf,
  text,
  userId,
} from './rules.ts';
import { volumeSource } from './volume.ts';

export function podSpecCauses(path: string, spec: JsonObject): Cause[] {
  const volumes = listAt(spec, 'volumes').filter(isObject);
  const names = volumes.map((volume) => textAt(volume, 'name'));
  const containers = listAt(spec, 'containers').filter(isObject);
  const initContainers = listAt(spec, 'initContainers').filter(isObject);
  const taken = containers.map((one) => textAt(one, 'name'));
  return [
    ...volumes.flatMap((volume, index) => volumeCauses(`${path}.volumes[${index}]`, volume, names.slice(0, index))),
    ...(containers.length === 0 ? [required(`${path}.containers`)] : []),
    ...containers.flatMap((one, index) => [
      ...containerNameCauses(one, `${path}.containers[${index}]`, taken.slice(0, index)),
      ...container(names)(one, `${path}.containers[${index}]`),
    ]),
    ...hostPortCauses(containers, `${path}.containers`),
    ...initContainers.flatMap((one, index) => {
      const before = [...taken, ...initContainers.slice(0, index).map((other) => textAt(other, 'name'))];
      const field = `${path}.initContainers[${index}]`;
      return [...containerNameCauses(one, field, before), ...initContainer(names)(one, field)];
    }),
    ...hostNetworkCauses(spec, path),
    ...REST(spec, path),
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
  return [...causes, ...volumeSource(volume, path)];
}

/** On the node's own network a port of a container is the node's. */
function hostNetworkCauses(spec: JsonObject, path: string): Cause[] {
  if (spec['hostNetwork'] !== true) return [];
  return listAt(spec, 'containers').flatMap((one, index) =>
    listAt(one, 'ports').flatMap((port, number) => {
      const { hostPort, containerPort } = objectAt(port);
      if (hostPort === undefined || hostPort === containerPort) return [];
      const field = `${path}.containers[${index}].ports[${number}].containerPort`;
      return [invalidValue(field, containerPort, 'must match `hostPort` when `hostNetwork` is true')];
    }),
  );
}

const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

const toleration: Rule = (value, path) => {
  const { key, operator, value: wanted, effect, tolerationSeconds } = objectAt(value);
  const [hasKey, hasSeconds] = [typeof key === 'string' && key !== '', tolerationSeconds !== undefined];
  const [field, forEffect] = [at(path, 'operator'), at(path, 'effect')];
  const causes: Cause[] = hasKey ? labelNameCauses(at(path, 'key'), String(key)) : [];
  if (!hasKey && operator !== 'Exists') {
    const message = 'operator must be Exists when `key` is empty, which means "match all values and all keys"';
    causes.push(invalidValue(field, operator ?? '', message));
  }
  if (hasSeconds && effect !== 'NoExecute') {
    causes.push(invalidValue(forEffect, effect ?? '', "effect must be 'NoExecute' when `tolerationSeconds` is set"));
  }
  if (operator === 'Exists' && typeof wanted === 'string' && wanted !== '')
    causes.push(invalidValue(field, value, "value must be empty when `operator` is 'Exists'"));
  else causes.push(...known(['Equal', 'Exists'])(operator, field));
  return [...causes, ...known(EFFECTS)(effect, forEffect)];
};

const spread: Rule = fields({
  maxSkew: (value, path) =>
    Number(value ?? 0) > 0 ? [] : [invalidValue(path, value ?? 0, 'must be greater than zero')],
  topologyKey: (value, path) => (value ? labelNameCauses(path, String(value)) : [required(path, 'can not be empty')]),
  whenUnsatisfiable: known(['DoNotSchedule', 'ScheduleAnyway']),
  labelSelector: optional(labelSelector),
});

const OPERATORS: Readonly<Record<string, readonly [number, number, string]>> = {
  In: [1, Number.POSITIVE_INFINITY, "must be specified when `operator` is 'In' or 'NotIn'"],
  NotIn: [1, Number.POSITIVE_INFINITY, "must be specified when `operator` is 'In' or 'NotIn'"],
  Exists: [0, 0, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"],
  DoesNotExist: [0, 0, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"],
  Gt: [1, 1, "must be specified single value when `operator` is 'Lt' or 'Gt'"],
  Lt: [1, 1, "must be specified single value when `operator` is 'Lt' or 'Gt'"],
};

const nodeRequirement: Rule = (value, path) => {
  const operator = textAt(value, 'operator');
  const count = listAt(value, 'values').length;
  const rule = rowOf(OPERATORS, operator);
  const field = at(path, 'values');
  const [least = 0, most = 0, message = ''] = rule ?? [];
  const wrong = (): Cause[] => {
    if (count >= least && count <= most) return [];
    return [most === 0 ? forbiddenField(field, message) : required(field, message)];
  };
  return [
    ...(rule ? wrong() : [invalidValue(at(path, 'operator'), operator, 'not a valid selector operator')]),
    ...labelNameCauses(at(path, 'key'), textAt(value, 'key')),
  ];
};

const nodeTerm: Rule = fields({ matchExpressions: items(nodeRequirement) });
const weight: Rule = (value, path) => between(1, 100)(value ?? 0, path);

const podTerm: Rule = fields({
  labelSelector: optional(labelSelector),
  topologyKey: (value, path) => (value ? labelNameCauses(path, String(value)) : [required(path, 'can not be empty')]),
});

const podAffinity: Rule = fields({
  requiredDuringSchedulingIgnoredDuringExecution: items(podTerm),
  preferredDuringSchedulingIgnoredDuringExecution: items(fields({ weight, podAffinityTerm: podTerm })),
});

const affinity: Rule = fields({
  nodeAffinity: optional(
    fields({
      requiredDuringSchedulingIgnoredDuringExecution: optional(
        fields({
          nodeSelectorTerms: (value, path) =>
            listAt(value).length === 0
              ? [required(path, 'must have at least one node selector term')]
              : items(nodeTerm)(value, path),
        }),
      ),
      preferredDuringSchedulingIgnoredDuringExecution: items(fields({ weight, preference: nodeTerm })),
    }),
  ),
  podAffinity: optional(podAffinity),
  podAntiAffinity: optional(podAffinity),
});

const MOST_NAMESERVERS = 3;

const dnsConfig: Rule = (spec, path) => {
  const { dnsPolicy, dnsConfig: config } = objectAt(spec);
  const servers = listAt(config, 'nameservers');
  const field = at(path, 'dnsConfig');
  if (dnsPolicy === 'None' && !isObject(config))
    return [required(field, "must provide `dnsConfig` when `dnsPolicy` is 'None'")];
  if (dnsPolicy === 'None' && servers.length === 0)
    return [required(at(field, 'nameservers'), "must provide at least one DNS nameserver when `dnsPolicy` is 'None'")];
  const many = servers.length > MOST_NAMESERVERS;
  const message = `must not have more than ${MOST_NAMESERVERS} nameservers`;
  return [
    ...(many ? [invalidValue(at(field, 'nameservers'), servers, message)] : []),
    ...items(text(addressProblems))(servers, at(field, 'nameservers')),
  ];
};

const securityContext: Rule = fields({
  fsGroup: userId,
  runAsUser: userId,
  runAsGroup: userId,
  supplementalGroups: items(userId),
  seccompProfile: optional(seccompProfile),
  fsGroupChangePolicy: known(['Always', 'OnRootMismatch']),
  sysctls: items(fields({ name: needed() })),
});

function seccompProfile(value: Json | undefined, path: string): Cause[] {
  const { type, localhostProfile } = objectAt(value);
  const types = ['Localhost', 'RuntimeDefault', 'Unconfined'];
  const field = at(path, 'localhostProfile');
  if (type === 'Localhost' && !localhostProfile) return [required(field, 'must be set when seccomp type is Localhost')];
  if (type !== 'Localhost' && localhostProfile !== undefined)
    return [invalidValue(field, localhostProfile, 'can only be set when seccomp type is Localhost')];
  if (!type) return [required(at(path, 'type'), 'type is required when seccompProfile is set')];
  return types.includes(String(type)) ? [] : [unsupported(at(path, 'type'), type, types)];
}

const REST: Rule = (spec, path) => [
  ...fields({
    restartPolicy: known(['Always', 'OnFailure', 'Never']),
    dnsPolicy: known(['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None']),
    nodeSelector: labels,
    securityContext: optional(securityContext),
    imagePullSecrets: items(fields({ name: needed() })),
    affinity: optional(affinity),
  })(spec, path),
  ...dnsConfig(spec, path),
  ...fields({
    topologySpreadConstraints: items(spread),
    serviceAccountName: text(subdomainProblems),
    nodeName: text(subdomainProblems),
    activeDeadlineSeconds: between(1, MAX_INT32),
    hostname: text(labelProblems),
    subdomain: text(labelProblems),
    tolerations: items(toleration),
    hostAliases: items(fields({ ip: text(addressProblems), hostnames: items(text(subdomainProblems)) })),
    priorityClassName: text(subdomainProblems),
    runtimeClassName: text(subdomainProblems),
    preemptionPolicy: known(['Never', 'PreemptLowerPriority']),
  })(spec, path),
];
