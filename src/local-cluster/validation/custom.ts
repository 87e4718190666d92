// What the schema of a custom resource refuses.

import { isList, isObject, type Json, type JsonObject, numberAt, sameJson, textAt } from '../../core/json.ts';
import { fieldType, itemType, type Schema, type TypeOf } from '../../objects/schema.ts';
import { type Cause, duplicate, invalidValue, required, unsupported } from '../status.ts';

/** Every breach of a schema below the object's metadata. */
export function customCauses(object: JsonObject, type: TypeOf): Cause[] {
  const { apiVersion: _version, kind: _kind, metadata: _metadata, ...rest } = object;
  const { required: needed = [], ...schema } = type.schema ?? {};
  const missing = needed.filter((field) => object[field] === undefined).map((field) => required(field));
  return [
    ...missing,
    ...Object.entries(rest).flatMap(([key, value]) => causesOf(value, fieldType({ ...type, schema }, key), key)),
  ];
}

function causesOf(value: Json | undefined, type: TypeOf, path: string): Cause[] {
  const { schema } = type;
  if (value === undefined || schema === undefined || (value === null && schema.nullable === true)) return [];
  const wrong = typeCause(value, schema, path);
  if (wrong) return [wrong];
  const own = [...enumCauses(value, schema, path), ...limitCauses(value, schema, path)];
  if (isList(value)) {
    const items = value.flatMap((item, index) => causesOf(item, itemType(type), `${path}[${index}]`));
    return [...own, ...items, ...uniqueCauses(value, schema, path)];
  }
  if (!isObject(value)) return own;
  const missing = (schema.required ?? []).filter((field) => value[field] === undefined);
  return [
    ...own,
    ...missing.map((field) => required(`${path}.${field}`)),
    ...Object.entries(value).flatMap(([key, item]) => causesOf(item, fieldType(type, key), `${path}.${key}`)),
  ];
}

function typeCause(value: Json, schema: Schema, path: string): Cause | undefined {
  if (schema['x-kubernetes-int-or-string'] || schema.type === undefined) return undefined;
  const typeName = isList(value) ? 'array' : value === null ? 'null' : typeof value;
  const fits =
    schema.type === 'integer' ? typeof value === 'number' && Number.isInteger(value) : typeName === schema.type;
  if (fits) return undefined;
  const type = typeName === 'number' ? (Number.isInteger(value) ? 'integer' : 'number') : typeName;
  const message = `"${type}": ${path} in body must be of type ${schema.type}: "${type}"`;
  return { field: path, reason: 'FieldValueTypeInvalid', message };
}

function enumCauses(value: Json, schema: Schema, path: string): Cause[] {
  if (!schema.enum || schema.enum.some((option) => sameJson(option, value))) return [];
  return [unsupported(path, value, schema.enum.map(String))];
}

/** Limits are read by their names: schemas of definitions may carry more keywords than the built-in types. */
function limitCauses(value: Json, schema: Schema, path: string): Cause[] {
  const limit = (name: string): number | undefined => numberAt(schema, name);
  const cause = (text: string): Cause => invalidValue(path, value, `${path} in body ${text}`);
  const causes: Cause[] = [];
  const [minimum, maximum] = [limit('minimum'), limit('maximum')];
  if (typeof value === 'number') {
    if (minimum !== undefined && value < minimum) causes.push(cause(`should be greater than or equal to ${minimum}`));
    if (maximum !== undefined && value > maximum) causes.push(cause(`should be less than or equal to ${maximum}`));
  }
  if (typeof value === 'string') {
    const [shortest, longest, pattern] = [limit('minLength'), limit('maxLength'), textAt(schema, 'pattern')];
    if (shortest !== undefined && value.length < shortest)
      causes.push(cause(`should be at least ${shortest} chars long`));
    if (longest !== undefined && value.length > longest) {
      causes.push({ field: path, reason: 'FieldValueTooLong', message: `may not be more than ${longest} bytes` });
    }
    if (pattern !== '' && !fitsPattern(pattern, value)) causes.push(cause(`should match '${pattern}'`));
  }
  if (isList(value)) {
    const [fewest, most] = [limit('minItems'), limit('maxItems')];
    if (fewest !== undefined && value.length < fewest) causes.push(cause(`should have at least ${fewest} items`));
    if (most !== undefined && value.length > most) {
      causes.push({
        field: path,
        reason: 'FieldValueTooMany',
        message: `${value.length}: must have at most ${most} items`,
      });
    }
  }
  return causes;
}

/** A pattern that this language cannot read refuses nothing. */
function fitsPattern(pattern: string, value: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(value);
  } catch {
    return true;
  }
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
