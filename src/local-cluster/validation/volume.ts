// Where a volume comes from: what each kind of source must say, and that there is one.

import { isObject, listAt, objectAt, textAt } from '../../core/json.ts';
import { type Cause, forbiddenField, invalidValue, required, tooLong, unsupported } from '../status.ts';
import { labelProblems, subdomainProblems } from './names.ts';
import { all, at, between, fields, inTurn, needed, optional, type Rule, text, word } from './rules.ts';

/** A path that stays below where it starts. */
export const localPath: Rule = text((path) => {
  if (path.startsWith('/')) return ['must be a relative path'];
  return hasStepUp(path) ? ["must not contain '..'"] : [];
});

const hasStepUp = (path: string): boolean => path.split('/').includes('..');

export const notUpward: Rule = text((path) => (hasStepUp(path) ? ["must not contain '..'"] : []));

/** Absent, empty and given are told of alike. */
const asText =
  (rule: Rule): Rule =>
  (value, path) =>
    rule(value ?? '', path);

const absolute: Rule = asText((value, path) =>
  String(value).startsWith('/') ? [] : [invalidValue(path, value, 'must be an absolute path')],
);

const HOST_PATHS = [
  '',
  'BlockDevice',
  'CharDevice',
  'Directory',
  'DirectoryOrCreate',
  'File',
  'FileOrCreate',
  'Socket',
];

const partition: Rule = (value, path) => (value === 0 ? [] : between(1, 255)(value, path));
const lun: Rule = between(0, 255);

const QUALIFIED_NAME = /^(iqn\.\d{4}-\d{2}\.[A-Za-z0-9.-]+:[^,;*&$|\s]+|eui.[A-Za-z0-9]{16}|naa.[A-Za-z0-9]{32})$/;

export const initiatorFormat: Rule = text((value) => (QUALIFIED_NAME.test(value) ? [] : ['must be valid format']));
const initiatorStart: Rule = (value, path) =>
  typeof value !== 'string' || /^(iqn|eui|naa)/.test(value)
    ? []
    : [invalidValue(path, value, 'must be valid format starting with iqn, eui, or naa')];
const initiator = inTurn(initiatorStart, initiatorFormat);

/** A disk of iSCSI: whoever is checked names a secret. */
export const iscsi = (own: Rule, secret: Rule): Rule =>
  all(
    fields({ targetPortal: needed(), iqn: inTurn(needed(), own), lun }),
    (value, path) => {
      const { chapAuthDiscovery, chapAuthSession, secretRef } = objectAt(value);
      const checks = chapAuthDiscovery === true || chapAuthSession === true;
      return checks && !isObject(secretRef) ? [required(at(path, 'secretRef'))] : [];
    },
    fields({ secretRef: optional(secret) }),
    (value, path) => own(objectAt(value)['initiatorName'], at(path, 'initiatorname')),
  );

const fibreChannel: Rule = (value, path) => {
  const [names, ids] = [listAt(value, 'targetWWNs'), listAt(value, 'wwids')];
  const field = at(path, 'targetWWNs');
  const unit = objectAt(value)['lun'] ?? undefined;
  if (names.length === 0 && ids.length === 0)
    return [required(field, 'must specify either targetWWNs or wwids, but not both')];
  const both = names.length > 0 && ids.length > 0;
  const twice = both ? [invalidValue(field, names, 'targetWWNs and wwids can not be specified simultaneously')] : [];
  if (names.length === 0) return twice;
  const missing = required(at(path, 'lun'), 'lun is required if targetWWNs is specified');
  return [...twice, ...(unit === undefined ? [missing] : lun(unit, at(path, 'lun')))];
};

const dataset: Rule = (value, path) => {
  const [name, id] = [textAt(value, 'datasetName'), textAt(value, 'datasetUUID')];
  const causes: Cause[] = [];
  if (name === '' && id === '') causes.push(required(path, 'one of datasetName and datasetUUID is required'));
  if (name !== '' && id !== '')
    causes.push(invalidValue(path, 'resource', 'datasetName and datasetUUID can not be specified simultaneously'));
  if (name.includes('/')) causes.push(invalidValue(at(path, 'datasetName'), name, "must not contain '/'"));
  return causes;
};

const PAIRS = 'must be a host:port pair or multiple pairs separated by commas';

const pairs = text((value) =>
  value.split(',').every((pair) => /^(\[[^\]]*\]|[^:[\]]*):[^:]*$/.test(pair)) ? [] : [PAIRS],
);

const tenant: Rule = (value, path) =>
  String(value ?? '').length < 65
    ? []
    : [required(path, 'must be a UUID and may not exceed a length of 64 characters')];

const quobyte: Rule = all(
  inTurn(fields({ registry: needed(PAIRS) }), inTurn(fields({ tenant }), fields({ registry: pairs }))),
  fields({ volume: needed() }),
);

const MANAGED = '/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}';
const UNMANAGED = 'https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd';

const azureDisk: Rule = (value, path) => {
  const { kind } = objectAt(value);
  const place = textAt(value, 'diskURI');
  const managed = kind === 'Managed';
  const isKnown = place.startsWith(managed ? '/subscriptions/' : 'https://');
  return [
    ...fields({
      diskName: needed(),
      diskURI: needed(),
      cachingMode: optional(word(['None', 'ReadOnly', 'ReadWrite'])),
      kind: optional(word(['Dedicated', 'Managed', 'Shared'])),
    })(value, path),
    ...(isKnown ? [] : [unsupported(at(path, 'diskURI'), place, [managed ? MANAGED : UNMANAGED])]),
  ];
};

const MOST_DRIVER = 63;

export const driverName: Rule = inTurn(needed(), (value, path) => {
  const name = String(value);
  const long = name.length > MOST_DRIVER;
  return [
    ...(long ? [tooLong(path, MOST_DRIVER)] : []),
    ...subdomainProblems(name.toLowerCase()).map((problem) => invalidValue(path, name, problem)),
  ];
});

const RESERVED = /(^|\.)(kubernetes|k8s)\.io$/;

/** Options of flexible volumes whose names are Kubernetes' own. */
const options: Rule = (value, path) =>
  Object.keys(objectAt(value))
    .filter((key) => RESERVED.test(key.split('/')[0] ?? ''))
    .map((key) => invalidValue(`${path}[${key}]`, key, 'kubernetes.io and k8s.io namespaces are reserved'));

const named: Rule = fields({ name: needed() });

export const storageOs = (secret: Rule): Rule =>
  fields({
    volumeName: inTurn(needed(), text(labelProblems)),
    volumeNamespace: text(labelProblems),
    secretRef: optional(secret),
  });

export type Sources = Readonly<Record<string, Rule>>;

/** The sources that Pods and the cluster have alike. */
export const SHARED_SOURCES = {
  hostPath: inTurn(fields({ path: needed() }), fields({ path: notUpward, type: optional(word(HOST_PATHS)) })),
  gcePersistentDisk: fields({ pdName: needed(), partition }),
  awsElasticBlockStore: fields({ volumeID: needed(), partition }),
  glusterfs: fields({ endpoints: needed(), path: needed() }),
  flocker: dataset,
  nfs: fields({ server: needed(), path: all(needed(), absolute) }),
  rbd: fields({ monitors: needed(), image: needed() }),
  quobyte,
  cephfs: fields({ monitors: needed() }),
  iscsi: iscsi(initiator, () => []),
  cinder: fields({ volumeID: needed(), secretRef: optional(named) }),
  fc: fibreChannel,
  flexVolume: fields({ driver: needed(), options }),
  azureFile: fields({ secretName: needed(), shareName: needed() }),
  vsphereVolume: fields({ volumePath: needed() }),
  photonPersistentDisk: fields({ pdID: needed() }),
  portworxVolume: fields({ volumeID: needed() }),
  azureDisk,
  scaleIO: fields({ gateway: needed(), system: needed(), volumeName: needed() }),
  storageos: storageOs(named),
} as const satisfies Sources;

/** What causes call a source that is one too many, or what is in it, where that is not its field. */
const NAMES: Readonly<Record<string, string>> = { cephfs: 'cephFS', downwardAPI: 'downwarAPI' };
const PLACES: Readonly<Record<string, string>> = { gcePersistentDisk: 'persistentDisk' };

/** The first source that is there counts; those after it are too many, but for some that go beside it. */
export const oneSource =
  (sources: Sources, beside: readonly string[] = []): Rule =>
  (value, path) => {
    const given = objectAt(value);
    const ways = Object.keys(sources).filter((way) => isObject(given[way]));
    return ways.flatMap((way, index) =>
      index === 0 || beside.includes(way)
        ? (sources[way]?.(given[way], at(path, PLACES[way] ?? way)) ?? [])
        : [forbiddenField(at(path, NAMES[way] ?? way), 'may not specify more than 1 volume type')],
    );
  };
