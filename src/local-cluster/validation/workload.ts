// Deployments and their kin: a selector that must fit a template.

import { isObject, type Json, type JsonObject, listAt, numberAt, objectAt, sameJson, textAt } from '../../core/json.ts';
import { matchesLabels, selectorRequirements } from '../../objects/label-selector.ts';
import { type Cause, forbiddenField, invalidValue, required, unsupported } from '../status.ts';
import { labelCauses } from './names.ts';
import { podSpecCauses } from './pod.ts';
import {
  at,
  countOrPercent,
  fields,
  labelSelector,
  notNegative,
  notOver100Percent,
  oneOf,
  optional,
  type Rule,
} from './rules.ts';

/** A selector that chooses the Pods of its own template. */
const selector =
  (what: string): Rule =>
  (spec, path) => {
    const { selector: chosen } = objectAt(spec);
    const field = at(path, 'selector');
    const labels = objectAt(spec, 'template', 'metadata')['labels'];
    const causes: Cause[] = isObject(chosen) ? labelSelector(chosen, field) : [required(field)];
    if (!isObject(chosen)) return [...causes, mismatch(path, labels)];
    const expressions = listAt(chosen, 'matchExpressions');
    if (expressions.length === 0 && Object.keys(objectAt(chosen, 'matchLabels')).length === 0)
      return [...causes, invalidValue(field, chosen, `empty selector is invalid for ${what}`)];
    if (causes.length > 0) return [...causes, invalidValue(field, chosen, 'invalid label selector')];
    const texts = Object.fromEntries(Object.entries(objectAt(labels)).map(([key, value]) => [key, String(value)]));
    return matchesLabels(selectorRequirements(chosen), texts) ? [] : [mismatch(path, labels)];
  };

const mismatch = (path: string, labels: Json | undefined): Cause =>
  invalidValue(at(path, 'template.metadata.labels'), labels, '`selector` does not match template `labels`');

/** A Pod's template under a policy of restarting. */
export function templateCauses(path: string, template: JsonObject, policies: readonly string[]): Cause[] {
  return [
    ...labelCauses(`${path}.labels`, objectAt(template, 'metadata', 'labels')),
    ...podSpecCauses(`${path}.spec`, objectAt(template, 'spec')),
    ...(listAt(template, 'spec', 'ephemeralContainers').length > 0
      ? [forbiddenField(`${path}.spec.ephemeralContainers`, 'ephemeral containers not allowed in pod template')]
      : []),
    ...policyCauses(path, template, policies),
  ];
}

function policyCauses(path: string, template: JsonObject, policies: readonly string[]): Cause[] {
  const policy = textAt(template, 'spec', 'restartPolicy');
  if (policy === '' || policies.includes(policy)) return [];
  const field = `${path}.spec.restartPolicy`;
  return policies.length > 1 && policy === 'Always'
    ? [required(field, 'valid values: "OnFailure", "Never"')]
    : [unsupported(field, policy, policies)];
}

const template: Rule = (spec, path) => [
  ...templateCauses(at(path, 'template'), objectAt(spec, 'template'), ['Always']),
  ...noDeadline(spec, path, 'ReplicaSet'),
];

function noDeadline(spec: Json | undefined, path: string, what: string): Cause[] {
  if (objectAt(spec, 'template', 'spec')['activeDeadlineSeconds'] === undefined) return [];
  const field = at(path, 'template.spec.activeDeadlineSeconds');
  return [forbiddenField(field, `activeDeadlineSeconds in ${what} is not Supported`)];
}

const deploymentStrategy: Rule = (value, path) => {
  const { type, rollingUpdate } = objectAt(value);
  const types = ['Recreate', 'RollingUpdate'];
  if (!types.includes(String(type))) {
    return [unsupported(path, { Type: String(type ?? ''), RollingUpdate: rollingUpdate ?? null }, types)];
  }
  const field = at(path, 'rollingUpdate');
  if (type === 'Recreate')
    return isObject(rollingUpdate)
      ? [forbiddenField(field, "may not be specified when strategy `type` is 'Recreate'")]
      : [];
  const { maxUnavailable, maxSurge } = objectAt(rollingUpdate);
  const stuck = isNone(maxUnavailable) && isNone(maxSurge);
  return [
    ...countOrPercent(maxUnavailable, at(field, 'maxUnavailable')),
    ...countOrPercent(maxSurge, at(field, 'maxSurge')),
    ...(stuck ? [invalidValue(at(field, 'maxUnavailable'), maxUnavailable, 'may not be 0 when `maxSurge` is 0')] : []),
    ...notOver100Percent(maxUnavailable, at(field, 'maxUnavailable')),
  ];
};

const isNone = (value: Json | undefined): boolean => value === 0 || value === '0%';

const deadline: Rule = (spec, path) => {
  const [seconds, ready] = [numberAt(spec, 'progressDeadlineSeconds'), numberAt(spec, 'minReadySeconds') ?? 0];
  const field = at(path, 'progressDeadlineSeconds');
  if (seconds === undefined) return [];
  return [
    ...notNegative(seconds, field),
    ...(seconds <= ready ? [invalidValue(field, seconds, 'must be greater than minReadySeconds')] : []),
  ];
};

export const deployment: Rule = fields({
  spec: (spec, path) => [
    ...fields({ replicas: notNegative })(spec, path),
    ...selector('deployment')(spec, path),
    ...template(spec, path),
    ...fields({ strategy: deploymentStrategy, minReadySeconds: notNegative, revisionHistoryLimit: notNegative })(
      spec,
      path,
    ),
    ...deadline(spec, path),
  ],
});

export const replicaSet: Rule = fields({
  spec: (spec, path) => [
    ...fields({ replicas: notNegative, minReadySeconds: notNegative })(spec, path),
    ...selector('deployment')(spec, path),
    ...template(spec, path),
  ],
});

export const replicationController: Rule = fields({
  spec: (spec, path) => {
    const chosen = objectAt(spec, 'selector');
    const labels = objectAt(spec, 'template', 'metadata')['labels'];
    const wrong = Object.entries(chosen).some(([key, value]) => objectAt(labels)[key] !== value);
    return [
      ...fields({ minReadySeconds: notNegative })(spec, path),
      ...(Object.keys(chosen).length === 0 ? [required(at(path, 'selector'))] : []),
      ...fields({ replicas: notNegative })(spec, path),
      ...(wrong ? [mismatch(path, labels)] : []),
      ...template(spec, path),
    ];
  },
});

const daemonStrategy: Rule = (value, path) => {
  const { type, rollingUpdate } = objectAt(value);
  const field = at(path, 'rollingUpdate');
  const { maxUnavailable, maxSurge } = objectAt(rollingUpdate);
  if (type !== 'RollingUpdate') return oneOf(['OnDelete', 'RollingUpdate'])(type, at(path, 'type'));
  const both = !isNone(maxUnavailable ?? 1) && !isNone(maxSurge ?? 0);
  return [
    ...countOrPercent(maxUnavailable, at(field, 'maxUnavailable')),
    ...notOver100Percent(maxUnavailable, at(field, 'maxUnavailable')),
    ...countOrPercent(maxSurge, at(field, 'maxSurge')),
    ...notOver100Percent(maxSurge, at(field, 'maxSurge')),
    ...(isNone(maxUnavailable) && isNone(maxSurge)
      ? [required(at(field, 'maxUnavailable'), 'cannot be 0 when maxSurge is 0')]
      : []),
    ...(both ? [invalidValue(at(field, 'maxSurge'), maxSurge, 'may not be set when maxUnavailable is non-zero')] : []),
  ];
};

export const daemonSet: Rule = fields({
  spec: (spec, path) => [
    ...selector('daemonset')(spec, path),
    ...templateCauses(at(path, 'template'), objectAt(spec, 'template'), ['Always']),
    ...fields({ minReadySeconds: notNegative, updateStrategy: daemonStrategy, revisionHistoryLimit: notNegative })(
      spec,
      path,
    ),
  ],
});

const statefulStrategy: Rule = (value, path) => {
  const { type, rollingUpdate } = objectAt(value);
  const field = at(path, 'rollingUpdate');
  if (type === 'OnDelete')
    return isObject(rollingUpdate)
      ? [invalidValue(field, rollingUpdate, "only allowed for updateStrategy 'RollingUpdate'")]
      : [];
  if (type !== 'RollingUpdate') return [invalidValue(path, value, "must be 'RollingUpdate' or 'OnDelete'")];
  return fields({ partition: notNegative, maxUnavailable: countOrPercent })(rollingUpdate, field);
};

const podManagement: Rule = (value, path) =>
  value === 'OrderedReady' || value === 'Parallel'
    ? []
    : [invalidValue(path, value ?? '', "must be 'OrderedReady' or 'Parallel'")];

const retention: Rule = oneOf(['Delete', 'Retain']);

/** Its template is not looked into: Kubernetes leaves that to the Pods, which get the volumes of its claims. */
export const statefulSet: Rule = fields({
  spec: (spec, path) => {
    const inner = objectAt(spec, 'template');
    const field = at(path, 'template');
    return [
      ...fields({ podManagementPolicy: podManagement, updateStrategy: statefulStrategy, replicas: notNegative })(
        spec,
        path,
      ),
      ...fields({
        persistentVolumeClaimRetentionPolicy: optional(fields({ whenDeleted: retention, whenScaled: retention })),
        minReadySeconds: notNegative,
        ordinals: fields({ start: notNegative }),
      })(spec, path),
      ...selector('statefulset')(spec, path),
      ...labelCauses(`${field}.labels`, objectAt(inner, 'metadata', 'labels')),
      ...policyCauses(field, inner, ['Always']),
      ...noDeadline(spec, path, 'StatefulSet'),
      ...fields({ revisionHistoryLimit: notNegative })(spec, path),
    ];
  },
});

export const controllerRevision: Rule = (object) => [
  ...((objectAt(object)['data'] ?? null) === null ? [required('data', 'data is mandatory')] : []),
  ...notNegative(objectAt(object)['revision'], 'revision'),
];

/** Fields that keep their first value. */
export function frozenCauses(paths: readonly string[]): (object: JsonObject, before: JsonObject) => Cause[] {
  return (object, before) =>
    paths.flatMap((path) => {
      const [field = '', ...outer] = path.split('.').reverse();
      const [now, old] = [object, before].map((value) => objectAt(value, ...outer.reverse())[field]);
      return sameJson(now, old) ? [] : [invalidValue(path, now, 'field is immutable')];
    });
}

const STATEFUL_MAY_CHANGE = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
];

export function statefulSetChangeCauses(object: JsonObject, before: JsonObject): Cause[] {
  const rest = (value: JsonObject): JsonObject =>
    Object.fromEntries(Object.entries(objectAt(value, 'spec')).filter(([key]) => !STATEFUL_MAY_CHANGE.includes(key)));
  if (sameJson(rest(object), rest(before))) return [];
  const names =
    "'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds'";
  return [forbiddenField('spec', `updates to statefulset spec for fields other than ${names} are forbidden`)];
}
