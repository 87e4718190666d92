// The part of a list that its options ask for: from where, how many, and as of when.

import { goJsonFault } from '../../core/go-json.ts';
import { isObject, type Json, type JsonObject, parseJson } from '../../core/json.ts';
import { goKind } from '../../objects/go-types.ts';
import type { KubeObject } from '../../objects/object.ts';
import type { Api, ResourceRequest } from '../api.ts';
import { readNumber } from '../query.ts';
import type { KubeRequest } from '../request.ts';
import { asServed } from '../served.ts';
import { type ApiError, badRequest } from '../status.ts';
import { storedAt } from '../store/past.ts';
import type { Selects } from './list-options.ts';
import { checkResourceVersion, gone, tooLargeVersion } from './versions.ts';

interface Page {
  readonly page: readonly KubeObject[];
  readonly metadata: JsonObject;
}

/** Where a list begins, '' for its beginning, and the revision that it shows, undefined for the present. */
interface Place {
  readonly start: string;
  readonly revision: number | undefined;
}

/** The part of what is stored that a list asks for. */
export function listStored(call: ResourceRequest, selects: Selects): Page {
  const { api, kind, path, request } = call;
  const place = placeOf(request);
  checkNotAhead(api, place.revision ?? versionAskedFor(request.query));
  const namespace = path.namespace === '' ? undefined : path.namespace;
  const { revision = api.store.revision() } = place;
  const isPresent = revision >= api.store.revision();
  const stored = isPresent
    ? api.store.list(kind.storage, namespace)
    : storedAt(api.store, revision, { resource: kind.storage, namespace });
  if (!stored) throw expired(place);
  return pageOf(call, stored.map((object) => asServed(kind, object)).filter(selects), place);
}

/** The part of computed objects: they have no past. */
export function pageOfPresent(call: ResourceRequest, objects: readonly KubeObject[]): Page {
  return pageOf(call, objects, { ...placeOf(call.request), revision: undefined });
}

function placeOf(request: KubeRequest): Place {
  const { query } = request;
  const token = query.get('continue') ?? '';
  if (token === '') {
    checkResourceVersion(query);
    const version = versionAskedFor(query);
    return {
      start: '',
      revision: (isExact(query) || request.method === 'DELETE') && version > 0 ? version : undefined,
    };
  }
  const { rv, start } = readContinue(token);
  if (!['', '0'].includes(query.get('resourceVersion') ?? '')) {
    throw badRequest('specifying resource version is not allowed when using continue');
  }
  return { start, revision: rv > 0 ? rv : undefined };
}

const versionAskedFor = (query: URLSearchParams): number =>
  query.get('continue') ? 0 : Number(query.get('resourceVersion') ?? '0');

/** Also without a word of it, the first part of a list is as old as its version, and so is what is deleted at once. */
const isExact = (query: URLSearchParams): boolean =>
  query.get('resourceVersionMatch') === 'Exact' ||
  ((query.get('resourceVersionMatch') ?? '') === '' && readNumber(query, 'limit') > 0);

/** Nobody is kept waiting for a version that does not come. */
function checkNotAhead(api: Api, revision: number): void {
  if (revision > api.store.revision()) throw tooLargeVersion(String(revision), api.store.revision());
}

function pageOf({ api, kind, path, request }: ResourceRequest, all: readonly KubeObject[], place: Place): Page {
  const { query } = request;
  const limit = readNumber(query, 'limit');
  const rest = place.start === '' ? all : all.filter((object) => keyOf(object, path.namespace) >= place.start);
  // What is asked of the cache comes whole.
  const isWhole = limit <= 0 || (query.get('resourceVersion') === '0' && !query.get('continue'));
  const page = isWhole ? rest : rest.slice(0, limit);
  const last = page.at(-1);
  const more = rest.length - page.length;
  const isFiltered = (query.get('labelSelector') ?? '') + (query.get('fieldSelector') ?? '') !== '';
  const revision = place.revision ?? api.store.revision();
  const metadata: JsonObject = {
    ...(kind.custom ? { continue: '' } : {}),
    resourceVersion: String(revision),
    ...(more > 0 && last ? { continue: writeContinue(`/${keyOf(last, path.namespace)}\0`, revision) } : {}),
    ...(more > 0 && !isFiltered ? { remainingItemCount: more } : {}),
  };
  return { page, metadata };
}

function keyOf({ metadata }: KubeObject, namespace: string): string {
  const { name = '' } = metadata;
  return namespace === '' && metadata.namespace !== undefined ? `${metadata.namespace}/${name}` : name;
}

const TOKEN = 'meta.k8s.io/v1';

const writeContinue = (start: string, revision: number): string =>
  Buffer.from(JSON.stringify({ v: TOKEN, rv: revision, start })).toString('base64url');

/** What a token says; a token of no revision goes on with what there is. */
function readContinue(token: string): { readonly rv: number; readonly start: string } {
  const { v, rv, start } = tokenFields(tokenBytes(token));
  if (v !== TOKEN) throw badToken(`server does not recognize this encoded version ${v}`);
  if (rv === 0) throw badToken(`incorrect encoded start resourceVersion (version ${TOKEN})`);
  if (start === '') throw badToken(`encoded start key empty (version ${TOKEN})`);
  const key = start.startsWith('/') ? start.slice(1) : start;
  if (key.split('/').some((part, _index, parts) => ['.', '..'].includes(part) || (part === '' && parts.length > 1)))
    throw badToken(start);
  return { rv, start: key };
}

function tokenBytes(token: string): Buffer {
  const plain = token.replace(/[\r\n]/g, '');
  const bad = plain.search(/[^A-Za-z0-9_-]/);
  const cut = plain.length % 4 === 1 ? plain.length - 1 : -1;
  if (bad >= 0 || cut >= 0) throw badToken(`illegal base64 data at input byte ${bad >= 0 ? bad : cut}`);
  return Buffer.from(plain, 'base64url');
}

const TYPES = { v: 'string', rv: 'int64', start: 'string' } as const;

interface Token {
  readonly v: string;
  readonly rv: number;
  readonly start: string;
}

/** The fields of a token as Go reads them: by their names in any case, nothing for null. */
function tokenFields(bytes: Buffer): Token {
  const fault = goJsonFault(bytes);
  if (fault !== undefined) throw badToken(fault);
  const text = bytes.toString('utf8');
  const read = parseJson(text) ?? null;
  if (!isObject(read) && read !== null)
    throw badToken(`json: cannot unmarshal ${goKind(read)} into Go value of type storage.continueToken`);
  const fields = Object.entries(read ?? {}).flatMap(([name, value]) => {
    const field = name.toLowerCase();
    if (value === null || (field !== 'v' && field !== 'rv' && field !== 'start')) return [];
    const wrong = field === 'rv' ? wrongNumber(value, text) : typeof value === 'string' ? undefined : goKind(value);
    if (wrong === undefined) return [[field, value]];
    const into = `Go struct field continueToken.${field} of type ${TYPES[field]}`;
    throw badToken(`json: cannot unmarshal ${wrong} into ${into}`);
  });
  return { v: '', rv: 0, start: '', ...Object.fromEntries(fields) };
}

/** What stands where a whole number must; undefined where one does. */
function wrongNumber(value: Json | undefined, text: string): string | undefined {
  if (typeof value !== 'number') return goKind(value);
  const written = /"rv"\s*:\s*([-+\d.eE]+)/i.exec(text)?.[1] ?? '';
  return Number.isSafeInteger(value) && /^-?\d+$/.test(written) ? undefined : `number ${written}`;
}

const badToken = (why: string): ApiError => badRequest(`invalid continue token: continue key is not valid: ${why}`);

const TOO_OLD =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.';

/** Who is in the midst of a list may go on with what there is now. */
function expired({ start }: Place): ApiError {
  if (start === '') return gone('The resourceVersion for the provided list is too old.');
  return gone(TOO_OLD, { continue: writeContinue(start, -1) });
}
