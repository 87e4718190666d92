// delete and deletecollection.

import { isObject, type Json, type JsonObject, listAt, numberAt, textAt } from '../../core/json.ts';
import { timestamp } from '../../core/time.ts';
import { normalise } from '../../objects/normalise.ts';
import type { KubeObject } from '../../objects/object.ts';
import { apiVersionOf, groupOf, versionOf } from '../../objects/object.ts';
import { checkPolicies } from '../admission/policies.ts';
import type { Api, ResourceRequest, WriteSettings } from '../api.ts';
import { readBody } from '../body.ts';
import { withTerminating } from '../definition-names.ts';
import { CLEANUP } from '../definitions.ts';
import { CRD_STORAGE, type Kind } from '../kinds.ts';
import { isOn, readNumber } from '../query.ts';
import type { KubeResponse } from '../request.ts';
import { deletedStatus, inServedVersion, jsonResponse, listItem } from '../response.ts';
import { badRequest, conflict, invalidOptions, invalidValue, unsupported } from '../status.ts';
import { countsGeneration } from '../strategy.ts';
import { checkListOptions, checkResourceVersion, pageOf, selection, storedObject } from './read.ts';
import { writeSettings } from './settings.ts';

export interface Removal {
  readonly propagation: string;
  readonly gracePeriodSeconds: number | undefined;
  readonly dryRun: boolean;
  readonly preconditions: JsonObject;
}

export async function deleteObject(call: ResourceRequest): Promise<KubeResponse> {
  const { api, kind } = call;
  const removal = removalOf(call, readBody(call.request));
  const object = storedObject(call);
  checkPreconditions(kind, object, removal);
  checkDelete(call, object, removal);
  const { object: last, removed } = await remove(api, kind, { object, removal });
  const whole = !removed || ANSWERS_OBJECT.has(kind.storage);
  const warning = kind.storage === 'batch/jobs' && removal.propagation === '' ? { warning: JOB_WARNING } : undefined;
  return jsonResponse(whole ? inServedVersion(kind, last) : deletedStatus(kind, last), 200, warning);
}

const JOB_WARNING =
  '299 - "child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning"';

function checkDelete(call: ResourceRequest, before: KubeObject, { dryRun }: Removal): void {
  const settings = { ...writeSettings(call, 'DeleteOptions'), dryRun };
  checkPolicies(call.api, { kind: call.kind, operation: 'DELETE', object: undefined, before, settings });
}

export async function deleteCollection(call: ResourceRequest): Promise<KubeResponse> {
  const { api, kind, path } = call;
  const removal = removalOf(call, readBody(call.request));
  const selects = selection(call);
  checkListOptions(call.request.query);
  checkResourceVersion(call.request.query);
  const present = api.store.list(kind.storage, path.namespace === '' ? undefined : path.namespace);
  const { page: objects, metadata } = pageOf(call, present.filter(selects));
  for (const object of objects) checkDelete(call, object, removal);
  const gone = await Promise.all(objects.map((object) => remove(api, kind, { object, removal })));
  return jsonResponse({
    kind: kind.listKind,
    apiVersion: apiVersionOf(kind.group, kind.version),
    metadata: { ...metadata, resourceVersion: String(api.store.revision()) },
    items: gone.map(({ object }) => listItem(kind, object)),
  });
}

/** Kinds of which a delete answers the object. */
const ANSWERS_OBJECT: ReadonlySet<string> = new Set([
  '/namespaces',
  '/persistentvolumeclaims',
  '/persistentvolumes',
  '/pods',
  '/podtemplates',
  '/resourcequotas',
  '/serviceaccounts',
  '/services',
  'storage.k8s.io/csidrivers',
  'storage.k8s.io/csinodes',
  'storage.k8s.io/storageclasses',
  'storage.k8s.io/volumeattachments',
  'storage.k8s.io/volumeattributesclasses',
  'apiextensions.k8s.io/customresourcedefinitions',
]);

const POLICIES = ['Foreground', 'Background', 'Orphan'];

/** What a request, and the options in its body, say of a delete. */
export function removalOf(call: ResourceRequest, body: Json | undefined): Removal {
  const settings: WriteSettings = writeSettings(call, 'DeleteOptions');
  // Options in a body are all that counts.
  const query = isObject(body) ? new URLSearchParams() : call.request.query;
  const options = isObject(body) ? body : {};
  checkOptions(call.api, options);
  const dryRun = listAt(options, 'dryRun');
  const asked = readNumber(query, 'gracePeriodSeconds');
  const policy = textAt(options, 'propagationPolicy') || (query.get('propagationPolicy') ?? undefined);
  const orphans =
    options['orphanDependents'] ?? (query.has('orphanDependents') ? isOn(query, 'orphanDependents') : undefined);
  const causes = [
    ...(policy !== undefined && orphans !== undefined
      ? [invalidValue('propagationPolicy', policy, 'orphanDependents and deletionPropagation cannot be both set')]
      : []),
    ...(policy === undefined || POLICIES.includes(policy)
      ? []
      : [unsupported('propagationPolicy', policy, [...POLICIES, 'nil'])]),
    ...(dryRun.some((value) => value !== 'All') ? [unsupported('dryRun', dryRun, ['All'])] : []),
  ];
  if (causes.length > 0) throw invalidOptions('DeleteOptions', causes);
  const grace = options['gracePeriodSeconds'] ?? (query.has('gracePeriodSeconds') ? asked : undefined);
  return {
    propagation: orphans === true ? 'Orphan' : (policy ?? ''),
    gracePeriodSeconds: grace === undefined || grace === null ? undefined : Number(grace),
    dryRun: isObject(body) && isDelete(call) ? dryRun.length > 0 : settings.dryRun || dryRun.length > 0,
    preconditions: isObject(options['preconditions']) ? options['preconditions'] : {},
  };
}

const isDelete = ({ request }: ResourceRequest): boolean => request.method === 'DELETE';

const OPTIONS = 'io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions';

/** Refuses a body that holds another kind, or values of another type than the options have. */
function checkOptions(api: Api, options: JsonObject): void {
  const types = api.types();
  const kindName = textAt(options, 'kind') || 'DeleteOptions';
  const apiVersion = textAt(options, 'apiVersion') || 'v1';
  if (kindName !== 'DeleteOptions') {
    const isKnown = types.ofKind(groupOf(apiVersion), versionOf(apiVersion), kindName) !== undefined;
    throw badRequest(
      isKnown
        ? `converting (${versionOf(apiVersion)}.${kindName}) to (v1.DeleteOptions): unknown conversion`
        : `no kind "${kindName}" is registered for version "${apiVersion}" in scheme "pkg/runtime/scheme.go:111"`,
    );
  }
  const type = { schema: { $ref: OPTIONS }, resolve: types.resolve };
  const { fault } = normalise(options, type, { name: 'DeleteOptions' }).findings;
  if (fault) throw badRequest(fault.text);
}

const printed = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));

export function checkPreconditions(kind: Kind, object: KubeObject, removal: Removal): void {
  const { uid, resourceVersion } = removal.preconditions;
  const subject = { ...kind, plural: kind.kind };
  if (uid !== undefined && uid !== object.metadata.uid) {
    const why = `the UID in the precondition (${printed(uid)}) does not match the UID in record (${object.metadata.uid ?? ''}). The object might have been deleted and then recreated`;
    throw conflict(subject, object.metadata.name ?? '', why);
  }
  if (resourceVersion !== undefined && resourceVersion !== object.metadata.resourceVersion) {
    const why = `the ResourceVersion in the precondition (${printed(resourceVersion)}) does not match the ResourceVersion in record (${object.metadata.resourceVersion ?? ''}). The object might have been modified`;
    throw conflict(subject, object.metadata.name ?? '', why);
  }
}

/** Removes an object, or marks it as terminating while finalizers hold it. */
export async function remove(
  api: Api,
  kind: Kind,
  target: { readonly object: KubeObject; readonly removal: Removal },
): Promise<{ readonly object: KubeObject; readonly removed: boolean }> {
  const { object, removal } = target;
  const { name = '', namespace = '' } = object.metadata;
  const propagation = removal.propagation === '' && kind.storage === 'batch/jobs' ? 'Orphan' : removal.propagation;
  const own =
    kind.storage === CRD_STORAGE
      ? withFinalizer(object.metadata.finalizers ?? [], CLEANUP)
      : object.metadata.finalizers;
  const finalizers = withPropagation(own ?? [], propagation);
  const grace = graceOf(kind, object, removal);
  const held = finalizers.length > 0 || grace > 0 || kind.storage === '/namespaces';
  if (!held) {
    if (removal.dryRun) return { object, removed: true };
    const last = await api.store.commit({ resource: kind.storage, namespace, name, object: undefined });
    return { object: last ?? object, removed: true };
  }
  if (object.metadata.deletionTimestamp !== undefined) return { object, removed: false };
  const isDefinition = kind.storage === CRD_STORAGE;
  const ending = kind.storage === '/namespaces' ? { status: { phase: 'Terminating' } } : {};
  const counted = countsGeneration(kind) && !isDefinition ? { generation: (object.metadata.generation ?? 0) + 1 } : {};
  const marked: KubeObject = {
    ...object,
    ...ending,
    metadata: {
      ...object.metadata,
      ...(finalizers.length > 0 ? { finalizers } : {}),
      ...counted,
      deletionTimestamp: timestamp(api.clock.now() + grace * 1000),
      ...(kind.storage === '/namespaces' || isDefinition ? {} : { deletionGracePeriodSeconds: grace }),
    },
    ...(isDefinition ? { status: withTerminating(object, 'InstanceDeletionPending', timestamp(api.clock.now())) } : {}),
  };
  if (removal.dryRun) return { object: marked, removed: false };
  const stored = await api.store.commit({ resource: kind.storage, namespace, name, object: marked });
  return { object: stored ?? marked, removed: false };
}

/** Only a Pod that has a node and is not over takes time to end. */
function graceOf(kind: Kind, object: KubeObject, removal: Removal): number {
  if (kind.storage !== '/pods' || textAt(object, 'spec', 'nodeName') === '') return 0;
  if (['Succeeded', 'Failed'].includes(textAt(object, 'status', 'phase'))) return 0;
  return removal.gracePeriodSeconds ?? numberAt(object, 'spec', 'terminationGracePeriodSeconds') ?? 30;
}

/** Foreground and orphan are finalizers that the garbage collector takes away. */
function withPropagation(finalizers: readonly string[], propagation: string): readonly string[] {
  const names: Readonly<Record<string, string>> = { Foreground: 'foregroundDeletion', Orphan: 'orphan' };
  const added = names[propagation];
  if (added === undefined) return finalizers;
  const others = finalizers.filter((name) => !Object.values(names).includes(name) || name === added);
  return withFinalizer(others, added);
}

function withFinalizer(finalizers: readonly string[], name: string): readonly string[] {
  return finalizers.includes(name) ? finalizers : [...finalizers, name];
}
