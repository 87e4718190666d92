// What a Pod's spec must hold.

import { isObject, type JsonObject, listAt, numberAt, objectAt, textAt } from '../../core/json.ts';
import { type Cause, duplicate, forbiddenField, invalidValue, required, tooLong } from '../status.ts';
import { strictAddressProblems } from './addresses.ts';
import {
  container,
  ephemeralContainer,
  hostPortCauses,
  imageSpaceCauses,
  initContainer,
  type PodParts,
} from './container.ts';
import { internalForm, type Shape } from './internal.ts';
import { labelNameCauses, labelProblems, subdomainProblems } from './names.ts';
import { hostProcessCauses, systemCauses } from './operating-system.ts';
import { volumesCauses } from './pod-volume.ts';
import { overhead, podResources } from './resources.ts';
import {
  at,
  between,
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
import { hostUsers, podSecurityContext, sharedProcesses } from './security-context.ts';

export function podSpecCauses(path: string, spec: JsonObject): Cause[] {
  const { causes, usable } = volumesCauses(listAt(spec, 'volumes').filter(isObject), at(path, 'volumes'));
  const claims = listAt(spec, 'resourceClaims');
  return [
    ...causes,
    ...resourceClaims(claims, at(path, 'resourceClaims')),
    ...containersCauses(spec, path, {
      volumes: usable,
      claims: claims.map((claim) => textAt(claim, 'name')),
      hasOwnUsers: spec['hostUsers'] === false,
      restarts: textAt(spec, 'restartPolicy'),
      grace: numberAt(spec, 'terminationGracePeriodSeconds') ?? USUAL_GRACE_S,
    }),
    ...podResources(spec, path),
    ...hostNetworkCauses(spec, path),
    ...REST(spec, path),
  ];
}

const USUAL_GRACE_S = 30;

function containersCauses(spec: JsonObject, path: string, pod: Omit<PodParts, 'taken'>): Cause[] {
  const list = (name: string): JsonObject[] => listAt(spec, name).filter(isObject);
  const [containers, inits] = [list('containers'), list('initContainers')];
  const ephemeral = list('ephemeralContainers');
  const nameOf = (one: JsonObject): string => textAt(one, 'name');
  const others = [...containers, ...inits].map(nameOf);
  const each = (name: string, before: readonly JsonObject[], rule: (parts: PodParts) => Rule): Cause[] =>
    list(name).flatMap((one, index, all) => {
      const taken = [...before, ...all.slice(0, index)].map(nameOf);
      return rule({ ...pod, taken })(one, `${path}.${name}[${index}]`);
    });
  return [
    ...(containers.length === 0 ? [required(`${path}.containers`)] : []),
    ...each('containers', [], container),
    ...hostPortCauses(containers, `${path}.containers`),
    ...each('initContainers', containers, initContainer),
    ...(ephemeral.length === 0
      ? []
      : each('ephemeralContainers', [...containers, ...inits], (parts) => ephemeralContainer(parts, others))),
  ];
}

const CLAIM_WAYS = ['resourceClaimName', 'resourceClaimTemplateName'];
const CLAIM = { Name: '', ResourceClaimName: null, ResourceClaimTemplateName: null } as const satisfies Shape;

/** Where the claims of a Pod come from, each under its name. */
const resourceClaims: Rule = (list, path) =>
  listAt(list).flatMap((claim, index, all) => {
    const field = `${path}[${index}]`;
    const name = textAt(claim, 'name');
    const isTwice = name !== '' && all.slice(0, index).some((other) => textAt(other, 'name') === name);
    const count = CLAIM_WAYS.filter((way) => objectAt(claim)[way] !== undefined).length;
    const refuse = (message: string): Cause[] => [invalidValue(field, internalForm(objectAt(claim), CLAIM), message)];
    return [
      ...(isTwice
        ? [duplicate(at(field, 'name'), name)]
        : inTurn(needed(), text(labelProblems))(name, at(field, 'name'))),
      ...(count > 1
        ? refuse('at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified')
        : []),
      ...(count === 0 ? refuse('must specify one of: `resourceClaimName`, `resourceClaimTemplateName`') : []),
      ...fields({ resourceClaimName: subdomain, resourceClaimTemplateName: subdomain })(claim, field),
    ];
  });

/** A name that, once it is there, may not be empty. */
const subdomain: Rule = (value, path) =>
  typeof value === 'string' ? subdomainProblems(value).map((problem) => invalidValue(path, value, problem)) : [];

/** A Pod's own spec must hold more than one in a template. */
export function podCauses(pod: JsonObject): Cause[] {
  const spec = objectAt(pod, 'spec');
  return [
    ...claimNameCauses(pod),
    ...podSpecCauses('spec', spec),
    ...['containers', 'initContainers', 'ephemeralContainers'].flatMap((list) =>
      items(imageSpaceCauses)(objectAt(spec)[list], `spec.${list}`),
    ),
  ];
}

/** Claims that are made for a Pod are called after it and their volume. */
function claimNameCauses(pod: JsonObject): Cause[] {
  const name = textAt(pod, 'metadata', 'name');
  return listAt(pod, 'spec', 'volumes').flatMap((volume, index) => {
    const own = textAt(volume, 'name');
    if (!isObject(objectAt(volume)['ephemeral'])) return [];
    const claim = `${name}-${own}`;
    const field = `spec.volumes[${index}].name`;
    return subdomainProblems(claim).map((problem) =>
      invalidValue(field, own, `PVC name ${JSON.stringify(claim)}: ${problem}`),
    );
  });
}

/** What only a new Pod must hold. */
export function newPodCauses(pod: JsonObject): Cause[] {
  const spec = objectAt(pod, 'spec');
  const isGated = textAt(spec, 'nodeName') !== '' && listAt(spec, 'schedulingGates').length > 0;
  const gated = 'cannot be set until all schedulingGates have been cleared';
  const hasEphemeral = listAt(spec, 'ephemeralContainers').length > 0;
  return [
    ...(hasEphemeral ? [forbiddenField('spec.ephemeralContainers', 'cannot be set on create')] : []),
    ...(isGated ? [forbiddenField('spec.nodeName', gated)] : []),
  ];
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

/** An address, where an empty text is none. */
const address: Rule = (value, path) =>
  strictAddressProblems(String(value ?? '')).map((problem) => invalidValue(path, value ?? '', problem));

const MOST_NAMESERVERS = 3;
const MOST_SEARCHES = 32;
const MOST_SEARCH_CHARACTERS = 2048;

const dnsConfig: Rule = (spec, path) => {
  const { dnsPolicy, dnsConfig: config } = objectAt(spec);
  const servers = listAt(config, 'nameservers');
  const field = at(path, 'dnsConfig');
  if (dnsPolicy === 'None' && !isObject(config))
    return [required(field, 'must provide `dnsConfig` when `dnsPolicy` is None')];
  if (dnsPolicy === 'None' && servers.length === 0)
    return [required(at(field, 'nameservers'), 'must provide at least one DNS nameserver when `dnsPolicy` is None')];
  const many = servers.length > MOST_NAMESERVERS;
  const message = `must not have more than ${MOST_NAMESERVERS} nameservers`;
  return [
    ...(many ? [invalidValue(at(field, 'nameservers'), servers, message)] : []),
    ...items(address)(servers, at(field, 'nameservers')),
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
    ...list.flatMap((search, index) =>
      searchProblems(String(search)).map((problem) => invalidValue(`${path}[${index}]`, search, problem)),
    ),
  ];
};

const SEARCH = /^_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\._?[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*$/;
const SEARCH_RULE =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\\._?[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*')";

/** Where names are looked for: a domain, which may end with a dot, or the root. */
function searchProblems(search: string): string[] {
  const domain = search.replace(/\.$/, '');
  if (search === '.') return [];
  return [
    ...(domain.length > 253 ? ['must be no more than 253 characters'] : []),
    ...(SEARCH.test(domain) ? [] : [SEARCH_RULE]),
  ];
}

const os: Rule = (value, path) => {
  const name = textAt(value, 'name');
  return name === '' ? [required(at(path, 'name'))] : known(['linux', 'windows'])(name, path);
};

const hostnameOverride: Rule = (spec, path) => {
  const { hostnameOverride: name, setHostnameAsFQDN, hostNetwork } = objectAt(spec);
  if (typeof name !== 'string') return [];
  const field = at(path, 'hostnameOverride');
  const refuse = (flag: string): Cause => forbiddenField(field, `may not be specified when ${flag} is true`);
  return [
    ...(setHostnameAsFQDN === true ? [refuse('setHostnameAsFQDN')] : []),
    ...(hostNetwork === true ? [refuse('hostNetwork')] : []),
    ...(name.length > MOST_HOSTNAME ? [tooLong(field, MOST_HOSTNAME)] : []),
    ...subdomainProblems(name).map((problem) => invalidValue(field, name, problem)),
  ];
};

const MOST_HOSTNAME = 64;

const hostAliases: Rule = items(
  fields({
    ip: address,
    hostnames: items(subdomain),
  }),
);

const REST: Rule = (spec, path) => [
  ...fields({
    restartPolicy: known(['Always', 'OnFailure', 'Never']),
    dnsPolicy: known(['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None']),
    nodeSelector: labels,
    securityContext: optional(podSecurityContext(objectAt(spec))),
  })(spec, path),
  ...sharedProcesses(spec, path),
  ...fields({ affinity: optional(affinity) })(spec, path),
  ...dnsConfig(spec, path),
  ...fields({
    readinessGates: items(fields({ conditionType: (value, field) => labelNameCauses(field, String(value ?? '')) })),
    schedulingGates,
    topologySpreadConstraints: spreads,
  })(spec, path),
  ...hostUsers(spec, path),
  ...hostnameOverride(spec, path),
  ...hostProcessCauses(objectAt(spec), path),
  ...fields({
    serviceAccountName: text(subdomainProblems),
    nodeName: text(subdomainProblems),
    activeDeadlineSeconds: between(1, MAX_INT32),
    hostname: text(labelProblems),
    subdomain: text(labelProblems),
    tolerations: items(toleration),
    hostAliases,
    priorityClassName: text(subdomainProblems),
    runtimeClassName: subdomain,
    preemptionPolicy: optional(inTurn(needed(), known(['PreemptLowerPriority', 'Never']))),
    overhead,
    os: optional(os),
  })(spec, path),
  ...systemCauses(objectAt(spec), path),
];
