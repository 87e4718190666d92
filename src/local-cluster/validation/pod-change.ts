// What may change of a Pod, by the path that the change takes.

import { type Json, type JsonObject, listAt, numberAt, objectAt, sameJson, textAt } from '../../core/json.ts';
import { type Cause, forbiddenField, invalidValue, required } from '../status.ts';
import { internalDiff, internalOf } from './internal.ts';
import { resizeCauses } from './pod-resize.ts';
import { between, MAX_INT32 } from './rules.ts';

type ChangeRule = (pod: JsonObject, before: JsonObject) => Cause[];

/** By subresource; '' is the Pod itself. */
export const POD_CHANGES: Readonly<Record<string, ChangeRule>> = {
  '': podChangeCauses,
  binding: () => [],
  ephemeralcontainers: ephemeralCauses,
  resize: resizeCauses,
};

const CONTAINER_LISTS = ['containers', 'initContainers'] as const;
const ONLY_THESE =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

/** Only images and little else may change. */
function podChangeCauses(pod: JsonObject, before: JsonObject): Cause[] {
  const [spec, old] = [objectAt(pod, 'spec'), objectAt(before, 'spec')];
  const causes: Cause[] = [];
  for (const list of CONTAINER_LISTS) {
    if (listAt(spec, list).length !== listAt(old, list).length)
      return [...causes, forbiddenField(`spec.${list}`, 'pod updates may not add or remove containers')];
    for (const [index, one] of listAt(spec, list).entries())
      if (textAt(one, 'image') === '') causes.push(required(`spec.${list}[${index}].image`));
  }
  const deadline = deadlineCauses(spec, old);
  if (deadline.length > 0 && spec['activeDeadlineSeconds'] !== undefined) return [...causes, ...deadline];
  causes.push(...deadline, ...tolerationCauses(spec, old), ...gateCauses(spec, old));
  const isGated = listAt(old, 'schedulingGates').length > 0;
  if (isGated) causes.push(...nodeSelectorCauses(spec, old));
  const rest = (value: JsonObject): JsonObject => frozenPart(value, old, isGated);
  const print = (value: JsonObject): Json => internalOf('PodSpec', rest(value));
  if (!sameJson(print(spec), print(old)))
    causes.push(forbiddenField('spec', `${ONLY_THESE}\n${internalDiff('PodSpec', rest(old), rest(spec))}`));
  return causes;
}

function deadlineCauses(spec: JsonObject, old: JsonObject): Cause[] {
  const field = 'spec.activeDeadlineSeconds';
  const [now, earlier] = [numberAt(spec, 'activeDeadlineSeconds'), numberAt(old, 'activeDeadlineSeconds')];
  if (now === undefined)
    return earlier === undefined
      ? []
      : [invalidValue(field, undefined, 'must not update from a positive integer to nil value')];
  const causes = between(0, MAX_INT32)(now, field);
  if (causes.length > 0 || earlier === undefined || now <= earlier) return causes;
  return [invalidValue(field, now, 'must be less than or equal to previous value')];
}

function tolerationCauses(spec: JsonObject, old: JsonObject): Cause[] {
  const plain = (toleration: Json): Json => ({ ...objectAt(toleration), tolerationSeconds: null });
  const now = listAt(spec, 'tolerations').map(plain);
  const isLost = listAt(old, 'tolerations').some((one) => !now.some((other) => sameJson(plain(one), other)));
  const message = 'existing toleration can not be modified except its tolerationSeconds';
  return isLost ? [forbiddenField('spec.tolerations', message)] : [];
}

function gateCauses(spec: JsonObject, old: JsonObject): Cause[] {
  const earlier = listAt(old, 'schedulingGates').map((gate) => textAt(gate, 'name'));
  return listAt(spec, 'schedulingGates').flatMap((gate, index) => {
    const name = textAt(gate, 'name');
    const message = `only deletion is allowed, but found new scheduling gate '${name}'`;
    return earlier.includes(name) ? [] : [forbiddenField(`spec.schedulingGates[${index}].name`, message)];
  });
}

/** A Pod that is held back may still be told where to go. */
function nodeSelectorCauses(spec: JsonObject, old: JsonObject): Cause[] {
  const [now, earlier] = [objectAt(spec, 'nodeSelector'), objectAt(old, 'nodeSelector')];
  const isChanged = Object.entries(earlier).some(([key, value]) => now[key] !== value);
  const message = 'only additions to spec.nodeSelector are allowed (no mutations or deletions)';
  return isChanged ? [invalidValue('spec.nodeSelector', now, message)] : [];
}

const MAY_CHANGE = ['activeDeadlineSeconds', 'tolerations', 'schedulingGates'];

function frozenPart(spec: JsonObject, old: JsonObject, isGated: boolean): JsonObject {
  const part = Object.fromEntries(Object.entries(spec).filter(([key]) => !MAY_CHANGE.includes(key)));
  for (const field of MAY_CHANGE) if (old[field] !== undefined) part[field] = old[field];
  for (const list of CONTAINER_LISTS)
    if (Array.isArray(part[list]))
      part[list] = listAt(part, list).map((one, index) => ({
        ...objectAt(one),
        image: textAt(listAt(old, list)[index], 'image'),
      }));
  const grace = numberAt(old, 'terminationGracePeriodSeconds') ?? 0;
  if (grace < 0 && part['terminationGracePeriodSeconds'] === 1) part['terminationGracePeriodSeconds'] = grace;
  if (!isGated) return part;
  const { nodeAffinity: _node, ...affinity } = objectAt(part, 'affinity');
  return { ...part, nodeSelector: old['nodeSelector'] ?? null, affinity };
}

const MIRROR = 'kubernetes.io/config.mirror';
const isMirror = (pod: JsonObject): boolean => objectAt(pod, 'metadata', 'annotations')[MIRROR] !== undefined;
const isWindows = (pod: JsonObject): boolean => textAt(pod, 'spec', 'os', 'name') === 'windows';

/** Pods that are never changed by such a path, and why: nothing else is told of the change then. */
const UNCHANGEABLE: Readonly<Record<string, readonly (readonly [(pod: JsonObject) => boolean, string])[]>> = {
  ephemeralcontainers: [[isMirror, 'static pods do not support ephemeral containers']],
  resize: [
    [isMirror, 'static pods cannot be resized'],
    [isWindows, 'windows pods cannot be resized'],
  ],
};

export function unchangeablePodCauses(_pod: JsonObject, before: JsonObject | undefined, subresource: string): Cause[] {
  const why = before && UNCHANGEABLE[subresource]?.find(([holds]) => holds(before))?.[1];
  return why === undefined ? [] : [forbiddenField('[]', why)];
}

/** Ephemeral containers are only added. */
function ephemeralCauses(pod: JsonObject, before: JsonObject): Cause[] {
  const field = 'spec.ephemeralContainers';
  const now = listAt(pod, 'spec', 'ephemeralContainers');
  return listAt(before, 'spec', 'ephemeralContainers').flatMap((old) => {
    const name = textAt(old, 'name');
    const same = now.find((one) => textAt(one, 'name') === name);
    if (same === undefined)
      return [forbiddenField(field, `existing ephemeral containers ${JSON.stringify(name)} may not be removed\n`)];
    const changed = `existing ephemeral containers ${JSON.stringify(name)} may not be changed\n`;
    return sameJson(old, same) ? [] : [forbiddenField(field, changed)];
  });
}
