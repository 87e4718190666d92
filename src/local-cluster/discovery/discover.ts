// What the cluster says of itself: groups, resources, version, readiness, and where all that is.

import type { JsonObject } from '../../core/json.ts';
import { apiVersionOf } from '../../objects/object.ts';
import { ISSUER } from '../access/account-token.ts';
import type { Kinds } from '../kinds.ts';
import { represent } from '../representation.ts';
import type { KubeRequest, KubeResponse } from '../request.ts';
import { jsonResponse } from '../response.ts';
import { answerAggregated } from './aggregated.ts';
import { checkProduced, EVERY_TYPE, plainForm } from './forms.ts';
import { coreVersions, groupList, groupsOf, oneGroup, resourceList } from './groups.ts';
import { answerHealth, healthPaths } from './health.ts';

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

const JSON_ONLY = ['application/json'];
const KEY_SET = 'application/jwk-set+json';

/** The answer to a path that names no resource, or undefined. Refuses forms in which it cannot be told. */
export function discover(kinds: Kinds, request: KubeRequest): KubeResponse | undefined {
  const path = request.path.replace(/([^/])\/$/, '$1');
  if (path === '/' || path === '/index.html') return jsonResponse({ paths: pathsOf(kinds) });
  if (path === '/version') return told(request, VERSION);
  if (path === CONFIGURATION) return told(request, configuration(request), { 'cache-control': LASTING });
  if (path === KEYS) return keys(request);
  if (path === '/api' || path === '/apis') {
    const aggregated = answerAggregated(kinds, request);
    if (aggregated) return aggregated;
  }
  const document = documentAt(kinds, path);
  if (!document) return answerHealth(request);
  // Lists of groups are told by a plainer part of a real API server, which looks at what is accepted only once.
  if (!/^\/apis(\/[^/]+)?$/.test(path) && !isOfDefinition(kinds, path)) checkProduced(request, EVERY_TYPE);
  return represent(plainForm(request), jsonResponse(document));
}

/** Whether a version of a group is served because of a definition. */
const isOfDefinition = (kinds: Kinds, path: string): boolean =>
  kinds.all().some((kind) => kind.custom && path === `/apis/${kind.group}/${kind.version}`);

function documentAt(kinds: Kinds, path: string): JsonObject | undefined {
  if (path === '/api') return coreVersions();
  if (path === '/apis') return groupList(kinds);
  const core = /^\/api\/([^/]+)$/.exec(path);
  if (core) return resourceList(kinds, '', core[1] ?? '');
  const [, group, , version] = /^\/apis\/([^/]+)(\/([^/]+))?$/.exec(path) ?? [];
  if (group === undefined) return undefined;
  return version === undefined ? oneGroup(kinds, group) : resourceList(kinds, group, version);
}

/** What is written in JSON and in nothing else, whatever it is to be turned into. */
function told(request: KubeRequest, body: JsonObject, headers: Readonly<Record<string, string>> = {}): KubeResponse {
  checkProduced(request, JSON_ONLY);
  return jsonResponse(body, 200, headers);
}

const CONFIGURATION = '/.well-known/openid-configuration';
const KEYS = '/openid/v1/jwks';
const LASTING = 'public, max-age=3600';

const configuration = ({ headers }: KubeRequest): JsonObject => ({
  issuer: ISSUER,
  jwks_uri: `https://${headers['host'] ?? '127.0.0.1:443'}${KEYS}`,
  response_types_supported: ['id_token'],
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: ['HS256'],
});

/** Tokens are signed with a secret: there is no key to show. */
function keys(request: KubeRequest): KubeResponse {
  checkProduced(request, [KEY_SET]);
  return jsonResponse({ keys: [] }, 200, { 'content-type': KEY_SET, 'cache-control': LASTING });
}

function pathsOf(kinds: Kinds): string[] {
  const versions = kinds.all().map(({ group, version }) => {
    const path = apiVersionOf(group, version);
    return group === '' ? `/api/${path}` : `/apis/${path}`;
  });
  const groups = groupsOf(kinds).map(({ name }) => `/apis/${String(name)}`);
  const own = [
    '/api',
    '/apis',
    '/apis/',
    '/openapi/v2',
    '/openapi/v3',
    '/openapi/v3/',
    '/version',
    CONFIGURATION,
    KEYS,
  ];
  return [...new Set([...own, ...groups, ...versions, ...healthPaths()])].sort();
}
