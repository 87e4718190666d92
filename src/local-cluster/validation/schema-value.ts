// What a schema refuses of a value: its type, its limits, and what combines schemas.

import { isList, isObject, type Json, type JsonObject, listAt, numberAt, sameJson, textAt } from '../../core/json.ts';
import { areRegExpsLoaded, compileRegExp } from '../../core/regexp.ts';
import { fieldType, isSchema, itemType, type Schema, type TypeOf } from '../../objects/schema.ts';
import { type Cause, invalidValue, required, unsupported } from '../status.ts';
import { embeddedCauses } from './embedded.ts';
import { FORMATS, NUMBER_FORMATS } from './formats.ts';
import { rowOf } from './rules.ts';
import { below, earlierItem, isUnchanged } from './schema-parts.ts';

/** Where the API tells no field. */
const NOWHERE = '<nil>';

/** Every breach of a schema by a value that stands at a field of something else. What makes items unique is not asked of it. */
export const valueCauses = (value: Json, type: TypeOf, field: string): Cause[] => [
  ...partCausesOf(value, type, { path: field }),
  ...embeddedCauses(value, type, field),
];

/** Every breach by a part of an object that is judged by itself: its messages start at the part. */
export const partCausesOf = (value: Json | undefined, type: TypeOf, { path: field, old }: Place): Cause[] =>
  causesOf(value, type, { path: '', old }).map((cause) => {
    const inner = cause.field === NOWHERE ? '' : cause.field;
    return { ...cause, field: inner === '' ? field : `${field}.${inner}` };
  });

interface Place {
  readonly path: string;
  /** What stood there before: what stays as it was is not judged again. */
  readonly old?: Json | undefined;
}

/** Every breach of a schema by a value, but for objects within it and what makes items unique. */
export function causesOf(value: Json | undefined, type: TypeOf, { path, old }: Place): Cause[] {
  const { schema } = type;
  if (value === undefined || schema === undefined || (value === null && schema.nullable === true)) return [];
  if (old !== undefined && isUnchanged(value, old, schema)) return [];
  return [
    ...typeCauses(value, schema, path),
    ...combinationCauses(value, type, path),
    ...limitCauses(value, schema, path),
    ...(isList(value)
      ? [
          ...value.flatMap((item, index) =>
            causesOf(item, itemType(type), { path: `${path}[${index}]`, old: earlierItem(item, old, schema) }),
          ),
          ...countCauses(value.length, schema, path, LIST_LIMITS),
        ]
      : []),
    ...enumCauses(value, schema, path),
    ...(isObject(value) ? objectCauses(value, type, { path, old }) : []),
  ];
}

function objectCauses(value: JsonObject, type: TypeOf, { path, old }: Place): Cause[] {
  const schema = type.schema ?? {};
  const before = isObject(old) ? old : {};
  const missing = (schema.required ?? []).filter((field) => value[field] === undefined);
  return [
    ...countCauses(Object.keys(value).length, schema, path, MAP_LIMITS),
    ...Object.entries(value).flatMap(([key, item]) =>
      causesOf(item, fieldType(type, key), { path: below(path, key), old: before[key] }),
    ),
    ...missing.map((field) => required(below(path, field))),
  ];
}

/** What a value is, in the words of schemas. */
export function typeName(value: Json): string {
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return isList(value) ? 'array' : value === null ? 'null' : typeof value;
}

const WHOLE: Readonly<Record<string, number>> = { int32: 2 ** 31, int64: 2 ** 63, uint32: 2 ** 32, uint64: 2 ** 64 };

function typeCauses(value: Json, schema: Schema, path: string): Cause[] {
  const either = schema['x-kubernetes-int-or-string'] === true ? 'integer,string' : undefined;
  const wanted = either ?? schema.type;
  const format = schema.format ?? '';
  if (wanted === undefined || wanted === '') return [];
  const name = typeName(value);
  const isNumber = wanted === 'integer' || wanted === 'number';
  if (typeof value === 'number' && isNumber) return numberTypeCauses(value, { wanted, format, path });
  if (name === wanted || (either && (name === 'integer' || name === 'string'))) return [];
  const isFormatted = wanted === 'string' && rowOf(FORMATS, format) !== undefined && value !== null;
  // What is neither a text nor a list is not told of a number that has a format.
  const isUntold =
    isNumber && NUMBER_FORMATS[wanted]?.includes(format) === true && (name === 'boolean' || name === 'object');
  if (isUntold) return [typeCause('', format, path)];
  return isFormatted ? formatTypeCauses(value, format, path) : [typeCause(name, wanted, path)];
}

const typeCause = (name: string, wanted: string, path: string): Cause => ({
  field: path,
  reason: 'FieldValueTypeInvalid',
  message: `${JSON.stringify(name)}: ${path} in body must be of type ${wanted}: ${JSON.stringify(name)}`,
});

/** A number's type is told as its format where it has one. */
function formatTypeCauses(value: Json, format: string, path: string): Cause[] {
  if (isList(value)) return [];
  const name = typeof value === 'number' ? (Number.isInteger(value) ? 'int64' : 'float64') : '';
  return [typeCause(name, format, path)];
}

interface NumberType {
  readonly wanted: string;
  readonly format: string;
  readonly path: string;
}

function numberTypeCauses(value: number, { wanted, format, path }: NumberType): Cause[] {
  const most = rowOf(WHOLE, format);
  const isWhole = Number.isInteger(value);
  const checked = (what: string): Cause =>
    invalidValue(NOWHERE, '', `Checked value must be of type ${wanted} ${what} in ${path}`);
  if (wanted === 'number')
    return format === 'float' && Math.abs(value) > MOST_FLOAT ? [checked('with format float')] : [];
  if (most === undefined) return isWhole ? [] : [typeCause('number', wanted, path), checked('(default format)')];
  if (isWhole && value < most && value >= -most) return [];
  const isTyped = isWhole && Math.abs(value) < 2 ** 63;
  return [...(isTyped ? [] : [typeCause('float64', format, path)]), checked(`with format ${format}`)];
}

const MOST_FLOAT = 3.4028234663852886e38;

function enumCauses(value: Json, schema: Schema, path: string): Cause[] {
  const { enum: options } = schema;
  if (!options || value === null) return [];
  // A number is compared as the whole number that options of an enumeration are.
  const given = typeof value === 'number' && schema.type === 'integer' ? Math.trunc(value) : value;
  if (options.some((option) => sameJson(option, given))) return [];
  return [
    unsupported(
      path,
      value,
      options.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))),
    ),
  ];
}

type Limits = readonly [fewest: string, most: string, what: string];
const LIST_LIMITS: Limits = ['minItems', 'maxItems', 'items'];
const MAP_LIMITS: Limits = ['minProperties', 'maxProperties', 'properties'];

function countCauses(count: number, schema: Schema, path: string, [fewest, most, what]: Limits): Cause[] {
  const [least, limit] = [numberAt(schema, fewest), numberAt(schema, most)];
  return [
    ...(least !== undefined && count < least
      ? [invalidValue(path, count, `${path} in body should have at least ${least} ${what}`)]
      : []),
    ...(limit !== undefined && count > limit ? [tooMany(path, count, limit)] : []),
  ];
}

const tooMany = (path: string, count: number, most: number): Cause => ({
  field: path,
  reason: 'FieldValueTooMany',
  message: `${count}: must have at most ${most} ${most === 1 ? 'item' : 'items'}`,
});

/** Limits are read by their names: schemas of definitions may carry more keywords than the built-in types. */
function limitCauses(value: Json, schema: Schema, path: string): Cause[] {
  const cause = (text: string): Cause => invalidValue(path, value, `${path} in body ${text}`);
  if (typeof value === 'number') return numberCauses(value, schema, { path, cause });
  return typeof value === 'string' ? textCauses(value, schema, { path, cause }) : [];
}

function numberCauses(value: number, schema: Schema, { path, cause }: TextPlace): Cause[] {
  const [least, most, factor] = ['minimum', 'maximum', 'multipleOf'].map((name) => numberAt(schema, name));
  // A whole number is compared with a whole one.
  const [minimum, maximum] = Number.isInteger(value)
    ? [least && Math.trunc(least), most && Math.trunc(most)]
    : [least, most];
  const strict = (name: string): boolean => isObject(schema) && schema[name] === true;
  const causes: Cause[] = [];
  if (factor !== undefined) causes.push(...multipleCauses(value, factor, { path, cause }));
  if (minimum !== undefined && strict('exclusiveMinimum') ? value <= (minimum ?? 0) : value < (minimum ?? value))
    causes.push(cause(`should be greater than ${strict('exclusiveMinimum') ? '' : 'or equal to '}${minimum}`));
  if (maximum !== undefined && strict('exclusiveMaximum') ? value >= (maximum ?? 0) : value > (maximum ?? value))
    causes.push(cause(`should be less than ${strict('exclusiveMaximum') ? '' : 'or equal to '}${maximum}`));
  return causes;
}

/** A whole number is divided by a whole one: of a factor that is not, what follows the point is lost. */
function multipleCauses(value: number, factor: number, { path, cause }: TextPlace): Cause[] {
  const whole = Number.isInteger(value) ? Math.trunc(factor) : factor;
  if (whole <= 0)
    return [invalidValue(path, whole, `factor MultipleOf declared for ${path} must be positive: ${whole}`)];
  return isMultiple(value, whole) ? [] : [cause(`should be a multiple of ${factor}`)];
}

/** As the API server reckons: 0.3 / 0.1 is no integer in binary, 0.3 * (1 / 0.1) is. */
const isMultiple = (value: number, factor: number): boolean =>
  Number.isInteger(factor < 1 ? value * (1 / factor) : value / factor);

interface TextPlace {
  readonly path: string;
  readonly cause: (text: string) => Cause;
}

/** Of the limits of a text the first that it breaks is told, and then its format. */
function textCauses(value: string, schema: Schema, { path, cause }: TextPlace): Cause[] {
  const format = schema.format ?? '';
  const isTyped = (schema.type ?? 'string') === 'string';
  const hasFormat = (isTyped ? rowOf(FORMATS, format) : undefined) ?? (() => true);
  return [...textLimit(value, schema, { path, cause }), ...(hasFormat(value) ? [] : [typeCause(value, format, path)])];
}

function textLimit(value: string, schema: Schema, { path, cause }: TextPlace): Cause[] {
  const [shortest, longest, pattern] = [
    numberAt(schema, 'minLength'),
    numberAt(schema, 'maxLength'),
    textAt(schema, 'pattern'),
  ];
  const length = [...value].length;
  if (longest !== undefined && length > longest) {
    const message = `may not be more than ${longest} ${longest === 1 ? 'byte' : 'bytes'}`;
    return [{ field: path, reason: 'FieldValueTooLong', message }];
  }
  if (shortest !== undefined && length < shortest) return [cause(`should be at least ${shortest} chars long`)];
  return pattern !== '' && !fitsPattern(pattern, value) ? [cause(`should match '${pattern}'`)] : [];
}

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
export function combinationCauses(value: Json, type: TypeOf, path: string): Cause[] {
  const { schema } = type;
  const name = path === '' ? '""' : JSON.stringify(path);
  const failures = (one: Schema): Cause[] => partCauses(value, { ...type, schema: one }, path);
  const [any, one, every] = ['anyOf', 'oneOf', 'allOf'].map((word) => schemasAt(schema, word).map(failures));
  const fits = (list: readonly (readonly Cause[])[]): number => list.filter((causes) => causes.length === 0).length;
  const refuse = (text: string): Cause => invalidValue(NOWHERE, '', `${name} ${text}`);
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
  if (every && fits(every) < every.length) {
    const none = fits(every) === 0 ? '. None validated' : '';
    causes.push(...every.flat(), refuse(`must validate all the schemas (allOf)${none}`));
  }
  const not = isObject(schema) ? schema['not'] : undefined;
  if (isSchema(not) && failures(not).length === 0) causes.push(refuse('must not validate the schema (not)'));
  return causes;
}

/** A part of a combination may leave out the type that its whole has. */
function partCauses(value: Json, type: TypeOf, path: string): Cause[] {
  return causesOf(value, type, { path }).map((cause) =>
    cause.reason === 'FieldValueRequired' && path === '' ? { ...cause, field: cause.field.replace(/^\./, '') } : cause,
  );
}
