// The schemas of definitions: what makes one structural, what lists and maps may be, and which defaults fit.

import { isList, isObject, type Json, listAt, ownField, sameJson, textAt } from '../../core/json.ts';
import { areRegExpsLoaded, regExpFault } from '../../core/regexp.ts';
import { isSchema, type Schema, type TypeOf } from '../../objects/schema.ts';
import { unknownFields } from '../../objects/structural.ts';
import { type Cause, forbiddenField, invalidValue, required } from '../status.ts';
import { type CompiledRules, compiledRules, compileFaults } from './cel/definition.ts';
import { totalFaults } from './cel/estimate.ts';
import { usualRuleCauses } from './cel/rules.ts';
import { hasUnreadable, innerSchemas, joiningSchemas, OPEN, RULES, wordAt } from './schema-parts.ts';
import { typeName, valueCauses } from './schema-value.ts';
import { LIST_KEYS, LIST_TYPE, MAP_TYPE, typeCauses, wordCauses } from './schema-words.ts';

const X = 'x-kubernetes-';

/** Everything that is wrong with the schema of a version. Rules are compiled only where all else fits. */
export function schemaCauses(schema: Schema, path: string): Cause[] {
  const nullable =
    schema.nullable === true ? [forbiddenField(`${path}.nullable`, 'nullable cannot be true at the root')] : [];
  const isReadable = !hasUnreadable(schema);
  const structural = isReadable
    ? [...levelCauses(schema, path, 'root'), ...completeCauses(schema, schema, path, path)]
    : [];
  const compiled = structural.length > 0 || !isReadable ? NO_RULES : compiledRules(schema, path);
  const usual = structural.length > 0 || !isReadable ? [] : defaultCauses(schema, path, compiled);
  const rules = usual.length > 0 ? NO_RULES : compiled;
  const { causes: words, costs } = wordCauses(schema, path, { noDefault: '', rules });
  const causes = [...nullable, ...structural.toSorted(byText), ...usual, ...words, ...totalFaults(path, costs)];
  if (causes.length > 0 || !namesItsKind(schema, path)) return causes;
  return [invalidValue(path, '', "OpenAPIV3Schema 'schema' is not supported")];
}

const NO_RULES: CompiledRules = new Map();

/** Whether a schema says of which kind of schemas it is. */
const namesItsKind = (schema: Schema, path: string): boolean =>
  (wordAt(schema, '$schema') ?? '') !== '' ||
  innerSchemas(schema, path).some(([field, one]) => namesItsKind(one, field));

const wordOf = (cause: Cause): string => `${cause.field}: ${cause.reason} ${cause.message}`;
const byText = (one: Cause, other: Cause): number => (wordOf(one) < wordOf(other) ? -1 : 1);

type Level = 'root' | 'item' | 'field';

const UNTYPED: Readonly<Record<Level, string>> = {
  root: 'must not be empty at the root',
  item: 'must not be empty for specified array items',
  field: 'must not be empty for specified object fields',
};

/** Each value has a type, each list its items. */
function levelCauses(schema: Schema, path: string, level: Level): Cause[] {
  const { items, additionalProperties: rest, properties = {}, type = '' } = schema;
  const is = (word: string): boolean => wordAt(schema, `${X}${word}`) === true;
  const [isEmbedded, isEither, isOpen] = [is('embedded-resource'), is('int-or-string'), is('preserve-unknown-fields')];
  const causes: Cause[] = [];
  if (type === 'array' && isList(items) && items.length > 0)
    causes.push(forbiddenField(`${path}.items`, 'items must be a schema object and not an array'));
  else if (type === 'array' && !isSchema(items)) causes.push(required(`${path}.items`, 'must be specified'));
  const hasRest = rest !== undefined;
  if (hasRest && level === 'root')
    causes.push(forbiddenField(`${path}.additionalProperties`, 'must not be used at the root'));
  const noEither = `must be false if ${X}int-or-string is true`;
  if (isEither && isOpen) causes.push(invalidValue(`${path}.${OPEN}`, true, noEither));
  if (isEither && isEmbedded) causes.push(invalidValue(`${path}.${X}embedded-resource`, true, noEither));
  if (isEmbedded) causes.push(...typeCauses(schema, path, 'object', `must be object if ${X}embedded-resource is true`));
  else if (type === '' && !isEither && !isOpen) causes.push(required(`${path}.type`, UNTYPED[level]));
  if (isEmbedded && hasRest)
    causes.push(forbiddenField(`${path}.additionalProperties`, `must not be used if ${X}embedded-resource is set`));
  if (level === 'root' && type !== '' && type !== 'object')
    causes.push(invalidValue(`${path}.type`, type, 'must be object at the root'));
  if (level === 'root' || isEmbedded) causes.push(...objectCauses(properties, path, level === 'root'));
  if (isEmbedded && !isOpen && Object.keys(properties).length === 0)
    causes.push(required(`${path}.properties`, `must not be empty if ${X}embedded-resource is true without ${OPEN}`));
  return [
    ...causes,
    ...joinedCauses(schema, path, true),
    ...Object.entries(properties).flatMap(([name, one]) => levelCauses(one, `${path}.properties[${name}]`, 'field')),
    ...(isSchema(items) ? levelCauses(items, `${path}.items`, 'item') : []),
    ...(isSchema(rest) ? levelCauses(rest, `${path}.additionalProperties`, 'field') : []),
  ];
}

/** What every object has is what it always is. */
function objectCauses(properties: Readonly<Record<string, Schema>>, path: string, isRoot: boolean): Cause[] {
  const typed = (name: string, type: string): Cause[] => {
    const property = ownField(properties, name);
    if (!property || property.type === type) return [];
    return [invalidValue(`${path}.properties[${name}].type`, property.type ?? '', `must be ${type}`)];
  };
  const metadata = ownField(properties, 'metadata');
  const says = 'must not specify anything other than name and generateName, but metadata is implicitly specified';
  return [
    ...typed('kind', 'string'),
    ...typed('apiVersion', 'string'),
    ...typed('metadata', 'object'),
    ...(isRoot && metadata && saysMore(metadata) ? [forbiddenField(`${path}.properties[metadata]`, says)] : []),
  ];
}

const NAMES = ['name', 'generateName'];

function saysMore(metadata: Schema): boolean {
  const { type: _type, default: _default, properties = {}, ...rest } = metadata;
  const isEmpty = (value: unknown): boolean => value === undefined || value === false || value === '';
  return (
    Object.keys(properties).some((name) => !NAMES.includes(name)) ||
    Object.values(rest).some((value) => !isEmpty(value))
  );
}

/** What the API server cannot read, nothing is to be held to. What the cluster writes by itself is not looked at: RE2 is loaded with the first write of a client. */
const patternFault = (pattern: string): string | undefined =>
  pattern === '' || !areRegExpsLoaded() ? undefined : regExpFault(pattern);

const EITHER: Json = [{ type: 'integer' }, { type: 'string' }];
const isEitherOf = (list: readonly Json[]): boolean => sameJson(list, EITHER);

/** What joins a schema says nothing of the structure, but for the two forms of a number or text. */
function joinedCauses(schema: Schema, path: string, isStructural: boolean, skipsAny = false): Cause[] {
  const pattern = textAt(schema, 'pattern');
  const fault = patternFault(pattern);
  const why = `must be a valid regular expression, but isn't: ${fault}`;
  const skipsOwn = skipsAny || (isStructural && isEitherOf(listAt(schema, 'anyOf')));
  const skipsFirst = isStructural && isEitherOf(listAt(listAt(schema, 'allOf')[0], 'anyOf'));
  return [
    ...(fault === undefined ? [] : [invalidValue(`${path}.pattern`, pattern, why)]),
    ...joiningSchemas(schema, path).flatMap(([field, one]) =>
      skipsOwn && field.startsWith(`${path}.anyOf[`)
        ? []
        : valueOnlyCauses(one, field, skipsFirst && field === `${path}.allOf[0]`),
    ),
  ];
}

const EMPTY = 'must be empty to be structural';
const FALSE = 'must be false to be structural';
const UNDEFINED = 'must be undefined to be structural';

/** The words of structure, each with what it must be where only values are spoken of. */
const STRUCTURAL: readonly (readonly [string, string])[] = [
  ['type', EMPTY],
  ['additionalProperties', UNDEFINED],
  ['default', UNDEFINED],
  ['title', EMPTY],
  ['description', EMPTY],
  ['nullable', FALSE],
  [OPEN, FALSE],
  [`${X}embedded-resource`, FALSE],
  [`${X}int-or-string`, FALSE],
  [LIST_KEYS, EMPTY],
  [LIST_TYPE, UNDEFINED],
  [MAP_TYPE, UNDEFINED],
  [RULES, EMPTY],
];

function isSaid(value: Json | undefined, must: string): boolean {
  if (must === FALSE) return value === true;
  // A map without other values is the same as none that is spoken of.
  return value !== undefined && value !== false && (must === UNDEFINED || (value !== '' && !sameJson(value, [])));
}

function valueOnlyCauses(schema: Schema, path: string, skipsAny: boolean): Cause[] {
  const properties = Object.entries(schema.properties ?? {});
  return [
    ...joinedCauses(schema, path, false, skipsAny),
    ...(isSchema(schema.items) ? valueOnlyCauses(schema.items, `${path}.items`, false) : []),
    ...properties.flatMap(([name, one]) => valueOnlyCauses(one, `${path}.properties[${name}]`, false)),
    ...STRUCTURAL.filter(([word, must]) => isSaid(wordAt(schema, word), must)).map(([word, must]) =>
      forbiddenField(`${path}.${word}`, must),
    ),
    ...(ownField(schema.properties, 'metadata')
      ? [forbiddenField(`${path}.properties[metadata]`, 'must not be specified in a nested context')]
      : []),
  ];
}

/** What is spoken of in a part of the root is in its structure too. */
function completeCauses(value: Schema, schema: Schema | undefined, path: string, from: string): Cause[] {
  return joiningSchemas(value, from).flatMap(([field, one]) => partCauses(one, schema, path, field));
}

function partCauses(part: Schema, schema: Schema | undefined, path: string, from: string): Cause[] {
  if (!schema) return [required(path, `because it is defined in ${from}`)];
  return [
    ...completeCauses(part, schema, path, from),
    ...(isSchema(part.items) ? partCauses(part.items, schema.items, `${path}.items`, `${from}.items`) : []),
    ...Object.entries(part.properties ?? {}).flatMap(([name, one]) => {
      const place = `properties[${name}]`;
      return partCauses(one, ownField(schema.properties, name), `${path}.${place}`, `${from}.${place}`);
    }),
  ];
}

/** Defaults are values of their schemas, and have no fields that these do not know. Those of maps are not looked at. */
function defaultCauses(schema: Schema, path: string, rules: CompiledRules): Cause[] {
  const { default: usual, items } = schema;
  return [
    ...(usual === undefined ? [] : usualCauses(usual, schema, { field: `${path}.default`, path, rules })),
    ...Object.entries(schema.properties ?? {}).flatMap(([name, one]) =>
      defaultCauses(one, `${path}.properties[${name}]`, rules),
    ),
    ...(isSchema(items) ? defaultCauses(items, `${path}.items`, rules) : []),
  ];
}

/** A value with the keys of its maps in order. */
const sorted = (value: Json): Json => {
  if (!isObject(value)) return isList(value) ? value.map(sorted) : value;
  const names = Object.keys(value).toSorted();
  return Object.fromEntries(names.map((name) => [name, sorted(value[name] ?? null)]));
};

interface Usual {
  readonly field: string;
  /** Where its schema stands. */
  readonly path: string;
  readonly rules: CompiledRules;
}

function usualCauses(usual: Json, schema: Schema, place: Usual): Cause[] {
  const { field } = place;
  const type: TypeOf = { schema, resolve: (one) => one };
  const unknown =
    unknownFields(usual, type).length > 0 ? [invalidValue(field, sorted(usual), 'must not have unknown fields')] : [];
  const causes = [...unknown, ...valueCauses(usual, type, field)];
  if (causes.length > 0) return causes;
  const unread = unreadRules(usual, schema, place);
  return unread.length > 0 ? unread : usualRuleCauses(usual, type, field);
}

/** Rules that a default would be held to, if they were some. */
function unreadRules(value: Json, schema: Schema, { field, path, rules }: Usual): Cause[] {
  const own = compileFaults(rules, path).map((why) =>
    invalidValue(field, typeName(value), `rule compile error: ${why}`),
  );
  const { items, properties = {} } = schema;
  if (isList(value) && isSchema(items)) {
    const inner = { path: `${path}.items`, rules };
    return [
      ...own,
      ...value.flatMap((one, index) => unreadRules(one, items, { ...inner, field: `${field}[${index}]` })),
    ];
  }
  const fields = Object.entries(isObject(value) ? value : {}).flatMap(([name, one]) => {
    const property = ownField(properties, name);
    if (!property || one === undefined) return [];
    return unreadRules(one, property, { field: `${field}.${name}`, path: `${path}.properties[${name}]`, rules });
  });
  return [...own, ...fields];
}
