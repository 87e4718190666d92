// Random malformed requests to the Kubernetes API: objects of every kind, patches of all sorts, protobuf, paths, queries, headers,
// each changed from something that is right.

import { isList, isObject, type Json, type JsonObject } from '../../src/core/json.ts';
import type { KubeRequest } from '../../src/local-cluster/request.ts';
import { groupOf } from '../../src/objects/object.ts';
import { builtinResources } from '../../src/objects/types.ts';
import type { Pick } from './random-requests.ts';

/** Something right that requests are made from. */
export interface Seed {
  readonly apiVersion: string;
  readonly plural: string;
  readonly namespaced: boolean;
  readonly object: JsonObject;
  readonly bytes: Uint8Array | undefined;
}

const NAMES = [
  'a',
  'default',
  'kube-system',
  'sample',
  'x'.repeat(300),
  '..',
  '__proto__',
  'constructor',
  '%00',
  'é',
  'A b',
  '',
];
const KEYS = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '',
  'a.b/c',
  '$patch',
  '$setElementOrder/a',
  '$retainKeys',
];
const DEEP = 600;

const JUNK: readonly Json[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e20,
  Number.MAX_SAFE_INTEGER,
  '',
  'x',
  '9'.repeat(400),
  '1e999999999',
  '\u0000',
  '\ud800',
  'x'.repeat(5000),
  [],
  {},
  [null],
  [[[]]],
  { a: 1 },
  { $patch: 'delete' },
  { $patch: 'unknown' },
  [{ $patch: 'replace' }],
  { name: null },
  ['__proto__'],
];

/** Numbers and keys that JSON.stringify would not write. */
const RAW = [
  '1e400',
  '-0',
  '123456789012345678901234567890',
  '{"__proto__":{"polluted":1}}',
  '{"a":1,"a":2}',
  `${'['.repeat(DEEP)}${']'.repeat(DEEP)}`,
];
const HOLE = '"\u0001hole\u0001"';

/** The value with one place of it changed. */
function mutated(value: Json, pick: Pick): Json {
  const oneOf = <T>(values: readonly T[], otherwise: T): T => values[pick(values.length)] ?? otherwise;
  if (isList(value) && value.length > 0 && pick(5) > 0) {
    const index = pick(value.length);
    return value.map((item, at) => (at === index ? mutated(item, pick) : item));
  }
  const keys = isObject(value) ? Object.keys(value) : [];
  if (!isObject(value) || keys.length === 0 || pick(6) === 0)
    return pick(8) === 0 ? '\u0001hole\u0001' : oneOf(JUNK, null);
  const key = oneOf(keys, '');
  const next: Record<string, Json | undefined> = { ...value };
  const change = pick(8);
  if (change === 0) delete next[key];
  else if (change === 1) Object.defineProperty(next, oneOf(KEYS, ''), { value: oneOf(JUNK, null), enumerable: true });
  else next[key] = mutated(next[key] ?? null, pick);
  return next;
}

const CONTENT_TYPES = [
  'application/json',
  'application/json',
  'application/yaml',
  'application/vnd.kubernetes.protobuf',
  'application/cbor',
  'text/plain',
  'application/json; charset=utf-16',
  '',
  ';;;',
];
const RIGHT_TYPES = ['application/json', 'application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'];
const PATCH_TYPES = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
  'application/apply-patch+cbor',
];
const ACCEPTS = [
  '*/*',
  'application/json',
  'application/yaml',
  'application/vnd.kubernetes.protobuf',
  'application/json;as=Table;g=meta.k8s.io;v=v1',
  'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1',
  'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1',
  'application/json;as=Nothing',
  'text/html',
  ';q=;',
  'x'.repeat(3000),
];
const QUERIES: readonly (readonly [string, readonly string[]])[] = [
  ['fieldManager', ['me', 'x'.repeat(200), '\u0000', '']],
  ['fieldValidation', ['Strict', 'Warn', 'Ignore', 'Sometimes']],
  ['dryRun', ['All', 'Some', '']],
  ['force', ['true', '1', 'x']],
  ['labelSelector', ['a=b', 'a in (', '!', ',,,', 'a in ()', 'é', 'a'.repeat(500)]],
  ['fieldSelector', ['metadata.name=a', 'constructor=a', '__proto__', '=', 'a!=']],
  ['limit', ['1', '-1', 'x', '9'.repeat(30)]],
  ['continue', ['x', 'e30', 'bnVsbA', 'eyJydiI6MX0']],
  ['resourceVersion', ['0', '1', 'x', '-1', '9'.repeat(30)]],
  ['resourceVersionMatch', ['Exact', 'NotOlderThan', 'x']],
  ['watch', ['true', '1', 'x']],
  ['sendInitialEvents', ['true', 'x']],
  ['allowWatchBookmarks', ['true']],
  ['timeoutSeconds', ['1', '-1', 'x', '1e9']],
  ['propagationPolicy', ['Foreground', 'Background', 'Orphan', 'Sometimes']],
  ['gracePeriodSeconds', ['0', '-5', 'x']],
  ['pretty', ['true']],
  ['container', ['c', '']],
  ['tailLines', ['x', '-1']],
  ['sinceTime', ['x']],
];
const HEADERS: readonly (readonly [string, readonly string[]])[] = [
  ['impersonate-user', ['', 'alice', 'system:admin']],
  ['impersonate-group', ['system:masters']],
  ['user-agent', ['kubectl/v1', '', 'x'.repeat(2000)]],
  ['if-none-match', ['"x"']],
];
const AUTHORIZATIONS = ['', 'Bearer', 'Bearer x', 'Bearer a.b.c', `Bearer ${'x'.repeat(9000)}`, 'Basic eDp5'];
const SUBRESOURCES = [
  'status',
  'scale',
  'log',
  'exec',
  'eviction',
  'binding',
  'token',
  'resize',
  'ephemeralcontainers',
  'proxy/a/b',
  'none',
  'approval',
  'finalize',
];
const COMMON = ['GET', 'POST', 'POST', 'PUT', 'PUT', 'PATCH', 'PATCH', 'PATCH', 'DELETE'];
const RARE = ['HEAD', 'OPTIONS', 'TRACE', 'get', ''];
const PLACES = [
  '/',
  '/api',
  '/apis',
  '/api/v1',
  '/apis/apps/v1',
  '/version',
  '/healthz',
  '/openapi/v2',
  '/openapi/v3',
  '/openapi/v3/apis/apps/v1',
  '/apis/none/v1/things',
  '//',
  '/api/v1/watch/pods',
  '/api/v1/watch/namespaces/default/pods/a',
];

export function randomKubeRequest(seeds: readonly Seed[], pick: Pick): KubeRequest {
  const oneOf = <T>(values: readonly T[], otherwise: T): T => values[pick(values.length)] ?? otherwise;
  const seed = seeds[pick(seeds.length)];
  if (!seed) throw new Error('nothing to start from');
  const method = oneOf(pick(30) === 0 ? RARE : COMMON, 'GET');
  const query = new URLSearchParams();
  for (const [name, values] of QUERIES) if (pick(20) === 0) query.append(name, oneOf(values, ''));
  const type =
    method === 'PATCH'
      ? oneOf(pick(8) === 0 ? CONTENT_TYPES : PATCH_TYPES, '')
      : oneOf(pick(4) === 0 ? CONTENT_TYPES : RIGHT_TYPES, '');
  if (type.includes('apply') && pick(6) > 0) query.set('fieldManager', 'me');
  const headers: Record<string, string> = { 'content-type': type, accept: pick(8) === 0 ? oneOf(ACCEPTS, '') : '*/*' };
  for (const [name, values] of HEADERS) if (pick(60) === 0) headers[name] = oneOf(values, '');
  const path = pathOf(seed, { pick, method });
  const body = method === 'GET' && pick(10) > 0 ? undefined : bodyOf(seed, { pick, type });
  return {
    method,
    path: new URL(`http://localhost${path}`).pathname,
    query,
    headers,
    ...(body === undefined ? {} : { body }),
    ...(pick(60) === 0 ? { authorization: oneOf(AUTHORIZATIONS, '') } : {}),
  };
}

function pathOf(seed: Seed, { pick, method }: { readonly pick: Pick; readonly method: string }): string {
  const oneOf = (values: readonly string[]): string => values[pick(values.length)] ?? '';
  if (pick(40) === 0) return oneOf(PLACES);
  const root = groupOf(seed.apiVersion) === '' ? `/api/${seed.apiVersion}` : `/apis/${seed.apiVersion}`;
  const namespace =
    seed.namespaced !== (pick(40) === 0) ? `/namespaces/${pick(20) > 0 ? 'default' : safe(oneOf(NAMES))}` : '';
  const collection = `${root}${namespace}/${pick(60) === 0 ? safe(oneOf(NAMES)) : seed.plural}`;
  if (method === 'POST' && pick(5) > 0) return collection;
  const name = pick(12) > 0 ? 'sample' : safe(oneOf(NAMES));
  return pick(8) === 0 ? `${collection}/${name}/${oneOf(SUBRESOURCES)}` : `${collection}/${name}`;
}

const safe = (name: string): string => (name.startsWith('%') ? name : encodeURIComponent(name));

function bodyOf(
  seed: Seed,
  { pick, type }: { readonly pick: Pick; readonly type: string },
): KubeRequest['body'] | undefined {
  if (type.includes('protobuf') && seed.bytes) return shaken(seed.bytes, pick);
  const value = type === 'application/json-patch+json' ? jsonPatch(seed, pick) : manyMutated(seed.object, pick);
  const text = JSON.stringify(value).replaceAll(HOLE, () => RAW[pick(RAW.length)] ?? 'null');
  if (pick(8) > 0) return Buffer.from(text);
  return shaken(Buffer.from(text), pick);
}

function manyMutated(value: Json, pick: Pick): Json {
  let next = value;
  for (let count = pick(4); count > 0; count -= 1) next = mutated(next, pick);
  return next;
}

function jsonPatch(seed: Seed, pick: Pick): Json {
  const ops = ['add', 'remove', 'replace', 'move', 'copy', 'test', 'unknown', ''];
  const paths = [
    '',
    '/',
    '/metadata',
    '/metadata/name',
    '/metadata/labels',
    '/metadata/labels/a',
    '/spec',
    '/spec/-',
    '/spec/0',
    '/__proto__/a',
    '/constructor/prototype/a',
    '/metadata/uid',
    '/metadata/managedFields',
    '/metadata/managedFields/0',
    '/a~2',
    'x',
    '/spec/99999999999999999999',
    '/metadata/finalizers',
    '/kind',
    '/apiVersion',
  ];
  const operation = (): Json => {
    const plain = {
      op: ops[pick(ops.length)] ?? '',
      path: paths[pick(paths.length)] ?? '',
      from: paths[pick(paths.length)] ?? '',
      value: pick(3) === 0 ? manyMutated(seed.object, pick) : (JUNK[pick(JUNK.length)] ?? null),
    };
    return pick(6) === 0 ? mutated(plain, pick) : plain;
  };
  return Array.from({ length: 1 + pick(4) }, operation);
}

/** Bytes of which some are others, gone or there twice. */
function shaken(bytes: Uint8Array, pick: Pick): Uint8Array {
  const next = [...bytes];
  for (let count = pick(5); count > 0; count -= 1) {
    const at = pick(next.length + 1);
    const change = pick(4);
    if (change === 0) next.splice(at, 1 + pick(8));
    else if (change === 1) next.splice(at, 0, pick(256), pick(256));
    else if (change === 2) next.splice(at);
    else next[at] = pick(256);
  }
  return Uint8Array.from(next);
}

/** Which built-in kinds are in a namespace, by their plural. */
export function resourceOf(
  apiVersion: string,
  kind: string,
): { readonly plural: string; readonly namespaced: boolean } | undefined {
  const entry = builtinResources()[apiVersion]?.find((one) => one.kind === kind && !one.name.includes('/'));
  return entry && { plural: entry.name, namespaced: entry.namespaced };
}
