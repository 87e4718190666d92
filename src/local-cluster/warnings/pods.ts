// What the API server warns of in Pods and in templates of them.

import { isObject, type Json, type JsonObject, listAt, numberAt, objectAt, textAt } from '../../core/json.ts';
import { containerWarnings, portWarnings } from './containers.ts';
import { volumeWarnings } from './volumes.ts';

/** Labels of nodes that have another name now. */
const NODE_LABELS: Readonly<Record<string, string>> = {
  'beta.kubernetes.io/arch': 'deprecated since v1.14; use "kubernetes.io/arch" instead',
  'beta.kubernetes.io/os': 'deprecated since v1.14; use "kubernetes.io/os" instead',
  'failure-domain.beta.kubernetes.io/region': 'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
  'failure-domain.beta.kubernetes.io/zone': 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
  'beta.kubernetes.io/instance-type': 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
};

/** Annotations that fields have taken the place of, by their start. */
const ANNOTATIONS: readonly (readonly [start: string, text: string])[] = [
  ['seccomp.security.alpha.kubernetes.io/pod', 'non-functional in v1.27+; use the "seccompProfile" field instead'],
  [
    'container.seccomp.security.alpha.kubernetes.io/',
    'non-functional in v1.27+; use the "seccompProfile" field instead',
  ],
  [
    'container.apparmor.security.beta.kubernetes.io/',
    'deprecated since v1.30; use the "appArmorProfile" field instead',
  ],
  ['scheduler.alpha.kubernetes.io/critical-pod', 'non-functional in v1.16+; use the "priorityClassName" field instead'],
  ['security.alpha.kubernetes.io/sysctls', 'non-functional in v1.11+; use the "sysctls" field instead'],
  ['security.alpha.kubernetes.io/unsafe-sysctls', 'non-functional in v1.11+; use the "sysctls" field instead'],
];

/** Of a Pod, or a template, that stands at a path. */
export function podWarnings(pod: JsonObject, path: string): string[] {
  const at = (field: string): string => (path === '' ? field : `${path}.${field}`);
  const spec = objectAt(pod, 'spec');
  const base = at('spec');
  const containers = ['initContainers', 'containers'].flatMap((list) =>
    listAt(spec, list).map((one, index) => [`${base}.${list}[${index}]`, objectAt(one)] as const),
  );
  return [
    ...annotationWarnings(objectAt(pod, 'metadata', 'annotations'), at('metadata.annotations')),
    ...placementWarnings(spec, base),
    ...repeated(spec, 'hostAliases', 'ip').map(([index, ip]) => `${base}.hostAliases[${index}].ip: duplicate ip ${ip}`),
    ...secretWarnings(spec, base),
    ...listAt(spec, 'volumes').flatMap((volume, index) =>
      volumeWarnings(objectAt(volume), `${base}.volumes[${index}]`),
    ),
    ...containers.flatMap(([field, one]) => containerWarnings(one, field)),
    ...portWarnings(containers),
    ...graceWarnings(spec, base),
  ];
}

const annotationWarnings = (annotations: JsonObject, path: string): string[] =>
  Object.keys(annotations).flatMap((key) => {
    const known = ANNOTATIONS.find(([start]) => (start.endsWith('/') ? key.startsWith(start) : key === start));
    return known ? [`${path}[${key}]: ${known[1]}`] : [];
  });

const labelWarning = (key: string, text: (warning: string) => string): string[] => {
  const warning = Object.hasOwn(NODE_LABELS, key) ? NODE_LABELS[key] : undefined;
  return warning === undefined ? [] : [text(warning)];
};

const NO_POD = 'a null labelSelector results in matching no pod';
const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';

function placementWarnings(spec: JsonObject, path: string): string[] {
  const node = `${path}.affinity.nodeAffinity`;
  const affinity = objectAt(spec, 'affinity', 'nodeAffinity');
  return [
    ...Object.keys(objectAt(spec, 'nodeSelector')).flatMap((key) =>
      labelWarning(key, (warning) => `${path}.nodeSelector[${key}]: ${warning}`),
    ),
    ...listAt(affinity, REQUIRED, 'nodeSelectorTerms').flatMap((term, index) =>
      termWarnings(term, `${node}.${REQUIRED}.nodeSelectorTerms[${index}]`),
    ),
    ...listAt(affinity, PREFERRED).flatMap((term, index) =>
      termWarnings(objectAt(term, 'preference'), `${node}.${PREFERRED}[${index}].preference`),
    ),
    ...['podAffinity', 'podAntiAffinity'].flatMap((kind) =>
      neighbourWarnings(objectAt(spec, 'affinity', kind), `${path}.affinity.${kind}`),
    ),
    ...listAt(spec, 'topologySpreadConstraints').flatMap((spread, index) => {
      const field = `${path}.topologySpreadConstraints[${index}]`;
      const key = textAt(spread, 'topologyKey');
      return [
        ...labelWarning(key, (warning) => `${field}.topologyKey: ${key} is ${warning}`),
        ...selectorWarning(spread, field),
      ];
    }),
  ];
}

const termWarnings = (term: Json, path: string): string[] =>
  listAt(term, 'matchExpressions').flatMap((expression, index) => {
    const key = textAt(expression, 'key');
    return labelWarning(key, (warning) => `${path}.matchExpressions[${index}].key: ${key} is ${warning}`);
  });

const neighbourWarnings = (affinity: JsonObject, path: string): string[] => [
  ...listAt(affinity, REQUIRED).flatMap((term, index) => selectorWarning(term, `${path}.${REQUIRED}[${index}]`)),
  ...listAt(affinity, PREFERRED).flatMap((term, index) =>
    selectorWarning(objectAt(term, 'podAffinityTerm'), `${path}.${PREFERRED}[${index}].podAffinityTerm`),
  ),
];

const selectorWarning = (holder: Json, path: string): string[] =>
  isObject(objectAt(holder)['labelSelector']) ? [] : [`${path}.labelSelector: ${NO_POD}`];

/** The items of a list whose field has a value that an earlier one has, with that value. */
const repeated = (spec: JsonObject, list: string, field: string): (readonly [number, string])[] =>
  listAt(spec, list).flatMap((item, index, all) => {
    const value = textAt(item, field);
    const isTaken = value !== '' && all.slice(0, index).some((other) => textAt(other, field) === value);
    return isTaken ? [[index, JSON.stringify(value)] as const] : [];
  });

const secretWarnings = (spec: JsonObject, path: string): string[] => [
  ...listAt(spec, 'imagePullSecrets').flatMap((secret, index) =>
    textAt(secret, 'name') === '' ? [`${path}.imagePullSecrets[${index}].name: invalid empty name ""`] : [],
  ),
  ...repeated(spec, 'imagePullSecrets', 'name').map(
    ([index, name]) => `${path}.imagePullSecrets[${index}].name: duplicate name ${name}`,
  ),
];

const graceWarnings = (spec: JsonObject, path: string): string[] =>
  (numberAt(spec, 'terminationGracePeriodSeconds') ?? 0) < 0
    ? [`${path}.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1`]
    : [];
