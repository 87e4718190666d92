// Claims of volumes: their own kind, and the templates of them that Pods and StatefulSets hold.

import { isObject, type Json, type JsonObject, listAt, objectAt, sameJson, textAt } from '../../core/json.ts';
import { parseQuantity } from '../../objects/quantity.ts';
import { type Cause, forbiddenField, invalidValue, required } from '../status.ts';
import { internalDiff, internalOf } from './internal.ts';
import { keyCauses, labelProblems, subdomainProblems } from './names.ts';
import { all, at, fields, labelSelector, labels, needed, optional, type Rule, text, word } from './rules.ts';

const SHARED_MODES = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce'];
const MODES = [...SHARED_MODES, 'ReadWriteOncePod'];
export const volumeMode: Rule = optional(word(['Block', 'Filesystem']));

const ofModes: Rule = (value, path) => {
  const modes = listAt(value);
  const shared = modes.includes('ReadWriteOncePod') && modes.some((mode) => SHARED_MODES.includes(String(mode)));
  return [
    ...modes.flatMap((mode) => word(MODES)(mode, path)),
    ...(shared ? [forbiddenField(path, 'may not use ReadWriteOncePod with other access modes')] : []),
  ];
};

export const accessModes: Rule = all(needed(), ofModes);

export const positiveQuantity: Rule = (value, path) =>
  parseQuantity(String(value)).nano > 0n ? [] : [invalidValue(path, String(value), 'must be greater than zero')];

export const className: Rule = text(subdomainProblems);

/** What a volume starts with: another claim, or what a group of kinds knows of. */
const dataSource: Rule = (value, path) => {
  const { apiGroup, kind } = objectAt(value);
  const isForeign = (apiGroup ?? '') === '' && kind !== 'PersistentVolumeClaim';
  const message = "must be 'PersistentVolumeClaim' when referencing the default apiGroup";
  return [
    ...fields({ name: needed(), kind: needed() })(value, path),
    ...(isForeign ? [invalidValue(path, kind ?? '', message)] : []),
    ...className(apiGroup, at(path, 'apiGroup')),
  ];
};

const storageRule: Rule = (value, path) => {
  const amount = objectAt(value, 'requests')['storage'];
  const field = `${path}[storage]`;
  return amount === undefined ? [required(field)] : positiveQuantity(amount, field);
};

/** Both ways to name a source say the same. */
const sameSource: Rule = (spec, path) => {
  const { dataSource: own, dataSourceRef } = objectAt(spec);
  const { namespace, ...plain } = objectAt(dataSourceRef);
  const isCompared = isObject(own) && isObject(dataSourceRef) && (namespace ?? '') === '';
  return isCompared && !sameJson(own, plain) ? [invalidValue(path, {}, 'must match dataSourceRef')] : [];
};

/** What a claim asks for; also of claims that others make by a template. */
export const claimSpec: Rule = all(
  fields({ accessModes: needed('at least 1 access mode is required'), selector: optional(labelSelector) }),
  fields({
    accessModes: ofModes,
    resources: storageRule,
    storageClassName: className,
    volumeMode,
    dataSource: optional(dataSource),
    dataSourceRef: optional(all(dataSource, fields({ namespace: text(labelProblems) }))),
  }),
  sameSource,
  fields({ volumeAttributesClassName: className }),
);

const TEMPLATE_FIELDS = ['annotations', 'labels'];

const annotationKeys: Rule = (value, path) =>
  Object.keys(objectAt(value)).flatMap((key) => keyCauses(path, key.toLowerCase(), key));

/** Of its metadata a template has what claims can take over. */
export const claimTemplate: Rule = fields({
  metadata: all(fields({ annotations: annotationKeys, labels }), (value, path) =>
    Object.entries(objectAt(value))
      .filter(([field, given]) => !TEMPLATE_FIELDS.includes(field) && isGiven(given))
      .map(([field]) => forbiddenField(at(path, field === 'uid' ? 'uID' : field), 'cannot be set')),
  ),
  spec: claimSpec,
});

const isGiven = (value: Json | undefined): boolean =>
  value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0);

export const claim: Rule = fields({ spec: claimSpec });

const IMMUTABLE =
  'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims';
/** Where claims named their class before there was a field. */
export const CLASS_ANNOTATION = 'volume.beta.kubernetes.io/storage-class';

export function claimChangeCauses(object: JsonObject, before: JsonObject): Cause[] {
  const old = objectAt(before, 'spec');
  const now = withoutAllowed(object, before);
  const [size, earlier] = [
    storageOf(objectAt(object, 'spec', 'resources', 'requests')),
    storageOf(objectAt(old, 'resources', 'requests')),
  ];
  const isShrunk = size < earlier && size <= storageOf(objectAt(before, 'status', 'capacity'));
  const [mode, oldMode] = [now['volumeMode'], old['volumeMode']];
  const print = (spec: JsonObject): Json => internalOf('PersistentVolumeClaimSpec', spec);
  return [
    ...(sameJson(print(now), print(old))
      ? []
      : [forbiddenField('spec', `${IMMUTABLE}\n${internalDiff('PersistentVolumeClaimSpec', old, now)}`)]),
    ...(isShrunk
      ? [forbiddenField('spec.resources.requests.storage', 'field can not be less than status.capacity')]
      : []),
    ...(sameJson(mode, oldMode) ? [] : [invalidValue('volumeMode', mode, 'field is immutable')]),
  ];
}

/** The spec that a claim is to have, with what it may change as it was. */
function withoutAllowed(object: JsonObject, before: JsonObject): JsonObject {
  const [now, old] = [objectAt(object, 'spec'), objectAt(before, 'spec')];
  const kept = (field: string): JsonObject => (old[field] === undefined ? {} : { [field]: old[field] ?? null });
  const { volumeName, storageClassName, volumeAttributesClassName, resources, ...rest } = now;
  const isBound = textAt(before, 'status', 'phase') === 'Bound';
  const given = (field: string, value: Json | undefined): JsonObject => (value === undefined ? {} : { [field]: value });
  const annotated = objectAt(before, 'metadata', 'annotations')[CLASS_ANNOTATION];
  const mayTakeClass =
    old['storageClassName'] === undefined && (annotated === undefined || annotated === storageClassName);
  const size = objectAt(old, 'resources', 'requests')['storage'];
  const requests = objectAt(resources, 'requests');
  const sized = isBound && isObject(objectAt(resources)['requests']) && size !== undefined;
  return {
    ...rest,
    ...(textAt(old, 'volumeName') === '' ? {} : given('volumeName', volumeName)),
    ...(mayTakeClass ? {} : given('storageClassName', storageClassName)),
    ...(isBound ? kept('volumeAttributesClassName') : given('volumeAttributesClassName', volumeAttributesClassName)),
    ...given('resources', sized ? { ...objectAt(resources), requests: { ...requests, storage: size } } : resources),
  };
}

function storageOf(amounts: JsonObject): bigint {
  const { storage } = amounts;
  return storage === undefined ? 0n : parseQuantity(String(storage)).nano;
}
