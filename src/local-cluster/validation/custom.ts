// What the schema of a custom resource refuses: types, limits and combinations, then the rules that it has in CEL.

import { isIP } from 'node:net';
import { isList, isObject, type Json, type JsonObject, listAt, numberAt, sameJson, textAt } from '../../core/json.ts';
import { areRegExpsLoaded, compileRegExp } from '../../core/regexp.ts';
import { parseDuration } from '../../core/time.ts';
import { fieldType, isSchema, itemType, type Schema, type TypeOf } from '../../objects/schema.ts';
import { type Cause, duplicate, invalidValue, required, unsupported } from '../status.ts';
import { parseCidr } from './addresses.ts';
import { ruleCauses } from './cel/rules.ts';
import { serviceProblems } from './names.ts';
import { rowOf } from './rules.ts';
import { hasRules } from './schema-parts.ts';

/** Every breach of a schema below the object's metadata. */
export function customCauses(object: JsonObject, before: JsonObject | undefined, type: TypeOf): Cause[] {
  const { apiVersion: _version, kind: _kind, metadata: _metadata, ...rest } = object;
  const { required: needed = [], ...schema } = type.schema ?? {};
  const missing = needed.filter((field) => object[field] === undefined).map((field) => required(field));
  const causes = [
    ...missing,
    ...Object.entries(rest).flatMap(([key, value]) => causesOf(value, fieldType({ ...type, schema }, key), key)),
    ...combinationCauses(object, type, ''),
  ];
  if (!hasRules(type.schema)) return causes;
  return causes.some(({ reason }) => BLOCKING.has(reason))
    ? [...causes, UNCHECKED]
    : [...causes, ...ruleCauses(object, before, type)];
}

/** After these an object is no longer what rules are written for. */
const BLOCKING: ReadonlySet<string> = new Set([
  'FieldValueNotSupported',
  'FieldValueRequired',
  'FieldValueTooLong',
  'FieldValueTooMany',
  'FieldValueTypeInvalid',
]);

const UNCHECKED = invalidValue(
  '<nil>',
  undefined,
  'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
);

/** Every breach of a schema by a value that stands at a field of something else. */
export const valueCauses = (value: Json, type: TypeOf, field: string): Cause[] =>
  causesOf(value, type, '').map((cause) => {
    const inner = cause.field.replace(/^\./, '');
    return { ...cause, field: inner === '' ? field : `${field}.${inner}` };
  });

function causesOf(value: Json | undefined, type: TypeOf, path: string): Cause[] {
  const { schema } = type;
  if (value === undefined || schema === undefined || (value === null && schema.nullable === true)) return [];
  const wrong = typeCause(value, schema, path);
  if (wrong) return [wrong];
  const own = [
    ...enumCauses(value, schema, path),
    ...limitCauses(value, schema, path),
    ...combinationCauses(value, type, path),
  ];
  if (isList(value)) {
    const items = value.flatMap((item, index) => causesOf(item, itemType(type), `${path}[${index}]`));
    return [...own, ...items, ...uniqueCauses(value, schema, path)];
  }
  if (!isObject(value)) return own;
  const missing = (schema.required ?? []).filter((field) => value[field] === undefined);
  return [
    ...own,
    ...missing.map((field) => required(`${path}.${field}`)),
    ...(schema['x-kubernetes-embedded-resource'] === true ? embeddedCauses(value, path) : []),
    ...Object.entries(value).flatMap(([key, item]) => causesOf(item, fieldType(type, key), `${path}.${key}`)),
  ];
}

/** An object within another says what it is. */
function embeddedCauses(value: JsonObject, path: string): Cause[] {
  const mixed = 'may have mixed case, but should otherwise match: ';
  return ['apiVersion', 'kind'].flatMap((name) => {
    const [field, word] = [`${path}.${name}`, value[name]];
    if (word === undefined) return [required(field, 'must not be empty')];
    if (typeof word !== 'string') return [invalidValue(field, word, 'must be a string')];
    if (word === '') return [invalidValue(field, word, 'must not be empty')];
    if (name === 'apiVersion')
      return word.split('/').length > 2 ? [invalidValue(field, word, `unexpected GroupVersion string: ${word}`)] : [];
    const problems = serviceProblems(word.toLowerCase());
    return problems.length > 0 ? [invalidValue(field, word, `${mixed}${problems.join(',')}`)] : [];
  });
}

function typeCause(value: Json, schema: Schema, path: string): Cause | undefined {
  const either = schema['x-kubernetes-int-or-string'] === true ? 'integer,string' : undefined;
  const wanted = either ?? schema.type;
  if (wanted === undefined || wanted === '') return undefined;
  const typeName = isList(value) ? 'array' : value === null ? 'null' : typeof value;
  const isInteger = Number.isInteger(value);
  const fits = wanted === 'integer' ? isInteger : either ? isInteger || typeName === 'string' : typeName === wanted;
  if (fits) return undefined;
  const type = typeName === 'number' ? (Number.isInteger(value) ? 'integer' : 'number') : typeName;
  const message = `"${type}": ${path} in body must be of type ${wanted}: "${type}"`;
  return { field: path, reason: 'FieldValueTypeInvalid', message };
}

function enumCauses(value: Json, schema: Schema, path: string): Cause[] {
  if (!schema.enum || schema.enum.some((option) => sameJson(option, value))) return [];
  return [unsupported(path, value, schema.enum.map(String))];
}

const tooMany = (path: string, count: number, most: number): Cause => ({
  field: path,
  reason: 'FieldValueTooMany',
  message: `${count}: must have at most ${most} items`,
});

/** Limits are read by their names: schemas of definitions may carry more keywords than the built-in types. */
function limitCauses(value: Json, schema: Schema, path: string): Cause[] {
  const limit = (name: string): number | undefined => numberAt(schema, name);
  const cause = (text: string): Cause => invalidValue(path, value, `${path} in body ${text}`);
  if (typeof value === 'number') return numberCauses(value, schema, cause);
  if (typeof value === 'string') return textCauses(value, schema, { path, cause });
  const isMap = isObject(value);
  const [fewest, most] = isMap
    ? [limit('minProperties'), limit('maxProperties')]
    : [limit('minItems'), limit('maxItems')];
  const count = isList(value) ? value.length : isMap ? Object.keys(value).length : 0;
  if (!isMap && !isList(value)) return [];
  return [
    ...(fewest !== undefined && count < fewest
      ? [cause(`should have at least ${fewest} ${isMap ? 'properties' : 'items'}`)]
      : []),
    ...(most !== undefined && count > most ? [tooMany(path, count, most)] : []),
  ];
}

function numberCauses(value: number, schema: Schema, cause: (text: string) => Cause): Cause[] {
  const limit = (name: string): number | undefined => numberAt(schema, name);
  const [minimum, maximum, factor] = [limit('minimum'), limit('maximum'), limit('multipleOf')];
  const strict = (name: string): boolean => isObject(schema) && schema[name] === true;
  const causes: Cause[] = [];
  if (minimum !== undefined && strict('exclusiveMinimum') ? value <= (minimum ?? 0) : value < (minimum ?? value))
    causes.push(cause(`should be greater than ${strict('exclusiveMinimum') ? '' : 'or equal to '}${minimum}`));
  if (maximum !== undefined && strict('exclusiveMaximum') ? value >= (maximum ?? 0) : value > (maximum ?? value))
    causes.push(cause(`should be less than ${strict('exclusiveMaximum') ? '' : 'or equal to '}${maximum}`));
  if (factor !== undefined && !isMultiple(value, factor)) causes.push(cause(`should be a multiple of ${factor}`));
  return causes;
}

/** As the API server reckons: 0.3 / 0.1 is no integer in binary, 0.3 * (1 / 0.1) is. */
const isMultiple = (value: number, factor: number): boolean =>
  Number.isInteger(factor < 1 ? value * (1 / factor) : value / factor);

interface TextPlace {
  readonly path: string;
  readonly cause: (text: string) => Cause;
}

function textCauses(value: string, schema: Schema, { path, cause }: TextPlace): Cause[] {
  const [shortest, longest, pattern] = [
    numberAt(schema, 'minLength'),
    numberAt(schema, 'maxLength'),
    textAt(schema, 'pattern'),
  ];
  const length = [...value].length;
  const causes: Cause[] = [];
  if (shortest !== undefined && length < shortest) causes.push(cause(`should be at least ${shortest} chars long`));
  if (longest !== undefined && length > longest)
    causes.push({ field: path, reason: 'FieldValueTooLong', message: `may not be more than ${longest} bytes` });
  if (pattern !== '' && !fitsPattern(pattern, value)) causes.push(cause(`should match '${pattern}'`));
  const format = schema.format ?? '';
  const hasFormat = rowOf(FORMATS, format) ?? (() => true);
  if (!hasFormat(value)) {
    const message = `${path} in body must be of type ${format}: ${JSON.stringify(value)}`;
    causes.push(invalidValue(path, value, message));
  }
  return causes;
}

const isDuration = (text: string): boolean => {
  try {
    parseDuration(text);
    return true;
  } catch {
    return false;
  }
};

/** The formats that are looked at; others are remarks. */
const FORMATS: Readonly<Record<string, (text: string) => boolean>> = {
  'date-time': (text) =>
    /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text)),
  date: (text) => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)),
  duration: isDuration,
  email: (text) => /^[^\s@]+@[^\s@]+$/.test(text),
  hostname: (text) => /^[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?(\.[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?)*$/.test(text),
  ipv4: (text) => isIP(text) === 4,
  ipv6: (text) => isIP(text) === 6,
  cidr: (text) => parseCidr(text) !== undefined,
  mac: (text) => /^([0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}$/.test(text),
  uuid: (text) => /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i.test(text),
  byte: (text) => /^[A-Za-z0-9+/]*={0,2}$/.test(text) && text.length % 4 === 0,
  uri: (text) => text.startsWith('/') || URL.canParse(text),
};

const patterns = new Map<string, (text: string) => boolean>();

/** A pattern that Go cannot read refuses nothing. RE2 is loaded before a client's write; the cluster's own are not looked at. */
function fitsPattern(pattern: string, value: string): boolean {
  if (!areRegExpsLoaded()) return true;
  const fits = patterns.get(pattern) ?? compileRegExp(pattern) ?? (() => true);
  patterns.set(pattern, fits);
  return fits(value);
}

const schemasAt = (schema: Schema | undefined, name: string): readonly Schema[] =>
  listAt(schema, name).flatMap((one): Schema[] => (isSchema(one) ? [one] : []));

/** Schemas that must hold together, in turn, or not at all. */
function combinationCauses(value: Json, type: TypeOf, path: string): Cause[] {
  const { schema } = type;
  const name = path === '' ? '""' : JSON.stringify(path);
  const failures = (one: Schema): Cause[] => partCauses(value, { ...type, schema: one }, path);
  const [any, one, every] = ['anyOf', 'oneOf', 'allOf'].map((word) => schemasAt(schema, word).map(failures));
  const fits = (list: readonly (readonly Cause[])[]): number => list.filter((causes) => causes.length === 0).length;
  const refuse = (text: string): Cause => invalidValue('<nil>', '', `${name} ${text}`);
  const causes: Cause[] = [];
  if (any && any.length > 0 && fits(any) === 0)
    causes.push(refuse('must validate at least one schema (anyOf)'), ...(any[0] ?? []));
  if (one && one.length > 0 && fits(one) !== 1) {
    const found = fits(one) === 0 ? 'Found none valid' : `Found ${fits(one)} valid alternatives`;
    causes.push(
      refuse(`must validate one and only one schema (oneOf). ${found}`),
      ...(fits(one) === 0 ? (one[0] ?? []) : []),
    );
  }
  if (every && fits(every) < every.length)
    causes.push(refuse('must validate all the schemas (allOf)'), ...every.flat());
  const not = isObject(schema) ? schema['not'] : undefined;
  if (isSchema(not) && failures(not).length === 0) causes.push(refuse('must not validate the schema (not)'));
  return causes;
}

/** A part of a combination may leave out the type that its whole has. */
function partCauses(value: Json, type: TypeOf, path: string): Cause[] {
  return causesOf(value, type, path).map((cause) =>
    cause.reason === 'FieldValueRequired' && path === '' ? { ...cause, field: cause.field.replace(/^\./, '') } : cause,
  );
}

function uniqueCauses(value: readonly Json[], schema: Schema, path: string): Cause[] {
  const kind = schema['x-kubernetes-list-type'];
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  if (kind !== 'set' && kind !== 'map') return [];
  const identity = (item: Json): Json =>
    kind === 'map' && isObject(item) ? Object.fromEntries(keys.map((key) => [key, item[key]])) : item;
  return value.flatMap((item, index) => {
    const earlier = value.slice(0, index).some((other) => sameJson(identity(other), identity(item)));
    return earlier ? [duplicate(`${path}[${index}]`, identity(item))] : [];
  });
}
