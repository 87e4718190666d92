// How the schema of a custom resource is gone through, and what it holds that costs something to check: rules in CEL, patterns.

import { isList, isObject, type Json, type JsonObject, listAt, ownField, sameJson, textAt } from '../../core/json.ts';
import { isSchema, type Schema } from '../../objects/schema.ts';

export const RULES = 'x-kubernetes-validations';

export const rulesOf = (schema: Schema | undefined): readonly JsonObject[] => listAt(schema, RULES).filter(isObject);

/** Whether a schema has rules anywhere. */
export const hasRules = (schema: Schema | undefined): boolean => findings(schema).rules;

/** Whether a schema has patterns anywhere. */
export const hasPatterns = (schema: Schema | undefined): boolean => findings(schema).patterns;

interface Findings {
  readonly rules: boolean;
  readonly patterns: boolean;
}

const NOTHING: Findings = { rules: false, patterns: false };
const looked = new WeakMap<Schema, Findings>();

/** Schemas are large, and asked for at each write: each is looked through once. */
function findings(schema: Schema | undefined): Findings {
  if (!isSchema(schema)) return NOTHING;
  const earlier = looked.get(schema);
  if (earlier) return earlier;
  const inner = innerSchemas(schema, '').map(([, one]) => findings(one));
  const found = {
    rules: rulesOf(schema).length > 0 || inner.some(({ rules }) => rules),
    patterns: textAt(schema, 'pattern') !== '' || inner.some(({ patterns }) => patterns),
  };
  looked.set(schema, found);
  return found;
}

const JUNCTORS = ['allOf', 'anyOf', 'oneOf'];

/** The schemas within a schema, each with where it stands. */
export function innerSchemas(schema: Schema, path: string): readonly (readonly [string, Schema])[] {
  const rest = schema.additionalProperties;
  return [
    ...(isSchema(rest) ? [[`${path}.additionalProperties`, rest] as const] : []),
    ...Object.entries(schema.properties ?? {}).map(([name, one]) => [`${path}.properties[${name}]`, one] as const),
    ...joiningSchemas(schema, path),
    ...(isSchema(schema.items) ? [[`${path}.items`, schema.items] as const] : []),
  ];
}

/** The schemas that join a schema, each with where it stands. */
export function joiningSchemas(schema: Schema, path: string): readonly (readonly [string, Schema])[] {
  const not = isObject(schema) ? schema['not'] : undefined;
  const joined = JUNCTORS.flatMap((word) =>
    listAt(schema, word).flatMap((one, index) => (isSchema(one) ? [[`${path}.${word}[${index}]`, one] as const] : [])),
  );
  return [...(isSchema(not) ? [[`${path}.not`, not] as const] : []), ...joined];
}

export const OPEN = 'x-kubernetes-preserve-unknown-fields';

/** Words that no schema of a definition may have, and those of them that may be there if they say nothing. */
export const UNSUPPORTED = ['id', 'additionalItems', 'patternProperties', 'definitions', 'dependencies', '$ref'];
const MAY_BE_EMPTY = ['id', 'patternProperties', 'definitions'];

export const isThere = (value: Json | undefined, word: string): boolean =>
  value !== undefined && !(MAY_BE_EMPTY.includes(word) && (value === '' || sameJson(value, {})));

export const wordAt = (schema: Schema, name: string): Json | undefined => (isObject(schema) ? schema[name] : undefined);

/** Whether a schema, or one within it, says what keeps it from being read as a structure. */
export const hasUnreadable = (schema: Schema): boolean =>
  schema[OPEN] === false ||
  UNSUPPORTED.some((word) => isThere(wordAt(schema, word), word)) ||
  innerSchemas(schema, '').some(([, one]) => hasUnreadable(one));

export const below = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`);

/** The item of before that an item goes on: only in lists whose items have a key. */
export function earlierItem(item: Json, old: Json | undefined, schema: Schema): Json | undefined {
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  if (!isList(old) || schema['x-kubernetes-list-type'] !== 'map' || !isObject(item)) return undefined;
  return old.find((other) => isObject(other) && keys.every((key) => sameJson(other[key], item[key])));
}

/** Whether a value is what it was: the items of a list with keys may have changed their places. */
export function isUnchanged(value: Json | undefined, old: Json | undefined, schema: Schema | undefined): boolean {
  if (old === undefined || !schema) return sameJson(value, old);
  if (isList(value) && isList(old) && schema['x-kubernetes-list-type'] === 'map')
    return (
      value.length === old.length &&
      value.every((item) => {
        const earlier = earlierItem(item, old, schema);
        return earlier !== undefined && isUnchanged(item, earlier, schema.items);
      })
    );
  if (!isObject(value) || !isObject(old)) return sameJson(value, old);
  const keys = Object.keys({ ...value, ...old });
  return keys.every((key) => isUnchanged(value[key], old[key], schemaAt(schema, key)));
}

const schemaAt = ({ properties, additionalProperties: rest }: Schema, key: string): Schema | undefined =>
  ownField(properties, key) ?? (isSchema(rest) ? rest : undefined);

const STEP = /\.([a-zA-Z_$][\w$]*)|\['((?:[^'\\]|\\.)*)'\]/y;

/** The names that a path goes by: '.a['b']' by a and b. None where it is no path. */
export function stepsOf(path: string): readonly string[] {
  const names: string[] = [];
  let read = 0;
  while (read < path.length) {
    STEP.lastIndex = read;
    const [step, field, key = ''] = STEP.exec(path) ?? [];
    if (step === undefined) return [];
    names.push(field ?? key.replace(/\\(.)/g, '$1'));
    read += step.length;
  }
  return names;
}
