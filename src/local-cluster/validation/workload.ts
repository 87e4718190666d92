// Deployments and their kin: a selector that must fit a template.

import { isObject, type Json, type JsonObject, listAt, numberAt, objectAt, sameJson, textAt } from '../../core/json.ts';
import { matchesLabels, selectorRequirements } from '../../objects/label-selector.ts';
import { type Cause, forbiddenField, invalidValue, required, unsupported } from '../status.ts';
import { claimSpec } from './claim.ts';
import { internalForm, type Shape, selectorForm, sortedByKey } from './internal.ts';
import { keyCauses, labelCauses, labelProblems } from './names.ts';
import { podSpecCauses } from './pod.ts';
import {
  at,
  countOrPercent,
  fields,
  items,
  labelSelector,
  notNegative,
  notOver100Percent,
  optional,
  type Rule,
  text,
  word,
} from './rules.ts';

interface SelectorWords {
  readonly what: string;
  /** Said of a selector that cannot be used; the kinds that say nothing compare it no further. */
  readonly unusable?: string;
  /** Whether the field has to be there. */
  readonly needed?: boolean;
}

/** A selector that chooses the Pods of its own template. */
const selector =
  ({ what, unusable, needed: isNeeded = true }: SelectorWords): Rule =>
  (spec, path) => {
    const { selector: chosen } = objectAt(spec);
    const field = at(path, 'selector');
    const labels = objectAt(spec, 'template', 'metadata')['labels'];
    if (!isObject(chosen)) return [...(isNeeded ? [required(field)] : []), mismatch(path, labels)];
    const causes = labelSelector(chosen, field);
    const form = selectorForm(chosen);
    const empty = `empty selector is invalid for ${what}`;
    if (Object.keys(form).length === 0) return [...causes, invalidValue(field, form, empty)];
    if (causes.length > 0) return unusable === undefined ? causes : [...causes, invalidValue(field, form, unusable)];
    return matchesTemplate(chosen, labels) ? causes : [...causes, mismatch(path, labels)];
  };

/** Whether a selector chooses the Pods with some labels. */
export function matchesTemplate(chosen: JsonObject, labels: Json | undefined): boolean {
  const texts = Object.fromEntries(Object.entries(objectAt(labels)).map(([key, value]) => [key, String(value)]));
  return matchesLabels(selectorRequirements(chosen), texts);
}

export const mismatch = (path: string, labels: Json | undefined): Cause =>
  invalidValue(
    at(path, 'template.metadata.labels'),
    isObject(labels) ? sortedByKey(labels) : null,
    '`selector` does not match template `labels`',
  );

/** Asked where the selector can be used: else nobody looks at the template. */
const chosenTemplate =
  (rule: Rule): Rule =>
  (spec, path) =>
    labelSelector(objectAt(spec)['selector'], path).length > 0 ? [] : rule(spec, path);

const annotations: Rule = (value, path) =>
  Object.keys(objectAt(value)).flatMap((key) => keyCauses(path, key.toLowerCase(), key));

const metadataCauses = (path: string, metadata: JsonObject): Cause[] => [
  ...labelCauses(`${path}.labels`, objectAt(metadata, 'labels')),
  ...annotations(metadata['annotations'], `${path}.annotations`),
];

/** A Pod's template under a policy of restarting. */
export function templateCauses(path: string, template: JsonObject, policies: readonly string[]): Cause[] {
  return [
    ...metadataCauses(path, objectAt(template, 'metadata')),
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

const template =
  (what = 'ReplicaSet'): Rule =>
  (spec, path) => [
    ...templateCauses(at(path, 'template'), objectAt(spec, 'template'), ['Always']),
    ...noDeadline(spec, path, what),
  ];

function noDeadline(spec: Json | undefined, path: string, what: string): Cause[] {
  if (objectAt(spec, 'template', 'spec')['activeDeadlineSeconds'] === undefined) return [];
  const field = at(path, 'template.spec.activeDeadlineSeconds');
  return [forbiddenField(field, `activeDeadlineSeconds in ${what} is not Supported`)];
}

const UPDATE = {
  Type: '',
  RollingUpdate: { of: { MaxUnavailable: 0, MaxSurge: 0 }, pointer: true },
} as const satisfies Shape;

const deploymentStrategy: Rule = (value, path) => {
  const { type, rollingUpdate } = objectAt(value);
  const types = ['Recreate', 'RollingUpdate'];
  if (!types.includes(String(type))) return [unsupported(path, internalForm(objectAt(value), UPDATE), types)];
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

/** No number, and a text that is no share counts as none. */
const isNone = (value: Json | undefined): boolean =>
  typeof value === 'string' ? Number(/^([0-9]+)%$/.exec(value)?.[1] ?? 0) === 0 : (value ?? 0) === 0;

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
    ...selector({ what: 'deployment', unusable: 'invalid label selector' })(spec, path),
    ...chosenTemplate(template())(spec, path),
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
    ...selector({ what: 'deployment', unusable: 'invalid label selector' })(spec, path),
    ...chosenTemplate(template())(spec, path),
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
      ...(isObject(objectAt(spec)['template'])
        ? [...(wrong ? [mismatch(path, labels)] : []), ...template('ReplicationController')(spec, path)]
        : [required(at(path, 'template'))]),
    ];
  },
});

const daemonStrategy: Rule = (value, path) => {
  const { type, rollingUpdate } = objectAt(value);
  const field = at(path, 'rollingUpdate');
  const { maxUnavailable, maxSurge } = objectAt(rollingUpdate);
  if (type === 'OnDelete') return [];
  if (type !== 'RollingUpdate')
    return [unsupported(path, internalForm(objectAt(value), UPDATE), ['RollingUpdate', 'OnDelete'])];
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
    ...selector({ what: 'daemonset', needed: false })(spec, path),
    ...templateCauses(at(path, 'template'), objectAt(spec, 'template'), ['Always']),
    ...noDeadline(spec, path, 'DaemonSet'),
    ...fields({ minReadySeconds: notNegative, updateStrategy: daemonStrategy, revisionHistoryLimit: notNegative })(
      spec,
      path,
    ),
  ],
});

const STATEFUL_UPDATE = {
  Type: '',
  RollingUpdate: { of: { Partition: 0, MaxUnavailable: null }, pointer: true },
} as const satisfies Shape;

const statefulStrategy: Rule = (value, path) => {
  const { type, rollingUpdate } = objectAt(value);
  const field = at(path, 'rollingUpdate');
  const form = internalForm(objectAt(value), STATEFUL_UPDATE);
  if (type === 'OnDelete')
    return isObject(rollingUpdate)
      ? [invalidValue(field, objectAt(form)['RollingUpdate'], "only allowed for updateStrategy 'RollingUpdate'")]
      : [];
  if (type === undefined || type === '') return [required(path)];
  if (type !== 'RollingUpdate') return [invalidValue(path, form, "must be 'RollingUpdate' or 'OnDelete'")];
  return fields({ partition: notNegative, maxUnavailable: countOrPercent })(rollingUpdate, field);
};

const podManagement: Rule = (value, path) =>
  value === 'OrderedReady' || value === 'Parallel'
    ? []
    : [invalidValue(path, value ?? '', "must be 'OrderedReady' or 'Parallel'")];

const retention: Rule = word(['Retain', 'Delete']);

/** The template with the volumes of the claims that are made for its Pods, which take the place of its own. */
function withClaims(spec: Json | undefined): JsonObject {
  const template = objectAt(spec, 'template');
  const names = [...new Set(listAt(spec, 'volumeClaimTemplates').map((claim) => textAt(claim, 'metadata', 'name')))];
  const claims = names.map((name): JsonObject => ({ name, persistentVolumeClaim: { claimName: name } }));
  const own = listAt(template, 'spec', 'volumes').filter((volume) => !names.includes(textAt(volume, 'name')));
  const volumes = [...claims, ...own];
  return volumes.length === 0 ? template : { ...template, spec: { ...objectAt(template, 'spec'), volumes } };
}

const statefulSpec =
  (isNew: boolean): Rule =>
  (spec, path) => {
    const field = at(path, 'template');
    return [
      ...fields({
        podManagementPolicy: podManagement,
        updateStrategy: statefulStrategy,
        persistentVolumeClaimRetentionPolicy: optional(fields({ whenDeleted: retention, whenScaled: retention })),
        volumeClaimTemplates: isNew ? claimTemplates : plain,
        replicas: notNegative,
        minReadySeconds: notNegative,
        ordinals: fields({ start: notNegative }),
        serviceName: isNew ? text(labelProblems) : plain,
      })(spec, path),
      ...selector({ what: 'statefulset', unusable: '' })(spec, path),
      ...chosenTemplate(() => [
        ...templateCauses(field, withoutNames(withClaims(spec)), ['Always']),
        // Labels and annotations are looked at twice, as the API server does.
        ...metadataCauses(field, objectAt(spec, 'template', 'metadata')),
      ])(spec, path),
      ...noDeadline(spec, path, 'StatefulSet'),
    ];
  };

const plain: Rule = () => [];
const claimTemplates: Rule = items((claim, place) => claimSpec(objectAt(claim)['spec'], at(place, 'spec')));

/** What is no name of a host is let pass: each Pod of a set has its own. */
function withoutNames(template: JsonObject): JsonObject {
  const { hostname: _host, subdomain: _domain, ...spec } = objectAt(template, 'spec');
  return { ...template, spec };
}

export const statefulSet: Rule = fields({ spec: statefulSpec(true) });
/** What may not change of one that is there is not looked at again. */
export const changedStatefulSet: Rule = fields({ spec: statefulSpec(false) });

export const controllerRevision: Rule = fields({
  revision: notNegative,
  data: (value, path) => {
    if (value === undefined || value === null) return [required(path, 'data is mandatory')];
    return isObject(value) ? [] : [required(path, 'data must be a valid JSON object')];
  },
});

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
  const rest = (value: JsonObject): JsonObject => {
    const { volumeClaimTemplates, ...spec } = objectAt(value, 'spec');
    const claims = listAt(volumeClaimTemplates).map((claim) => ({ ...objectAt(claim), apiVersion: '', kind: '' }));
    const fixed = Object.entries(spec).filter(([key]) => !STATEFUL_MAY_CHANGE.includes(key));
    return { serviceName: '', ...Object.fromEntries(fixed), claims };
  };
  if (sameJson(rest(object), rest(before))) return [];
  const names =
    "'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds'";
  return [forbiddenField('spec', `updates to statefulset spec for fields other than ${names} are forbidden`)];
}
