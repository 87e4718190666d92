// Volumes, claims and classes of storage.

import { type Json, type JsonObject, listAt, objectAt, sameJson, textAt } from '../../core/json.ts';
import { parseQuantity } from '../../objects/quantity.ts';
import { type Cause, duplicate, forbiddenField, invalidValue, required } from '../status.ts';
import { className } from './claim.ts';
import { labelNameCauses, qualifiedProblems } from './names.ts';
import { fields, inTurn, items, known, labelSelector, needed, oneOf, optional, type Rule, text } from './rules.ts';

const provisioner: Rule = inTurn(
  needed(),
  text((value) => qualifiedProblems(value.toLowerCase())),
);

const parameters: Rule = (value, path) =>
  Object.keys(objectAt(value)).some((key) => key === '') ? [invalidValue(path, '', 'field can not be empty.')] : [];

export const storageClass: Rule = fields({
  provisioner,
  parameters,
  reclaimPolicy: known(['Delete', 'Retain']),
  volumeBindingMode: oneOf(['Immediate', 'WaitForFirstConsumer']),
  allowedTopologies: items(
    fields({
      matchLabelExpressions: items(
        fields({ key: (value, path) => labelNameCauses(path, String(value ?? '')), values: needed() }),
      ),
    }),
  ),
});

const CLASS_FIELDS = ['parameters', 'provisioner', 'reclaimPolicy'];

export function storageClassChangeCauses(object: JsonObject, before: JsonObject): Cause[] {
  const causes = CLASS_FIELDS.filter((field) => !sameJson(object[field], before[field])).map((field) =>
    forbiddenField(field, `updates to ${field} are forbidden.`),
  );
  const [now, old] = [object['volumeBindingMode'], before['volumeBindingMode']];
  return sameJson(now, old) ? causes : [...causes, invalidValue('volumeBindingMode', now, 'field is immutable')];
}

const tokenTime: Rule = (value, path) => {
  if (typeof value !== 'number') return [];
  if (value < 600) return [invalidValue(path, value, 'may not specify a duration less than 10 minutes')];
  return value > 2 ** 32 ? [invalidValue(path, value, 'may not specify a duration larger than 2^32 seconds')] : [];
};

export const driver: Rule = fields({
  spec: fields({
    volumeLifecycleModes: (value: Json | undefined, path: string) =>
      listAt(value).flatMap((mode, index) => known(['Ephemeral', 'Persistent'])(mode, `${path}[${index}]`)),
    fsGroupPolicy: known(['File', 'None', 'ReadWriteOnceWithFSType']),
    tokenRequests: (value, path) =>
      listAt(value).flatMap((request, index, list): Cause[] => {
        const audience = textAt(request, 'audience');
        const isTwice = list.slice(0, index).some((other) => textAt(other, 'audience') === audience);
        if (isTwice) return [duplicate(`${path}[${index}].audience`, audience)];
        return tokenTime(objectAt(request)['expirationSeconds'], `${path}[${index}].expirationSeconds`);
      }),
  }),
});

export const volumeAttachment: Rule = fields({
  spec: fields({
    attacher: inTurn(
      needed(),
      text((value) => qualifiedProblems(value.toLowerCase())),
    ),
    nodeName: needed(),
    source: (value, path) => {
      const { inlineVolumeSpec, persistentVolumeName } = objectAt(value);
      const name = textAt(value, 'persistentVolumeName');
      if (inlineVolumeSpec === undefined && name === '')
        return [required(path, 'must specify exactly one of inlineVolumeSpec and persistentVolumeName')];
      return inlineVolumeSpec !== undefined && persistentVolumeName !== undefined
        ? [forbiddenField(path, 'must specify exactly one of inlineVolumeSpec and persistentVolumeName')]
        : [];
    },
  }),
});

export const attributesClass: Rule = fields({
  driverName: provisioner,
  parameters: needed('must contain at least one key/value pair'),
});

/** The drivers of a node, each once. */
export const storageCapacity: Rule = fields({
  storageClassName: inTurn(needed(), className),
  nodeTopology: optional(labelSelector),
  capacity: optional(notBelowZero),
  maximumVolumeSize: optional(notBelowZero),
});

function notBelowZero(value: Json | undefined, path: string): Cause[] {
  return parseQuantity(String(value)).nano < 0n
    ? [invalidValue(path, String(value), 'must be greater than or equal to 0')]
    : [];
}
