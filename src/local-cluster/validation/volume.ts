// Where a volume comes from: what each kind of source must say.

import { isObject, objectAt, textAt } from '../../core/json.ts';
import { parseQuantity } from '../../objects/quantity.ts';
import { type Cause, forbiddenField, invalidValue, required } from '../status.ts';
import { subdomainProblems } from './names.ts';
import { all, at, atMostOne, between, fields, items, known, needed, optional, type Rule, text } from './rules.ts';

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

const upward: Rule = (value, path) => {
  const name = textAt(value, 'path');
  const ways = ['fieldRef', 'resourceFieldRef'].filter((way) => isObject(objectAt(value)[way]));
  const places = relativePath(name, at(path, 'path'));
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
      serviceAccountToken: optional(fields({ path: relativePath, expirationSeconds: between(600, 2 ** 32) })),
    })(value, path),
  ];
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
  iscsi: fields({ targetPortal: needed(), iqn: needed() }),
  glusterfs: fields({ endpoints: needed(), path: needed() }),
  persistentVolumeClaim: fields({ claimName: needed() }),
  rbd: fields({ monitors: needed(), image: needed() }),
  flexVolume: fields({ driver: needed() }),
  cephfs: fields({ monitors: needed() }),
  downwardAPI: fields({ defaultMode: mode, items: items(upward) }),
  configMap: ofKeys('name'),
  azureFile: fields({ secretName: needed(), shareName: needed() }),
  azureDisk: fields({ diskName: needed(), diskURI: needed() }),
  projected: fields({ defaultMode: mode, sources: items(projection) }),
  csi: fields({ driver: all(needed(), text(subdomainProblems)) }),
  local: fields({ path: all(needed(), notUpward) }),
  image: fields({ reference: needed(), pullPolicy: known(['Always', 'IfNotPresent', 'Never']) }),
  ephemeral: fields({ volumeClaimTemplate: (value, path) => (value === undefined ? [required(path)] : []) }),
};

/** The sources of a volume, by the name of their field. */
export const volumeSource: Rule = (value, path) =>
  Object.entries(objectAt(value)).flatMap(([field, source]): Cause[] =>
    isObject(source) ? (SOURCES[field]?.(source, at(path, field)) ?? []) : [],
  );
