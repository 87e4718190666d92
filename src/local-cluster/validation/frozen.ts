// Fields that keep their first value, and how the API prints what they were to be: as its own types do.

import { type Json, type JsonObject, listAt, objectAt, sameJson } from '../../core/json.ts';
import { type Cause, invalidValue } from '../status.ts';

type Print = (value: Json | undefined) => Json;

export const asGiven: Print = (value) => value ?? null;
export const asText: Print = (value) => value ?? '';

/** A structure by the names of its fields in Go, each a text. */
export const asTexts =
  (names: Readonly<Record<string, string>>): Print =>
  (value) =>
    Object.fromEntries(Object.entries(names).map(([name, field]) => [name, objectAt(value)[field] ?? '']));

/** A selector of labels, whose requirements always have a key and an operator. */
export const asSelector: Print = (value) => {
  if (value === undefined || value === null) return null;
  const { matchExpressions, ...rest } = objectAt(value);
  if (matchExpressions === undefined) return value;
  const whole = listAt(matchExpressions).map((one) => ({ key: '', operator: '', ...objectAt(one) }));
  return { ...rest, matchExpressions: whole };
};

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
