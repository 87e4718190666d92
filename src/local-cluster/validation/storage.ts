// Volumes, claims and classes of storage.

import { isObject, type Json, type JsonObject, listAt, objectAt, sameJson, textAt } from '../../core/json.ts';
import { parseQuantity } from '../../objects/quantity.ts';
import { type Cause, forbiddenField, invalidValue, required, unsupported } from '../status.ts';
import { subdomainProblems } from './names.ts';
import { all, at, entries, fields, known, labelSelector, needed, optional, type Rule, text } from './rules.ts';
import { nodeSelector } from './scheduling.ts';
import { volumeSource } from './volume.ts';

const MODES = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];
const VOLUME_MODES = ['Block', 'Filesystem'];

export const accessModes = (message: string): Rule =>
  all(needed(message), (value, path) => {
    const modes = listAt(value);
    const shared = modes.includes('ReadWriteOncePod') && modes.some((mode) => mode !== 'ReadWriteOncePod');
    return [
      ...modes.flatMap((mode) => known(MODES)(mode, path)),
      ...(shared ? [forbiddenField(path, 'may not use ReadWriteOncePod with other access modes')] : []),
    ];
  });

const positiveQuantity: Rule = (value, path) =>
  parseQuantity(String(value)).nano > 0n ? [] : [invalidValue(path, String(value), 'must be greater than zero')];

const className = text(subdomainProblems);

function dataSource(value: Json | undefined, path: string): Cause[] {
  const { apiGroup, kind } = objectAt(value);
  const isForeign = (apiGroup === undefined || apiGroup === '') && kind !== 'PersistentVolumeClaim';
  const message = "must be 'PersistentVolumeClaim' when referencing the default apiGroup";
  return [
    ...fields({ name: needed(), kind: needed() })(value, path),
    ...(isForeign ? [invalidValue(at(path, 'kind'), kind ?? '', message)] : []),
  ];
}

/** What a claim asks for; also of claims that others make by a template. */
const claimSpec: Rule = fields({
  accessModes: accessModes('at least 1 access mode is required'),
  selector: optional(labelSelector),
  resources: (value, path) => {
    const storage = objectAt(value, 'requests')['storage'];
    const field = `${path}[storage]`;
    return storage === undefined ? [required(field)] : positiveQuantity(storage, field);
  },
  storageClassName: className,
  volumeMode: known(VOLUME_MODES),
  dataSource: optional(dataSource),
  dataSourceRef: optional(dataSource),
});

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

const capacity: Rule = (value, path) => {
  const amounts = objectAt(value);
  if (Object.keys(amounts).length === 0) return [required(path)];
  const odd = amounts['storage'] === undefined || Object.keys(amounts).length > 1;
  return [...(odd ? [unsupported(path, amounts, ['storage'])] : []), ...entries(positiveQuantity)(value, path)];
};

const SPEC_FIELDS = [
  'accessModes',
  'capacity',
  'claimRef',
  'mountOptions',
  'nodeAffinity',
  'persistentVolumeReclaimPolicy',
  'storageClassName',
  'volumeAttributesClassName',
  'volumeMode',
];

/** Where a volume is. */
export const source: Rule = (spec, path) => {
  const ways = Object.keys(objectAt(spec)).filter((field) => !SPEC_FIELDS.includes(field));
  if (ways.length === 0) return [required(path, 'must specify a volume type')];
  return [
    ...ways.slice(1).map((way) => forbiddenField(at(path, way), 'may not specify more than 1 volume type')),
    ...volumeSource(spec, path),
  ];
};

export const persistentVolume: Rule = fields({
  spec: all(
    fields({
      accessModes: accessModes(''),
      capacity,
      persistentVolumeReclaimPolicy: known(['Delete', 'Recycle', 'Retain']),
    }),
    source,
    recycling,
    fields({
      storageClassName: className,
      volumeMode: known(VOLUME_MODES),
      nodeAffinity: optional(
        fields({
          required: (value, path) =>
            isObject(value) ? nodeSelector(value, path) : [required(path, 'must specify required node constraints')],
        }),
      ),
    }),
    localVolume,
  ),
});

/** A volume of one node says which. */
function localVolume(spec: Json | undefined): Cause[] {
  const { local, nodeAffinity } = objectAt(spec);
  return isObject(local) && !isObject(nodeAffinity)
    ? [required('metadata.annotations', 'Local volume requires node affinity')]
    : [];
}

/** Whoever wipes a volume must not wipe the node. */
function recycling(spec: Json | undefined, path: string): Cause[] {
  const isRoot = /^\/+$/.test(textAt(spec, 'hostPath', 'path'));
  return isRoot && objectAt(spec)['persistentVolumeReclaimPolicy'] === 'Recycle'
    ? [forbiddenField(at(path, 'persistentVolumeReclaimPolicy'), "may not be 'recycle' for a hostPath mount of '/'")]
    : [];
}

export function volumeChangeCauses(object: JsonObject, before: JsonObject): Cause[] {
  const sourceOf = (value: JsonObject): JsonObject =>
    Object.fromEntries(Object.entries(objectAt(value, 'spec')).filter(([field]) => !SPEC_FIELDS.includes(field)));
  const causes: Cause[] = [];
  if (!sameJson(sourceOf(object), sourceOf(before)))
    causes.push(
      forbiddenField('spec.persistentvolumesource', 'spec.persistentvolumesource is immutable after creation'),
    );
  const [now, old] = [objectAt(object, 'spec')['volumeMode'], objectAt(before, 'spec')['volumeMode']];
  if (!sameJson(now, old)) causes.push(invalidValue('spec.volumeMode', now, 'field is immutable'));
  return causes;
}
