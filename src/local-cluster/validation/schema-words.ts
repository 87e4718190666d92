// What the words of a schema in a definition may be, each by itself and with its neighbours.

import { ownField } from '../../core/json.ts';
import type { Schema } from '../../objects/schema.ts';
import { type Cause, forbiddenField, invalidValue, required, unsupported } from '../status.ts';
import type { CompiledRules } from './cel/definition.ts';
import type { Cost } from './cel/estimate.ts';
import { ruleCauses } from './rule-words.ts';
import { innerSchemas, isThere, OPEN, RULES, rulesOf, UNSUPPORTED, wordAt } from './schema-parts.ts';

const TYPES = ['array', 'boolean', 'integer', 'number', 'object', 'string'];
const LIST_TYPES = ['atomic', 'set', 'map'];
const MAP_TYPES = ['atomic', 'granular'];

export const LIST_TYPE = 'x-kubernetes-list-type';
export const LIST_KEYS = 'x-kubernetes-list-map-keys';
export const MAP_TYPE = 'x-kubernetes-map-type';

interface Context {
  /** Why nothing may be filled in here. */
  readonly noDefault: string;
  readonly rules: CompiledRules;
}

interface Words {
  readonly causes: readonly Cause[];
  readonly costs: readonly Cost[];
  /** Whether nothing is wrong but with what rules say. */
  readonly isFit: boolean;
}

/** The words of a schema, each by itself and with its neighbours; what is in it comes before its rules. */
export function wordCauses(schema: Schema, path: string, context: Context): Words {
  const below = innerSchemas(schema, path).map(([field, one]) => {
    const noDefault = isRoot(path) ? (TOP_LEVEL[field.slice(path.length)] ?? '') : context.noDefault;
    return wordCauses(one, field, { ...context, noDefault });
  });
  const [first, last] = [ownCauses(schema, path, context.noDefault), typeWordCauses(schema, path)];
  const said = rulesOf(schema).flatMap((rule, index) => ruleCauses(rule, `${path}.${RULES}[${index}]`, schema));
  const isFit = [first, last, said].every(({ length }) => length === 0) && below.every((one) => one.isFit);
  const own = (isFit && context.rules.get(path)) || [];
  return {
    causes: [
      ...first,
      ...below.flatMap(({ causes }) => causes),
      ...last,
      ...said,
      ...own.flatMap(({ faults }) => faults),
    ],
    costs: [...own.flatMap(({ costs = [] }) => costs), ...below.flatMap(({ costs }) => costs)],
    isFit,
  };
}

function ownCauses(schema: Schema, path: string, noDefault: string): Cause[] {
  const { type = '', additionalProperties: rest, properties = {} } = schema;
  const causes: Cause[] = [];
  if (type !== '' && !TYPES.includes(type)) causes.push(unsupported(`${path}.type`, type, TYPES));
  if (type === 'null')
    causes.push(forbiddenField(`${path}.type`, 'type cannot be set to null, use nullable as an alternative'));
  if (schema.default !== undefined && noDefault !== '')
    causes.push(forbiddenField(`${path}.default`, `must not be set ${noDefault}`));
  for (const word of UNSUPPORTED)
    if (isThere(wordAt(schema, word), word)) causes.push(forbiddenField(`${path}.${word}`, `${word} is not supported`));
  if (wordAt(schema, 'uniqueItems') === true)
    causes.push(
      forbiddenField(
        `${path}.uniqueItems`,
        'uniqueItems cannot be set to true since the runtime complexity becomes quadratic',
      ),
    );
  if (Object.keys(properties).length > 0 && rest !== undefined && rest !== true)
    causes.push(
      forbiddenField(`${path}.additionalProperties`, 'additionalProperties and properties are mutual exclusive'),
    );
  return causes;
}

function typeWordCauses(schema: Schema, path: string): Cause[] {
  return [
    ...(schema[OPEN] === false ? [invalidValue(`${path}.${OPEN}`, false, 'must be true or undefined')] : []),
    ...mapTypeCauses(schema, path),
    ...listTypeCauses(schema, path),
  ];
}

/** What every object has gets no defaults from a schema. */
const TOP_LEVEL: Readonly<Record<string, string>> = Object.fromEntries(
  ['apiVersion', 'kind', 'metadata'].map((name) => [`.properties[${name}]`, `in top-level ${name}`]),
);
const isRoot = (path: string): boolean => path.endsWith('openAPIV3Schema');

/** A type that a word asks for. */
export function typeCauses(schema: Schema, path: string, type: string, why: string): Cause[] {
  if (schema.type === type) return [];
  const field = `${path}.type`;
  return [(schema.type ?? '') === '' ? required(field, why) : invalidValue(field, schema.type, why)];
}

function mapTypeCauses(schema: Schema, path: string): Cause[] {
  const kind = schema[MAP_TYPE];
  if (kind === undefined) return [];
  return [
    ...typeCauses(schema, path, 'object', `must be object if ${MAP_TYPE} is specified`),
    ...(MAP_TYPES.includes(kind) ? [] : [unsupported(`${path}.${MAP_TYPE}`, kind, MAP_TYPES)]),
  ];
}

function listTypeCauses(schema: Schema, path: string): Cause[] {
  const kind = schema[LIST_TYPE];
  const keys = schema[LIST_KEYS] ?? [];
  const field = `${path}.${LIST_TYPE}`;
  const keyed = `must be map if ${LIST_KEYS} is non-empty`;
  if (kind === undefined) return keys.length > 0 ? [required(field, keyed)] : [];
  const wrong = typeCauses(schema, path, 'array', `must be array if ${LIST_TYPE} is specified`);
  return [
    ...wrong,
    ...(wrong.length === 0 && kind === 'set' && schema.items ? setItemCauses(schema.items, `${path}.items`) : []),
    ...(LIST_TYPES.includes(kind) ? [] : [unsupported(field, kind, LIST_TYPES)]),
    ...(keys.length > 0 && kind !== 'map' ? [invalidValue(field, kind, keyed)] : []),
    ...(kind === 'map' ? mapItemCauses(schema, path) : []),
    ...nullableCauses(schema, path),
  ];
}

const ATOMIC = `must be atomic as item of a list with ${LIST_TYPE}=set`;

function setItemCauses(item: Schema, path: string): Cause[] {
  const [list, map] = [item[LIST_TYPE], item[MAP_TYPE]];
  if (item.type === 'array' && list !== undefined && list !== 'atomic')
    return [invalidValue(`${path}.${LIST_TYPE}`, list, ATOMIC)];
  if (item.type === 'object' && map !== 'atomic') return [invalidValue(`${path}.${MAP_TYPE}`, list, ATOMIC)];
  return [];
}

function mapItemCauses(schema: Schema, path: string): Cause[] {
  const keys = schema[LIST_KEYS] ?? [];
  const field = `${path}.${LIST_KEYS}`;
  const { items } = schema;
  const causes = keys.length > 0 ? [] : [required(field, `must not be empty if ${LIST_TYPE} is map`)];
  if (!items) return [...causes, required(`${path}.items`, `must have a schema if ${LIST_TYPE} is map`)];
  if (items.type !== 'object') {
    const why = `must be object if parent array's ${LIST_TYPE} is map`;
    return [...causes, invalidValue(`${path}.items.type`, items.type ?? '', why)];
  }
  return [
    ...causes,
    ...keys.flatMap((key, index) => {
      const type = ownField(items.properties, key)?.type;
      const isKnown = ownField(items.properties, key) !== undefined;
      const scalar = `must be a scalar type if parent array's ${LIST_TYPE} is map`;
      return [
        ...(isKnown ? [] : [invalidValue(field, keys, 'entries must all be names of item properties')]),
        ...(type === 'array' || type === 'object'
          ? [invalidValue(`${path}.items.properties[${key}].type`, items.type, scalar)]
          : []),
        ...(keys.indexOf(key) < index ? [invalidValue(field, keys, 'must not contain duplicate entries')] : []),
      ];
    }),
  ];
}

/** The items of sets and maps are there, and so are the keys of maps. */
function nullableCauses(schema: Schema, path: string): Cause[] {
  const kind = schema[LIST_TYPE];
  const { items } = schema;
  if (!items || (kind !== 'set' && kind !== 'map')) return [];
  const nullable = `cannot be nullable when ${LIST_TYPE} is ${kind}`;
  const causes = items.nullable === true ? [forbiddenField(`${path}.items.nullable`, nullable)] : [];
  const keys = kind === 'map' ? (schema[LIST_KEYS] ?? []) : [];
  const key = `this property is in ${LIST_KEYS}, so it`;
  return [
    ...causes,
    ...keys.flatMap((name) => {
      const property = ownField(items.properties, name);
      const field = `${path}.items.properties[${name}]`;
      if (!property) return [];
      const isThere = property.default !== undefined || (items.required ?? []).includes(name);
      return [
        ...(isThere ? [] : [required(`${field}.default`, `${key} must have a default or be a required property`)]),
        ...(property.nullable === true ? [forbiddenField(`${field}.nullable`, `${key} cannot be nullable`)] : []),
      ];
    }),
  ];
}
