// Where a volume comes from: what each kind of source must say.

import { isObject, type Json, listAt, objectAt, textAt } from '../../core/json.ts';
import { parseQuantity } from '../../objects/quantity.ts';
import { type Cause, forbiddenField, invalidValue, required } from '../status.ts';
import { subdomainProblems } from './names.ts';
import { resourceDivisor, resourceField } from './resources.ts';
import {
  all,
  at,
  atMostOne,
  between,
  fields,
  inTurn,
  items,
  known,
  needed,
  optional,
  type Rule,
  text,
} from './rules.ts';

const mode: Rule = between(0, 0o777);

/** A path that stays below where it starts. */
const relativePath: Rule = all(needed(), (value, path) => {
  const name = String(value ?? '');
  if (name.startsWith('/')) return [invalidValue(path, name, 'must be a relative path')];
  return name.split('/').includes('..') ? [invalidValue(path, name, "must not contain '..'")] : [];
});

export const subPath: Rule = (value, path) => (value === undefined || value === '' ? [] : relativePath(value, path));

const keyToPath: Rule = fields({ key: needed(), path: relativePath, mode });

const ofKeys = (name: string): Rule => fields({ [name]: needed(), defaultMode: mode, items: items(keyToPath) });

const FIELDS = ['metadata.annotations', 'metadata.labels', 'metadata.name', 'metadata.namespace', 'metadata.uid'];

const fieldReference: Rule = fields({
  fieldPath: inTurn(needed(), (value, path) =>
    /^metadata\.(labels|annotations)\['.+'\]$/.test(String(value)) ? [] : known(FIELDS)(value, path),
  ),
});

const upward: Rule = (value, path) => {
  const name = textAt(value, 'path');
  const ways = ['fieldRef', 'resourceFieldRef'].filter((way) => isObject(objectAt(value)[way]));
  const places = [
    ...relativePath(name, at(path, 'path')),
    ...fields({
      fieldRef: optional(fieldReference),
      resourceFieldRef: optional(all(resourceField(true), resourceDivisor)),
      mode,
    })(value, path),
  ];
  if (ways.length === 0) return [...places, required(path, 'one of fieldRef and resourceFieldRef is required')];
  return ways.length > 1
    ? [...places, invalidValue(path, 'resource', 'fieldRef and resourceFieldRef can not be specified simultaneously')]
    : places;
};

const PROJECTIONS = [
  'secret',
  'configMap',
  'downwardAPI',
  'serviceAccountToken',
  'clusterTrustBundle',
  'podCertificate',
];

const projection: Rule = (value, path) => {
  const ways = PROJECTIONS.filter((way) => isObject(objectAt(value)[way]));
  if (ways.length === 0) return [required(path, 'specify at least 1 volume projection type')];
  const named = fields({ name: needed(), items: items(keyToPath) });
  return [
    ...atMostOne(PROJECTIONS, 'may not specify more than 1 volume type')(value, path),
    ...fields({
      secret: optional(named),
      configMap: optional(named),
      downwardAPI: optional(fields({ items: items(upward) })),
      serviceAccountToken: optional(fields({ path: relativePath, expirationSeconds })),
    })(value, path),
  ];
};

const expirationSeconds: Rule = (value, path) => {
  if (typeof value !== 'number') return [];
  if (value < 600) return [invalidValue(path, value, 'may not specify a duration less than 10 minutes')];
  return value > 2 ** 32 ? [invalidValue(path, value, 'may not specify a duration larger than 2^32 seconds')] : [];
};

/** Where a projection puts things, each with what is told of when it is there already. */
function placesOf(projection: Json): (readonly [path: string, subject: string])[] {
  const keyed = ['secret', 'configMap'].flatMap((way) =>
    listAt(projection, way, 'items').map((item) => [textAt(item, 'path'), textAt(projection, way, 'name')] as const),
  );
  const plain = [...listAt(projection, 'downwardAPI', 'items'), objectAt(projection)['serviceAccountToken'] ?? null];
  return [...keyed, ...plain.map((item) => [textAt(item, 'path'), textAt(item, 'path')] as const)];
}

const differentPlaces: Rule = (value, path) => {
  const places = listAt(value, 'sources')
    .flatMap(placesOf)
    .filter(([place]) => place !== '');
  return places.flatMap(([place, subject], index) =>
    places.findIndex(([other]) => other === place) < index
      ? [invalidValue(path, subject, 'conflicting duplicate paths')]
      : [],
  );
};

const HOST_PATHS = ['BlockDevice', 'CharDevice', 'Directory', 'DirectoryOrCreate', 'File', 'FileOrCreate', 'Socket'];

const notUpward: Rule = (value, path) =>
  String(value ?? '')
    .split('/')
    .includes('..')
    ? [invalidValue(path, value, "must not contain '..'")]
    : [];

const sizeLimit: Rule = (value, path) =>
  parseQuantity(String(value)).nano < 0n
    ? [forbiddenField(path, 'SizeLimit field must be a valid resource quantity')]
    : [];

const lun: Rule = between(0, 255);

const initiator: Rule = text((value) =>
  /^(iqn|eui|naa)\./.test(value) ? [] : ['must be valid format starting with iqn, eui, or naa'],
);

const fibreChannel: Rule = (value, path) => {
  const [names, ids] = [listAt(value, 'targetWWNs'), listAt(value, 'wwids')];
  const field = at(path, 'targetWWNs');
  if (names.length === 0 && ids.length === 0)
    return [required(field, 'must specify either targetWWNs or wwids, but not both')];
  if (names.length > 0 && ids.length > 0)
    return [invalidValue(field, names, 'targetWWNs and wwids can not be specified simultaneously')];
  const unit = objectAt(value)['lun'];
  if (names.length > 0 && unit === undefined)
    return [required(at(path, 'lun'), 'lun is required if targetWWNs is specified')];
  return names.length > 0 ? lun(unit, at(path, 'lun')) : [];
};

const dataset: Rule = (value, path) => {
  const [name, id] = [textAt(value, 'datasetName'), textAt(value, 'datasetUUID')];
  if (name === '' && id === '') return [required(path, 'one of datasetName and datasetUUID is required')];
  if (name !== '' && id !== '')
    return [invalidValue(path, 'resource', 'datasetName and datasetUUID can not be specified simultaneously')];
  return name.includes('/') ? [invalidValue(at(path, 'datasetName'), name, "must not contain '/'")] : [];
};

const SOURCES: Readonly<Record<string, Rule>> = {
  emptyDir: fields({ sizeLimit: optional(sizeLimit) }),
  hostPath: fields({ path: all(needed(), notUpward), type: known(HOST_PATHS) }),
  gitRepo: fields({ repository: needed() }),
  gcePersistentDisk: fields({ pdName: needed(), partition: between(0, 255) }),
  awsElasticBlockStore: fields({ volumeID: needed(), partition: between(0, 255) }),
  secret: ofKeys('secretName'),
  nfs: fields({
    server: needed(),
    path: all(needed(), (value, path) =>
      value === undefined || String(value).startsWith('/')
        ? []
        : [invalidValue(path, value, 'must be an absolute path')],
    ),
  }),
  iscsi: all(fields({ targetPortal: needed(), iqn: inTurn(needed(), initiator), lun }), (value, path) => {
    const { chapAuthDiscovery, chapAuthSession, secretRef } = objectAt(value);
    const checks = chapAuthDiscovery === true || chapAuthSession === true;
    return checks && !isObject(secretRef) ? [required(at(path, 'secretRef'))] : [];
  }),
  fc: fibreChannel,
  cinder: fields({ volumeID: needed() }),
  flocker: dataset,
  photonPersistentDisk: fields({ pdID: needed() }),
  portworxVolume: fields({ volumeID: needed() }),
  quobyte: fields({
    registry: needed('must be a host:port pair or multiple pairs separated by commas'),
    volume: needed(),
  }),
  scaleIO: fields({ gateway: needed(), system: needed(), volumeName: needed() }),
  vsphereVolume: fields({ volumePath: needed() }),
  glusterfs: fields({ endpoints: needed(), path: needed() }),
  persistentVolumeClaim: fields({ claimName: needed() }),
  rbd: fields({ monitors: needed(), image: needed() }),
  flexVolume: fields({ driver: needed() }),
  cephfs: fields({ monitors: needed() }),
  downwardAPI: fields({ defaultMode: mode, items: items(upward) }),
  configMap: ofKeys('name'),
  azureFile: fields({ secretName: needed(), shareName: needed() }),
  azureDisk: fields({ diskName: needed(), diskURI: needed() }),
  projected: all(fields({ defaultMode: mode, sources: items(projection) }), differentPlaces),
  csi: fields({
    driver: all(
      needed(),
      text((name) => subdomainProblems(name.toLowerCase())),
    ),
    nodePublishSecretRef: optional(fields({ name: needed() })),
  }),
  local: fields({ path: all(needed(), notUpward) }),
  image: fields({ reference: needed(), pullPolicy: known(['Always', 'IfNotPresent', 'Never']) }),
  ephemeral: fields({ volumeClaimTemplate: (value, path) => (value === undefined ? [required(path)] : []) }),
};

/** The sources of a volume, by the name of their field. */
export const volumeSource: Rule = (value, path) =>
  Object.entries(objectAt(value)).flatMap(([field, source]): Cause[] =>
    isObject(source) ? (SOURCES[field]?.(source, at(path, field)) ?? []) : [],
  );
