// What the status of a built-in kind must hold, when it is written.

import { type JsonObject, listAt, numberAt, objectAt, textAt } from '../../core/json.ts';
import { qualifiedProblems } from '../../objects/label-names.ts';
import { parseQuantity } from '../../objects/quantity.ts';
import { type Cause, duplicate, forbiddenField, invalidValue, required, unsupported } from '../status.ts';
import { addressProblems } from './addresses.ts';
import { conditions } from './conditions.ts';
import { definitionStatusCauses } from './definition.ts';
import { claimStatus } from './device-status.ts';
import { jobStatusCauses } from './job-status.ts';
import { subdomainProblems } from './names.ts';
import { podStatus } from './pod-status.ts';
import { quotaAmount } from './quota.ts';
import {
  all,
  at,
  between,
  entries,
  fields,
  inTurn,
  items,
  MAX_INT32,
  needed,
  notNegative,
  type Rule,
  text,
  word,
} from './rules.ts';
import { signingRequest, signingRequestChangeCauses } from './signing-request.ts';

type StatusRule = (object: JsonObject, before: JsonObject, subresource: string) => Cause[];

/** Counts that are not below zero, of which some are parts of others. */
const counts =
  (names: readonly string[], parts: readonly (readonly [part: string, whole: string, message: string])[]): StatusRule =>
  (object) => {
    const status = objectAt(object, 'status');
    const count = (name: string): number => numberAt(status, name) ?? 0;
    return [
      ...fields(Object.fromEntries(names.map((name) => [name, notNegative])))(status, 'status'),
      ...parts
        .filter(([part, whole]) => count(part) > count(whole))
        .map(([part, , message]) => invalidValue(`status.${part}`, count(part), message)),
    ];
  };

/** Conditions by their types, of which each comes once. */
const typedOnce: Rule = (value, path) =>
  listAt(value).flatMap((one, index, list) => {
    const [type, field] = [textAt(one, 'type'), `${path}[${index}].type`];
    const isTwice = list.slice(0, index).some((other) => textAt(other, 'type') === type);
    return [...(isTwice ? [duplicate(field, type)] : []), ...needed()(type, field)];
  });

const OF_REPLICAS = 'cannot be greater than status.replicas';
const ofReplicas = (...parts: readonly string[]): [string, string, string][] =>
  parts.map((part) => [part, 'replicas', OF_REPLICAS]);

/** A count that only grows. */
const growing =
  (name: string): StatusRule =>
  (object, before) => {
    const [now, old] = [numberAt(object, 'status', name), numberAt(before, 'status', name)];
    if (old === undefined || (now ?? 0) >= old) return [];
    return [invalidValue(`status.${name}`, now ?? 0, 'cannot be decremented')];
  };

const both =
  (...rules: readonly StatusRule[]): StatusRule =>
  (...change) =>
    rules.flatMap((rule) => rule(...change));

const ofStatus =
  (table: Readonly<Record<string, Rule>>): StatusRule =>
  (object) =>
    fields(table)(objectAt(object, 'status'), 'status');

const hostname: Rule = (value, path) => [
  ...text(subdomainProblems)(value, path),
  ...(typeof value === 'string' && value !== '' && addressProblems(value).length === 0
    ? [invalidValue(path, value, 'must be a DNS name, not an IP address')]
    : []),
];

const ipMode: Rule = (value, path) => {
  const { ip, ipMode: mode } = objectAt(value);
  const field = at(path, 'ipMode');
  if (mode === undefined) return ip ? [required(field, 'must be specified when `ip` is set')] : [];
  if (!ip) return [forbiddenField(field, 'may not be specified when `ip` is not set')];
  return ['Proxy', 'VIP'].includes(String(mode)) ? [] : [unsupported(field, mode, ['Proxy', 'VIP'])];
};

const serviceStatus: StatusRule = (object) => {
  const ingress = objectAt(object, 'status', 'loadBalancer')['ingress'];
  const path = 'status.loadBalancer.ingress';
  if (textAt(object, 'spec', 'type') !== 'LoadBalancer')
    return listAt(ingress).length > 0
      ? [forbiddenField(path, "may only be used when `spec.type` is 'LoadBalancer'")]
      : [];
  return items(all(fields({ ip: text(addressProblems) }), ipMode, fields({ hostname })))(ingress, path);
};

const PHASES = { true: 'Terminating', false: 'Active' } as const;
const PHASE_RULES = {
  true: "may only be 'Terminating' if `deletionTimestamp` is not empty",
  false: "may only be 'Active' if `deletionTimestamp` is empty",
} as const;

const namespaceStatus: StatusRule = (object) => {
  const isGoing = objectAt(object, 'metadata')['deletionTimestamp'] === undefined ? 'false' : 'true';
  const phase = textAt(object, 'status', 'phase');
  return phase === PHASES[isGoing] ? [] : [invalidValue('status.Phase', phase, PHASE_RULES[isGoing])];
};

const volumeError: Rule = fields({ errorCode: between(0, MAX_INT32) });

const amounts: Rule = entries((amount, path, key) =>
  parseQuantity(String(amount)).nano < 0n
    ? [invalidValue(path.replace(`[${key}]`, `.${key}`), String(amount), 'must be greater than or equal to 0')]
    : [],
);

/** An amount that is wrong is shown as a number. */
const validAmounts: Rule = entries((amount, path) =>
  parseQuantity(String(amount)).nano < 0n
    ? [invalidValue(path, Number(amount), 'must be a valid resource quantity')]
    : [],
);

const FEATURE_RULE =
  "must start with an UpperCamelCase segment, with subsequent segments separated by '/' (e.g., MyFeature or MyFeature/mySubFeature), and contain only alphanumeric characters and slashes";

const features: Rule = (value, path) =>
  listAt(value).flatMap((feature, index, list) => {
    const [name, field] = [String(feature ?? ''), `${path}[${index}]`];
    return [
      ...(list.indexOf(feature) < index ? [duplicate(field, name)] : []),
      ...(/^[A-Z][A-Za-z0-9]*(\/[A-Za-z0-9]+)*$/.test(name)
        ? []
        : [invalidValue(field, name, `invalid feature name ${JSON.stringify(name)}: ${FEATURE_RULE}`)]),
      ...(name < String(list[index - 1] ?? '')
        ? [invalidValue(field, name, 'list must be sorted alphabetically')]
        : []),
    ];
  });

/** What of a claim is resized: its storage, or what others named. */
const resizedNames: Rule = (value, path) =>
  Object.keys(objectAt(value)).flatMap((name) => {
    const problems = qualifiedProblems(name);
    if (problems.length > 0) return problems.map((problem) => invalidValue(path, name, problem));
    return name.includes('/') || name === 'storage' ? [] : [unsupported(path, name, ['storage'])];
  });

const RESIZE_STATES = [
  'ControllerResizeInProgress',
  'ControllerResizeInfeasible',
  'NodeResizeInProgress',
  'NodeResizeInfeasible',
  'NodeResizePending',
];

/** A state that nobody knows is told by the name of what has it. */
const resizeStates: Rule = (value, path) =>
  Object.entries(objectAt(value)).flatMap(([name, state]) => [
    ...resizedNames({ [name]: state ?? null }, path),
    ...(RESIZE_STATES.includes(String(state)) ? [] : [unsupported(path, name, RESIZE_STATES)]),
  ]);

const GENERATION = 'observedGeneration';
const COLLISIONS = 'collisionCount';

export const STATUS_RULES: Readonly<Record<string, StatusRule>> = {
  '/namespaces': namespaceStatus,
  '/nodes': ofStatus({ capacity: amounts, allocatable: amounts, declaredFeatures: features }),
  '/persistentvolumeclaims': ofStatus({
    capacity: validAmounts,
    allocatedResourceStatuses: resizeStates,
    allocatedResources: inTurn(resizedNames, validAmounts),
  }),
  '/pods': podStatus,
  '/replicationcontrollers': counts(
    ['replicas', 'fullyLabeledReplicas', 'readyReplicas', 'availableReplicas', GENERATION],
    [
      ...ofReplicas('fullyLabeledReplicas', 'readyReplicas', 'availableReplicas'),
      ['availableReplicas', 'readyReplicas', 'cannot be greater than readyReplicas'],
    ],
  ),
  '/resourcequotas': ofStatus({ hard: entries(quotaAmount), used: entries(quotaAmount) }),
  '/services': serviceStatus,
  'admissionregistration.k8s.io/validatingadmissionpolicies': ofStatus({
    typeChecking: fields({ expressionWarnings: items(fields({ warning: needed(), fieldRef: needed() })) }),
    conditions,
  }),
  'apiextensions.k8s.io/customresourcedefinitions': definitionStatusCauses,
  'apiregistration.k8s.io/apiservices': ofStatus({
    conditions: items(fields({ status: word(['True', 'False', 'Unknown']) })),
  }),
  'apps/daemonsets': both(
    counts(
      [
        'currentNumberScheduled',
        'numberMisscheduled',
        'desiredNumberScheduled',
        'numberReady',
        GENERATION,
        'updatedNumberScheduled',
        'numberAvailable',
        'numberUnavailable',
        COLLISIONS,
      ],
      [],
    ),
    growing(COLLISIONS),
  ),
  'apps/deployments': both(
    counts(
      [
        GENERATION,
        'replicas',
        'updatedReplicas',
        'readyReplicas',
        'availableReplicas',
        'unavailableReplicas',
        'terminatingReplicas',
        COLLISIONS,
      ],
      [
        ...ofReplicas('updatedReplicas', 'readyReplicas', 'availableReplicas'),
        ['availableReplicas', 'readyReplicas', 'cannot be greater than readyReplicas'],
      ],
    ),
    growing(COLLISIONS),
  ),
  'apps/replicasets': counts(
    ['replicas', 'fullyLabeledReplicas', 'readyReplicas', 'availableReplicas', 'terminatingReplicas', GENERATION],
    [
      ...ofReplicas('fullyLabeledReplicas', 'readyReplicas', 'availableReplicas'),
      ['availableReplicas', 'readyReplicas', 'cannot be greater than readyReplicas'],
    ],
  ),
  'apps/statefulsets': both(
    counts(
      ['replicas', 'readyReplicas', 'currentReplicas', 'updatedReplicas', 'availableReplicas', GENERATION, COLLISIONS],
      [
        ...ofReplicas('readyReplicas', 'currentReplicas', 'updatedReplicas', 'availableReplicas'),
        ['availableReplicas', 'readyReplicas', 'cannot be greater than status.readyReplicas'],
      ],
    ),
    growing(COLLISIONS),
  ),
  'autoscaling/horizontalpodautoscalers': counts(['currentReplicas', 'desiredReplicas'], []),
  'batch/jobs': jobStatusCauses,
  'networking.k8s.io/ingresses': ofStatus({
    loadBalancer: fields({ ingress: items(fields({ ip: text(addressProblems), hostname })) }),
  }),
  'resource.k8s.io/resourceclaims': claimStatus,
  'storage.k8s.io/volumeattachments': ofStatus({ attachError: volumeError, detachError: volumeError }),
  'certificates.k8s.io/certificatesigningrequests': (object, before, subresource) => [
    ...signingRequest(object, ''),
    ...signingRequestChangeCauses(object, before, subresource),
  ],
  'flowcontrol.apiserver.k8s.io/flowschemas': ofStatus({ conditions: typedOnce }),
  'flowcontrol.apiserver.k8s.io/prioritylevelconfigurations': ofStatus({
    conditions: typedOnce,
  }),
  'policy/poddisruptionbudgets': ofStatus({
    conditions,
    disruptionsAllowed: notNegative,
    currentHealthy: notNegative,
    desiredHealthy: notNegative,
    expectedPods: notNegative,
  }),
};
