// Drivers of storage: what they can do, where they run, what they have attached.

import { type Json, type JsonObject, listAt, objectAt, sameJson, textAt } from '../../core/json.ts';
import { qualifiedProblems } from '../../objects/label-names.ts';
import { type Cause, duplicate, forbiddenField, invalidValue, required, tooLong } from '../status.ts';
import { accessModes } from './claim.ts';
import { asGiven, asOwn, frozen } from './frozen.ts';
import { subdomainProblems } from './names.ts';
import { source } from './persistent-volume.ts';
import { all, anyText, at, choice, fields, inTurn, needed, notNegative, orEmpty, type Rule } from './rules.ts';

const tokenTime: Rule = (value, path) => {
  if (typeof value !== 'number') return [];
  if (value < 600) return [invalidValue(path, value, 'may not specify a duration less than 10 minutes')];
  return value > 2 ** 32 ? [invalidValue(path, value, 'may not specify a duration larger than 2^32 seconds')] : [];
};

const tokenRequests: Rule = (value, path) =>
  listAt(value).flatMap((request, index, list): Cause[] => {
    const audience = textAt(request, 'audience');
    const isTwice = list.slice(0, index).some((other) => textAt(other, 'audience') === audience);
    if (isTwice) return [duplicate(`${path}[${index}].audience`, audience)];
    return tokenTime(objectAt(request)['expirationSeconds'], `${path}[${index}].expirationSeconds`);
  });

const LEAST_PERIOD_S = 10;
const NO_REQUESTS = 'serviceAccountTokenInSecrets is set but no tokenRequests are specified';

export const driver: Rule = fields({
  spec: all(
    fields({
      fsGroupPolicy: choice(['File', 'None', 'ReadWriteOnceWithFSType']),
      tokenRequests,
      volumeLifecycleModes: (value: Json | undefined, path: string) =>
        listAt(value).flatMap((mode) => choice(['Persistent', 'Ephemeral'])(mode, path)),
      nodeAllocatableUpdatePeriodSeconds: (value, path) =>
        typeof value === 'number' && value < LEAST_PERIOD_S
          ? [invalidValue(path, value, `must be greater than or equal to ${LEAST_PERIOD_S} seconds`)]
          : [],
    }),
    (spec, path) => {
      const given = objectAt(spec)['serviceAccountTokenInSecrets'];
      const isIdle = given !== undefined && listAt(spec, 'tokenRequests').length === 0;
      return isIdle ? [invalidValue(at(path, 'serviceAccountTokenInSecrets'), given, NO_REQUESTS)] : [];
    },
  ),
});

const LONGEST_DRIVER = 63;

/** The name of a driver, without regard to capital letters. */
const driverName: Rule = inTurn(needed(), (value, path) => {
  const name = String(value);
  return [
    ...(name.length > LONGEST_DRIVER ? [tooLong(path, LONGEST_DRIVER)] : []),
    ...subdomainProblems(name.toLowerCase()).map((problem) => invalidValue(path, name, problem)),
  ];
});

const ONE_SOURCE = 'must specify exactly one of inlineVolumeSpec and persistentVolumeName';

const attachedSource: Rule = (value, path) => {
  const { inlineVolumeSpec: inline, persistentVolumeName: name } = objectAt(value);
  if (inline === undefined && name === undefined) return [required(path, ONE_SOURCE)];
  if (inline !== undefined && name !== undefined) return [forbiddenField(path, ONE_SOURCE)];
  if (inline !== undefined) return inlineVolume(inline, at(path, 'inlineVolumeSpec'));
  return needed('must specify non empty persistentVolumeName')(name, at(path, 'persistentVolumeName'));
};

const notInline: Rule = (value, path) =>
  value === undefined || value === ''
    ? []
    : [forbiddenField(path, 'may not be specified in the context of inline volumes')];

const inlineVolume: Rule = (value, path) => {
  const needs = 'has to be specified in the context of inline volumes';
  const mode = objectAt(value)['volumeMode'] ?? 'Filesystem';
  const onlyFiles = 'may not specify volumeMode other than Filesystem in the context of inline volumes';
  return [
    ...fields({ claimRef: notInline, capacity: notInline })(value, path),
    ...(objectAt(value)['csi'] === undefined ? [required(at(path, 'csi'), needs)] : []),
    ...fields({ accessModes, nodeAffinity: notInline })(value, path),
    ...source(value, path),
    ...fields({ storageClassName: notInline })(value, path),
    ...(mode === 'Filesystem' ? [] : [forbiddenField(at(path, 'volumeMode'), onlyFiles)]),
  ];
};

/** What an attachment says is told first, the form of its names after it. */
export const volumeAttachment: Rule = fields({
  spec: all(
    fields({ attacher: driverName, source: attachedSource, nodeName: orEmpty(anyText(subdomainProblems)) }),
    fields({ source: fields({ persistentVolumeName: anyText(subdomainProblems) }) }),
  ),
});

/** Told of the driver, not of its keys. */
const topologyKeys: Rule = (value, path) =>
  listAt(value).flatMap((key, index, list): Cause[] => {
    const own = path.slice(0, path.lastIndexOf('.'));
    return [
      ...(list.indexOf(key) < index ? [duplicate(own, key)] : []),
      ...needed()(key, own),
      ...anyText(qualifiedProblems)(key, own),
    ];
  });

const LONGEST_NODE_ID = 256;

const nodeDriver: Rule = fields({
  name: driverName,
  nodeID: all(needed(), (value, path) =>
    String(value ?? '').length > LONGEST_NODE_ID
      ? [invalidValue(path, value, `must be ${LONGEST_NODE_ID} characters or less`)]
      : [],
  ),
  allocatable: fields({ count: notNegative }),
});

/** The drivers of a node, each once. */
export const driverNode: Rule = fields({
  spec: fields({
    drivers: (value, path) =>
      listAt(value).flatMap((one, index, list) => {
        const field = `${path}[${index}]`;
        const name = textAt(one, 'name');
        const isTwice = list.slice(0, index).some((other) => textAt(other, 'name') === name);
        return [
          ...nodeDriver(one, field),
          ...(isTwice ? [duplicate(at(field, 'name'), name)] : []),
          ...fields({ topologyKeys })(one, field),
        ];
      }),
  }),
});

/** A driver that is registered stays what it is; how many volumes it can attach may change. */
export function driverNodeChangeCauses(object: JsonObject, before: JsonObject): Cause[] {
  const fixed = (driver: Json): Json => ({ topologyKeys: null, ...objectAt(driver), allocatable: null });
  return listAt(before, 'spec', 'drivers').flatMap((old) => {
    const now = listAt(object, 'spec', 'drivers').find((one) => textAt(one, 'name') === textAt(old, 'name'));
    if (now === undefined || sameJson(fixed(now), fixed(old))) return [];
    const printed = {
      Name: textAt(now, 'name'),
      NodeID: textAt(now, 'nodeID'),
      TopologyKeys: objectAt(now)['topologyKeys'] ?? null,
      Allocatable: null,
    };
    return [invalidValue('spec.drivers', printed, 'field is immutable')];
  });
}

/** One field is told by another name, as the API has it. */
export function driverChangeCauses(object: JsonObject, before: JsonObject): Cause[] {
  const renamed = frozen({ 'spec.attachRequired': asGiven })(object, before);
  return [
    ...renamed.map((cause) => ({ ...cause, field: 'spec.attachedRequired' })),
    ...frozen({ 'spec.volumeLifecycleModes': asGiven })(object, before),
  ];
}

export const attachmentChangeCauses = frozen({ spec: asOwn('VolumeAttachmentSpec') });
