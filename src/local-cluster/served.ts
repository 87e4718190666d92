// Custom resources as they are read: by the schema that their definition has now, whatever it was when they were stored.

import { at, type JsonObject } from '../core/json.ts';
import { isKubeObject, type KubeObject } from '../objects/object.ts';
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

/** A stored object without the fields that its schema no longer knows, and with the defaults that it has by now. */
export function asServed(kind: Kind, object: KubeObject): KubeObject {
  const version = kind.custom?.version;
  if (!version) return object;
  const known = earlier.get(object);
  if (known?.version === version) return known.object;
  const { object: read } = readStructured(
    object,
    { schema: schemaOfCustom(kind), resolve: (schema) => schema },
    { fillIn: true },
  );
  const served = isKubeObject(read) ? read : object;
  earlier.set(object, { version, object: served });
  return served;
}
