// What the cluster says of itself: groups, resources, version, readiness.

import { isObject, type JsonObject, listAt, textAt } from '../core/json.ts';
import { apiVersionOf } from '../objects/object.ts';
import type { Kind, Kinds } from './kinds.ts';
import { parseAccept } from './representation.ts';
import type { KubeRequest, KubeResponse } from './request.ts';
import { jsonResponse, textResponse } from './response.ts';
import { storageHash } from './storage-hash.ts';

const VERSION = {
  major: '1',
  minor: '36',
  emulationMajor: '1',
  emulationMinor: '36',
  minCompatibilityMajor: '1',
  minCompatibilityMinor: '35',
  gitVersion: 'v1.36.1',
  gitCommit: '',
  gitTreeState: 'clean',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: 'none',
  compiler: 'none',
  platform: 'linux/amd64',
} as const;

/** The answer to a path that names no resource, or undefined. */
export function discover(kinds: Kinds, request: KubeRequest): KubeResponse | undefined {
  const path = request.path.replace(/\/$/, '');
  if (path === '')
    return jsonResponse({ paths: ['/.well-known/openid-configuration', '/api', '/apis', '/openapi/v3', '/version'] });
  if (path === '/version') return jsonResponse(VERSION);
  const health = /^\/(readyz|livez|healthz)(\/ping)?$/.exec(path);
  if (health) return textResponse(healthText(health[1] ?? '', health[2] === undefined && request.query.has('verbose')));
  const aggregated = wantsAggregated(request);
  if (path === '/api') return aggregated ? answerAggregated(kinds, true) : jsonResponse(coreVersions());
  if (path === '/apis') return aggregated ? answerAggregated(kinds, false) : jsonResponse(groupList(kinds));
  const core = /^\/api\/([^/]+)$/.exec(path);
  if (core) return resourceList(kinds, '', core[1] ?? '');
  const group = /^\/apis\/([^/]+)$/.exec(path);
  if (group) return oneGroup(kinds, group[1] ?? '');
  const version = /^\/apis\/([^/]+)\/([^/]+)$/.exec(path);
  return version ? resourceList(kinds, version[1] ?? '', version[2] ?? '') : undefined;
}

const healthText = (check: string, isVerbose: boolean): string =>
  isVerbose ? `[+]ping ok\n${check} check passed\n` : 'ok';

/** Whether the answer in one piece comes before the plain one, in the version of it that is served. */
function wantsAggregated({ headers }: KubeRequest): boolean {
  const accept = headers['accept'] ?? '';
  if (!accept.includes('as=APIGroupDiscoveryList')) return false;
  const clause = parseAccept(accept).find(({ type, parameters }) => {
    const as = parameters.get('as') ?? '';
    return type === 'application/json' && (as === '' || parameters.get('v') === 'v2');
  });
  return clause?.parameters.get('as') === 'APIGroupDiscoveryList';
}

const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

/** Everything in one answer: what newer clients ask for. */
function answerAggregated(kinds: Kinds, core: boolean): KubeResponse {
  const groups = core ? [{ name: '', versions: [{ version: 'v1' }] }] : groupsOf(kinds);
  const items = groups.map((group) => {
    const name = textAt(group, 'name');
    return {
      metadata: name === '' ? {} : { name },
      versions: listAt(group, 'versions').map((entry) => aggregatedVersion(kinds, name, textAt(entry, 'version'))),
    };
  });
  const list = { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', metadata: {}, items };
  return jsonResponse(list, 200, { 'content-type': AGGREGATED });
}

function aggregatedVersion(kinds: Kinds, group: string, version: string): JsonObject {
  const served = kinds.all().filter((kind) => kind.group === group && kind.version === version);
  return { version, resources: served.map(aggregatedResource), freshness: 'Current' };
}

function aggregatedResource(kind: Kind): JsonObject {
  const own = kind.custom ? { group: kind.group, version: kind.version } : { group: '', version: '' };
  return {
    resource: kind.plural,
    responseKind: { ...own, kind: kind.kind },
    scope: kind.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: kind.singular,
    verbs: kind.verbs,
    ...(kind.shortNames.length > 0 ? { shortNames: kind.shortNames } : {}),
    ...(kind.categories.length > 0 ? { categories: kind.categories } : {}),
    ...(kind.subresources.length > 0
      ? { subresources: kind.subresources.map((entry) => aggregatedSubresource(entry, own)) }
      : {}),
  };
}

function aggregatedSubresource(entry: Kind['subresources'][number], own: JsonObject): JsonObject {
  const of = entry.version === undefined ? own : { group: entry.group, version: entry.version };
  return { subresource: entry.name, responseKind: { ...of, kind: entry.kind }, verbs: entry.verbs };
}

function coreVersions(): JsonObject {
  return {
    kind: 'APIVersions',
    versions: ['v1'],
    serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: '127.0.0.1:443' }],
  };
}

function groupList(kinds: Kinds): JsonObject {
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: groupsOf(kinds) };
}

function groupsOf(kinds: Kinds): JsonObject[] {
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

/** Stable versions before beta before alpha, newer before older, other names last. */
function byPriority(a: string, b: string): number {
  const rank = (version: string): readonly number[] => {
    const match = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version);
    if (!match) return [3, 0, 0];
    const stage = match[2] === undefined ? 0 : match[2] === 'beta' ? 1 : 2;
    return [stage, -Number(match[1]), -Number(match[3] ?? '0')];
  };
  const [left, right] = [rank(a), rank(b)];
  const position = left.findIndex((value, index) => value !== right[index]);
  return position < 0 ? a.localeCompare(b) : (left[position] ?? 0) - (right[position] ?? 0);
}

function oneGroup(kinds: Kinds, name: string): KubeResponse | undefined {
  const group = groupsOf(kinds).find((entry) => entry['name'] === name);
  return group && jsonResponse({ kind: 'APIGroup', apiVersion: 'v1', ...group });
}

function resourceList(kinds: Kinds, group: string, version: string): KubeResponse | undefined {
  const served = kinds.all().filter((kind) => kind.group === group && kind.version === version);
  if (served.length === 0) return undefined;
  return jsonResponse({
    kind: 'APIResourceList',
    ...(group === '' ? {} : { apiVersion: 'v1' }),
    groupVersion: apiVersionOf(group, version),
    resources: served.flatMap(resourceEntries).filter(isObject),
  });
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
