// get and list.

import { at, type JsonObject } from '../../core/json.ts';
import { parseFieldSelector } from '../../objects/field-selector.ts';
import { matchesLabels, parseLabelSelector } from '../../objects/label-selector.ts';
import { apiVersionOf, type KubeObject, labelsOf } from '../../objects/object.ts';
import type { ResourceRequest } from '../api.ts';
import { isComputed } from '../metrics/kinds.ts';
import type { KubeResponse } from '../request.ts';
import { inServedVersion, jsonResponse, listItem } from '../response.ts';
import { asServed } from '../served.ts';
import { ApiError, badRequest, type Cause, forbiddenField, invalidOptions, notFound, unsupported } from '../status.ts';
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
  checkResourceVersion(call.request.query);
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
  const limit = readLimit(request.query.get('limit'));
  const resume = readContinue(request.query.get('continue'));
  const namespace = path.namespace === '' ? undefined : path.namespace;
  const present = isComputed(kind.storage)
    ? (await import('../metrics/objects.ts')).metricsObjects(api, kind.storage, namespace)
    : api.store.list(kind.storage, namespace);
  const all = present.map((object) => asServed(kind, object)).filter(selects);
  const rest = resume === undefined ? all : all.filter((object) => placeOf(object) > resume);
  const page = limit === 0 ? rest : rest.slice(0, limit);
  const last = page.at(-1);
  const more = rest.length - page.length;
  const filtered = (request.query.get('labelSelector') ?? '') + (request.query.get('fieldSelector') ?? '') !== '';
  const metadata: JsonObject = {
    ...(kind.custom ? { continue: '' } : {}),
    resourceVersion: String(api.store.revision()),
    ...(more > 0 && last ? { continue: writeContinue(placeOf(last)) } : {}),
    ...(more > 0 && !filtered ? { remainingItemCount: more } : {}),
  };
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

function checkListOptions(query: URLSearchParams): void {
  readLimit(query.get('timeoutSeconds'));
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

const LARGEST = 2n ** 64n - 1n;

/** Throws for a version that is no number: who waits for it would wait for ever. */
export function checkResourceVersion(query: URLSearchParams): void {
  const version = query.get('resourceVersion') ?? '';
  const isNumber = /^-?\d*$/.test(version);
  if (isNumber && (version === '' || version === '-' || BigInt(version) <= LARGEST)) return;
  const text = JSON.stringify(version);
  const why = isNumber ? 'value out of range' : 'invalid syntax';
  throw badRequest(`resourceVersion: Invalid value: ${text}: strconv.ParseUint: parsing ${text}: ${why}`);
}

/** Nobody is kept waiting for a version that does not come. */
function checkNotAhead({ api, request }: ResourceRequest): void {
  const version = request.query.get('resourceVersion') ?? '';
  const current = api.store.revision();
  if (!/^\d+$/.test(version) || Number(version) <= current) return;
  throw new ApiError(504, 'Timeout', {
    message: `Timeout: Too large resource version: ${version}, current: ${current}`,
    details: {
      causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
      retryAfterSeconds: 1,
    },
    headers: { 'retry-after': '1' },
  });
}

function readLimit(text: string | null): number {
  if (text === null || text === '') return 0;
  if (!/^-?\d+$/.test(text)) throw badRequest(`strconv.ParseInt: parsing "${text}": invalid syntax`);
  return Math.max(0, Number(text));
}

const placeOf = (object: KubeObject): string => `${object.metadata.namespace ?? ''}/${object.metadata.name ?? ''}`;

function writeContinue(position: string): string {
  return Buffer.from(JSON.stringify({ after: position })).toString('base64url');
}

function readContinue(token: string | null): string | undefined {
  if (token === null || token === '') return undefined;
  try {
    const after = at(JSON.parse(Buffer.from(token, 'base64url').toString('utf8')), 'after');
    if (typeof after === 'string') return after;
  } catch {
    // Told below, like a token that holds something else.
  }
  throw badRequest('continue key is not valid');
}

export function gone(message: string): ApiError {
  return new ApiError(410, 'Expired', { message });
}
