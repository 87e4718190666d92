// Custom resources as they are kept: in one version of their definition, and read by the schema that this version has now,
// whatever it was when they were stored.

import { at, type Json, type JsonObject, listAt, objectAt, textAt } from '../core/json.ts';
import { apiVersionOf, isKubeObject, type KubeObject } from '../objects/object.ts';
import { isSchema, type Schema } from '../objects/schema.ts';
import { readStructured } from '../objects/structural.ts';
import type { Kind } from './kinds.ts';

export function schemaOfCustom(kind: Kind): Schema {
  const schema = at(kind.custom?.version, 'schema', 'openAPIV3Schema');
  return isSchema(schema) ? schema : {};
}

interface Served {
  readonly version: JsonObject;
  readonly object: KubeObject;
}

/** Objects are read far more often than their definitions change. */
const earlier = new WeakMap<KubeObject, Served>();

/**
 * A stored object without the fields that its schemas no longer know, and with the defaults that it has by now: those of the
 * version that is stored. Another version only leaves out what it does not know.
 */
export function asServed(kind: Kind, object: KubeObject): KubeObject {
  if (!kind.custom) return object;
  const { definition, version } = kind.custom;
  const known = earlier.get(object);
  if (known?.version === version) return known.object;
  const storing = storingVersion(definition);
  const stored = readAs(storing, object, true);
  const served = storing === version ? stored : readAs(version, stored, false);
  earlier.set(object, { version, object: served });
  return served;
}

/** A custom resource in the version that its definition stores: it has no other fields than that. */
export function asStored(kind: Kind, object: KubeObject): KubeObject {
  if (!kind.custom) return object;
  const storing = storingVersion(kind.custom.definition);
  return { ...readAs(storing, object, true), apiVersion: apiVersionOf(kind.group, textAt(storing, 'name')) };
}

function readAs(version: Json | undefined, object: KubeObject, fillIn: boolean): KubeObject {
  const schema = at(version, 'schema', 'openAPIV3Schema');
  const type = { schema: isSchema(schema) ? schema : {}, resolve: (one: Schema | undefined) => one };
  const { object: read } = readStructured(object, type, { fillIn });
  return isKubeObject(read) ? read : object;
}

export const storingVersion = (definition: KubeObject): Json | undefined =>
  listAt(definition, 'spec', 'versions').find((version) => objectAt(version)['storage'] === true);
