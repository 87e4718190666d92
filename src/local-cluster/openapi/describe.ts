// The paths below /openapi: one document of everything in the second version, one for each version of a group in the third.

import { createHash } from 'node:crypto';
import type { JsonObject } from '../../core/json.ts';
import { apiVersionOf } from '../../objects/object.ts';
import type { Api } from '../api.ts';
import type { Kind } from '../kinds.ts';
import { OPENAPI_PROTOBUF, parseAccept } from '../representation.ts';
import type { KubeRequest, KubeResponse } from '../request.ts';
import { jsonResponse, textResponse } from '../response.ts';

/** The answer to a path below /openapi, or undefined. */
export async function describe(api: Api, request: KubeRequest): Promise<KubeResponse | undefined> {
  const { path } = request;
  if (path === '/openapi/v2') return describeSecond(api, request);
  if (path === '/openapi/v3') {
    return jsonResponse({ paths: index(api) }, 200, { 'content-type': 'text/plain; charset=utf-8' });
  }
  const match = /^\/openapi\/v3\/((?:api|apis\/([^/]+))\/([^/]+))$/.exec(path);
  const [, name = '', group = '', version = ''] = match ?? [];
  const kinds = api.kinds.all().filter((kind) => kind.group === group && kind.version === version);
  return match && kinds.length > 0 ? describeThird(api, request, { name, kinds }) : undefined;
}

async function describeSecond(api: Api, request: KubeRequest): Promise<KubeResponse> {
  const type = accepted(request, [
    ['application/json', 'application/json'],
    ['application/com.github.proto-openapi.spec.v2@v1.0+protobuf', OPENAPI_PROTOBUF],
    [OPENAPI_PROTOBUF, OPENAPI_PROTOBUF],
  ]);
  if (type === undefined) return textResponse('', 406);
  const kinds = api.kinds.all();
  const hash = hashOf(kinds);
  const document = await cached(api, { name: 'v2', hash, kinds });
  return unlessKnown(request, hash, () => jsonResponse(document, 200, { 'content-type': type }));
}

async function describeThird(
  api: Api,
  request: KubeRequest,
  { name, kinds }: { readonly name: string; readonly kinds: readonly Kind[] },
): Promise<KubeResponse> {
  if (accepted(request, [['application/json', 'application/json']]) === undefined) return textResponse('', 406);
  const hash = hashOf(kinds);
  const asked = request.query.get('hash');
  if (asked !== null && asked !== '' && asked !== hash) {
    return { status: 301, headers: { location: `/openapi/v3/${name}?hash=${hash}` }, body: '' };
  }
  const document = await cached(api, { name, hash, kinds });
  // What a hash names never changes.
  const lasting: Record<string, string> = asked === hash ? { 'cache-control': 'public, immutable' } : {};
  return unlessKnown(request, hash, () => jsonResponse(document, 200, lasting));
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
  const versions = new Map<string, Kind[]>();
  for (const kind of api.kinds.all()) {
    const path = kind.group === '' ? `api/${kind.version}` : `apis/${apiVersionOf(kind.group, kind.version)}`;
    versions.set(path, [...(versions.get(path) ?? []), kind]);
  }
  return Object.fromEntries(
    [...versions].map(([path, kinds]) => [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${hashOf(kinds)}` }]),
  );
}

/** Built-in kinds never change, custom ones with their definition. */
function hashOf(kinds: readonly Kind[]): string {
  const parts = kinds.map(
    ({ kind, version, custom }) => `${kind}/${version}@${custom?.definition.metadata.resourceVersion ?? ''}`,
  );
  return createHash('sha256').update(parts.join()).digest('hex').toUpperCase();
}

interface Asked {
  readonly name: string;
  readonly hash: string;
  readonly kinds: readonly Kind[];
}

interface Made {
  readonly hash: string;
  readonly document: JsonObject;
}

const documents = new WeakMap<Api, Map<string, Made>>();

async function cached(api: Api, { name, hash, kinds }: Asked): Promise<JsonObject> {
  const made = documents.get(api) ?? new Map<string, Made>();
  documents.set(api, made);
  const before = made.get(name);
  if (before?.hash === hash) return before.document;
  await api.ready();
  const { secondVersion, thirdVersion } = await import('./documents.ts');
  const document = (name === 'v2' ? secondVersion : thirdVersion)(api.types(), kinds);
  made.set(name, { hash, document });
  return document;
}
