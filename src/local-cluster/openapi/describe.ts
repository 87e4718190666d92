// The paths below /openapi: one document of everything in the second version, one for each version of a group in the third.

import { createHash } from 'node:crypto';
import type { JsonObject } from '../../core/json.ts';
import { compareText } from '../../core/order.ts';
import type { Api } from '../api.ts';
import type { Kind } from '../kinds.ts';
import { OPENAPI_PROTOBUF, parseAccept } from '../representation.ts';
import type { KubeRequest, KubeResponse } from '../request.ts';
import { jsonResponse, textResponse } from '../response.ts';
import { rootOf } from './operation.ts';
import { type Root, rootsOf } from './roots.ts';

const SECOND_PROTOBUF = `${OPENAPI_PROTOBUF}v2.v1.0+protobuf`;
const THIRD_PROTOBUF = `${OPENAPI_PROTOBUF}v3.v1.0+protobuf`;

/** The answer to a path below /openapi, or undefined. */
export async function describe(api: Api, request: KubeRequest): Promise<KubeResponse | undefined> {
  const { path } = request;
  if (path === '/openapi/v2') return describeSecond(api, request);
  if (path === '/openapi/v3') {
    return jsonResponse({ paths: index(api) }, 200, { 'content-type': 'text/plain; charset=utf-8' });
  }
  return path.startsWith('/openapi/v3/') ? describeThird(api, request) : undefined;
}

async function describeSecond(api: Api, request: KubeRequest): Promise<KubeResponse> {
  const type = accepted(request, [
    ['application/json', 'application/json'],
    ['application/com.github.proto-openapi.spec.v2@v1.0+protobuf', SECOND_PROTOBUF],
    [SECOND_PROTOBUF, SECOND_PROTOBUF],
  ]);
  if (type === undefined) return textResponse('', 406);
  const kinds = api.kinds.all();
  const hash = hashOf(kinds);
  const document = await cached(api, { name: 'v2', hash, kinds });
  return unlessKnown(request, hash, () => jsonResponse(document, 200, { 'content-type': type }));
}

async function describeThird(api: Api, request: KubeRequest): Promise<KubeResponse> {
  const name = request.path.slice('/openapi/v3/'.length);
  const document = sourcesOf(api).get(name);
  if (!document) return { status: 404, headers: {}, body: '' };
  const type = accepted(request, [
    ['application/json', 'application/json'],
    ['application/com.github.proto-openapi.spec.v3@v1.0+protobuf', THIRD_PROTOBUF],
    [THIRD_PROTOBUF, THIRD_PROTOBUF],
  ]);
  if (type === undefined) return { status: 406, headers: { vary: 'Accept' }, body: '' };
  const { hash } = document;
  const asked = request.query.get('hash');
  if (asked !== null && asked !== '' && asked !== hash) {
    const headers = { 'content-type': type, location: `/openapi/v3/${name}?hash=${hash}`, vary: 'Accept' };
    return { status: 301, headers, body: '' };
  }
  const made = await cached(api, { name, ...document });
  // What a hash names never changes.
  const lasting: Record<string, string> = asked === hash ? { 'cache-control': 'public, immutable' } : {};
  return unlessKnown(request, hash, () => jsonResponse(made, 200, { ...lasting, 'content-type': type }));
}

/** The media type of the first clause that can be served. */
function accepted(request: KubeRequest, served: readonly (readonly [string, string])[]): string | undefined {
  for (const { type } of parseAccept(request.headers['accept'] ?? '*/*')) {
    const match = served.find(([name]) => name === type || type === '*/*' || type === 'application/*');
    if (match) return match[1];
  }
  return undefined;
}

function unlessKnown(request: KubeRequest, hash: string, answer: () => KubeResponse): KubeResponse {
  const headers = { etag: `"${hash}"`, vary: 'Accept' };
  if (request.headers['if-none-match'] === headers.etag) return { status: 304, headers, body: '' };
  const response = answer();
  return { ...response, headers: { ...response.headers, ...headers } };
}

function index(api: Api): JsonObject {
  const paths = [...sourcesOf(api)].map(([name, { hash }]): [string, JsonObject] => [
    name,
    { serverRelativeURL: `/openapi/v3/${name}?hash=${hash}` },
  ]);
  return Object.fromEntries(paths);
}

/** What a document is made of. */
interface Source {
  readonly hash: string;
  readonly kinds: readonly Kind[];
  readonly root?: Root;
}

/** The documents of the third version, by name. */
function sourcesOf(api: Api): ReadonlyMap<string, Source> {
  const kinds = api.kinds.all();
  const versions = new Map<string, Kind[]>();
  for (const kind of kinds) {
    const name = rootOf(kind).slice(1);
    const before = versions.get(name);
    if (before) before.push(kind);
    else versions.set(name, [kind]);
  }
  const sources: [string, Source][] = [
    ...[...versions].map(([name, own]): [string, Source] => [name, { hash: hashOf(own), kinds: own }]),
    ...rootsOf(kinds).map((root): [string, Source] => [root.name, { hash: digest(root.name), kinds: [], root }]),
  ];
  return new Map(sources.sort(([a], [b]) => compareText(a, b)));
}

/** Built-in kinds never change, custom ones with their definition. */
function hashOf(kinds: readonly Kind[]): string {
  const parts = kinds.map(
    ({ kind, version, custom }) => `${kind}/${version}@${custom?.definition.metadata.resourceVersion ?? ''}`,
  );
  return digest(parts.join());
}

const digest = (text: string): string => createHash('sha512').update(text).digest('hex').toUpperCase();

interface Asked extends Source {
  readonly name: string;
}

interface Made {
  readonly hash: string;
  readonly document: JsonObject;
}

const documents = new WeakMap<Api, Map<string, Made>>();

async function cached(api: Api, { name, hash, kinds, root }: Asked): Promise<JsonObject> {
  const made = documents.get(api) ?? new Map<string, Made>();
  documents.set(api, made);
  const before = made.get(name);
  if (before?.hash === hash) return before.document;
  await api.ready();
  const { secondVersion, thirdRoot, thirdVersion } = await import('./documents.ts');
  const write = name === 'v2' ? secondVersion : thirdVersion;
  const document = root ? thirdRoot(api.types(), root) : write(api.types(), kinds);
  made.set(name, { hash, document });
  return document;
}
