// What a Pod's spec must hold.

import { isObject, type JsonObject, listAt, numberAt, objectAt, textAt } from '../../core/json.ts';
import { type Cause, duplicate, forbiddenField, invalidValue, required } from '../status.ts';
import { addressProblems } from './addresses.ts';
import {
  container,
  containerNameCauses,
  ephemeralContainer,
  hostPortCauses,
  imageSpaceCauses,
  initContainer,
  type PodParts,
} from './container.ts';
import { labelNameCauses, labelProblems, subdomainProblems } from './names.ts';
import { hostProcessCauses, systemCauses } from './operating-system.ts';
import { resourceAmount, resources } from './resources.ts';
import {
  all,
  at,
  between,
  different,
  entries,
  fields,
  inTurn,
  items,
  known,
  labels,
  MAX_INT32,
  needed,
  optional,
  type Rule,
  text,
} from './rules.ts';
import { affinity, schedulingGates, spreads, toleration } from './scheduling.ts';
import { hostUsers, podSecurityContext } from './security-context.ts';
import { volumeSource } from './volume.ts';

export function podSpecCauses(path: string, spec: JsonObject): Cause[] {
  const volumes = listAt(spec, 'volumes').filter(isObject);
  const names = volumes.map((volume) => textAt(volume, 'name'));
  const claims = listAt(spec, 'resourceClaims');
  return [
    ...volumes.flatMap((volume, index) => volumeCauses(`${path}.volumes[${index}]`, volume, names.slice(0, index))),
    ...containersCauses(spec, path, {
      volumes,
      claims: claims.map((claim) => textAt(claim, 'name')),
      hasOwnUsers: spec['hostUsers'] === false,
      grace: numberAt(spec, 'terminationGracePeriodSeconds') ?? USUAL_GRACE_S,
    }),
    ...hostNetworkCauses(spec, path),
    ...all(different('name'), items(resourceClaim))(claims, at(path, 'resourceClaims')),
    ...REST(spec, path),
  ];
}

const USUAL_GRACE_S = 30;

function containersCauses(spec: JsonObject, path: string, pod: PodParts): Cause[] {
  const containers = listAt(spec, 'containers').filter(isObject);
  const initContainers = listAt(spec, 'initContainers').filter(isObject);
  const taken = containers.map((one) => textAt(one, 'name'));
  return [
    ...(containers.length === 0 ? [required(`${path}.containers`)] : []),
    ...containers.flatMap((one, index) => [
      ...containerNameCauses(one, `${path}.containers[${index}]`, taken.slice(0, index)),
      ...container(pod)(one, `${path}.containers[${index}]`),
    ]),
    ...hostPortCauses(containers, `${path}.containers`),
    ...initContainers.flatMap((one, index) => {
      const before = [...taken, ...initContainers.slice(0, index).map((other) => textAt(other, 'name'))];
      const field = `${path}.initContainers[${index}]`;
      return [...containerNameCauses(one, field, before), ...initContainer(pod)(one, field)];
    }),
    ...ephemeralContainersCauses(spec, path, pod),
  ];
}

function ephemeralContainersCauses(spec: JsonObject, path: string, pod: PodParts): Cause[] {
  const others = [...listAt(spec, 'containers'), ...listAt(spec, 'initContainers')].map((one) => textAt(one, 'name'));
  const list = listAt(spec, 'ephemeralContainers');
  return list.flatMap((one, index) => {
    const taken = [...others, ...list.slice(0, index).map((other) => textAt(other, 'name'))];
    const field = `${path}.ephemeralContainers[${index}]`;
    return [...containerNameCauses(objectAt(one), field, taken), ...ephemeralContainer(pod, others)(one, field)];
  });
}

const CLAIM_WAYS = ['resourceClaimName', 'resourceClaimTemplateName'];

const resourceClaim: Rule = all(
  fields({ name: inTurn(needed(), text(labelProblems)) }),
  (value, path) => {
    const ways = CLAIM_WAYS.filter((way) => objectAt(value)[way] !== undefined);
    const which = 'at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified';
    if (ways.length > 1) return [invalidValue(path, value, which)];
    const none = 'must specify one of: `resourceClaimName`, `resourceClaimTemplateName`';
    return ways.length === 0 ? [invalidValue(path, value, none)] : [];
  },
  fields({ resourceClaimName: text(subdomainProblems), resourceClaimTemplateName: text(subdomainProblems) }),
);

/** A Pod's own spec must hold more than one in a template. */
export function podCauses(pod: JsonObject): Cause[] {
  const spec = objectAt(pod, 'spec');
  return [
    ...podSpecCauses('spec', spec),
    ...['containers', 'initContainers', 'ephemeralContainers'].flatMap((list) =>
      items(imageSpaceCauses)(objectAt(spec)[list], `spec.${list}`),
    ),
  ];
}

/** What only a new Pod must hold. */
export function newPodCauses(pod: JsonObject): Cause[] {
  const spec = objectAt(pod, 'spec');
  const isGated = textAt(spec, 'nodeName') !== '' && listAt(spec, 'schedulingGates').length > 0;
  const gated = 'cannot be set until all schedulingGates have been cleared';
  const hasEphemeral = listAt(spec, 'ephemeralContainers').length > 0;
  return [
    ...(isGated ? [forbiddenField('spec.nodeName', gated)] : []),
    ...(hasEphemeral ? [forbiddenField('spec.ephemeralContainers', 'cannot be set on create')] : []),
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
      if (hostPort === undefined || hostPort === 0 || hostPort === containerPort) return [];
      const field = `${path}.containers[${index}].ports[${number}].hostPort`;
      return [invalidValue(field, hostPort, 'must match `containerPort` when `hostNetwork` is true')];
    }),
  );
}

const MOST_NAMESERVERS = 3;
const MOST_SEARCHES = 32;
const MOST_SEARCH_CHARACTERS = 2048;

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
    ...searches(objectAt(config)['searches'], at(field, 'searches')),
    ...listAt(config, 'options').flatMap((option, index) =>
      textAt(option, 'name') === '' ? [required(`${field}.options[${index}]`, 'must not be empty')] : [],
    ),
  ];
};

const searches: Rule = (value, path) => {
  const list = listAt(value);
  const many = `must not have more than ${MOST_SEARCHES} search paths`;
  const long = `must not have more than ${MOST_SEARCH_CHARACTERS} characters (including spaces) in the search list`;
  return [
    ...(list.length > MOST_SEARCHES ? [invalidValue(path, list, many)] : []),
    ...(list.join(' ').length > MOST_SEARCH_CHARACTERS ? [invalidValue(path, list, long)] : []),
    ...items(text((search) => (search === '.' ? [] : subdomainProblems(search.replace(/\.$/, '')))))(list, path),
  ];
};

const os: Rule = fields({
  name: inTurn(needed('cannot be empty'), known(['linux', 'windows'])),
});

const REST: Rule = (spec, path) => [
  ...fields({
    restartPolicy: known(['Always', 'OnFailure', 'Never']),
    dnsPolicy: known(['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None']),
    nodeSelector: labels,
    securityContext: optional(podSecurityContext),
    imagePullSecrets: items(fields({ name: needed() })),
    affinity: optional(affinity),
  })(spec, path),
  ...hostUsers(spec, path),
  ...dnsConfig(spec, path),
  ...fields({
    topologySpreadConstraints: spreads,
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
    readinessGates: items(fields({ conditionType: (value, field) => labelNameCauses(field, String(value ?? '')) })),
    schedulingGates,
    os: optional(os),
    resources: optional(resources([])),
    overhead: entries((value, field, name) => resourceAmount(value, field, name)),
  })(spec, path),
  ...hostProcessCauses(objectAt(spec), path),
  ...systemCauses(objectAt(spec), path),
];
