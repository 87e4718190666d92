// Fields that keep their first value, and how the API prints what they were to be: as its own types do.

import { isObject, type Json, type JsonObject, objectAt, sameJson } from '../../core/json.ts';
import { type Cause, invalidValue } from '../status.ts';
import { internalOf, selectorForm } from './internal.ts';

type Print = (value: Json | undefined) => Json;

export const asGiven: Print = (value) => value ?? null;
export const asText: Print = (value) => value ?? '';

/** A structure by the names of its fields in Go, each a text; null where there is none. */
export const asTexts =
  (names: Readonly<Record<string, string>>): Print =>
  (value) =>
    isObject(value) ? structureText(value, names) : null;

const structureText = (value: JsonObject, names: Readonly<Record<string, string>>): Json =>
  Object.fromEntries(Object.entries(names).map(([name, field]) => [name, value[field] ?? '']));

/** A structure of a type of the API server. */
export const asOwn =
  (type: string): Print =>
  (value) =>
    internalOf(type, value);

/** A selector of labels. */
export const asSelector: Print = (value) => (isObject(value) ? selectorForm(value) : null);

const at = (object: JsonObject, path: string): Json | undefined => {
  const [field = '', ...outer] = path.split('.').reverse();
  return objectAt(object, ...outer.reverse())[field];
};

/** Each field with how it is printed; an absent one is what it is printed as. */
export const frozen =
  (table: Readonly<Record<string, Print>>, message = 'field is immutable') =>
  (object: JsonObject, before: JsonObject): Cause[] =>
    Object.entries(table).flatMap(([path, print]) => {
      const [now, old] = [print(at(object, path)), print(at(before, path))];
      return sameJson(now, old) ? [] : [invalidValue(path, now, message)];
    });
