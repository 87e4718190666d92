// An object of every built-in kind with every field set, and the places of its fields: for properties that hold for all of
// them.

import { isList, isObject, type Json, sameJson, withAt } from '../../src/core/json.ts';
import { apiVersionOf, isKubeObject, type KubeObject } from '../../src/objects/object.ts';
import { fieldType, itemType, type Schema, type TypeOf } from '../../src/objects/schema.ts';
import { type BuiltinTypes, builtinResources } from '../../src/objects/types.ts';

export interface SampleKind {
  readonly apiVersion: string;
  readonly kind: string;
  readonly type: TypeOf;
}

/** The kinds that can be created and read again, by their types. */
export function sampleKinds(types: BuiltinTypes): SampleKind[] {
  return Object.entries(builtinResources()).flatMap(([apiVersion, entries]) =>
    entries
      .filter(({ verbs }) => verbs.includes('create') && verbs.includes('get'))
      .flatMap(({ kind }) => {
        const [group = '', version = ''] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
        const type = types.ofKind(group, version, kind);
        return type ? [{ apiVersion: apiVersionOf(group, version), kind, type }] : [];
      }),
  );
}

/** What is the cluster's to write is left out. */
const OF_THE_CLUSTER = new Set([
  'apiVersion',
  'kind',
  'status',
  'managedFields',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'generation',
  'resourceVersion',
  'selfLink',
  'uid',
  'generateName',
  // Folded into data.
  'stringData',
]);

/** Lets a type that holds itself come no deeper than this. */
const DEPTH = 12;

export function sampleObject({ apiVersion, kind, type }: SampleKind): KubeObject {
  const filled = sampleOf(type, { seed: 1, within: [] });
  const metadata = { ...(isObject(filled) && isObject(filled['metadata']) ? filled['metadata'] : {}), name: 'sample' };
  const object = { ...(isObject(filled) ? filled : {}), apiVersion, kind, metadata };
  if (!isKubeObject(object)) throw new Error(`no sample of ${kind}`);
  return object;
}

interface Place {
  readonly seed: number;
  /** The types around. */
  readonly within: readonly (Schema | undefined)[];
}

function sampleOf(type: TypeOf, { seed, within }: Place): Json | undefined {
  const schema = type.resolve(type.schema);
  const reference = type.schema?.$ref ?? '';
  if (within.length > DEPTH || within.filter((one) => one?.$ref && one.$ref === reference).length > 0) return undefined;
  const inner = { seed, within: [...within, type.schema] };
  if (schema?.properties) {
    const entries = Object.keys(schema.properties)
      .filter((key) => within.length > 1 || !OF_THE_CLUSTER.has(key))
      .flatMap((key) => {
        const value = sampleOf(fieldType(type, key), inner);
        return value === undefined ? [] : [[key, value] as const];
      });
    return entries.length === 0 ? undefined : Object.fromEntries(entries);
  }
  if (typeof schema?.additionalProperties === 'object') {
    const entry = sampleOf(fieldType(type, 'a'), inner);
    return entry === undefined ? undefined : { a: entry };
  }
  if (schema?.type === 'array') {
    const items = [seed, seed + 1].flatMap((one) => sampleOf(itemType(type), { ...inner, seed: one }) ?? []);
    const different = items.filter((item, index) => index === 0 || !sameJson(item, items[0]));
    return different.length === 0 ? undefined : different;
  }
  return sampleScalar(schema, reference, seed);
}

function sampleScalar(schema: Schema | undefined, reference: string, seed: number): Json {
  if (reference.endsWith('.Quantity')) return `${1500 + seed}m`;
  if (reference.endsWith('.IntOrString')) return 10 + seed;
  if (reference.endsWith('.MicroTime')) return `2024-01-02T03:04:0${seed}.000000Z`;
  if (reference.endsWith('.Time')) return `2024-01-02T03:04:0${seed}Z`;
  if (schema?.format === 'byte') return Buffer.from(`bytes ${seed}`).toString('base64');
  const usual = schema?.default;
  if (schema?.enum) return schema.enum.find((one) => one !== usual) ?? null;
  if (schema?.type === 'string') return `text-${seed}`;
  if (schema?.type === 'integer' || schema?.type === 'number') return 70 + seed;
  if (schema?.type === 'boolean') return usual !== true;
  return { [isChoice(reference) ? 'description' : 'free']: `text-${seed}` };
}

/** A schema, where something else may stand too: what it holds is compared where schemas are. */
const isChoice = (reference: string): boolean => reference.includes('.JSONSchemaPropsOr');

export type Path = readonly (string | number)[];

export interface Field {
  readonly path: Path;
  readonly type: TypeOf;
  /** It tells the items of a list apart: with another value it is another item. */
  readonly isKey: boolean;
  /** 'Container.image': the same in every kind that holds one. */
  readonly name: string;
}

/** Every field of an object that its type has, and every entry of a map; of lists the first item. */
export function fieldsIn(value: Json, type: TypeOf, path: Path = [], keys: readonly string[] = []): Field[] {
  if (isChoice(type.schema?.$ref ?? '')) return [];
  const owner = type.schema?.$ref ?? type.schema?.items?.$ref ?? path.join('.');
  if (isObject(value)) {
    return Object.entries(value).flatMap(([key, item]) => {
      if (item === undefined || (path.length === 0 && ['apiVersion', 'kind'].includes(key))) return [];
      const own = fieldType(type, key);
      const here = [...path, key];
      const field = { path: here, type: own, isKey: keys.includes(key), name: `${owner}.${key}` };
      return [field, ...fieldsIn(item, own, here)];
    });
  }
  if (!isList(value) || value[0] === undefined) return [];
  const schema = type.resolve(type.schema);
  const own = schema?.['x-kubernetes-list-map-keys'] ?? [schema?.['x-kubernetes-patch-merge-key'] ?? ''];
  return fieldsIn(value[0], itemType(type), [...path, 0], own);
}

/** What is around a field and nothing else: the structures that lead to it, each with its plain fields. */
export function around(root: Json, [step, ...rest]: Path): Json {
  if (step === undefined) return root;
  if (isList(root)) return root.map((item, index) => (index === step ? around(item, rest) : around(item, [''])));
  if (!isObject(root)) return root;
  const entries = Object.entries(root).flatMap(([key, value]) => {
    if (value === undefined || (key !== step && (isObject(value) || isList(value)))) return [];
    return [[key, key === step ? around(value, rest) : value] as const];
  });
  return Object.fromEntries(entries);
}

/** A copy with another value at a path; undefined takes the field away. */
export function withValue(root: Json, path: Path, value: Json | undefined): Json {
  const [step, ...rest] = path;
  if (step === undefined) return value ?? null;
  if (isList(root)) return root.map((item, index) => (index === step ? withValue(item, rest, value) : item));
  if (!isObject(root)) return root;
  const key = String(step);
  if (rest.length === 0) return withAt(root, [key], value);
  return { ...root, [key]: withValue(root[key] ?? {}, rest, value) };
}

/** Another value of the same type. */
export function otherValue(value: Json, type: TypeOf): Json | undefined {
  const schema = type.resolve(type.schema);
  if (typeof value === 'number') return value + 5;
  if (typeof value === 'boolean') return !value;
  if (typeof value !== 'string') return undefined;
  const reference = type.schema?.$ref ?? '';
  if (reference.endsWith('.Quantity')) return '3';
  if (reference.endsWith('Time')) return value.replace('2024', '2025');
  if (schema?.format === 'byte') return Buffer.from('other bytes').toString('base64');
  if (schema?.enum) return schema.enum.find((one) => one !== value) ?? undefined;
  return `${value}-other`;
}
