// Objects by their key, by their kind and by whatever else a caller looks them up by.

import { groupOf, type KubeObject } from '../objects/object.ts';

export interface KindReference {
  readonly group: string;
  readonly kind: string;
}

export interface ObjectTable {
  get(key: string): KubeObject | undefined;
  /** By their keys. */
  ofKind(kind: KindReference): ReadonlyMap<string, KubeObject>;
  /** The objects of which `indexes` names this. */
  indexed(name: string): Iterable<KubeObject>;
  /** Puts an object in the place of the one with its key, or removes that; returns what was there. */
  replace(key: string, after: KubeObject | undefined): KubeObject | undefined;
  size(): number;
}

export function createObjectTable(indexes: (object: KubeObject) => readonly string[]): ObjectTable {
  const objects = new Map<string, KubeObject>();
  const byKind = createIndex((object) => [kindText({ group: groupOf(object.apiVersion), kind: object.kind })]);
  const byName = createIndex(indexes);
  return {
    get: (key) => objects.get(key),
    ofKind: (kind) => byKind.get(kindText(kind)),
    indexed: (name) => byName.get(name).values(),
    replace: (key, after) => {
      const before = objects.get(key);
      if (after) objects.set(key, after);
      else objects.delete(key);
      for (const index of [byKind, byName]) index.replace(key, before, after);
      return before;
    },
    size: () => objects.size,
  };
}

const kindText = ({ group, kind }: KindReference): string => `${group}/${kind}`;

interface Index {
  get(name: string): ReadonlyMap<string, KubeObject>;
  replace(key: string, before: KubeObject | undefined, after: KubeObject | undefined): void;
}

const NOTHING: ReadonlyMap<string, KubeObject> = new Map();

function createIndex(namesOf: (object: KubeObject) => readonly string[]): Index {
  const byName = new Map<string, Map<string, KubeObject>>();
  return {
    get: (name) => byName.get(name) ?? NOTHING,
    replace: (key, before, after) => {
      for (const name of before ? namesOf(before) : []) {
        const objects = byName.get(name);
        objects?.delete(key);
        if (objects?.size === 0) byName.delete(name);
      }
      if (!after) return;
      for (const name of namesOf(after)) {
        const objects = byName.get(name) ?? new Map<string, KubeObject>();
        byName.set(name, objects.set(key, after));
      }
    },
  };
}
