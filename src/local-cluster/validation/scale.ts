// What the scale of a custom resource is made of: numbers, and a text that selects.

import { goText } from '../../core/go-text.ts';
import { isList, isObject, type Json, type JsonObject, ownField } from '../../core/json.ts';
import type { Kind } from '../kinds.ts';
import { scalePaths } from '../scale-paths.ts';
import { type Cause, invalidValue } from '../status.ts';
import { hasSubresource } from '../strategy.ts';
import { MAX_INT32, type Rule } from './rules.ts';

export function scaleCauses(kind: Kind, object: JsonObject): Cause[] {
  if (!hasSubresource(kind, 'scale')) return [];
  const { replicas, statusReplicas, selector } = scalePaths(kind);
  return [
    ...valueAt(object, replicas, COUNT),
    ...valueAt(object, statusReplicas, COUNT),
    ...(selector === undefined ? [] : valueAt(object, selector, TEXT)),
  ];
}

interface Wanted {
  readonly goType: string;
  /** What a value of another type is told as. */
  readonly zero: Json;
  readonly rule: Rule;
}

const TEXT: Wanted = { goType: 'string', zero: '', rule: () => [] };
const COUNT: Wanted = {
  goType: 'int64',
  zero: 0,
  rule: (value, path) => {
    if (Number(value) < 0) return [invalidValue(path, value, 'should be a non-negative integer')];
    return Number(value) > MAX_INT32 ? [invalidValue(path, value, `should be less than or equal to ${MAX_INT32}`)] : [];
  },
};

/** The value at a path: what is not there is left to others, what is no way to go on is told. */
function valueAt(object: JsonObject, steps: readonly string[], { goType, zero, rule }: Wanted): Cause[] {
  const path = `.${steps.join('.')}`;
  const refuse = (value: Json, depth: number, wanted: string): Cause[] => {
    const message = `.${steps.slice(0, depth).join('.')} accessor error: ${goText(value)} is of the type ${goTypeOf(value)}, expected ${wanted}`;
    return [invalidValue(path, zero, message)];
  };
  let value: Json | undefined = object;
  for (const [index, step] of steps.entries()) {
    if (value === null) return [];
    if (!isObject(value)) return refuse(value, index + 1, 'map[string]interface{}');
    value = ownField(value, step);
    if (value === undefined) return [];
  }
  return goTypeOf(value) === goType ? rule(value, path) : refuse(value, steps.length, goType);
}

function goTypeOf(value: Json): string {
  if (value === null) return '<nil>';
  if (isList(value)) return '[]interface {}';
  if (isObject(value)) return 'map[string]interface {}';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64';
  return typeof value === 'boolean' ? 'bool' : 'string';
}
