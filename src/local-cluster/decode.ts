// A body read by its type: what a client sends becomes what can be stored.

import { at } from '../core/json.ts';
import { applyDefaults } from '../objects/defaults/defaults.ts';
import { normalise } from '../objects/normalise.ts';
import type { KubeObject } from '../objects/object.ts';
import { isKubeObject } from '../objects/object.ts';
import { isSchema, type Schema, type TypeOf, UNTYPED } from '../objects/schema.ts';
import { readStructured, type Structured } from '../objects/structural.ts';
import { type BuiltinTypes, OBJECT_META } from '../objects/types.ts';
import type { Kind } from './kinds.ts';
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
  const schema = schemaOfCustom(kind);
  const properties = { ...schema.properties, metadata: { $ref: OBJECT_META } };
  return { schema: { ...schema, type: 'object', properties }, resolve: types.resolve };
}

export function schemaOfCustom(kind: Kind): Schema {
  const schema = at(kind.custom?.version, 'schema', 'openAPIV3Schema');
  return isSchema(schema) ? schema : {};
}

/** Reads and fills in an object; throws what the API answers when it does not fit its type. */
export function decode(
  types: BuiltinTypes,
  kind: Kind,
  body: KubeObject,
  refuse: (why: string) => Error = (why) => cannotBeHandled(kind, why),
): Decoded {
  const { object, unknown } = kind.custom
    ? decodeCustom(types, kind, body, refuse)
    : decodeBuiltin(types, kind, body, refuse);
  // A list without entries takes all entries away, as does one with an entry that says nothing.
  if (body.metadata.managedFields?.length !== 0) return { object, unknown };
  return { object: { ...object, metadata: { ...object.metadata, managedFields: [{}] } }, unknown };
}

function decodeBuiltin(types: BuiltinTypes, kind: Kind, body: KubeObject, refuse: (why: string) => Error): Decoded {
  const { object, findings } = normalise(body, typeOfKind(types, kind), { name: kind.kind });
  if (findings.fault) throw refuse(findings.fault.text);
  object['metadata'] ??= {};
  applyDefaults(kind.group, kind.kind, object);
  if (!isKubeObject(object)) throw refuse('it is no object');
  return { object, unknown: findings.unknown };
}

/** A custom resource as its definition's schema reads it. */
export function readCustom(types: BuiltinTypes, kind: Kind, body: KubeObject, fillIn: boolean): Structured {
  return readStructured(body, { schema: schemaOfCustom(kind), resolve: types.resolve }, fillIn);
}

function decodeCustom(types: BuiltinTypes, kind: Kind, body: KubeObject, refuse: (why: string) => Error): Decoded {
  const { object, unknown } = readCustom(types, kind, body, true);
  const meta = normalise(
    body.metadata,
    { schema: { $ref: OBJECT_META }, resolve: types.resolve },
    { name: 'ObjectMeta' },
  );
  if (meta.findings.fault) throw refuse(meta.findings.fault.text);
  object['metadata'] = meta.object;
  if (!isKubeObject(object)) throw refuse('it is no object');
  return { object, unknown: [...meta.findings.unknown.map((path) => `metadata.${path}`), ...unknown].sort() };
}
