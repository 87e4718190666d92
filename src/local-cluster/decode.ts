// A body read by its type: what a client sends becomes what can be stored.

import type { JsonObject } from '../core/json.ts';
import { applyDefaults } from '../objects/defaults/defaults.ts';
import { normalise } from '../objects/normalise.ts';
import type { KubeObject } from '../objects/object.ts';
import { isKubeObject } from '../objects/object.ts';
import { type Schema, type TypeOf, UNTYPED } from '../objects/schema.ts';
import { readStructured, type Structured } from '../objects/structural.ts';
import { type BuiltinTypes, OBJECT_META } from '../objects/types.ts';
import type { Kind } from './kinds.ts';
import { schemaOfCustom } from './served.ts';
import { cannotBeHandled } from './status.ts';

export type FieldValidation = 'Ignore' | 'Warn' | 'Strict';

export interface Decoded {
  readonly object: KubeObject;
  /** Paths of fields that the type does not know, and that are dropped. */
  readonly unknown: readonly string[];
}

/** The type of a kind's objects; a custom one is known only as far as its definition says. */
export function typeOfKind(types: BuiltinTypes, kind: Kind): TypeOf {
  if (!kind.custom) return types.ofKind(kind.group, kind.version, kind.kind) ?? { ...UNTYPED, resolve: types.resolve };
  const { version } = kind.custom;
  const known = customTypes.get(version);
  if (known?.resolve === types.resolve) return known;
  const schema = withMeta(schemaOfCustom(kind));
  const properties = { ...schema.properties, metadata: { $ref: OBJECT_META } };
  const type = { schema: { ...schema, type: 'object', properties }, resolve: types.resolve };
  customTypes.set(version, type);
  return type;
}

const customTypes = new WeakMap<JsonObject, TypeOf>();

/** The schema, where every object within another has its metadata. */
function withMeta(schema: Schema): Schema {
  const { properties, items, additionalProperties: rest } = schema;
  const isEmbedded = schema['x-kubernetes-embedded-resource'] === true;
  if (!isEmbedded && !properties && !items && typeof rest !== 'object') return schema;
  const inner = Object.entries(properties ?? {}).map(([name, one]) => [name, withMeta(one)]);
  const own = isEmbedded
    ? { apiVersion: { type: 'string' }, kind: { type: 'string' }, metadata: { $ref: OBJECT_META } }
    : {};
  return {
    ...schema,
    ...(isEmbedded || properties ? { properties: { ...Object.fromEntries(inner), ...own } } : {}),
    ...(items ? { items: withMeta(items) } : {}),
    ...(typeof rest === 'object' ? { additionalProperties: withMeta(rest) } : {}),
  };
}

/** Reads and fills in an object; throws what the API answers when it does not fit its type. */
export function decode(
  types: BuiltinTypes,
  kind: Kind,
  body: KubeObject,
  { refuse = (why) => cannotBeHandled(kind, why), isApplied = false }: Reading = {},
): Decoded {
  const { object, unknown } = kind.custom
    ? decodeCustom(types, kind, body, { refuse, isApplied })
    : decodeBuiltin(types, kind, body, refuse);
  // A list without entries takes all entries away, as does one with an entry that says nothing.
  if (body.metadata.managedFields?.length !== 0) return { object, unknown };
  return { object: { ...object, metadata: { ...object.metadata, managedFields: [{}] } }, unknown };
}

interface Reading {
  readonly refuse?: Refuse;
  /** Of a custom resource that is applied nulls are left to validation. */
  readonly isApplied?: boolean;
}

type Refuse = (why: string) => Error;

function decodeBuiltin(types: BuiltinTypes, kind: Kind, body: KubeObject, refuse: Refuse): Decoded {
  const { object, findings } = normalise(body, typeOfKind(types, kind), { name: kind.kind });
  if (findings.fault) throw refuse(findings.fault.text);
  object['metadata'] ??= {};
  applyDefaults(kind.group, kind.kind, object);
  if (!isKubeObject(object)) throw refuse('it is no object');
  return { object, unknown: findings.unknown };
}

/** A custom resource as its definition's schema reads it. */
function readCustom(
  types: BuiltinTypes,
  kind: Kind,
  body: KubeObject,
  how: Parameters<typeof readStructured>[2],
): Structured {
  return readStructured(body, { schema: schemaOfCustom(kind), resolve: types.resolve }, how);
}

function decodeCustom(
  types: BuiltinTypes,
  kind: Kind,
  body: KubeObject,
  { refuse, isApplied }: Required<Reading>,
): Decoded {
  const { object, unknown, fault } = readCustom(types, kind, body, { fillIn: true, keepNulls: isApplied });
  if (fault !== undefined) throw refuse(fault);
  const meta = normalise(
    body.metadata,
    { schema: { $ref: OBJECT_META }, resolve: types.resolve },
    { name: 'ObjectMeta' },
  );
  if (meta.findings.fault) throw refuse(meta.findings.fault.text);
  object['metadata'] = meta.object;
  if (!isKubeObject(object)) throw refuse('it is no object');
  return { object, unknown: [...meta.findings.unknown.map((path) => `metadata.${path}`).sort(), ...unknown] };
}
