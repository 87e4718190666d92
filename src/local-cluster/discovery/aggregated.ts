// Everything in one answer: what newer clients ask for, once, and then whether it is still so.

import { createHash } from 'node:crypto';
import { type JsonObject, listAt, textAt } from '../../core/json.ts';
import type { Kind, Kinds } from '../kinds.ts';
import { parseAccept, represent } from '../representation.ts';
import type { KubeRequest, KubeResponse } from '../request.ts';
import { jsonResponse } from '../response.ts';
import { groupsOf } from './groups.ts';

const AS = 'g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
const FORMS = { 'application/json': 'json', 'application/yaml': 'yaml' } as const;

/** The answer in one piece to who accepts it, were it least of all; undefined to others. */
export function answerAggregated(kinds: Kinds, request: KubeRequest): KubeResponse | undefined {
  const accept = request.headers['accept'] ?? '';
  if (!accept.includes('as=APIGroupDiscoveryList')) return undefined;
  const type = parseAccept(accept).find(isAggregated)?.type;
  if (type !== 'application/json' && type !== 'application/yaml') return undefined;
  const list = aggregated(kinds, request.path.startsWith('/apis'));
  const etag = `"${createHash('sha512').update(JSON.stringify(list)).digest('hex').toUpperCase()}"`;
  const headers = { vary: 'Accept', etag, 'cache-control': 'public' };
  if (request.headers['if-none-match'] === etag) return { status: 304, headers, body: '' };
  const response = represent({ format: FORMS[type], as: '' }, jsonResponse(list));
  return { ...response, headers: { ...headers, 'content-type': `${type};${AS}` } };
}

const isAggregated = ({ type, parameters }: ReturnType<typeof parseAccept>[number]): boolean =>
  Object.hasOwn(FORMS, type) &&
  parameters.get('as') === 'APIGroupDiscoveryList' &&
  parameters.get('g') === 'apidiscovery.k8s.io' &&
  parameters.get('v') === 'v2';

function aggregated(kinds: Kinds, ofGroups: boolean): JsonObject {
  const groups = ofGroups ? groupsOf(kinds) : [{ name: '', versions: [{ version: 'v1' }] }];
  const items = groups.map((group) => {
    const name = textAt(group, 'name');
    return {
      metadata: name === '' ? {} : { name },
      versions: listAt(group, 'versions').map((entry) => aggregatedVersion(kinds, name, textAt(entry, 'version'))),
    };
  });
  return { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', metadata: {}, items };
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
