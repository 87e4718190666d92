// The whole API as one function from request to answer.

import { HawserError, messageOf } from '../core/errors.ts';
import { durationFault } from '../core/go-time.ts';
import { groupOf } from '../objects/object.ts';
import { userOf } from './access/authenticate.ts';
import { authorize } from './access/authorize.ts';
import { isMaster, type User } from './access/user.ts';
import type { Api, ResourceRequest } from './api.ts';
import { mediaType } from './body.ts';
import { discover } from './discovery/discover.ts';
import { FAULT_ANNOTATION } from './faults/annotation.ts';
import { allLate, lateObjects } from './first-day/late.ts';
import { isOn } from './query.ts';
import { refusalOf } from './refusal.ts';
import {
  checkAnswer,
  checkStreamed,
  formOfRefusal,
  isProtobuf,
  JSON_FORM,
  type Limits,
  limitsOf,
  negotiate,
  type Representation,
  represent,
} from './representation.ts';
import type { KubeHandle, KubeRequest, KubeResponse } from './request.ts';
import { errorResponse, textResponse, withDeprecation } from './response.ts';
import { parseResourcePath } from './route.ts';
import { ApiError, badRequest, internalError, methodNotAllowed, noSuchResource } from './status.ts';
import type { Store } from './store/store.ts';
import { getObject, listObjects } from './verbs/read.ts';
import type { Verb } from './verbs/subresource.ts';
import { watchObjects } from './verbs/watch.ts';

export function createHandle(api: Api): KubeHandle {
  return async (request) => {
    try {
      return await answer(api, request);
    } catch (thrown) {
      return represent(formOfRefusal(request), errorResponse(asApiError(thrown)));
    }
  };
}

function asApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  if (thrown instanceof HawserError && thrown.code === 'broken-state') return refusedByStore(thrown);
  // What cannot be read was sent so.
  if (thrown instanceof HawserError && thrown.code === 'invalid') return badRequest(thrown.message);
  return internalError(`Internal error occurred: ${messageOf(thrown)}`);
}

/** A journal that refuses says what to do: the client gets both sentences. */
function refusedByStore({ message, hint }: HawserError): ApiError {
  const causes = hint === undefined ? [] : [{ reason: 'Hint', message: hint }];
  return new ApiError(507, 'InsufficientStorage', { message, details: { causes } });
}

async function answer(api: Api, rawRequest: KubeRequest): Promise<KubeResponse> {
  if (BARE_VERB.test(rawRequest.path)) return withoutKind(rawRequest);
  const request = withoutWatchPath(rawRequest);
  if (request.query.has('timeout')) checkTimeout(request);
  const user = userOf(api, request);
  if (isOpen(request)) return discover(api.kinds, request) ?? textResponse('404 page not found\n', 404);
  if (!isMaster(user)) await allLate(api);
  permit(api, user, request);
  const path = request.path.startsWith('/openapi/') ? undefined : parseResourcePath(request.path);
  if (!path) {
    if (request.method !== 'GET') return onlyRead(api, request);
    const group = /^\/apis\/([^/]+)\/[^/]+$|^\/api\/[^/]+$/.exec(request.path);
    return (
      discover(api.kinds, request) ??
      (await describeKinds(api, request)) ??
      unknownVersion(api, group ? (group[1] ?? '') : undefined)
    );
  }
  const kind = api.kinds.find(path.group, path.version, path.plural);
  if (!kind) {
    return unknownVersion(api, path.group);
  }
  // Only custom kinds are read by HEAD.
  if (kind.custom && request.method === 'HEAD') return answer(api, { ...rawRequest, method: 'GET' });
  // A right in one namespace is none to what belongs to no namespace, and a name is one in a namespace.
  if (path.namespace !== '' && !kind.namespaced) return unknownVersion(api, path.group);
  const isListed = path.name === '' && (!kind.custom || request.method === 'GET');
  if (path.namespace === '' && kind.namespaced && !isListed) return unknownVersion(api, path.group);
  const limits = limitsOf(kind, request, path);
  const whole = { api: observed(api, user, request), request, path, kind, user };
  const representation = await negotiated(whole, limits);
  const call = { ...whole, representation };
  try {
    checkStreamed(representation, limits);
    checkAnswer(representation, kind, request.method, request.method === 'DELETE' && path.name === '');
    const answered = mayFail(call) ? await answerWithFaults(call) : await answerCall(call);
    return represent(representation, withDeprecation(kind, answered));
  } catch (thrown) {
    const form = representation.as === '' ? representation : formOfRefusal(request);
    return represent(form, withDeprecation(kind, errorResponse(asApiError(thrown))));
  }
}

const LASTING: ReadonlySet<string> = new Set(['log', 'exec', 'attach', 'portforward', 'proxy']);

/** How long the client waits is a duration, but for what may last. */
function checkTimeout({ path, query }: KubeRequest): void {
  const fault = query.get('timeout') === '' ? undefined : durationFault(query.get('timeout') ?? '');
  if (fault === undefined || isOn(query, 'watch')) return;
  const [subresource = ''] = parseResourcePath(path)?.subresource.split('/') ?? [];
  if (!LASTING.has(subresource)) throw badRequest(`invalid timeout specified in the request URL - ${fault}`);
}

/** What a path and its method do not take is refused before the form that is asked for. */
async function negotiated(call: Omit<ResourceRequest, 'representation'>, limits: Limits): Promise<Representation> {
  try {
    return negotiate(call.request, limits);
  } catch (thrown) {
    const plain: ResourceRequest = { ...call, representation: JSON_FORM };
    if (!(readVerb(plain) ?? (await otherVerb(plain)))) throw refusalOf(plain);
    if (call.request.method !== 'PATCH') throw thrown;
    const { checkPatchType } = await import('./verbs/patch.ts');
    checkPatchType(call.kind, mediaType(call.request));
    throw thrown;
  }
}

function permit(api: Api, user: User, request: KubeRequest): void {
  try {
    authorize(api, user, request);
  } catch (thrown) {
    request.observer?.refused(user, messageOf(thrown));
    throw thrown;
  }
}

/** The API for one request: what it stores is told to whoever observes it. */
function observed(api: Api, user: User, { observer }: KubeRequest): Api {
  if (!observer) return api;
  const commit: Store['commit'] = async (write) => {
    const { resource, namespace, name } = write;
    const before = api.store.get(resource, namespace, name);
    const stored = await api.store.commit(write);
    const after = write.object && stored;
    const { apiVersion = '', kind = '' } = after ?? before ?? {};
    observer.wrote({ user, group: groupOf(apiVersion), kind, namespace, name, before, after });
    return stored;
  };
  return { ...api, store: { ...api.store, commit } };
}

/** Whether someone asked for calls to fail. */
const mayFail = ({ api, path }: ResourceRequest): boolean =>
  [path.namespace, 'kube-system'].some(
    (name) => api.store.get('/namespaces', '', name)?.metadata.annotations?.[FAULT_ANNOTATION] !== undefined,
  );

async function answerWithFaults(call: ResourceRequest): Promise<KubeResponse> {
  const { meetApiFaults, withExpiry } = await import('./faults/api-faults.ts');
  const met = meetApiFaults(call);
  return withExpiry(met, await answerCall(met));
}

async function answerCall(rawCall: ResourceRequest): Promise<KubeResponse> {
  const late = lateObjects(rawCall.api, rawCall.kind.storage);
  if (late) await late;
  const verb = readVerb(rawCall) ?? (await otherVerb(rawCall));
  if (!verb) throw await refused(rawCall);
  checkName(rawCall.path.name);
  return verb({ ...rawCall, request: await readable(rawCall) });
}

/** Nobody patches a collection; but for custom ones it is first looked at how. */
async function refused(call: ResourceRequest): Promise<ApiError> {
  if (call.kind.custom && call.request.method === 'PATCH' && call.path.name === '') {
    const { checkPatchType } = await import('./verbs/patch.ts');
    checkPatchType(call.kind, mediaType(call.request));
  }
  return refusalOf(call);
}

/** A name is one part of a path, and means itself. */
function checkName(name: string): void {
  const fault = name === '.' || name === '..' ? `may not be '${name}'` : name.includes('%') && "may not contain '%'";
  if (fault) throw badRequest(`Name parameter invalid: ${JSON.stringify(name)}: ${fault}`);
}

/** Most requests read: what writes is loaded with the first that does. */
async function otherVerb(call: ResourceRequest): Promise<Verb | undefined> {
  verbs ??= import('./verbs/find.ts');
  return (await verbs).findVerb(call);
}

let verbs: Promise<typeof import('./verbs/find.ts')> | undefined;

/** What the API says of itself is only read, but lists of groups are told to whoever asks in whatever way. */
async function onlyRead(api: Api, request: KubeRequest): Promise<KubeResponse> {
  const group = /^\/apis\/([^/]+)\/[^/]+\/?$|^\/api\/[^/]+\/?$/.exec(request.path);
  // What is accepted does not matter where nothing is answered.
  const read = { ...request, method: 'GET', headers: group && isBuiltin(api, group[1] ?? '') ? {} : request.headers };
  if (ONLY_READ.test(request.path)) throw methodNotAllowed();
  const isThere = discover(api.kinds, read) ?? (await describeKinds(api, read));
  if (!isThere) return unknownVersion(api, group ? (group[1] ?? '') : undefined);
  if (group && isBuiltin(api, group[1] ?? '')) throw methodNotAllowed();
  return isThere;
}

const ONLY_READ = /^\/(api|version|openid\/v1\/jwks|\.well-known\/openid-configuration)\/?$/;

/** Readiness and version may be asked by anyone. */
const isOpen = ({ method, path }: KubeRequest): boolean =>
  (method === 'GET' && /^\/(readyz|livez|healthz|version\/?)$/.test(path)) ||
  (method === 'HEAD' && /^\/(readyz|livez|healthz)$/.test(path));

async function describeKinds(api: Api, request: KubeRequest): Promise<KubeResponse | undefined> {
  if (request.path === '/metrics') {
    const { figures } = await import('./discovery/figures.ts');
    return figures(api);
  }
  if (!request.path.startsWith('/openapi/')) return undefined;
  const { describe } = await import('./openapi/describe.ts');
  return describe(api, request);
}

/** A request whose body the verbs can read. */
async function readable(call: ResourceRequest): Promise<KubeRequest> {
  if (!isProtobuf(call.request)) return call.request;
  const { readableRequest } = await import('./protobuf/body.ts');
  return readableRequest(call);
}

/** What is unknown of a group of the API's own is a refusal; all that is of no group of its own is not there at all. */
function unknownVersion(api: Api, group: string | undefined): KubeResponse {
  if (group !== undefined && isBuiltin(api, group)) throw noSuchResource();
  return textResponse('404 page not found\n', 404);
}

const isBuiltin = (api: Api, group: string): boolean =>
  api.kinds.all().some((kind) => kind.group === group && !kind.custom);

const BARE_VERB = /^\/(?:api\/[^/]+|apis\/[^/]+\/[^/]+)\/(?:watch|proxy)\/?$/;

/** An old path that ends before it says of what. */
function withoutKind({ path: bare, query }: KubeRequest): KubeResponse {
  const path = query.size > 0 ? `${bare}?${query.toString().replaceAll('&', '&amp;')}` : bare;
  const why = `failed to create RequestInfo: unable to determine kind and namespace from url, ${path}`;
  return textResponse(`Internal Server Error: ${JSON.stringify(path)}: ${why}\n`, 500);
}

/** Watches by an old path ('/api/v1/watch/namespaces/a/pods/b') are lists that are watched. */
function withoutWatchPath(request: KubeRequest): KubeRequest {
  const match = /^(\/api\/[^/]+|\/apis\/[^/]+\/[^/]+)\/watch(\/.+)$/.exec(request.path);
  const path = match ? parseResourcePath(`${match[1] ?? ''}${match[2] ?? ''}`) : undefined;
  if (!match || !path) return request;
  const query = new URLSearchParams(request.query);
  query.set('watch', 'true');
  if (path.name !== '') query.set('fieldSelector', `metadata.name=${path.name}`);
  const collection = path.name === '' ? (match[2] ?? '') : (match[2] ?? '').slice(0, -(path.name.length + 1));
  return { ...request, path: `${match[1] ?? ''}${collection}`, query };
}

function readVerb({ kind, path, request }: ResourceRequest): Verb | undefined {
  if (request.method !== 'GET' || path.subresource !== '') return undefined;
  const onCollection = isOn(request.query, 'watch') ? 'watch' : 'list';
  const name = path.name === '' ? onCollection : 'get';
  return kind.verbs.includes(name) ? READS[name] : undefined;
}

const READS = { get: getObject, list: listObjects, watch: watchObjects } as const;
