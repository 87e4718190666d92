// The structures of custom kinds, made of what their definitions say.

import { at, isList, isObject, type Json, type JsonObject, listAt, textAt } from '../../core/json.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import { OBJECT_META } from '../../objects/types.ts';
import type { Kind } from '../kinds.ts';
import { customName, META, mapFields } from './schemas.ts';

/** The structures of a custom kind and of its list, by name. */
export function customSchemas(kind: Kind): ReadonlyMap<string, JsonObject> {
  const schema = at(kind.custom?.version, 'schema', 'openAPIV3Schema');
  const own = asObjectSchema(isObject(schema) ? schema : { type: 'object' });
  const list: JsonObject = {
    description: `${kind.listKind} is a list of ${kind.kind}`,
    type: 'object',
    required: ['items'],
    properties: {
      ...TYPE,
      metadata: { description: `Standard list metadata. ${MORE}.md#types-kinds`, $ref: `${META}.ListMeta` },
      items: {
        description: `List of ${kind.plural}. ${MORE}.md`,
        type: 'array',
        items: { $ref: customName(kind) },
      },
    },
  };
  return new Map([
    [customName(kind), named(own, kind.kind, kind)],
    [customName({ ...kind, kind: kind.listKind }), named(list, kind.listKind, kind)],
  ]);
}

const MORE = 'More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions';

/** What every object says of its kind. */
const TYPE = {
  apiVersion: {
    description: `APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. ${MORE}.md#resources`,
    type: 'string',
  },
  kind: {
    description: `Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. ${MORE}.md#types-kinds`,
    type: 'string',
  },
} as const;

const EMBEDDED_TYPE = {
  apiVersion: {
    description: `apiVersion defines the versioned schema of this representation of an object. ${MORE}.md#resources`,
    type: 'string',
  },
  kind: {
    description: `kind is a string value representing the type of this object. In CamelCase. ${MORE}.md#types-kinds`,
    type: 'string',
  },
} as const;

function named(schema: JsonObject, kind: string, { group, version, custom }: Kind): JsonObject {
  const selected = listAt(custom?.version, 'selectableFields').map((field) => ({
    fieldPath: textAt(field, 'jsonPath').replace(/^\./, ''),
  }));
  return {
    ...schema,
    'x-kubernetes-group-version-kind': [{ group, kind, version }],
    ...(selected.length > 0 ? { 'x-kubernetes-selectable-fields': selected } : {}),
  };
}

/** What every object has beside what its definition says, embedded ones too. */
function asObjectSchema(schema: JsonObject, isWithin = false): JsonObject {
  const properties = isObject(schema['properties']) ? schema['properties'] : {};
  const required = [...listAt(schema, 'required'), 'kind', 'apiVersion'];
  return {
    ...schema,
    ...(isWithin ? { required: [...new Set(required)] } : {}),
    properties: {
      ...mapFields(properties, (_name, field) => embedded(field)),
      ...(isWithin ? EMBEDDED_TYPE : TYPE),
      metadata: { description: `Standard object's metadata. ${MORE}.md#metadata`, $ref: OBJECT_META },
    },
  };
}

function embedded(schema: Json): Json {
  if (isList(schema)) return schema.map(embedded);
  if (!isObject(schema)) return schema;
  if (schema['x-kubernetes-embedded-resource'] === true) return asObjectSchema(schema, true);
  const isOpen = schema['x-kubernetes-int-or-string'] === true && schema['allOf'] === undefined;
  const union = isOpen ? { anyOf: [{ type: 'integer' }, { type: 'string' }] } : {};
  return mapFields({ ...union, ...schema }, (name, item) => {
    if (name === 'properties' && isObject(item)) return mapFields(item, (_field, type) => embedded(type));
    return NOT_SCHEMAS.has(name) ? item : embedded(item);
  });
}

/** Members of a schema that hold values, not schemas. */
const NOT_SCHEMAS: ReadonlySet<string> = new Set([
  'default',
  'example',
  'enum',
  'required',
  'x-kubernetes-validations',
]);

/** What takes any field as a whole is an object of which nothing else is told. */
export function closedRoot(schema: JsonObject): JsonObject {
  if (schema['x-kubernetes-preserve-unknown-fields'] !== true) return schema;
  return { type: 'object', ...omitUndefined({ [KINDS]: schema[KINDS] }) };
}

const KINDS = 'x-kubernetes-group-version-kind';

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
    if (isOpen && ['properties', 'required', 'items', 'additionalProperties'].includes(name)) return undefined;
    if (name === 'properties' && isObject(value)) return mapFields(value, (_field, item) => asSecondVersion(item));
    if (name === 'items' || name === 'additionalProperties') return asSecondVersion(value);
    if (name !== 'required' || !isList(value)) return value;
    const rest = value.filter((field) => !nullable.some((other) => other === field));
    return rest.length > 0 ? rest : undefined;
  });
}

const ONLY_THIRD: ReadonlySet<string> = new Set(['nullable', 'anyOf', 'oneOf', 'allOf', 'not', 'default']);
