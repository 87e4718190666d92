// What the cluster itself says an apply would change: a dry run is asked, and its answer held against the live object.

import { HawserError } from '../../core/errors.ts';
import { isList, isObject, type Json, type JsonObject, sameJson } from '../../core/json.ts';
import { type FieldSet, NO_FIELDS, union } from '../../objects/field-set.ts';
import { readManagedFields } from '../../objects/managed-fields.ts';
import { isKubeObject, type KubeObject } from '../../objects/object.ts';
import { type CompareRules, type Comparison, compareLive } from './compare.ts';
import { FIELD_MANAGER } from './predict.ts';

export interface DryRunRules extends Pick<CompareRules, 'types' | 'ignore'> {
  /** What others (webhooks, defaults) make of the object in passing counts too. */
  readonly includesMutations: boolean;
}

/** Throws `invalid` when the answer does not say what we own. */
export function compareWithDryRun(live: KubeObject, answer: KubeObject, rules: DryRunRules): Promise<Comparison> {
  const predicted = rules.includesMutations ? answer : ownChanges(live, answer, FIELD_MANAGER);
  return compareLive(withoutResourceVersion(live), withoutResourceVersion(predicted), rules);
}

function withoutResourceVersion(object: KubeObject): KubeObject {
  const { resourceVersion: _version, ...metadata } = object.metadata;
  return { ...object, metadata };
}

/** The live object with what the manager would change, and nothing that happens to it on the way. */
function ownChanges(live: KubeObject, answer: KubeObject, manager: string): KubeObject {
  const ownedFields = fieldsOf(answer, manager);
  if (!ownedFields) {
    throw new HawserError(
      'invalid',
      `the dry run of ${answer.kind}/${answer.metadata.name} names no fields of ${manager}`,
    );
  }
  const shape = union(ownedFields, fieldsOf(live, manager) ?? NO_FIELDS);
  const merged = mergeObject(live, answer, { owned: ownedFields, shape });
  const { apiVersion, kind } = answer;
  const identified = { ...merged, apiVersion, kind };
  return isKubeObject(identified) ? identified : live;
}

function fieldsOf(object: KubeObject, manager: string): FieldSet | undefined {
  const entries = readManagedFields(object).filter(({ name, operation }) => name === manager && operation === 'Apply');
  return entries.length === 0 ? undefined : entries.map(({ fields }) => fields).reduce(union);
}

interface Owning {
  readonly owned: FieldSet;
  /** How lists are keyed, as what is owned now or was owned before tells it. */
  readonly shape: FieldSet;
}

const child = ({ owned, shape }: Owning, step: string): Owning => ({
  owned: owned.children.get(step) ?? NO_FIELDS,
  shape: shape.children.get(step) ?? NO_FIELDS,
});

const owns = ({ owned }: Owning): boolean => owned.member || owned.children.size > 0;

/** What the live value becomes; undefined where it goes, or was never there and is none of ours. */
function merge(live: Json | undefined, answer: Json, owning: Owning): Json | undefined {
  if (!owns(owning) && live === undefined) return undefined;
  if (owning.owned.member && owning.owned.children.size === 0) return answer;
  if (isObject(answer)) return mergeObject(isObject(live) ? live : {}, answer, owning);
  if (isList(answer)) return mergeList(isList(live) ? live : [], answer, owning);
  return owns(owning) ? answer : live;
}

function mergeObject(live: JsonObject, answer: JsonObject, owning: Owning): JsonObject {
  const merged: Record<string, Json> = {};
  for (const [key, value] of Object.entries(answer)) {
    if (value === undefined) continue;
    const result = merge(live[key], value, child(owning, `f:${key}`));
    if (result !== undefined) merged[key] = result;
  }
  return merged;
}

function mergeList(live: readonly Json[], answer: readonly Json[], owning: Owning): readonly Json[] {
  const keys = keysOf(owning.shape);
  if (keys) {
    return answer.flatMap((item) => {
      if (!isObject(item)) return [item];
      const before = live.find((other) => isObject(other) && keys.every((key) => sameJson(other[key], item[key])));
      const step = child(owning, stepOf(item, owning.shape));
      if (!owns(step) && before === undefined) return [];
      const result = mergeObject(isObject(before) ? before : {}, item, step);
      return [{ ...result, ...Object.fromEntries(keys.map((key) => [key, item[key]])) }];
    });
  }
  const isSet = [...owning.shape.children.keys()].some((step) => step.startsWith('v:'));
  if (!isSet) return owns(owning) ? answer : live;
  const mine = (item: Json): boolean => owns(child(owning, `v:${JSON.stringify(item)}`));
  return answer.filter((item) => mine(item) || live.some((other) => sameJson(other, item)));
}

/** The fields that tell the items of a list apart. */
function keysOf(shape: FieldSet): readonly string[] | undefined {
  for (const step of shape.children.keys()) {
    const keys = keyOfStep(step);
    if (keys) return Object.keys(keys);
  }
  return undefined;
}

function keyOfStep(step: string): JsonObject | undefined {
  if (!step.startsWith('k:')) return undefined;
  const keys: unknown = JSON.parse(step.slice(2));
  return isObject(keys) ? keys : undefined;
}

/** The step of a set that means this item; one that is not in it when none does. */
function stepOf(item: JsonObject, shape: FieldSet): string {
  for (const step of shape.children.keys()) {
    const keys = keyOfStep(step);
    if (keys && Object.entries(keys).every(([key, value]) => sameJson(item[key], value))) return step;
  }
  return '';
}
