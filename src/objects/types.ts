// The tables of the built-in types. The list of resources is small and always there; the structures are large and
// imported with the first write.

import { isObject, textAt } from '../core/json.ts';
import { COLUMN_TEXTS } from './generated/columns.ts';
import { RESOURCES } from './generated/resources.ts';
import type { Resolve, Schema, TypeOf } from './schema.ts';

export interface Subresource {
  readonly name: string;
  readonly kind: string;
  readonly group?: string;
  readonly version?: string;
  readonly verbs: readonly string[];
}

/** A resource as discovery tells it. */
export interface ResourceEntry {
  readonly name: string;
  readonly singularName: string;
  readonly namespaced: boolean;
  readonly kind: string;
  readonly verbs: readonly string[];
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly subresources?: readonly Subresource[];
}

/** Every built-in resource by its apiVersion, in the order in which discovery lists the groups. */
export function builtinResources(): ResourceTable {
  const table = resources ?? parsed<ResourceTable>(RESOURCES);
  resources = table;
  return table;
}

type ResourceTable = Readonly<Record<string, readonly ResourceEntry[]>>;

let resources: ResourceTable | undefined;

/** What the columns of a table say of themselves, by the group and name of the resource and by the column. */
export function builtinColumns(): ColumnTexts {
  const texts = columns ?? parsed<ColumnTexts>(COLUMN_TEXTS);
  columns = texts;
  return texts;
}

type ColumnTexts = Readonly<Record<string, Readonly<Record<string, string>>>>;

let columns: ColumnTexts | undefined;

/** The structures of the built-in types. */
export interface BuiltinTypes {
  readonly definitions: Readonly<Record<string, Schema>>;
  readonly resolve: Resolve;
  ofKind(group: string, version: string, kind: string): TypeOf | undefined;
}

export async function loadBuiltinTypes(): Promise<BuiltinTypes> {
  loading ??= import('./generated/schemas.ts').then((module) => builtinTypes(parsed(module.SCHEMAS)));
  return loading;
}

let loading: Promise<BuiltinTypes> | undefined;

/** Metadata has one structure in every object, custom ones included. */
export const OBJECT_META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';

function builtinTypes(definitions: Readonly<Record<string, Schema>>): BuiltinTypes {
  const byKind = new Map<string, Schema>();
  for (const schema of Object.values(definitions)) {
    for (const kind of schema['x-kubernetes-group-version-kind'] ?? []) {
      if (isObject(kind))
        byKind.set(`${textAt(kind, 'group')}/${textAt(kind, 'version')}/${textAt(kind, 'kind')}`, schema);
    }
  }
  const refined = new WeakMap<Schema, Schema>();
  const resolve: Resolve = (schema) => {
    if (schema?.$ref === undefined) return schema;
    const earlier = refined.get(schema);
    if (earlier) return earlier;
    const definition = definitions[schema.$ref];
    if (definition === undefined) return undefined;
    // A field may refine the type it names: how it is patched, say.
    const whole = Object.keys(schema).length === 1 ? definition : { ...definition, ...schema };
    refined.set(schema, whole);
    return whole;
  };
  return {
    definitions,
    resolve,
    ofKind: (group, version, kind) => {
      const schema = byKind.get(`${group}/${version}/${kind}`);
      return schema && { schema, resolve };
    },
  };
}

/** The generated tables are ours: their shape is checked by a test, not at each start. */
function parsed<T>(json: string): T {
  return JSON.parse(json);
}
