// Deployments and their kin.

import { at, isObject, type Json, type JsonObject, numberAt, objectAt, sameJson, textAt } from '../../core/json.ts';
import { matchesLabels, selectorRequirements } from '../../objects/label-selector.ts';
import { type Cause, forbiddenField, invalidValue, required, unsupported } from '../status.ts';
import { labelCauses } from './names.ts';
import { podSpecCauses } from './pod.ts';

const OPERATORS = ['In', 'NotIn', 'Exists', 'DoesNotExist'];

/** A workload whose selector must fit its template. */
export function workloadCauses(object: JsonObject): Cause[] {
  const spec = objectAt(object, 'spec');
  return [
    ...replicasCauses(spec),
    ...selectorCauses(spec),
    ...templateCauses('spec.template', objectAt(spec, 'template'), ['Always']),
  ];
}

/** Its template is not looked into: Kubernetes leaves that to the Pods, which get the volumes of its claims. */
export function statefulSetCauses(object: JsonObject): Cause[] {
  const spec = objectAt(object, 'spec');
  return [
    ...replicasCauses(spec),
    ...selectorCauses(spec),
    ...outerTemplateCauses('spec.template', objectAt(spec, 'template'), ['Always']),
  ];
}

function replicasCauses(spec: JsonObject): Cause[] {
  const replicas = numberAt(spec, 'replicas') ?? 0;
  return replicas < 0 ? [invalidValue('spec.replicas', replicas, 'must be greater than or equal to 0')] : [];
}

export function deploymentCauses(object: JsonObject): Cause[] {
  const type = textAt(object, 'spec', 'strategy', 'type');
  const strategies = ['Recreate', 'RollingUpdate'];
  const strategy: Cause[] = strategies.includes(type)
    ? []
    : [
        unsupported(
          'spec.strategy',
          { Type: type, RollingUpdate: at(object, 'spec', 'strategy', 'rollingUpdate') ?? null },
          strategies,
        ),
      ];
  return [...workloadCauses(object), ...strategy];
}

export function jobCauses(object: JsonObject): Cause[] {
  const spec = objectAt(object, 'spec');
  return [
    ...['parallelism', 'completions', 'backoffLimit'].flatMap((field) => {
      const value = numberAt(spec, field) ?? 0;
      return value < 0 ? [invalidValue(`spec.${field}`, value, 'must be greater than or equal to 0')] : [];
    }),
    ...templateCauses('spec.template', objectAt(spec, 'template'), ['OnFailure', 'Never']),
  ];
}

export function cronJobCauses(object: JsonObject): Cause[] {
  const spec = objectAt(object, 'spec');
  const template = objectAt(spec, 'jobTemplate', 'spec', 'template');
  return [
    ...(textAt(spec, 'schedule') === '' ? [required('spec.schedule')] : []),
    ...templateCauses('spec.jobTemplate.spec.template', template, ['OnFailure', 'Never']),
  ];
}

function selectorCauses(spec: JsonObject): Cause[] {
  const { selector } = spec;
  const labels = at(spec, 'template', 'metadata', 'labels');
  const causes: Cause[] = [];
  if (!isObject(selector)) causes.push(required('spec.selector'));
  const expressions =
    isObject(selector) && Array.isArray(selector['matchExpressions']) ? selector['matchExpressions'] : [];
  expressions.forEach((expression: Json, index) => {
    const operator = textAt(expression, 'operator');
    const path = `spec.selector.matchExpressions[${index}].operator`;
    if (!OPERATORS.includes(operator)) causes.push(invalidValue(path, operator, 'not a valid selector operator'));
  });
  const texts = Object.fromEntries(Object.entries(objectAt(labels)).map(([key, value]) => [key, String(value)]));
  const empty = !isObject(selector) || Object.keys(selector).length === 0;
  if (empty || !matchesLabels(selectorRequirements(selector), texts)) {
    causes.push(invalidValue('spec.template.metadata.labels', labels, '`selector` does not match template `labels`'));
  }
  return causes;
}

export function templateCauses(path: string, template: JsonObject, policies: readonly string[]): Cause[] {
  return [
    ...labelCauses(`${path}.labels`, objectAt(template, 'metadata', 'labels')),
    ...podSpecCauses(`${path}.spec`, objectAt(template, 'spec')),
    ...policyCauses(path, template, policies),
  ];
}

function outerTemplateCauses(path: string, template: JsonObject, policies: readonly string[]): Cause[] {
  return [
    ...labelCauses(`${path}.labels`, objectAt(template, 'metadata', 'labels')),
    ...policyCauses(path, template, policies),
  ];
}

function policyCauses(path: string, template: JsonObject, policies: readonly string[]): Cause[] {
  const policy = textAt(template, 'spec', 'restartPolicy');
  const [first = ''] = policies;
  const odd = policy !== '' && !policies.includes(policy);
  const wrong =
    policies.length === 1
      ? [unsupported(`${path}.spec.restartPolicy`, policy, [first])]
      : [
          policy === 'Always'
            ? required(`${path}.spec.restartPolicy`, 'valid values: "OnFailure", "Never"')
            : unsupported(`${path}.spec.restartPolicy`, policy, policies),
        ];
  return odd ? wrong : [];
}

/** Fields that keep their first value. */
export function frozenCauses(fields: readonly string[]): (object: JsonObject, before: JsonObject) => Cause[] {
  return (object, before) =>
    fields.flatMap((field) => {
      const path = field.split('.');
      const now = at(object, ...path);
      return sameJson(now, at(before, ...path)) ? [] : [invalidValue(field, now, 'field is immutable')];
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
  const fields =
    "'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds'";
  return [forbiddenField('spec', `updates to statefulset spec for fields other than ${fields} are forbidden`)];
}

const POD_MAY_CHANGE = ['activeDeadlineSeconds', 'tolerations', 'terminationGracePeriodSeconds', 'nodeName'];

/** Of a Pod only images and little else may change. */
export function podChangeCauses(object: JsonObject, before: JsonObject): Cause[] {
  const frozen = (value: JsonObject): JsonObject => {
    const spec = objectAt(value, 'spec');
    const plain = (list: Json | undefined): Json | undefined =>
      Array.isArray(list)
        ? list.map((container) => (isObject(container) ? { ...container, image: '' } : container))
        : list;
    const fixed = Object.fromEntries(Object.entries(spec).filter(([key]) => !POD_MAY_CHANGE.includes(key)));
    return { ...fixed, containers: plain(spec['containers']), initContainers: plain(spec['initContainers']) };
  };
  if (sameJson(frozen(object), frozen(before))) return [];
  const fields =
    '`spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';
  return [forbiddenField('spec', `pod updates may not change fields other than ${fields}`)];
}
