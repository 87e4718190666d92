// The structures of kinds as documents hold them: built-in ones from the table, custom ones from their definitions.

import { at, isList, isObject, type Json, type JsonObject, textAt, toJson } from '../../core/json.ts';
import { apiVersionOf } from '../../objects/object.ts';
import { isSchema, type Schema } from '../../objects/schema.ts';
import type { BuiltinTypes } from '../../objects/types.ts';
import type { Kind } from '../kinds.ts';

/** A kind as far as a document names it. */
export type Subject = Pick<Kind, 'group' | 'version' | 'kind'> & { readonly custom?: Kind['custom'] | undefined };

export const META = 'io.k8s.apimachinery.pkg.apis.meta.v1';
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
export const customName = ({ group, version, kind }: Subject): string =>
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
  const own = name.slice(name.lastIndexOf('.') + 1);
  const filled = name === VERSION ? withEmptyTexts(schema) : withZeros(schema, own, types);
  const plain = withoutOwn(toJson(filled));
  return isObject(plain) ? plain : undefined;
}

const VERSION = 'io.k8s.apimachinery.pkg.version.Info';

/** The version is a structure of no kind: what is always there of it are texts. */
function withEmptyTexts(schema: Schema): Schema {
  const { properties = {}, required = [] } = schema;
  const filled = Object.entries(properties).map(([field, type]): [string, Schema] => [
    field,
    required.includes(field) ? { ...type, default: '' } : type,
  ]);
  return { ...schema, properties: Object.fromEntries(filled) };
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
export const ofVersions = (schema: JsonObject, versions: ReadonlySet<string>): JsonObject =>
  ofKinds(schema, (group, version) => {
    const name = apiVersionOf(group, version);
    return name === 'v1' || versions.has(name);
  });

/** Beside custom kinds it is told of all groups but those that the API server has apart. */
export const besideCustom = (schema: JsonObject): JsonObject => ofKinds(schema, (group) => !APART.has(group));

const APART: ReadonlySet<string> = new Set(
  ['admission', 'apiextensions', 'apiregistration', 'imagepolicy'].map((name) => `${name}.k8s.io`),
);

function ofKinds(schema: JsonObject, isTold: (group: string, version: string) => boolean): JsonObject {
  const kinds = schema[KINDS];
  if (!isList(kinds) || kinds.length < 2) return schema;
  return { ...schema, [KINDS]: kinds.filter((kind) => isTold(textAt(kind, 'group'), textAt(kind, 'version'))) };
}

const KINDS = 'x-kubernetes-group-version-kind';

export function mapFields(object: JsonObject, change: (name: string, value: Json) => Json | undefined): JsonObject {
  const entries = Object.entries(object).flatMap(([name, value]): [string, Json][] => {
    const changed = value === undefined ? undefined : change(name, value);
    return changed === undefined ? [] : [[name, changed]];
  });
  return Object.fromEntries(entries);
}

interface Place {
  readonly isThird?: boolean;
  /** The structure that is written. */
  readonly name?: string;
  readonly isField?: boolean;
}

/** Names of other structures become references into a document. */
export function located(value: Json, prefix: string, place: Place = {}): Json {
  const { isThird = false, name: own = '', isField = false } = place;
  if (isList(value)) return value.map((item) => located(item, prefix, { isThird, name: own }));
  if (!isObject(value)) return value;
  const { $ref: reference, ...rest } = value;
  const isReference = typeof reference === 'string';
  const inside = { isThird, name: own };
  const others = mapFields(isReference ? rest : value, (name, item) =>
    name === 'properties' && isObject(item)
      ? mapFields(item, (field, type) =>
          located(type, prefix, { isThird, name: `${own}.${field}`, isField: !isUntold(own, field) }),
        )
      : located(item, prefix, inside),
  );
  if (!isReference) return others;
  const target = { $ref: `${prefix}${reference}` };
  // Beside a reference the third version has nothing, and a field of it has nearly always something.
  const isAlone = !isThird || (!isField && Object.keys(others).length === 0);
  return isAlone ? { ...others, ...target } : { ...others, allOf: [target] };
}

/** Fields that nothing is told of but what they refer to. */
const isUntold = (structure: string, field: string): boolean =>
  (structure.endsWith('.JSONSchemaProps') && field !== 'default') ||
  (structure.endsWith('.IngressRule') && field === 'http');

export function referencesIn(value: Json | undefined): string[] {
  if (isList(value)) return value.flatMap(referencesIn);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([field, item]) =>
    field === '$ref' && typeof item === 'string' ? [item] : referencesIn(item),
  );
}
