// The structures of kinds as documents hold them: built-in ones from the table, custom ones from their definitions.

import { at, isList, isObject, type Json, type JsonObject, textAt, toJson } from '../../core/json.ts';
import { apiVersionOf } from '../../objects/object.ts';
import { isSchema, type Schema } from '../../objects/schema.ts';
import type { BuiltinTypes } from '../../objects/types.ts';
import { OBJECT_META } from '../../objects/types.ts';
import type { Kind } from '../kinds.ts';

/** A kind as far as a document names it. */
export type Subject = Pick<Kind, 'group' | 'version' | 'kind'> & { readonly custom?: Kind['custom'] | undefined };

const META = 'io.k8s.apimachinery.pkg.apis.meta.v1';
export const GENERAL = {
  status: `${META}.Status`,
  options: `${META}.DeleteOptions`,
  patch: `${META}.Patch`,
  watch: `${META}.WatchEvent`,
  resources: `${META}.APIResourceList`,
} as const;

type Names = (subject: Subject) => string | undefined;

/** Finds the name under which a document has the structure of a kind. */
export function createNames(types: BuiltinTypes): Names {
  const builtin = new Map<string, string>();
  for (const [name, schema] of Object.entries(types.definitions)) {
    for (const kind of schema['x-kubernetes-group-version-kind'] ?? []) builtin.set(key(kind), name);
  }
  return (subject) => (subject.custom ? customName(subject) : builtin.get(key({ ...subject, custom: undefined })));
}

const key = (kind: unknown): string =>
  `${String(at(kind, 'group'))}/${String(at(kind, 'version'))}/${String(at(kind, 'kind'))}`;

/** The group turned around, as names of Go packages are: 'io.argoproj.v1alpha1.Application'. */
const customName = ({ group, version, kind }: Subject): string =>
  [...group.split('.').reverse(), version, kind].join('.');

/** A structure of the table, without what is ours alone. */
export function builtinSchema(types: BuiltinTypes, name: string): JsonObject | undefined {
  const schema = types.definitions[name];
  const plain = schema && withoutOwn(toJson(schema));
  return isObject(plain) ? plain : undefined;
}

function withoutOwn(value: Json): Json {
  if (isList(value)) return value.map(withoutOwn);
  if (!isObject(value)) return value;
  return mapFields(value, (field, item) => (field.startsWith('x-go-') ? undefined : withoutOwn(item)));
}

/** A structure as the third version tells it: with what an absent field is read as. */
export function thirdSchema(types: BuiltinTypes, name: string): JsonObject | undefined {
  const schema = types.definitions[name];
  if (!schema) return undefined;
  const union = UNIONS[name];
  if (union) return { oneOf: union.map((type) => ({ type })), ...(schema.format ? { format: schema.format } : {}) };
  const filled = withZeros(schema, name.slice(name.lastIndexOf('.') + 1), types);
  const plain = withoutOwn(toJson(filled));
  return isObject(plain) ? plain : undefined;
}

const UNIONS: Readonly<Record<string, readonly string[]>> = {
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': ['integer', 'string'],
  'io.k8s.apimachinery.pkg.api.resource.Quantity': ['string', 'number'],
};

/** A field that is no pointer has a zero: a structure always, another value where it is written though it is empty. */
function withZeros(schema: Schema, own: string, types: BuiltinTypes): Schema {
  const { properties } = schema;
  if (!properties) return schema;
  const filled = Object.entries(properties).map(([field, type]): [string, Schema] => {
    const told = TOLD[`${own}.${field}`] ?? (type['x-go-embedded'] === REFERENCE ? '' : undefined);
    if (told !== undefined) return [field, { ...type, default: told }];
    const zero = type['x-go-zero'] && (type['x-go-zero'] === 'write' || type.$ref) ? zeroOf(type, types) : undefined;
    const whole = withZerosInside(type, types);
    return [field, zero === undefined || whole.default !== undefined ? whole : { ...whole, default: zero }];
  });
  return { ...schema, properties: Object.fromEntries(filled) };
}

const REFERENCE = 'LocalObjectReference';

/** Fields that say themselves what they are read as when they are absent. */
const TOLD: Readonly<Record<string, Json>> = {
  [`${REFERENCE}.name`]: '',
  'AzureDiskVolumeSource.readOnly': false,
  'FileKeySelector.optional': false,
  'GRPCAction.service': '',
  'ReplicationControllerSpec.minReadySeconds': 0,
  'ScaleSpec.replicas': 0,
};

/** What a list or a map holds is no pointer. */
function withZerosInside(type: Schema, types: BuiltinTypes): Schema {
  const filled = (inner: Schema): Schema => {
    const zero = zeroOf(inner, types);
    return { ...withZerosInside(inner, types), ...(zero === undefined ? {} : { default: zero }) };
  };
  if (type.items) return { ...type, items: filled(type.items) };
  return isSchema(type.additionalProperties)
    ? { ...type, additionalProperties: filled(type.additionalProperties) }
    : type;
}

function zeroOf(type: Schema, types: BuiltinTypes): Json | undefined {
  if (type.$ref !== undefined) return types.definitions[type.$ref]?.properties ? {} : undefined;
  return type.format === 'byte' || type.type === undefined ? undefined : ZEROS[type.type];
}

const ZEROS: Readonly<Record<string, Json>> = { string: '', integer: 0, number: 0, boolean: false };

/** The second version does not tell what an absent field is read as. */
export function withoutDefaults(schema: JsonObject): JsonObject {
  const { properties } = schema;
  if (!isObject(properties)) return schema;
  const plain = mapFields(properties, (_name, field) =>
    isObject(field) ? mapFields(field, (key, value) => (key === 'default' ? undefined : value)) : field,
  );
  return { ...schema, properties: plain };
}

/** What every version has is told of the core's and of those alone whose document it is. */
export function ofVersions(schema: JsonObject, versions: ReadonlySet<string>): JsonObject {
  const kinds = schema[KINDS];
  if (!isList(kinds) || kinds.length < 2) return schema;
  const isTold = (kind: Json): boolean => {
    const version = apiVersionOf(textAt(kind, 'group'), textAt(kind, 'version'));
    return version === 'v1' || versions.has(version);
  };
  return { ...schema, [KINDS]: kinds.filter(isTold) };
}

const KINDS = 'x-kubernetes-group-version-kind';

/** The structures of a custom kind and of its list, by name. */
export function customSchemas(kind: Kind): ReadonlyMap<string, JsonObject> {
  const schema = at(kind.custom?.version, 'schema', 'openAPIV3Schema');
  const own = asObjectSchema(isObject(schema) ? schema : { type: 'object' });
  const list: JsonObject = {
    type: 'object',
    required: ['items'],
    properties: {
      apiVersion: { type: 'string' },
      kind: { type: 'string' },
      metadata: { $ref: `${META}.ListMeta` },
      items: { type: 'array', items: { $ref: customName(kind) } },
    },
  };
  return new Map([
    [customName(kind), named(own, kind.kind, kind)],
    [customName({ ...kind, kind: kind.listKind }), named(list, kind.listKind, kind)],
  ]);
}

function named(schema: JsonObject, kind: string, { group, version }: Kind): JsonObject {
  return { ...schema, 'x-kubernetes-group-version-kind': [{ group, kind, version }] };
}

/** What every object has beside what its definition says, embedded ones too. */
function asObjectSchema(schema: JsonObject): JsonObject {
  const properties = isObject(schema['properties']) ? schema['properties'] : {};
  return {
    ...schema,
    properties: {
      ...mapFields(properties, (_name, field) => embedded(field)),
      apiVersion: { type: 'string' },
      kind: { type: 'string' },
      metadata: { $ref: OBJECT_META },
    },
  };
}

function embedded(schema: Json): Json {
  if (isList(schema)) return schema.map(embedded);
  if (!isObject(schema)) return schema;
  if (schema['x-kubernetes-embedded-resource'] === true) return asObjectSchema(schema);
  return mapFields(schema, (name, item) => (NOT_SCHEMAS.has(name) ? item : embedded(item)));
}

/** Members of a schema that hold values, not schemas. */
const NOT_SCHEMAS: ReadonlySet<string> = new Set([
  'default',
  'example',
  'enum',
  'required',
  'x-kubernetes-validations',
]);

/** Only what OpenAPI v2 and its old readers can tell: no unions, no fields that may be null. */
export function asSecondVersion(schema: Json): Json {
  if (isList(schema)) return schema.map(asSecondVersion);
  if (!isObject(schema)) return schema;
  const isOpen = schema['x-kubernetes-preserve-unknown-fields'] === true || schema['nullable'] === true;
  const isAny = isOpen || schema['x-kubernetes-int-or-string'] === true;
  const nullable = isObject(schema['properties'])
    ? Object.entries(schema['properties']).flatMap(([name, field]) => (at(field, 'nullable') === true ? [name] : []))
    : [];
  return mapFields(schema, (name, value) => {
    if (ONLY_THIRD.has(name)) return undefined;
    if (isAny && name === 'type') return undefined;
    if (isOpen && ['properties', 'items', 'additionalProperties'].includes(name)) return undefined;
    if (name === 'properties' && isObject(value)) return mapFields(value, (_field, item) => asSecondVersion(item));
    if (name === 'items' || name === 'additionalProperties') return asSecondVersion(value);
    if (name !== 'required' || !isList(value)) return value;
    const rest = value.filter((field) => !nullable.some((other) => other === field));
    return rest.length > 0 ? rest : undefined;
  });
}

const ONLY_THIRD: ReadonlySet<string> = new Set([
  'nullable',
  'anyOf',
  'oneOf',
  'allOf',
  'not',
  'x-kubernetes-validations',
]);

function mapFields(object: JsonObject, change: (name: string, value: Json) => Json | undefined): JsonObject {
  const entries = Object.entries(object).flatMap(([name, value]): [string, Json][] => {
    const changed = value === undefined ? undefined : change(name, value);
    return changed === undefined ? [] : [[name, changed]];
  });
  return Object.fromEntries(entries);
}

/** Names of other structures become references into a document. */
export function located(value: Json, prefix: string, isThird: boolean, isField = false): Json {
  if (isList(value)) return value.map((item) => located(item, prefix, isThird));
  if (!isObject(value)) return value;
  const { $ref: reference, ...rest } = value;
  const isReference = typeof reference === 'string';
  const others = mapFields(isReference ? rest : value, (name, item) =>
    name === 'properties' && isObject(item)
      ? mapFields(item, (_field, type) => located(type, prefix, isThird, true))
      : located(item, prefix, isThird),
  );
  if (!isReference) return others;
  const target = { $ref: `${prefix}${reference}` };
  // Beside a reference the third version has nothing, and a field of it has nearly always something.
  const isAlone = !isThird || (!isField && Object.keys(others).length === 0);
  return isAlone ? { ...others, ...target } : { ...others, allOf: [target] };
}

export function referencesIn(value: Json | undefined): string[] {
  if (isList(value)) return value.flatMap(referencesIn);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([field, item]) =>
    field === '$ref' && typeof item === 'string' ? [item] : referencesIn(item),
  );
}
