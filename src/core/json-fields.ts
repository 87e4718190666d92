// Which fields separate two JSON values. Items of a list that have names are told apart by them, as a person would.

import { isList, isObject, type Json, sameJson, textAt } from './json.ts';

/** A key of an object, the position of an item, or the name of one. */
export type FieldStep = string | number | { readonly name: string };

export interface FieldChange {
  readonly path: readonly FieldStep[];
  /** Absent: the field is not there. */
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

/** The deepest fields in which two values differ, in order. */
export function differingFields(
  before: Json | undefined,
  after: Json | undefined,
  path: readonly FieldStep[] = [],
): FieldChange[] {
  if (sameJson(before, after)) return [];
  if (isObject(before) && isObject(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return keys.flatMap((key) => differingFields(before[key], after[key], [...path, key]));
  }
  if (isList(before) && isList(after)) return differingItems(before, after, path);
  return [{ path, before, after }];
}

function differingItems(before: readonly Json[], after: readonly Json[], path: readonly FieldStep[]): FieldChange[] {
  const names = namesOf([...before, ...after]);
  if (names === undefined) {
    const length = Math.max(before.length, after.length);
    return Array.from({ length }, (_, index) => index).flatMap((index) =>
      differingFields(before[index], after[index], [...path, index]),
    );
  }
  const named = (list: readonly Json[], name: string): Json | undefined =>
    list.find((item) => textAt(item, 'name') === name);
  return names.flatMap((name) => differingFields(named(before, name), named(after, name), [...path, { name }]));
}

/** The names of the items, each once; undefined where one has none. */
function namesOf(items: readonly Json[]): readonly string[] | undefined {
  const names = items.map((item) => textAt(item, 'name'));
  return names.includes('') ? undefined : [...new Set(names)];
}

/** 'spec.template.spec.containers[web].image' */
export function fieldText(path: readonly FieldStep[]): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (typeof step === 'object') text += `[${step.name}]`;
    else if (/^[\w-]+$/.test(step)) text += text === '' ? step : `.${step}`;
    else text += `["${step}"]`;
  }
  return text;
}

/** '/spec/replicas', as `ignoreDifferences` takes it; undefined where a step has no place that lasts. */
export function pointerText(path: readonly FieldStep[]): string | undefined {
  if (path.some((step) => typeof step === 'object')) return undefined;
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
