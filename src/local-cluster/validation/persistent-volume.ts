// Volumes of the cluster: where they come from, how large they are, where they can be used.

import { isObject, type Json, type JsonObject, objectAt, sameJson, textAt } from '../../core/json.ts';
import { parseQuantity } from '../../objects/quantity.ts';
import { type Cause, forbiddenField, invalidValue, required, unsupported } from '../status.ts';
import { accessModes, className, positiveQuantity, volumeMode } from './claim.ts';
import { internalDiff, internalOf, sortedByKey } from './internal.ts';
import { labelProblems, subdomainProblems } from './names.ts';
import { all, at, entries, fields, inTurn, known, needed, optional, type Rule, text } from './rules.ts';
import { nodeSelector } from './scheduling.ts';
import { driverName, initiatorFormat, iscsi, notUpward, oneSource, SHARED_SOURCES, storageOs } from './volume.ts';

/** A secret of some namespace, which a volume of the cluster has to name. */
const secret: Rule = fields({ name: needed(), namespace: needed() });

const validSecret: Rule = fields({
  name: inTurn(needed(), text(subdomainProblems)),
  namespace: inTurn(needed(), text(labelProblems)),
});

const csi: Rule = fields({
  driver: driverName,
  volumeHandle: needed(),
  controllerPublishSecretRef: optional(validSecret),
  controllerExpandSecretRef: optional(validSecret),
  nodePublishSecretRef: optional(validSecret),
  nodeExpandSecretRef: optional(validSecret),
});

/** In the order in which they are looked at. */
const SOURCES = {
  hostPath: SHARED_SOURCES.hostPath,
  gcePersistentDisk: SHARED_SOURCES.gcePersistentDisk,
  awsElasticBlockStore: SHARED_SOURCES.awsElasticBlockStore,
  glusterfs: all(SHARED_SOURCES.glusterfs, fields({ endpointsNamespace: text(labelProblems) })),
  flocker: SHARED_SOURCES.flocker,
  nfs: SHARED_SOURCES.nfs,
  rbd: SHARED_SOURCES.rbd,
  quobyte: SHARED_SOURCES.quobyte,
  cephfs: SHARED_SOURCES.cephfs,
  iscsi: iscsi(initiatorFormat, fields({ name: needed() })),
  cinder: fields({ volumeID: needed(), secretRef: optional(secret) }),
  fc: SHARED_SOURCES.fc,
  flexVolume: SHARED_SOURCES.flexVolume,
  azureFile: all(SHARED_SOURCES.azureFile, fields({ secretNamespace: optional(needed()) })),
  vsphereVolume: SHARED_SOURCES.vsphereVolume,
  photonPersistentDisk: SHARED_SOURCES.photonPersistentDisk,
  portworxVolume: SHARED_SOURCES.portworxVolume,
  azureDisk: SHARED_SOURCES.azureDisk,
  scaleIO: SHARED_SOURCES.scaleIO,
  local: fields({ path: all(needed(), notUpward) }),
  storageos: storageOs(secret),
  csi,
} as const satisfies Readonly<Record<string, Rule>>;

const NANO = 1_000_000_000n;

/** How much of something a volume has. */
const amount: Rule = (value, path) => {
  const { nano } = parseQuantity(String(value));
  const whole = Number(nano / NANO);
  const negative = nano < 0n ? [invalidValue(path, whole, 'must be a valid resource quantity')] : [];
  return [...negative, ...positiveQuantity(value, path)];
};

const capacity: Rule = (value, path) => {
  const amounts = objectAt(value);
  const odd = amounts['storage'] === undefined || Object.keys(amounts).length > 1;
  return [
    ...(Object.keys(amounts).length === 0 ? [required(path)] : []),
    ...(odd ? [unsupported(path, isObject(value) ? sortedByKey(amounts) : null, ['storage'])] : []),
    ...entries(amount)(value, path),
  ];
};

const nodeAffinity: Rule = fields({
  required: (value, path) =>
    isObject(value) ? nodeSelector(value, path) : [required(path, 'must specify required node constraints')],
});

/** Where a volume is; one of a node says which. */
export const source: Rule = (spec, path) => {
  const isNone = !Object.keys(SOURCES).some((way) => isObject(objectAt(spec)[way]));
  if (isNone) return [required(path, 'must specify a volume type')];
  const isPlaced = isObject(objectAt(spec)['nodeAffinity']);
  const placed: Rule = () =>
    isPlaced ? [] : [required(at(path, 'nodeAffinity'), 'Local volume requires node affinity')];
  return oneSource({ ...SOURCES, local: all(SOURCES.local, placed) }, ['flexVolume'])(spec, path);
};

export const persistentVolume: Rule = fields({
  spec: all(
    fields({
      accessModes,
      capacity,
      persistentVolumeReclaimPolicy: known(['Delete', 'Recycle', 'Retain']),
      nodeAffinity: optional(nodeAffinity),
    }),
    source,
    recycling,
    fields({ storageClassName: className, volumeMode }),
    attributesClass,
  ),
});

/** Only drivers know of attributes. */
function attributesClass(spec: Json | undefined, path: string): Cause[] {
  const { volumeAttributesClassName: name, csi: driver } = objectAt(spec);
  const field = at(path, 'volumeAttributesClassName');
  if (name === undefined || name === null) return [];
  return [
    ...inTurn(needed('an empty string is disallowed'), className)(name, field),
    ...(isObject(driver)
      ? []
      : [required(at(path, 'csi'), 'has to be specified when using volumeAttributesClassName')]),
  ];
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
    Object.fromEntries(Object.entries(objectAt(value, 'spec')).filter(([field]) => Object.hasOwn(SOURCES, field)));
  const causes: Cause[] = [];
  if (!sameJson(sourceOf(object), sourceOf(before)))
    causes.push(
      forbiddenField(
        'spec.persistentvolumesource',
        `spec.persistentvolumesource is immutable after creation\n${internalDiff('PersistentVolumeSource', before['spec'], object['spec'])}`,
      ),
    );
  const [now, old] = [objectAt(object, 'spec')['volumeMode'], objectAt(before, 'spec')['volumeMode']];
  if (!sameJson(now, old)) causes.push(invalidValue('volumeMode', now, 'field is immutable'));
  const attributes = (value: JsonObject): Json => objectAt(value, 'spec')['volumeAttributesClassName'] ?? null;
  if (attributes(before) !== null && attributes(object) === null)
    causes.push(forbiddenField('spec.volumeAttributesClassName', 'update from non-nil value to nil is forbidden'));
  const place = (value: JsonObject): Json => {
    const { nodeAffinity } = objectAt(value, 'spec');
    return isObject(nodeAffinity) ? internalOf('VolumeNodeAffinity', nodeAffinity) : null;
  };
  if (place(before) !== null && !sameJson(place(object), place(before))) {
    const message = 'field is immutable, except for updating from beta label to GA';
    causes.push(invalidValue('nodeAffinity', place(object), message));
  }
  return causes;
}
