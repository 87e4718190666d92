// The volumes of a Pod.

import { type JsonObject, textAt } from '../../core/json.ts';
import { parseQuantity } from '../../objects/quantity.ts';
import { type Cause, duplicate, forbiddenField, invalidValue, required } from '../status.ts';
import { claimTemplate } from './claim.ts';
import { labelProblems } from './names.ts';
import { downwardApi, fileMode, keysToPaths, projected } from './projection.ts';
import { at, fields, known, needed, optional, type Rule } from './rules.ts';
import { driverName, localPath, oneSource, SHARED_SOURCES } from './volume.ts';

const sizeLimit: Rule = (value, path) =>
  parseQuantity(String(value)).nano < 0n
    ? [forbiddenField(path, 'SizeLimit field must be a valid resource quantity')]
    : [];

const ofKeys = (name: string): Rule => fields({ [name]: needed(), defaultMode: fileMode, items: keysToPaths });

const named: Rule = fields({ name: needed() });

/** In the order in which they are looked at. */
const SOURCES = {
  emptyDir: fields({ sizeLimit: optional(sizeLimit) }),
  hostPath: SHARED_SOURCES.hostPath,
  gitRepo: fields({ repository: needed(), directory: localPath }),
  gcePersistentDisk: SHARED_SOURCES.gcePersistentDisk,
  awsElasticBlockStore: SHARED_SOURCES.awsElasticBlockStore,
  secret: ofKeys('secretName'),
  nfs: SHARED_SOURCES.nfs,
  iscsi: SHARED_SOURCES.iscsi,
  glusterfs: SHARED_SOURCES.glusterfs,
  flocker: SHARED_SOURCES.flocker,
  persistentVolumeClaim: fields({ claimName: needed() }),
  rbd: SHARED_SOURCES.rbd,
  cinder: SHARED_SOURCES.cinder,
  cephfs: SHARED_SOURCES.cephfs,
  quobyte: SHARED_SOURCES.quobyte,
  downwardAPI: downwardApi,
  fc: SHARED_SOURCES.fc,
  flexVolume: SHARED_SOURCES.flexVolume,
  configMap: ofKeys('name'),
  azureFile: SHARED_SOURCES.azureFile,
  vsphereVolume: SHARED_SOURCES.vsphereVolume,
  photonPersistentDisk: SHARED_SOURCES.photonPersistentDisk,
  portworxVolume: SHARED_SOURCES.portworxVolume,
  azureDisk: SHARED_SOURCES.azureDisk,
  storageos: SHARED_SOURCES.storageos,
  projected,
  scaleIO: SHARED_SOURCES.scaleIO,
  csi: fields({ driver: driverName, nodePublishSecretRef: optional(named) }),
  ephemeral: fields({
    volumeClaimTemplate: (value, path) =>
      value === undefined || value === null ? [required(path)] : claimTemplate(value, path),
  }),
  image: (value, path) => [
    // Templates may leave it to who makes Pods of them.
    ...(path.startsWith('spec.volumes') ? fields({ reference: needed() })(value, path) : []),
    ...fields({ pullPolicy: known(['Always', 'IfNotPresent', 'Never']) })(value, path),
  ],
} as const satisfies Readonly<Record<string, Rule>>;

const source = oneSource(SOURCES);

/** What is wrong with each volume, and those with which nothing is: only these can be mounted. */
export function volumesCauses(
  volumes: readonly JsonObject[],
  path: string,
): { readonly causes: Cause[]; readonly usable: readonly JsonObject[] } {
  const usable: JsonObject[] = [];
  const causes = volumes.flatMap((volume, index) => {
    const field = `${path}[${index}]`;
    const own = [...source(volume, field), ...nameCauses(volume, field, usable)];
    if (own.length === 0) usable.push(volume);
    return own;
  });
  return { causes, usable };
}

function nameCauses(volume: JsonObject, path: string, before: readonly JsonObject[]): Cause[] {
  const name = textAt(volume, 'name');
  const field = at(path, 'name');
  if (name === '') return [required(field)];
  const problems = labelProblems(name);
  if (problems.length > 0) return problems.map((problem) => invalidValue(field, name, problem));
  return before.some((other) => textAt(other, 'name') === name) ? [duplicate(field, name)] : [];
}
