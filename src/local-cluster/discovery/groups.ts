// Groups of the API, their versions and the resources in them.

import { isObject, type JsonObject } from '../../core/json.ts';
import { apiVersionOf } from '../../objects/object.ts';
import type { Kind, Kinds } from '../kinds.ts';
import { byPriority } from '../version-order.ts';
import { storageHash } from './storage-hash.ts';

export function coreVersions(): JsonObject {
  return {
    kind: 'APIVersions',
    versions: ['v1'],
    serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: '127.0.0.1:443' }],
  };
}

export function groupList(kinds: Kinds): JsonObject {
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: groupsOf(kinds) };
}

export function groupsOf(kinds: Kinds): JsonObject[] {
  const versions = new Map<string, string[]>();
  for (const { group, version } of kinds.all()) {
    if (group === '') continue;
    const served = versions.get(group);
    if (!served) versions.set(group, [version]);
    else if (!served.includes(version)) served.push(version);
  }
  return [...versions].map(([name, list]) => {
    const listed = list.sort(byPriority).map((version) => ({ groupVersion: `${name}/${version}`, version }));
    return { name, versions: listed, preferredVersion: listed[0] };
  });
}

export function oneGroup(kinds: Kinds, name: string): JsonObject | undefined {
  const group = groupsOf(kinds).find((entry) => entry['name'] === name);
  return group && { kind: 'APIGroup', apiVersion: 'v1', ...group };
}

export function resourceList(kinds: Kinds, group: string, version: string): JsonObject | undefined {
  const served = kinds.all().filter((kind) => kind.group === group && kind.version === version);
  if (served.length === 0) return undefined;
  return {
    kind: 'APIResourceList',
    ...(group === '' ? {} : { apiVersion: 'v1' }),
    groupVersion: apiVersionOf(group, version),
    resources: served.flatMap(resourceEntries).filter(isObject),
  };
}

function resourceEntries(kind: Kind): JsonObject[] {
  const own: JsonObject = {
    name: kind.plural,
    singularName: kind.singular,
    namespaced: kind.namespaced,
    kind: kind.kind,
    verbs: kind.verbs,
    ...(kind.shortNames.length > 0 ? { shortNames: kind.shortNames } : {}),
    ...(kind.categories.length > 0 ? { categories: kind.categories } : {}),
    ...storageHash(kind),
  };
  const below = kind.subresources.map((subresource) => ({
    name: `${kind.plural}/${subresource.name}`,
    singularName: '',
    namespaced: kind.namespaced,
    ...(subresource.version === undefined ? {} : { group: subresource.group, version: subresource.version }),
    kind: subresource.kind,
    verbs: subresource.verbs,
  }));
  return [own, ...below];
}
