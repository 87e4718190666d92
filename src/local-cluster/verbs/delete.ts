// delete and deletecollection.

import { isObject, type Json, type JsonObject, listAt, numberAt, sameJson, textAt } from '../../core/json.ts';
import { timestamp } from '../../core/time.ts';
import { normalise } from '../../objects/normalise.ts';
import { apiVersionOf, type KubeObject, type ObjectMeta } from '../../objects/object.ts';
import { checkRequest } from '../admission/check.ts';
import { areStored, withWebhooks } from '../admission/webhooks.ts';
import type { Api, ResourceRequest, WriteSettings } from '../api.ts';
import { readBody } from '../body.ts';
import { withTerminating } from '../definition-names.ts';
import { CLEANUP } from '../definitions.ts';
import { CRD_STORAGE, type Kind } from '../kinds.ts';
import { isOn, readNumber } from '../query.ts';
import type { KubeRequest, KubeResponse } from '../request.ts';
import { deletedStatus, inServedVersion, jsonResponse, listItem } from '../response.ts';
import { checkStill } from '../stale.ts';
import { badRequest, invalidOptions, invalidValue, unsupported } from '../status.ts';
import { answersDeleted, countsGeneration } from '../strategy.ts';
import { kindFault } from '../unrecognized.ts';
import { readListOptions } from './list-options.ts';
import { listStored } from './page.ts';
import { checkMayGo, checkPreconditions, IN_STEPS } from './preconditions.ts';
import { storedObject } from './read.ts';
import { writeSettings } from './settings.ts';

export interface Removal {
  /** '' where nothing is said of it. */
  readonly propagation: string;
  /** The older word for it. */
  readonly orphans?: boolean | undefined;
  readonly gracePeriodSeconds: number | undefined;
  readonly dryRun: boolean;
  readonly preconditions: JsonObject;
  /** All that was said, as admission hears of it. */
  readonly options?: JsonObject;
}

export const deleteObject = (call: ResourceRequest): Promise<KubeResponse> =>
  withWebhooks(call.api, (api) => deleteNow({ ...call, api }));

async function deleteNow(call: ResourceRequest): Promise<KubeResponse> {
  const { api, kind } = call;
  const removal = removalOf(call, readOptions(call.request));
  if (kind.storage === 'batch/jobs' && removal.propagation === '') call.warn?.(JOB_WARNING);
  checkMayGo(kind, call.path.name);
  const object = storedObject(call);
  checkPreconditions(kind, object, removal);
  checkDelete(call, object, removal);
  const { object: last, removed } = await remove(api, kind, { object, removal });
  if (removed && !answersDeleted(kind.storage) && !IN_STEPS.has(kind.storage))
    return jsonResponse(deletedStatus(kind, last));
  const isUnmarked = removed && kind.storage === '/pods' && last.metadata.deletionTimestamp === undefined;
  const answered = isUnmarked ? marked(api, kind, { object: last, grace: 0 }) : last;
  return jsonResponse(inServedVersion(kind, answered), !removed && removal.orphans === false ? 202 : 200);
}

const JOB_WARNING =
  'child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning';

/** The options in the body; what is no object is refused, but for null. */
function readOptions(request: KubeRequest): Json | undefined {
  const body = readBody(request);
  const fault = body === undefined ? undefined : kindFault(body);
  if (fault !== undefined) throw badRequest(fault);
  return body;
}

function checkDelete({ api, ...call }: ResourceRequest, before: KubeObject, removal: Removal): void {
  const { dryRun, options } = removal;
  const settings = { ...writeSettings({ api, ...call }, 'DeleteOptions'), dryRun, options };
  const write = { kind: call.kind, operation: 'DELETE', object: undefined, before, settings } as const;
  api.webhooks?.mutate(write);
  checkRequest(api, write);
}

export async function deleteCollection(call: ResourceRequest): Promise<KubeResponse> {
  const { api, kind } = call;
  const selects = readListOptions(call);
  const removal = removalOf(call, readOptions(call.request));
  if (kind.storage === 'batch/jobs' && removal.propagation === '') call.warn?.(JOB_WARNING);
  const { page, metadata } = listStored(call, selects);
  // Where webhooks are asked, objects go one by one: the first that may not go ends it.
  const parts = areStored(api) ? page.map((object) => [object]) : [page];
  for (const part of parts) await withWebhooks(api, (one) => deleteListed({ ...call, api: one }, part, removal));
  return jsonResponse({
    kind: kind.listKind,
    apiVersion: apiVersionOf(kind.group, kind.version),
    metadata,
    items: page.map((object) => listItem(kind, object)),
  });
}

async function deleteListed(call: ResourceRequest, listed: readonly KubeObject[], removal: Removal): Promise<void> {
  const { api, kind } = call;
  // What is listed as of an earlier time may have gone since.
  const objects = listed.flatMap(
    ({ metadata: { namespace = '', name = '' } }) => api.store.get(kind.storage, namespace, name) ?? [],
  );
  for (const object of objects) {
    checkPreconditions(kind, object, removal);
    checkDelete(call, object, removal);
  }
  await Promise.all(objects.map((object) => remove(api, kind, { object, removal })));
}

/** Kinds that leave behind what they own, unless it is said otherwise. */
const ORPHANING: ReadonlySet<string> = new Set(['/replicationcontrollers', 'batch/jobs']);

const POLICIES = ['Foreground', 'Background', 'Orphan'];

/** What a request, and the options in its body, say of a delete. */
export function removalOf(call: ResourceRequest, body: Json | undefined): Removal {
  const settings: WriteSettings = writeSettings(call, 'DeleteOptions');
  // Options in a body are all that counts.
  const query = isObject(body) ? new URLSearchParams() : call.request.query;
  const options = isObject(body) ? body : {};
  checkOptions(call.api, options);
  const dryRun = listAt(options, 'dryRun');
  const asWished = [...query.getAll('dryRun'), ...dryRun];
  const asked = readNumber(query, 'gracePeriodSeconds');
  const given = options['propagationPolicy'];
  const policy = typeof given === 'string' ? given : (query.get('propagationPolicy') ?? undefined);
  const told = options['orphanDependents'];
  const asQuery = query.has('orphanDependents') ? isOn(query, 'orphanDependents') : undefined;
  const orphans = typeof told === 'boolean' ? told : asQuery;
  const causes = [
    ...(policy !== undefined && orphans !== undefined
      ? [invalidValue('propagationPolicy', policy, 'orphanDependents and deletionPropagation cannot be both set')]
      : []),
    ...(policy === undefined || POLICIES.includes(policy)
      ? []
      : [unsupported('propagationPolicy', policy, [...POLICIES, 'nil'])]),
    ...(asWished.some((value) => value !== 'All') ? [unsupported('dryRun', asWished, ['All'])] : []),
  ];
  if (causes.length > 0) throw invalidOptions('DeleteOptions', causes);
  const grace = options['gracePeriodSeconds'] ?? (query.has('gracePeriodSeconds') ? asked : undefined);
  return {
    propagation: orphans === undefined ? (policy ?? '') : orphans ? 'Orphan' : 'Background',
    orphans,
    gracePeriodSeconds: grace === undefined || grace === null ? undefined : Number(grace),
    dryRun: isObject(body) && isDelete(call) ? dryRun.length > 0 : settings.dryRun || dryRun.length > 0,
    options: toldOptions(options, query),
    preconditions: isObject(options['preconditions']) ? options['preconditions'] : queriedPreconditions(call, query),
  };
}

function toldOptions({ kind: _kind, apiVersion: _version, ...body }: JsonObject, query: URLSearchParams): JsonObject {
  const policy = query.get('propagationPolicy') ?? '';
  const grace = query.get('gracePeriodSeconds') ?? '';
  return {
    ...(grace === '' ? {} : { gracePeriodSeconds: Number(grace) }),
    ...(policy === '' ? {} : { propagationPolicy: policy }),
    ...body,
  };
}

/** In a query they stand for themselves; that of a collection says with the version what it lists. */
function queriedPreconditions({ path }: ResourceRequest, query: URLSearchParams): JsonObject {
  const fields = path.name === '' ? ['uid'] : ['uid', 'resourceVersion'];
  return Object.fromEntries(fields.flatMap((field) => (query.get(field) ? [[field, query.get(field)]] : [])));
}

const isDelete = ({ request }: ResourceRequest): boolean => request.method === 'DELETE';

const OPTIONS = 'io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions';

/** Kinds that every version knows. */
const META_KINDS = ['Status', 'APIVersions', 'APIGroupList', 'APIGroup', 'APIResourceList'];

/** Refuses a body that holds another kind, or values of another type than the options have. */
function checkOptions(api: Api, options: JsonObject): void {
  const types = api.types();
  const kindName = textAt(options, 'kind') || 'DeleteOptions';
  const apiVersion = textAt(options, 'apiVersion') || 'meta.k8s.io/v1';
  if (kindName !== 'DeleteOptions') {
    throw badRequest(
      META_KINDS.includes(kindName)
        ? `converting (v1.${kindName}) to (v1.DeleteOptions): unknown conversion`
        : `no kind "${kindName}" is registered for version "${apiVersion}" in scheme "pkg/runtime/scheme.go:111"`,
    );
  }
  const type = { schema: { $ref: OPTIONS }, resolve: types.resolve };
  const { fault } = normalise(options, type, { name: 'DeleteOptions' }).findings;
  if (fault) throw badRequest(fault.text);
}

/** Removes an object, or marks it as terminating while finalizers hold it. */
export async function remove(
  api: Api,
  kind: Kind,
  target: { readonly object: KubeObject; readonly removal: Removal },
): Promise<{ readonly object: KubeObject; readonly removed: boolean }> {
  const { object, removal } = target;
  checkStill(api, kind, object);
  const { name = '', namespace = '', deletionTimestamp } = object.metadata;
  const hastened = hasten(object, removal);
  if (hastened) {
    if (removal.dryRun || hastened === object) return { object: hastened, removed: false };
    const stored = await api.store.commit({ resource: kind.storage, namespace, name, object: hastened });
    return { object: stored ?? hastened, removed: false };
  }
  // Nothing is owned by events.
  const asked = kind.storage === '/events' ? '' : removal.propagation;
  const propagation = asked || (ORPHANING.has(kind.storage) ? 'Orphan' : '');
  const own =
    kind.storage === CRD_STORAGE
      ? withFinalizer(object.metadata.finalizers ?? [], CLEANUP)
      : object.metadata.finalizers;
  const finalizers = withPropagation(own ?? [], propagation);
  // Nothing of how a namespace goes can be said again.
  if (deletionTimestamp !== undefined && kind.storage === '/namespaces') return { object, removed: false };
  const grace = graceOf(kind, object, removal);
  const held = finalizers.length > 0 || grace > 0 || kind.storage === '/namespaces';
  if (!held) {
    if (removal.dryRun) return { object, removed: true };
    const last = await api.store.commit({ resource: kind.storage, namespace, name, object: undefined });
    return { object: last ?? object, removed: true };
  }
  const isSame = sameJson(finalizers, object.metadata.finalizers ?? []);
  if (deletionTimestamp !== undefined && isSame) return { object, removed: false };
  const finalized = { ...object, metadata: withFinalizers(object.metadata, finalizers) };
  const next = deletionTimestamp === undefined ? marked(api, kind, { object: finalized, grace }) : finalized;
  if (removal.dryRun) return { object: next, removed: false };
  const stored = await api.store.commit({ resource: kind.storage, namespace, name, object: next });
  return { object: stored ?? next, removed: false };
}

/** What takes its time to end may be told to take less, and nothing else; undefined when it is to end at once. */
function hasten(object: KubeObject, removal: Removal): KubeObject | undefined {
  const { deletionTimestamp = '', deletionGracePeriodSeconds: left = 0, finalizers = [] } = object.metadata;
  if (left <= 0) return undefined;
  const asked = removal.gracePeriodSeconds ?? left;
  const grace = asked < 0 ? 1 : asked;
  if (grace >= left) return object;
  if (grace === 0 && finalizers.length === 0) return undefined;
  const end = timestamp(Date.parse(deletionTimestamp) - (left - grace) * 1000);
  return { ...object, metadata: { ...object.metadata, deletionTimestamp: end, deletionGracePeriodSeconds: grace } };
}

function withFinalizers({ finalizers: _before, ...metadata }: ObjectMeta, finalizers: readonly string[]): ObjectMeta {
  return finalizers.length > 0 ? { ...metadata, finalizers } : metadata;
}

/** The object as one that ends. */
function marked(
  api: Api,
  kind: Kind,
  { object, grace }: { readonly object: KubeObject; readonly grace: number },
): KubeObject {
  const isDefinition = kind.storage === CRD_STORAGE;
  const ending = kind.storage === '/namespaces' ? { status: { phase: 'Terminating' } } : {};
  const counted = countsGeneration(kind) && !isDefinition ? { generation: (object.metadata.generation ?? 0) + 1 } : {};
  return {
    ...object,
    ...ending,
    metadata: {
      ...object.metadata,
      ...counted,
      deletionTimestamp: timestamp(api.clock.now() + grace * 1000),
      ...(kind.storage === '/namespaces' || isDefinition ? {} : { deletionGracePeriodSeconds: grace }),
    },
    ...(isDefinition ? { status: withTerminating(object, 'InstanceDeletionPending', timestamp(api.clock.now())) } : {}),
  };
}

/** Only a Pod that has a node and is not over takes time to end. */
function graceOf(kind: Kind, object: KubeObject, removal: Removal): number {
  if (kind.storage !== '/pods' || textAt(object, 'spec', 'nodeName') === '') return 0;
  if (['Succeeded', 'Failed'].includes(textAt(object, 'status', 'phase'))) return 0;
  const { gracePeriodSeconds: asked } = removal;
  if (asked !== undefined && asked < 0) return 1;
  return asked ?? numberAt(object, 'spec', 'terminationGracePeriodSeconds') ?? 30;
}

/** Foreground and orphan are finalizers that the garbage collector takes away; background is to have neither. */
function withPropagation(finalizers: readonly string[], propagation: string): readonly string[] {
  if (propagation === '') return finalizers;
  const added = PROPAGATIONS[propagation];
  const others = finalizers.filter((name) => !Object.values(PROPAGATIONS).includes(name) || name === added);
  return added === undefined ? others : withFinalizer(others, added);
}

const PROPAGATIONS: Readonly<Record<string, string>> = { Foreground: 'foregroundDeletion', Orphan: 'orphan' };

function withFinalizer(finalizers: readonly string[], name: string): readonly string[] {
  return finalizers.includes(name) ? finalizers : [...finalizers, name];
}
