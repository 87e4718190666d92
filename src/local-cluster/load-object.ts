// Puts an object of another cluster, or of a file, into this one: by server-side apply, without what only the other cluster
// could know of it.

import { isObject, type JsonObject, objectAt, sameJson, textAt } from '../core/json.ts';
import { groupOf, type KubeObject, type OwnerReference, versionOf } from '../objects/object.ts';
import type { Api } from './api.ts';
import type { Kind } from './kinds.ts';
import type { KubeHandle, KubeResponse } from './request.ts';
import { hasSubresource } from './strategy.ts';

export interface LoadRequest {
  readonly object: KubeObject;
  /** Of an object that names none. */
  readonly namespace: string;
  readonly dryRun: boolean;
  /** Its controller is another object of the same load. */
  readonly ownerComes: boolean;
}

export interface LoadResult {
  readonly result: 'created' | 'configured' | 'unchanged' | 'skipped' | 'failed';
  readonly namespace: string;
  /** Why it failed, or was skipped. */
  readonly message?: string;
  /** What is not there yet: another object of the same load may bring it. */
  readonly missing?: 'kind' | 'namespace';
  readonly warnings: readonly string[];
}

const MANAGER = 'hawser-load';

export async function loadObject(api: Api, handle: KubeHandle, load: LoadRequest): Promise<LoadResult> {
  const { object } = load;
  const { apiVersion, kind: name } = object;
  const kind = api.kinds.ofKind(groupOf(apiVersion), versionOf(apiVersion), name);
  if (!kind) {
    const message = `no matches for kind "${name}" in version "${apiVersion}"`;
    return { result: 'failed', namespace: object.metadata.namespace ?? '', message, missing: 'kind', warnings: [] };
  }
  const namespace = kind.namespaced ? object.metadata.namespace || load.namespace : '';
  const maker = makerOf(api, load, namespace);
  if (maker !== undefined) return { result: 'skipped', namespace, message: `${maker} makes it`, warnings: [] };
  const before = api.store.get(kind.storage, namespace, object.metadata.name ?? '');
  const call = { handle, path: pathOf(kind, namespace, object.metadata.name ?? ''), dryRun: load.dryRun };
  const answer = await apply(call, cleaned(api, kind, { ...object, metadata: { ...object.metadata, namespace } }));
  const warnings = warningsOf(answer);
  if (answer.status >= 300) return { ...failureOf(answer, namespace), namespace, warnings };
  const late = await applyStatus(call, kind, object);
  if (late && late.status >= 300) return { ...failureOf(late, namespace), namespace, warnings };
  // A dry run answers what would be there.
  const after = load.dryRun
    ? objectAt(answer.body)
    : api.store.get(kind.storage, namespace, object.metadata.name ?? '');
  const isSame = sameJson(contentOf(after), contentOf(before));
  return { result: before === undefined ? 'created' : isSame ? 'unchanged' : 'configured', namespace, warnings };
}

/** Who manages which field is no content. */
function contentOf(object: JsonObject | undefined): JsonObject {
  return {
    ...object,
    metadata: without(objectAt(object, 'metadata'), 'managedFields', 'resourceVersion', 'generation'),
  };
}

/** What the controllers of this cluster make anew would only be in their way. */
const MAKERS: Readonly<Record<string, readonly string[]>> = {
  ReplicaSet: ['Deployment'],
  Pod: ['ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job'],
  Job: ['CronJob'],
  ControllerRevision: ['StatefulSet', 'DaemonSet'],
  EndpointSlice: ['Service'],
};

/** 'Deployment web', where that is here, or comes with the same load. */
function makerOf({ store, kinds }: Api, { object, ownerComes }: LoadRequest, namespace: string): string | undefined {
  const { name = '', labels, ownerReferences } = object.metadata;
  if (object.kind === 'Endpoints' && object.apiVersion === 'v1')
    return store.get('/services', namespace, name) && `Service ${name}`;
  const owner = ownerReferences?.find(({ controller }) => controller === true);
  if (!owner || !MAKERS[object.kind]?.includes(owner.kind)) return undefined;
  const kind = kinds.ofKind(groupOf(owner.apiVersion), versionOf(owner.apiVersion), owner.kind);
  // A ReplicaSet that its Deployment makes anew has another hash in its name here.
  const hash = labels?.['pod-template-hash'] ?? '';
  const deployment = owner.kind === 'ReplicaSet' ? owner.name.slice(0, -hash.length - 1) : '';
  const isHere =
    kind && (store.get(kind.storage, namespace, owner.name) ?? store.get('apps/deployments', namespace, deployment));
  return ownerComes || isHere ? `${owner.kind} ${owner.name}` : undefined;
}

const pathOf = (kind: Kind, namespace: string, name: string): string => {
  const root = kind.group === '' ? `/api/${kind.version}` : `/apis/${kind.group}/${kind.version}`;
  const place = namespace === '' ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  return `${root}${place}/${kind.plural}/${encodeURIComponent(name)}`;
};

interface Call {
  readonly handle: KubeHandle;
  readonly path: string;
  readonly dryRun: boolean;
}

function apply({ handle, path, dryRun }: Call, body: JsonObject): Promise<KubeResponse> {
  const query = new URLSearchParams({ fieldManager: MANAGER, force: 'true', fieldValidation: 'Warn' });
  if (dryRun) query.set('dryRun', 'All');
  return handle({ method: 'PATCH', path, query, headers: { 'content-type': 'application/apply-patch+yaml' }, body });
}

/** Nobody here works out the status of a custom resource: it comes along. */
async function applyStatus(call: Call, kind: Kind, object: KubeObject): Promise<KubeResponse | undefined> {
  const { apiVersion, metadata, status } = object;
  const isOwn = kind.custom !== undefined && kind.group !== 'argoproj.io';
  if (!isObject(status) || call.dryRun || !isOwn || !hasSubresource(kind, 'status')) return undefined;
  const body = { apiVersion, kind: object.kind, metadata: { name: metadata.name ?? '' }, status };
  return apply({ ...call, path: `${call.path}/status` }, body);
}

function cleaned(api: Api, kind: Kind, object: KubeObject): JsonObject {
  const { name = '', namespace = '', labels, annotations, finalizers } = object.metadata;
  const { status, metadata: _metadata, ...rest } = object;
  const owners = ownersOf(api, object);
  const withStatus = kind.custom !== undefined && !hasSubresource(kind, 'status') && status !== undefined;
  const own = {
    ...rest,
    ...(withStatus ? { status } : {}),
    metadata: {
      name,
      ...(namespace === '' ? {} : { namespace }),
      ...(labels ? { labels } : {}),
      ...(annotations ? { annotations } : {}),
      ...(finalizers && finalizers.length > 0 && kind.storage !== '/namespaces' ? { finalizers } : {}),
      ...(owners.length > 0 ? { ownerReferences: owners } : {}),
    },
  };
  return (ASSIGNED[kind.storage] ?? ((same) => same))(own, api);
}

/** Owners have another uid here; those that are not here would have it collected as garbage. */
function ownersOf({ store, kinds }: Api, { metadata }: KubeObject): JsonObject[] {
  const { namespace = '', ownerReferences = [] } = metadata;
  return ownerReferences.flatMap((owner: OwnerReference) => {
    const kind = kinds.ofKind(groupOf(owner.apiVersion), versionOf(owner.apiVersion), owner.kind);
    const present = kind && store.get(kind.storage, kind.namespaced ? namespace : '', owner.name);
    return present ? [{ ...owner, uid: present.metadata.uid ?? '' }] : [];
  });
}

const without = (value: JsonObject, ...fields: readonly string[]): JsonObject =>
  Object.fromEntries(Object.entries(value).filter(([field]) => !fields.includes(field)));

const withSpec = (object: JsonObject, change: (spec: JsonObject) => JsonObject): JsonObject =>
  isObject(object['spec']) ? { ...object, spec: change(object['spec']) } : object;

const JOB_LABELS = ['controller-uid', 'batch.kubernetes.io/controller-uid'];

const withoutJobLabels = (holder: JsonObject): JsonObject => {
  const metadata = objectAt(holder, 'metadata');
  return isObject(metadata['labels'])
    ? { ...holder, metadata: { ...metadata, labels: without(metadata['labels'], ...JOB_LABELS) } }
    : holder;
};

/** What the other cluster gave to objects of a kind, by the storage of the kind. */
const ASSIGNED: Readonly<Record<string, (object: JsonObject, api: Api) => JsonObject>> = {
  '/services': (service) =>
    withSpec(service, (spec) => (spec['clusterIP'] === 'None' ? spec : without(spec, 'clusterIP', 'clusterIPs'))),
  '/pods': (pod, { store }) =>
    withSpec(pod, (spec) => (store.get('/nodes', '', textAt(spec, 'nodeName')) ? spec : without(spec, 'nodeName'))),
  '/persistentvolumes': (volume) =>
    withSpec(volume, (spec) =>
      isObject(spec['claimRef']) ? { ...spec, claimRef: without(spec['claimRef'], 'uid', 'resourceVersion') } : spec,
    ),
  'batch/jobs': (job) => {
    if (objectAt(job, 'spec')['manualSelector'] === true) return job;
    return withSpec(withoutJobLabels(job), (spec) => {
      const rest = without(spec, 'selector');
      return isObject(rest['template']) ? { ...rest, template: withoutJobLabels(rest['template']) } : rest;
    });
  },
  '/serviceaccounts': (account) => without(account, 'secrets'),
};

function warningsOf({ headers }: KubeResponse): string[] {
  const header = headers['warning'] ?? '';
  return [...header.matchAll(/299 \S+ "((?:[^"\\]|\\.)*)"/g)].map(([, text = '']) => text.replace(/\\(.)/g, '$1'));
}

function failureOf(
  { body, status }: KubeResponse,
  namespace: string,
): Pick<LoadResult, 'result' | 'message' | 'missing'> {
  const message = textAt(body, 'message') || `the API answered ${status}`;
  const isLost = status === 404 && namespace !== '' && message.includes(`namespaces "${namespace}" not found`);
  return { result: 'failed', message, ...(isLost ? { missing: 'namespace' as const } : {}) };
}
