// Who wrote a field of a live object, by its managed fields.

import { isList, isObject, type Json, listAt, objectAt, parseJson, textAt } from '../../core/json.ts';
import type { FieldStep } from '../../core/json-fields.ts';

export interface FieldManager {
  readonly manager: string;
  /** Apply or Update. */
  readonly operation: string;
  /** When it last wrote anything. */
  readonly time: string;
}

/** The managers of a field, the last to write first; none where nobody is on record. */
export function managersOf(live: Json | undefined, path: readonly FieldStep[]): FieldManager[] {
  return listAt(live, 'metadata', 'managedFields')
    .filter((entry) => owns(objectAt(entry, 'fieldsV1'), path))
    .map((entry) => ({
      manager: textAt(entry, 'manager'),
      operation: textAt(entry, 'operation'),
      time: textAt(entry, 'time'),
    }))
    .sort((a, b) => (a.time < b.time ? 1 : -1));
}

/** Whether a set of fields has this one, or one that it is part of as a whole. */
function owns(fields: Json, path: readonly FieldStep[]): boolean {
  const [step, ...rest] = path;
  if (!isObject(fields)) return false;
  const below = Object.keys(fields).filter((key) => key !== '.');
  if (step === undefined || below.length === 0) return true;
  const key = below.find((one) => isStep(one, step));
  return key !== undefined && owns(fields[key] ?? {}, rest);
}

function isStep(key: string, step: FieldStep): boolean {
  if (typeof step === 'number') return key === `i:${step}`;
  if (typeof step === 'string') return key === `f:${step}`;
  if (!key.startsWith('k:')) return false;
  const keys = parseJson(key.slice(2));
  return !isList(keys) && textAt(keys, 'name') === step.name;
}
