// get and list.

import { compareText } from '../../core/order.ts';
import { apiVersionOf, type KubeObject } from '../../objects/object.ts';
import type { ResourceRequest } from '../api.ts';
import { HEARTBEAT_NAMESPACE, heartbeats, LEASES } from '../kubelet/heartbeats.ts';
import { isComputed } from '../metrics/kinds.ts';
import type { KubeResponse } from '../request.ts';
import { inServedVersion, jsonResponse, listItem } from '../response.ts';
import { badRequest, notFound } from '../status.ts';
import { tableOf, wantsTable } from '../tables/table.ts';
import { readListOptions } from './list-options.ts';
import { listStored, pageOfPresent } from './page.ts';
import { checkVersionOfStore, versionAhead } from './versions.ts';

/** The object that a path names, as stored. */
export function storedObject({ api, kind, path }: ResourceRequest): KubeObject {
  const object = api.store.get(kind.storage, path.namespace, path.name);
  if (!object) throw notFound(kind, path.name);
  return object;
}

/** Also of what is not stored. */
async function presentObject(call: ResourceRequest): Promise<KubeObject> {
  const { api, kind, path } = call;
  if (!isWorkedOut(call)) return storedObject(call);
  const stored = api.store.get(kind.storage, path.namespace, path.name);
  if (stored) return stored;
  const object = (await computedObjects(call)).find(({ metadata }) => metadata.name === path.name);
  if (!object && !isComputed(kind.storage)) throw notFound(kind, path.name);
  if (!object) throw notFound(kind, path.namespace === '' ? path.name : `${path.namespace}/${path.name}`);
  return object;
}

/** Whether objects come into it that are not stored. */
const isWorkedOut = ({ kind, path }: ResourceRequest): boolean =>
  isComputed(kind.storage) || (kind.storage === LEASES && ['', HEARTBEAT_NAMESPACE].includes(path.namespace));

async function computedObjects({ api, kind, path }: ResourceRequest): Promise<readonly KubeObject[]> {
  if (kind.storage === LEASES) {
    const stored = api.store.list(LEASES, path.namespace === '' ? undefined : path.namespace);
    return [...stored, ...heartbeats(api)].sort(byPlace);
  }
  const { metricsObjects } = await import('../metrics/objects.ts');
  return metricsObjects(api, kind.storage, path.namespace === '' ? undefined : path.namespace);
}

const byPlace = ({ metadata: a }: KubeObject, { metadata: b }: KubeObject): number =>
  compareText(a.namespace, b.namespace) || compareText(a.name, b.name);

export async function getObject(call: ResourceRequest): Promise<KubeResponse> {
  await call.api.store.settled();
  checkVersionOfStore(call.request.query);
  if (call.request.query.has('export')) checkExport(call.request.query.get('export') ?? '');
  const fault = versionAhead(call);
  if (fault) throw fault;
  const object = await presentObject(call);
  if (!wantsTable(call)) return jsonResponse(inServedVersion(call.kind, object));
  return jsonResponse(tableOf(call, [object], { resourceVersion: object.metadata.resourceVersion ?? '' }));
}

function checkExport(value: string): void {
  if (!['', '0', 'false'].includes(value.toLowerCase()))
    throw badRequest('the export parameter, deprecated since v1.14, is no longer supported');
}

export async function listObjects(call: ResourceRequest): Promise<KubeResponse> {
  const { api, kind } = call;
  const selects = readListOptions(call);
  await api.store.settled();
  const { page, metadata } = isWorkedOut(call)
    ? pageOfPresent(call, (await computedObjects(call)).filter(selects))
    : listStored(call, selects);
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
