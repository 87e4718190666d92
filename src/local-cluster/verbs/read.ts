// get and list.

import { goJsonFault } from '../../core/go-json.ts';
import { type JsonObject, parseJson, textAt } from '../../core/json.ts';
import { parseFieldSelector } from '../../objects/field-selector.ts';
import { matchesLabels, parseLabelSelector } from '../../objects/label-selector.ts';
import { apiVersionOf, type KubeObject, labelsOf } from '../../objects/object.ts';
import type { ResourceRequest } from '../api.ts';
import { isComputed } from '../metrics/kinds.ts';
import { readNumber } from '../query.ts';
import type { KubeResponse } from '../request.ts';
import { inServedVersion, jsonResponse, listItem } from '../response.ts';
import { asServed } from '../served.ts';
import {
  ApiError,
  badRequest,
  type Cause,
  forbiddenField,
  internalError,
  invalidOptions,
  notFound,
  unsupported,
} from '../status.ts';
import { tableOf, wantsTable } from '../tables/table.ts';
import { selectsFields } from './selectable.ts';

export type Selects = (object: KubeObject) => boolean;

/** The object that a path names, as stored. */
export function storedObject({ api, kind, path }: ResourceRequest): KubeObject {
  const object = api.store.get(kind.storage, path.namespace, path.name);
  if (!object) throw notFound(kind, path.name);
  return object;
}

/** Also of what is not stored. */
async function presentObject(call: ResourceRequest): Promise<KubeObject> {
  const { api, kind, path } = call;
  if (!isComputed(kind.storage)) return storedObject(call);
  const { metricsObjects } = await import('../metrics/objects.ts');
  const objects = metricsObjects(api, kind.storage, path.namespace);
  const object = objects.find(({ metadata }) => metadata.name === path.name);
  if (!object) throw notFound(kind, path.namespace === '' ? path.name : `${path.namespace}/${path.name}`);
  return object;
}

export async function getObject(call: ResourceRequest): Promise<KubeResponse> {
  await call.api.store.settled();
  checkVersionOfStore(call.request.query);
  checkNotAhead(call);
  const object = await presentObject(call);
  if (!wantsTable(call)) return jsonResponse(inServedVersion(call.kind, object));
  return jsonResponse(tableOf(call, [object], { resourceVersion: object.metadata.resourceVersion ?? '' }));
}

/** What the selectors of a query choose. */
export function selection(call: ResourceRequest): Selects {
  const labelText = call.request.query.get('labelSelector') ?? '';
  const fieldText = call.request.query.get('fieldSelector') ?? '';
  try {
    const labels = parseLabelSelector(labelText);
    const hasFields = selectsFields(call.kind, parseFieldSelector(fieldText));
    return (object) => matchesLabels(labels, labelsOf(object)) && hasFields(object);
  } catch (thrown) {
    throw badRequest(thrown instanceof Error ? thrown.message : 'invalid selector');
  }
}

export async function listObjects(call: ResourceRequest): Promise<KubeResponse> {
  const { api, kind, path, request } = call;
  checkListOptions(request.query);
  checkResourceVersion(request.query);
  await api.store.settled();
  checkNotAhead(call);
  const selects = selection(call);
  const namespace = path.namespace === '' ? undefined : path.namespace;
  const present = isComputed(kind.storage)
    ? (await import('../metrics/objects.ts')).metricsObjects(api, kind.storage, namespace)
    : api.store.list(kind.storage, namespace);
  const { page, metadata } = pageOf(call, present.map((object) => asServed(kind, object)).filter(selects));
  if (wantsTable(call)) {
    const { continue: next, ...rest } = metadata;
    return jsonResponse(tableOf(call, page, next === undefined || next === '' ? rest : metadata));
  }
  return jsonResponse({
    kind: kind.listKind,
    apiVersion: apiVersionOf(kind.group, kind.version),
    metadata,
    items: page.map((object) => listItem(kind, object)),
  });
}

export function checkListOptions(query: URLSearchParams): void {
  for (const name of ['limit', 'timeoutSeconds']) readNumber(query, name);
  const causes: Cause[] = [];
  const field = 'resourceVersionMatch';
  const match = query.get(field) ?? '';
  const version = query.get('resourceVersion') ?? '';
  if (match !== '') {
    if (version === '') causes.push(forbiddenField(field, `${field} is forbidden unless resourceVersion is provided`));
    if ((query.get('continue') ?? '') !== '')
      causes.push(forbiddenField(field, `${field} is forbidden when continue is provided`));
    if (match !== 'Exact' && match !== 'NotOlderThan')
      causes.push(unsupported(field, match, ['Exact', 'NotOlderThan', '']));
    if (match === 'Exact' && version === '0')
      causes.push(forbiddenField(field, `${field} "exact" is forbidden for resourceVersion "0"`));
  }
  if (query.has('sendInitialEvents')) {
    causes.push(forbiddenField('sendInitialEvents', 'sendInitialEvents is forbidden for list'));
  }
  if (causes.length > 0) throw invalidOptions('ListOptions', causes);
}

/** The part of a list that its options ask for. */
export function pageOf(
  { api, kind, path, request }: ResourceRequest,
  all: readonly KubeObject[],
): { readonly page: readonly KubeObject[]; readonly metadata: JsonObject } {
  const { query } = request;
  const limit = readNumber(query, 'limit');
  const resume = readContinue(query.get('continue') ?? '');
  const place = (object: KubeObject): string => placeOf(object, path.namespace);
  const rest = resume === undefined ? all : all.filter((object) => place(object) > resume);
  // What is asked of the cache comes whole.
  const page = limit <= 0 || query.get('resourceVersion') === '0' ? rest : rest.slice(0, limit);
  const last = page.at(-1);
  const more = rest.length - page.length;
  const isFiltered = (query.get('labelSelector') ?? '') + (query.get('fieldSelector') ?? '') !== '';
  const revision = api.store.revision();
  const metadata: JsonObject = {
    ...(kind.custom ? { continue: '' } : {}),
    resourceVersion: String(revision),
    ...(more > 0 && last ? { continue: writeContinue(place(last), revision) } : {}),
    ...(more > 0 && !isFiltered ? { remainingItemCount: more } : {}),
  };
  return { page, metadata };
}

const LARGEST = 2n ** 64n - 1n;

/** Why a text is no version; undefined for one that is. */
function versionFault(query: URLSearchParams): string | undefined {
  const version = query.get('resourceVersion') ?? '';
  const isNumber = /^\d*$/.test(version);
  if (isNumber && (version === '' || BigInt(version) <= LARGEST)) return undefined;
  const text = JSON.stringify(version);
  const why = isNumber ? 'value out of range' : 'invalid syntax';
  return `resourceVersion: Invalid value: ${text}: strconv.ParseUint: parsing ${text}: ${why}`;
}

/** Throws for a version that is no number: who waits for it would wait for ever. */
export function checkResourceVersion(query: URLSearchParams): void {
  const fault = versionFault(query);
  if (fault !== undefined) throw badRequest(`invalid resource version: ${fault}`);
}

/** Of what goes to the store as it is, a version that is no number is a failure of its own. */
export function checkVersionOfStore(query: URLSearchParams): void {
  const fault = versionFault(query);
  if (fault !== undefined) throw internalError(fault);
}

/** Nobody is kept waiting for a version that does not come. */
function checkNotAhead(call: ResourceRequest): void {
  const fault = versionAhead(call);
  if (fault) throw fault;
}

/** What to say of a version that is yet to come. */
export function versionAhead({ api, request }: ResourceRequest): ApiError | undefined {
  const version = request.query.get('resourceVersion') ?? '';
  const current = api.store.revision();
  if (!/^\d+$/.test(version) || Number(version) <= current) return undefined;
  return new ApiError(504, 'Timeout', {
    message: `Timeout: Too large resource version: ${version}, current: ${current}`,
    details: {
      causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
      retryAfterSeconds: 1,
    },
    headers: { 'retry-after': '1' },
  });
}

function placeOf({ metadata }: KubeObject, namespace: string): string {
  const { name = '' } = metadata;
  return namespace === '' && metadata.namespace !== undefined ? `${metadata.namespace}/${name}` : name;
}

const TOKEN = 'meta.k8s.io/v1';

function writeContinue(place: string, revision: number): string {
  return Buffer.from(JSON.stringify({ v: TOKEN, rv: revision, start: `${place}\0` })).toString('base64url');
}

function readContinue(token: string): string | undefined {
  if (token === '') return undefined;
  const bad = token.search(/[^A-Za-z0-9_-]/);
  const cut = token.length % 4 === 1 ? token.length - 1 : -1;
  if (bad >= 0 || cut >= 0) throw badToken(`illegal base64 data at input byte ${bad >= 0 ? bad : cut}`);
  const text = Buffer.from(token, 'base64url').toString('utf8');
  const fault = goJsonFault(text);
  if (fault !== undefined) throw badToken(fault);
  const read = parseJson(text);
  if (textAt(read, 'v') !== TOKEN) {
    throw badToken(`server does not recognize this encoded version ${textAt(read, 'v')}`);
  }
  return textAt(read, 'start').replace(/\0$/, '');
}

const badToken = (why: string): ApiError => badRequest(`invalid continue token: continue key is not valid: ${why}`);

export function gone(message: string): ApiError {
  return new ApiError(410, 'Expired', { message });
}
