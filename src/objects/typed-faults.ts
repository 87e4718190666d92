// What keeps a configuration from being a value of its type: told as the API tells it of an apply.

import { goText } from '../core/go-text.ts';
import { isList, isObject, type Json, type JsonObject, ownField } from '../core/json.ts';
import { isNumberOrText, isQuantity } from './scalar.ts';
import { fieldType, itemType, type Schema, type TypeOf } from './schema.ts';
import { keyDefault } from './typed.ts';

/** Each fault with its path. */
export function typedFaults(value: Json | undefined, type: TypeOf, path = ''): string[] {
  if (value === undefined || value === null || isNumberOrText(type.schema)) return [];
  const schema = type.resolve(type.schema);
  const isScalar = isQuantity(type.schema) || schema?.format === 'date-time';
  if (isScalar)
    return isList(value) || isObject(value) ? [`${path}: expected any scalar, got &{${goText(value)}}`] : [];
  if (!schema) return [];
  if (schema['x-kubernetes-int-or-string'] === true && (schema.type ?? '') === '') return [];
  const wrong = mismatch(value, schema);
  if (wrong !== undefined) return [`${path}: ${wrong}`];
  if (isList(value)) return listFaults(value, type, path);
  if (!isObject(value)) return [];
  return structureFaults(value, type, path);
}

/** Nothing is looked at behind a field that the type does not have. */
function structureFaults(value: JsonObject, type: TypeOf, path: string): string[] {
  const schema = type.resolve(type.schema);
  const isKnown = (key: string): boolean =>
    !schema || isDeclared(schema, key) || (path === '' && EVERY_OBJECT.includes(key));
  const keys = Object.keys(value).sort();
  const [unknown] = keys.filter((key) => !isKnown(key));
  const faults = keys
    .filter((key) => unknown === undefined || key < unknown)
    .flatMap((key) => typedFaults(value[key], fieldType(type, key), `${path}.${key}`));
  return unknown === undefined ? faults : [...faults, `${path}.${unknown}: field not declared in schema`];
}

/** Where a value has a list, map or structure that is owned as a whole; undefined where it has none. */
export function atomicPlace(value: Json | undefined, type: TypeOf, path = ''): string | undefined {
  if (!isList(value) && !isObject(value)) return undefined;
  const schema = type.resolve(type.schema);
  const list = schema?.['x-kubernetes-list-type'] ?? 'atomic';
  if (isList(value) ? list === 'atomic' : schema?.['x-kubernetes-map-type'] === 'atomic') return path;
  const inner: readonly (readonly [string, Json | undefined, TypeOf])[] = isList(value)
    ? value.map((item, index) => [`${path}[${index}]`, item, itemType(type)])
    : Object.entries(value).map(([key, item]) => [`${path}.${key}`, item, fieldType(type, key)]);
  for (const [place, item, own] of inner) {
    const found = atomicPlace(item, own, place);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Several faults as one text. */
export const listedFaults = (faults: readonly string[]): string =>
  faults.length > 1 ? ['errors:', ...faults.map((fault) => `  ${fault}`)].join('\n') : faults.join('');

const EVERY_OBJECT = ['apiVersion', 'kind', 'metadata'];

function isDeclared(schema: Schema, name: string): boolean {
  if (!schema.properties || schema.additionalProperties !== undefined) return true;
  if (schema['x-kubernetes-preserve-unknown-fields'] === true) return true;
  const isEmbedded = schema['x-kubernetes-embedded-resource'] === true && EVERY_OBJECT.includes(name);
  return isEmbedded || ownField(schema.properties, name) !== undefined;
}

const SCALARS: Readonly<Record<string, readonly [holds: (value: Json) => boolean, wanted: string]>> = {
  boolean: [(value) => typeof value === 'boolean', 'boolean'],
  integer: [(value) => typeof value === 'number', 'numeric (int or float)'],
  number: [(value) => typeof value === 'number', 'numeric (int or float)'],
  string: [(value) => typeof value === 'string', 'string'],
  array: [isList, 'list'],
  object: [isObject, 'map'],
};

function mismatch(value: Json, { type = '' }: Schema): string | undefined {
  const [holds, wanted] = SCALARS[type] ?? [];
  if (!holds || wanted === undefined || holds(value)) return undefined;
  return `expected ${wanted}, got ${printed(value, wanted)}`;
}

/** The value as its holder prints it, which is not the same for each. */
function printed(value: Json, wanted: string): string {
  if (wanted.startsWith('numeric')) return goType(value);
  if (wanted !== 'string') return `&{${goText(value)}}`;
  return `&value.valueUnstructured{Value:${goSyntax(value)}}`;
}

/** A value as Go's syntax has it. */
function goSyntax(value: Json): string {
  if (value === null) return 'interface {}(nil)';
  if (isList(value)) return `[]interface {}{${value.map(goSyntax).join(', ')}}`;
  if (!isObject(value)) return JSON.stringify(value);
  const members = Object.entries(value)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, item]) => `${JSON.stringify(key)}:${goSyntax(item ?? null)}`);
  return `map[string]interface {}{${members.join(', ')}}`;
}

function goType(value: Json): string {
  if (isList(value)) return '[]interface {}';
  if (isObject(value)) return 'map[string]interface {}';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

function listFaults(list: readonly Json[], type: TypeOf, path: string): string[] {
  const schema = type.resolve(type.schema);
  const item = itemType(type);
  const kind = schema?.['x-kubernetes-list-type'] ?? 'atomic';
  const seen = new Set<string>();
  const faults: string[] = [];
  for (const [index, value] of list.entries()) {
    const element = kind === 'atomic' ? { name: `[${index}]` } : elementOf(value, kind, type);
    // What has no name of its own ends the list: nothing in it could be told of.
    if ('fault' in element) return [...faults, `${path}: element ${index}: ${element.fault}`];
    if (kind !== 'atomic' && seen.has(element.name)) faults.push(`${path}: duplicate entries for key ${element.name}`);
    seen.add(element.name);
    faults.push(...typedFaults(value, item, `${path}${element.name}`));
  }
  return faults;
}

type Element = { readonly name: string } | { readonly fault: string };

function elementOf(value: Json, kind: string, type: TypeOf): Element {
  if (kind === 'set' && isObject(value))
    return { fault: "associative list without keys has an element that's a map type" };
  if (kind === 'set') return { name: `[=${JSON.stringify(value)}]` };
  if (value === null) return { fault: 'associative list with keys may not have a null element' };
  if (!isObject(value)) return { fault: 'associative list with keys may not have non-map elements' };
  const keys = type.resolve(type.schema)?.['x-kubernetes-list-map-keys'] ?? [];
  const parts: string[] = [];
  for (const key of keys) {
    const { schema } = fieldType(itemType(type), key);
    const part = value[key] === undefined ? keyDefault(schema, type) : value[key];
    if (isObject(part)) parts.push(`${key}=`);
    else if (part !== undefined) parts.push(`${key}=${JSON.stringify(part)}`);
  }
  if (parts.length === 0) {
    const omitted = `all key fields [${keys.map((key) => JSON.stringify(key)).join(' ')}]`;
    const fault = `associative list with keys has an element that omits ${omitted} (and doesn't have default values for any key fields)`;
    return { fault };
  }
  return { name: `[${parts.sort().join(',')}]` };
}
