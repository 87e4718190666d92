// What the cluster serves: the built-in resources, and those that CustomResourceDefinitions add.

import { at, isObject, type JsonObject, listAt, objectAt, textAt } from '../core/json.ts';
import { groupOf, type KubeObject, versionOf } from '../objects/object.ts';
import { builtinResources, type ResourceEntry, type Subresource } from '../objects/types.ts';
import { METRICS_DEFINITIONS } from './metrics/kinds.ts';
import type { Store } from './store/store.ts';

export interface Kind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly listKind: string;
  readonly plural: string;
  readonly singular: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly subresources: readonly Subresource[];
  /** The key of its objects in the store: one for all versions of a resource. */
  readonly storage: string;
  /** Set for custom resources: their definition, and the part that is about this version. */
  readonly custom?: { readonly definition: KubeObject; readonly version: JsonObject };
}

export interface Kinds {
  find(group: string, version: string, plural: string): Kind | undefined;
  ofKind(group: string, version: string, kind: string): Kind | undefined;
  /** Every kind; built-in first, in discovery's order. */
  all(): readonly Kind[];
}

export const CRD_STORAGE = 'apiextensions.k8s.io/customresourcedefinitions';

export function createKinds(store: Store): Kinds {
  const builtin = index([...builtinKinds(), ...METRICS_DEFINITIONS.flatMap(kindsOfDefinition).map(readOnly)]);
  let custom: { readonly definitions: readonly KubeObject[]; readonly index: Index } | undefined;

  function customKinds(): Index {
    const definitions = store.list(CRD_STORAGE);
    const fresh = custom?.definitions.every((definition, index) => definition === definitions[index]);
    if (!custom || !fresh || custom.definitions.length !== definitions.length) {
      custom = { definitions, index: index(definitions.flatMap(kindsOfDefinition)) };
    }
    return custom.index;
  }

  return {
    find: (group, version, plural) => {
      const key = `${group}/${version}/${plural}`;
      return builtin.byPlural.get(key) ?? customKinds().byPlural.get(key);
    },
    ofKind: (group, version, kind) => {
      const key = `${group}/${version}/${kind}`;
      return builtin.byKind.get(key) ?? customKinds().byKind.get(key);
    },
    all: () => [...builtin.kinds, ...customKinds().kinds],
  };
}

interface Index {
  readonly kinds: readonly Kind[];
  readonly byPlural: ReadonlyMap<string, Kind>;
  readonly byKind: ReadonlyMap<string, Kind>;
}

function index(kinds: readonly Kind[]): Index {
  return {
    kinds,
    byPlural: new Map(kinds.map((kind) => [`${kind.group}/${kind.version}/${kind.plural}`, kind])),
    byKind: new Map(kinds.map((kind) => [`${kind.group}/${kind.version}/${kind.kind}`, kind])),
  };
}

/** What is worked out is neither written nor watched. */
const readOnly = (kind: Kind): Kind => ({ ...kind, verbs: ['get', 'list'] });

function builtinKinds(): Kind[] {
  return Object.entries(builtinResources()).flatMap(([apiVersion, entries]) =>
    entries.map((entry) => builtinKind(groupOf(apiVersion), versionOf(apiVersion), entry)),
  );
}

/** Resources that two groups serve and one place stores. */
const SHARED: Readonly<Record<string, string>> = { 'events.k8s.io/events': '/events' };

function builtinKind(group: string, version: string, entry: ResourceEntry): Kind {
  const storage = `${group}/${entry.name}`;
  return {
    group,
    version,
    kind: entry.kind,
    listKind: `${entry.kind}List`,
    plural: entry.name,
    singular: entry.singularName,
    namespaced: entry.namespaced,
    verbs: entry.verbs,
    shortNames: entry.shortNames ?? [],
    categories: entry.categories ?? [],
    subresources: entry.subresources ?? [],
    storage: SHARED[storage] ?? storage,
  };
}

const CUSTOM_VERBS = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'];

/** The kinds that a definition serves, once its names are accepted. */
function kindsOfDefinition(definition: KubeObject): Kind[] {
  const spec = objectAt(definition, 'spec');
  const names = objectAt(definition, 'status', 'acceptedNames');
  const established = listAt(definition, 'status', 'conditions').some(
    (condition) => textAt(condition, 'type') === 'Established' && textAt(condition, 'status') === 'True',
  );
  if (!established) return [];
  const group = textAt(spec, 'group');
  const plural = textAt(names, 'plural');
  return listAt(spec, 'versions')
    .filter(isObject)
    .filter((version) => version['served'] === true)
    .map((version) => ({
      group,
      version: textAt(version, 'name'),
      kind: textAt(names, 'kind'),
      listKind: textAt(names, 'listKind'),
      plural,
      singular: textAt(names, 'singular'),
      namespaced: textAt(spec, 'scope') === 'Namespaced',
      verbs: CUSTOM_VERBS,
      shortNames: listAt(names, 'shortNames').map(String),
      categories: listAt(names, 'categories').map(String),
      subresources: customSubresources(textAt(names, 'kind'), version),
      storage: `${group}/${plural}`,
      custom: { definition, version },
    }));
}

function customSubresources(kind: string, version: JsonObject): Subresource[] {
  const verbs = ['get', 'patch', 'update'];
  const subresources: Subresource[] = [];
  if (isObject(at(version, 'subresources', 'status'))) subresources.push({ name: 'status', kind, verbs });
  if (isObject(at(version, 'subresources', 'scale'))) {
    subresources.push({ name: 'scale', kind: 'Scale', group: 'autoscaling', version: 'v1', verbs });
  }
  return subresources;
}
