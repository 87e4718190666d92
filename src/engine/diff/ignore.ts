// Fields in which differences are to be ignored: named by pointers, by jq, or by who owns them.

import { matchesGlob } from '../../core/glob.ts';
import { at, isList, isObject, type Json, type JsonObject, sameJson, withAt } from '../../core/json.ts';
import type { ResourceIgnoreDifferences } from '../../model/application.ts';
import { type FieldSet, NO_FIELDS, union } from '../../objects/field-set.ts';
import { readManagedFields } from '../../objects/managed-fields.ts';
import { isKubeObject, type KubeObject, keyOf } from '../../objects/object.ts';

/**
 * The objects without what each jq expression selects, in turn; an object in which an expression fails stays as it is.
 * Throws `invalid` for what is no jq, `timed-out` for what does not end.
 */
export type DeleteByJq = (
  objects: readonly KubeObject[],
  expressions: readonly string[],
) => Promise<readonly KubeObject[]>;

export interface IgnoreRules {
  readonly fields: readonly ResourceIgnoreDifferences[];
  readonly deleteByJq: DeleteByJq;
  /** Whose status is none of Git's business. */
  readonly status: 'all' | 'crd' | 'none';
  /** Rules of a role that others are aggregated into are written by the cluster. */
  readonly aggregatedRoles: boolean;
}

/** States of one object without what is ignored; `live` tells who owns which field. */
export async function withoutIgnored(
  states: readonly KubeObject[],
  live: KubeObject,
  rules: IgnoreRules,
): Promise<readonly KubeObject[]> {
  const fitting = rules.fields.filter((rule) => applies(rule, live));
  const pointers = [
    ...(ignoresRules(states, rules) ? ['/rules'] : []),
    ...fitting.flatMap((rule) => rule.jsonPointers ?? []),
  ];
  const expressions = fitting.flatMap((rule) => rule.jqPathExpressions ?? []);
  const plain = expressions.map(pointerOfPath);
  pointers.push(...plain.flatMap((pointer) => pointer ?? []));
  const others = expressions.filter((_, index) => plain[index] === undefined);
  const managers = fitting.flatMap((rule) => rule.managedFieldsManagers ?? []);
  const ownedFields = managers.length === 0 ? NO_FIELDS : fieldsOfManagers(live, managers);
  const remaining = states.map((state) => {
    const pointed = pointers.reduce<JsonObject>((root, pointer) => withoutPointer(root, pointer), state);
    const unowned = ownedFields === NO_FIELDS ? pointed : withoutFields(pointed, ownedFields);
    return isKubeObject(unowned) ? unowned : state;
  });
  return others.length === 0 ? remaining : rules.deleteByJq(remaining, others);
}

/** Group and kind are globs, an empty group is the core group alone. */
function applies(rule: ResourceIgnoreDifferences, object: KubeObject): boolean {
  const { group, kind, namespace, name } = keyOf(object);
  return (
    matchesGlob(rule.group ?? '', group) &&
    matchesGlob(rule.kind, kind) &&
    (!rule.name || rule.name === name) &&
    (!rule.namespace || rule.namespace === namespace)
  );
}

export function withoutStatus(object: KubeObject, { status: ignored }: Pick<IgnoreRules, 'status'>): KubeObject {
  if (ignored === 'none' || (ignored === 'crd' && object.kind !== 'CustomResourceDefinition')) return object;
  const { status: _status, ...rest } = object;
  const { apiVersion, kind, metadata } = object;
  return { ...rest, apiVersion, kind, metadata };
}

function ignoresRules(states: readonly KubeObject[], { aggregatedRoles }: IgnoreRules): boolean {
  if (!aggregatedRoles) return false;
  return states.some(
    (state) =>
      (state.kind === 'ClusterRole' || state.kind === 'Role') &&
      state.apiVersion.startsWith('rbac.authorization.k8s.io/') &&
      state['aggregationRule'] !== undefined,
  );
}

/** A plain path of jq (`.spec.replicas`, `.metadata.annotations["a/b"]`) as a pointer: no jq is loaded for it. */
function pointerOfPath(expression: string): string | undefined {
  if (!/^(\.[A-Za-z_]\w*|\.?\["[^"\\]+"\]|\.?\[\d+\])+$/.test(expression)) return undefined;
  const steps = [...expression.matchAll(/\.([A-Za-z_]\w*)|\["([^"]+)"\]|\[(\d+)\]/g)];
  return steps
    .map(
      ([, field, quoted, index]) => `/${(field ?? quoted ?? index ?? '').replaceAll('~', '~0').replaceAll('/', '~1')}`,
    )
    .join('');
}

/** A copy without the value at a JSON pointer; a pointer to nothing changes nothing. */
function withoutPointer(root: JsonObject, pointer: string): JsonObject {
  const path = pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  return removed(root, path);
}

function removed(root: JsonObject, [key, ...rest]: readonly string[]): JsonObject {
  if (key === undefined || root[key] === undefined) return root;
  if (rest.length === 0) return withAt(root, [key], undefined);
  const child = root[key];
  if (isObject(child)) return { ...root, [key]: removed(child, rest) };
  if (!isList(child)) return root;
  return { ...root, [key]: removedFromList(child, rest) };
}

function removedFromList(items: readonly Json[], [step, ...rest]: readonly string[]): readonly Json[] {
  const index = Number(step);
  const item = at(items, index);
  if (item === undefined) return items;
  if (rest.length === 0) return items.filter((_, position) => position !== index);
  return items.map((other, position) => {
    if (position !== index) return other;
    if (isObject(other)) return removed(other, rest);
    return isList(other) ? removedFromList(other, rest) : other;
  });
}

function fieldsOfManagers(live: KubeObject, managers: readonly string[]): FieldSet {
  return readManagedFields(live)
    .filter(({ name }) => managers.includes(name))
    .map(({ fields }) => fields)
    .reduce(union, NO_FIELDS);
}

/** A value without the fields of a set; items of lists are found by their keys. */
function withoutFields(value: JsonObject, { children }: FieldSet): JsonObject {
  const rest: Record<string, Json | undefined> = { ...value };
  for (const [element, inner] of children) {
    const name = element.slice(2);
    const child = rest[name];
    if (!element.startsWith('f:') || child === undefined) continue;
    if (inner.children.size === 0) delete rest[name];
    else if (isObject(child)) rest[name] = withoutFields(child, inner);
    else if (isList(child)) rest[name] = withoutItems(child, inner);
  }
  return rest;
}

function withoutItems(items: readonly Json[], { children }: FieldSet): readonly Json[] {
  return items.flatMap((item) => {
    for (const [element, inner] of children) {
      if (!isMeant(item, element)) continue;
      return inner.children.size > 0 && isObject(item) ? [withoutFields(item, inner)] : [];
    }
    return [item];
  });
}

/** Whether a path element, 'k:{"name":"web"}' or 'v:"x"', means an item. */
function isMeant(item: Json, element: string): boolean {
  const meant: unknown = JSON.parse(element.slice(2));
  if (element.startsWith('v:')) return JSON.stringify(item) === JSON.stringify(meant);
  if (!element.startsWith('k:') || !isObject(meant) || !isObject(item)) return false;
  return Object.entries(meant).every(([key, value]) => sameJson(item[key], value));
}
