// What is known of the structure of an object: of built-in kinds everything, of custom ones what their definition and the
// settings say.

import { at, isObject, textAt } from '../../core/json.ts';
import { groupOf, type KubeObject, versionOf } from '../../objects/object.ts';
import type { Schema, TypeOf } from '../../objects/schema.ts';
import { type BuiltinTypes, OBJECT_META } from '../../objects/types.ts';

export interface KindTypes {
  /** How lists merge in a three-way apply; of custom kinds the metadata alone is known, as in the reference. */
  merging(object: KubeObject): TypeOf;
  /** How values are read, fields of custom kinds that hold built-in types included. */
  reading(object: KubeObject): TypeOf;
  /** How a server-side apply merges, and whose fields are whose. */
  applying(object: KubeObject): TypeOf;
  /** The schema of a custom kind, whose defaults the API server fills in; undefined for built-in ones. */
  defaulting(object: KubeObject): TypeOf | undefined;
}

/** A field of a custom kind that holds a value of a built-in type. */
export interface KnownField {
  readonly group: string;
  readonly kind: string;
  /** 'spec.template.spec', also through lists. */
  readonly field: string;
  /** 'core/v1/PodSpec', 'core/Quantity', 'meta/v1/Duration'. */
  readonly type: string;
}

const ROLLOUT_POD: KnownField = {
  group: 'argoproj.io',
  kind: 'Rollout',
  field: 'spec.template.spec',
  type: 'core/v1/PodSpec',
};

export interface KindTypesOptions {
  /** The definition of a custom kind, as it is in the cluster. */
  readonly definitionOf: (group: string, kind: string) => KubeObject | undefined;
  readonly knownFields: readonly KnownField[];
}

export function createKindTypes(builtin: BuiltinTypes, { definitionOf, knownFields }: KindTypesOptions): KindTypes {
  const { resolve } = builtin;
  const builtinOf = (object: KubeObject): TypeOf | undefined =>
    builtin.ofKind(groupOf(object.apiVersion), versionOf(object.apiVersion), object.kind);
  const custom = (schema: Schema): TypeOf => ({
    schema: { ...schema, properties: { ...schema.properties, metadata: { $ref: OBJECT_META } } },
    resolve,
  });
  const defined = (object: KubeObject): TypeOf =>
    custom(schemaIn(definitionOf(groupOf(object.apiVersion), object.kind), object));
  const fields = [ROLLOUT_POD, ...knownFields];
  return {
    merging: (object) => builtinOf(object) ?? custom({}),
    reading: (object) => {
      const group = groupOf(object.apiVersion);
      const own = fields.filter((field) => field.group === group && field.kind === object.kind);
      return builtinOf(object) ?? custom(own.reduce(withKnownField, {}));
    },
    applying: (object) => builtinOf(object) ?? defined(object),
    defaulting: (object) => (builtinOf(object) ? undefined : defined(object)),
  };
}

/** A schema of nothing but the known fields; each step may also be a list of what it leads to. */
function withKnownField(schema: Schema, { field, type }: KnownField): Schema {
  const builtinType = knownType(type);
  return builtinType ? withField(schema, field.split('.'), builtinType) : schema;
}

function withField(schema: Schema, [step, ...rest]: readonly string[], builtinType: Schema): Schema {
  if (step === undefined) return { ...builtinType, items: builtinType };
  const properties = { ...schema.properties, [step]: withField(schema.properties?.[step] ?? {}, rest, builtinType) };
  return { properties, items: { properties } };
}

function knownType(type: string): Schema | undefined {
  if (type === 'core/Quantity') return { $ref: 'io.k8s.apimachinery.pkg.api.resource.Quantity' };
  if (type === 'meta/v1/Duration') return { type: 'string', format: 'duration' };
  const [group, version, name] = type.split('/');
  return group === 'core' && version && name ? { $ref: `io.k8s.api.core.${version}.${name}` } : undefined;
}

/** The schema of an object's version in its kind's definition. */
function schemaIn(definition: KubeObject | undefined, object: KubeObject): Schema {
  const versions = at(definition, 'spec', 'versions');
  const version = Array.isArray(versions)
    ? versions.find((one: unknown) => textAt(one, 'name') === versionOf(object.apiVersion))
    : undefined;
  const schema: unknown = at(version, 'schema', 'openAPIV3Schema');
  return isSchema(schema) ? schema : {};
}

/** The API server has checked the schema when it took the definition. */
const isSchema = (value: unknown): value is Schema => isObject(value);
