// What keeps a merged object from being one of its type: told as the API tells it of a strategic merge patch.

import { isList, isObject, type Json } from '../core/json.ts';
import { formOf } from './element-order.ts';
import { faultOf, goTypeAt, takesAnyJson } from './go-types.ts';
import { isNumberOrText, isQuantity, MICRO_TIME, TIME } from './scalar.ts';
import { isStructure, itemType, type Schema, type TypeOf } from './schema.ts';

/** The first fault, or undefined. */
export function restoreFault(value: Json | undefined, type: TypeOf, goName = ''): string | undefined {
  const { schema, resolve } = type;
  if (value === null || value === undefined || takesAnyJson(schema)) return undefined;
  if (readsItself(schema)) return ownFault(value, type);
  const resolved = resolve(schema);
  if (isStructure(type))
    return isObject(value) ? structureFault(value, type) : `cannot restore struct from: ${form(value)}`;
  if (resolved?.type === 'array') return listFault(value, type, goName);
  if (resolved?.type === 'object') return mapFault(value, type, goName);
  return scalarFault(value, type, goName);
}

const form = (value: Json): string => (isList(value) ? 'slice' : formOf(value));

const readsItself = (schema: Schema | undefined): boolean =>
  isQuantity(schema) || isNumberOrText(schema) || schema?.$ref === TIME || schema?.$ref === MICRO_TIME;

function ownFault(value: Json, { schema, resolve }: TypeOf): string | undefined {
  const fault = faultOf(value, schema, resolve);
  if (!fault) return undefined;
  return fault.text ?? `json: cannot unmarshal ${fault.given} into Go value of type ${fault.wanted ?? ''}`;
}

function structureFault(value: Json, type: TypeOf): string | undefined {
  if (!isObject(value)) return undefined;
  for (const [name, schema] of Object.entries(type.resolve(type.schema)?.properties ?? {})) {
    const fault = Object.hasOwn(value, name)
      ? restoreFault(value[name], { ...type, schema }, goTypeAt(schema, 0, type.resolve))
      : undefined;
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function listFault(value: Json, type: TypeOf, goName: string): string | undefined {
  if (!isList(value)) return `cannot restore slice from ${form(value)}`;
  return firstFault(value, itemType(type), goName.replace(/^\[\]/, ''));
}

function mapFault(value: Json, type: TypeOf, goName: string): string | undefined {
  if (!isObject(value)) return `cannot restore map from ${form(value)}`;
  const values = type.resolve(type.schema)?.additionalProperties;
  const schema = isObject(values) ? values : undefined;
  return firstFault(Object.values(value), { ...type, schema }, goName.replace(/^map\[[^\]]*\]/, ''));
}

function firstFault(values: readonly (Json | undefined)[], type: TypeOf, goName: string): string | undefined {
  for (const value of values) {
    const fault = restoreFault(value, type, goName);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** Of numbers and texts Go can make one another, but the API server does not. */
function scalarFault(value: Json, { schema, resolve }: TypeOf, goName: string): string | undefined {
  const resolved = resolve(schema);
  const given = form(value);
  switch (resolved?.type) {
    case 'string':
      if (typeof value === 'string')
        return resolved.format === 'byte' ? faultOf(value, schema, resolve)?.text : undefined;
      if (resolved.format === 'byte') return `cannot restore slice from ${given}`;
      return given === 'int64' ? `cannot convert int64 to ${goName}` : 'unrecognized type: string';
    case 'integer':
      if (given === 'int64') return undefined;
      return given === 'float64'
        ? `cannot convert float64 to ${goName}`
        : `unrecognized type: ${resolved.format ?? 'int32'}`;
    case 'number':
      return typeof value === 'number' ? undefined : 'unrecognized type: float64';
    case 'boolean':
      return typeof value === 'boolean' ? undefined : 'unrecognized type: bool';
    default:
      return undefined;
  }
}
