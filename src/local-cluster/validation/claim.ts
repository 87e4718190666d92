// Claims of volumes: their own kind, and the templates of them that Pods and StatefulSets hold.

import { isObject, type Json, type JsonObject, listAt, objectAt, sameJson } from '../../core/json.ts';
import { parseQuantity } from '../../objects/quantity.ts';
import { type Cause, forbiddenField, invalidValue, required } from '../status.ts';
import { keyCauses, subdomainProblems } from './names.ts';
import { all, at, fields, labelSelector, labels, needed, optional, type Rule, text, word } from './rules.ts';

const MODES = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];
export const volumeMode: Rule = optional(word(['Block', 'Filesystem']));

export const accessModes = (message: string): Rule =>
  all(needed(message), (value, path) => {
    const modes = listAt(value);
    const shared = modes.includes('ReadWriteOncePod') && modes.some((mode) => mode !== 'ReadWriteOncePod');
    return [
      ...modes.flatMap((mode) => word(MODES)(mode, path)),
      ...(shared ? [forbiddenField(path, 'may not use ReadWriteOncePod with other access modes')] : []),
    ];
  });

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

const storage: Rule = (value, path) => {
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
  fields({
    selector: optional(labelSelector),
    accessModes: accessModes('at least 1 access mode is required'),
    resources: storage,
    storageClassName: className,
    volumeMode,
    dataSource: optional(dataSource),
    dataSourceRef: optional(dataSource),
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

/** Fields of a bound volume and its claim that go on being filled in. */
const CLAIM_MAY_CHANGE = ['resources', 'volumeAttributesClassName', 'volumeName', 'storageClassName', 'volumeMode'];

export function claimChangeCauses(object: JsonObject, before: JsonObject): Cause[] {
  const fixed = (value: JsonObject): JsonObject => {
    const spec = objectAt(value, 'spec');
    const set = (field: string): boolean =>
      !CLAIM_MAY_CHANGE.includes(field) || objectAt(before, 'spec')[field] !== undefined;
    return Object.fromEntries(
      Object.entries(spec).filter(
        ([field]) => field !== 'resources' && field !== 'volumeAttributesClassName' && set(field),
      ),
    );
  };
  const shrunk = storageOf(object) < storageOf(before);
  if (!sameJson(fixed(object), fixed(before))) {
    const message =
      'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims';
    return [forbiddenField('spec', message)];
  }
  return shrunk
    ? [forbiddenField('spec.resources.requests.storage', 'field can not be less than status.capacity')]
    : [];
}

function storageOf(value: JsonObject): bigint {
  const amount = objectAt(value, 'spec', 'resources', 'requests')['storage'];
  return amount === undefined ? 0n : parseQuantity(String(amount)).nano;
}
