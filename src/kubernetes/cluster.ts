// The port `Cluster` over the REST API of Kubernetes.

import { HawserError } from '../core/errors.ts';
import { isObject, type Json, type JsonObject, listAt, textAt } from '../core/json.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import type {
  Cluster,
  DeleteOptions,
  ListQuery,
  LogQuery,
  ObjectReference,
  Patch,
  TypeReference,
  WriteOptions,
} from '../objects/cluster.ts';
import { apiVersionOf, groupOf, type KubeObject, versionOf } from '../objects/object.ts';
import { splitLines } from './lines.ts';
import { createRequests, type Requests, textsOf } from './requests.ts';
import { createResourcePaths, type ResourcePaths } from './resource-paths.ts';
import { withRetries } from './retries.ts';
import type { KubeTransport } from './transport.ts';
import { watchEvents } from './watching.ts';

const PATCH_TYPES = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
} as const;

const AGENT = 'hawser';

export interface KubeClusterOptions {
  /** Who writes, in managedFields; 'hawser' when absent. */
  readonly userAgent?: string;
}

export function createKubeCluster(transport: KubeTransport, options: KubeClusterOptions = {}): Cluster {
  const retrying = withRetries(transport);
  const userAgent = options.userAgent ?? AGENT;
  const requests = createRequests(retrying, { userAgent });
  const paths = createResourcePaths(requests);
  let version: Promise<string> | undefined;
  const cluster: Cluster = {
    types: paths.types,
    type: paths.findType,
    forget: () => {
      paths.forget();
      version = undefined;
    },
    version: () => {
      if (version) return version;
      const asked = requests.json({ method: 'GET', path: '/version' }).then((answer) => textAt(answer, 'gitVersion'));
      version = asked;
      // A cluster that could not be asked is asked again by the next caller.
      asked.catch(() => {
        if (version === asked) version = undefined;
      });
      return asked;
    },
    ...readsOf(requests, paths),
    ...writesOf(requests, paths),
    as: (user) => {
      const theirs = createRequests(retrying, { userAgent, user });
      return { ...cluster, ...readsOf(theirs, paths), ...writesOf(theirs, paths) };
    },
  };
  return cluster;
}

function readsOf(requests: Requests, paths: ResourcePaths): Pick<Cluster, 'get' | 'list' | 'watch' | 'logs'> {
  return {
    get: async (reference) => {
      try {
        return await requests.object({ method: 'GET', path: await paths.pathTo(reference) });
      } catch (thrown) {
        if (thrown instanceof HawserError && thrown.code === 'not-found') return undefined;
        throw thrown;
      }
    },
    list: async (type, query = {}) => {
      const path = await paths.pathOf(type, query.namespace);
      const items: KubeObject[] = [];
      const parameters = listParameters(query);
      parameters.set('limit', '500');
      for (;;) {
        const page = await requests.json({ method: 'GET', path, query: parameters });
        for (const item of listAt(page, 'items')) if (isObject(item)) items.push(itemOf(type, item));
        const next = textAt(page, 'metadata', 'continue');
        if (next === '') return { items, resourceVersion: textAt(page, 'metadata', 'resourceVersion') };
        parameters.set('continue', next);
      }
    },
    watch: async function* (type, query) {
      const path = await paths.pathOf(type, query.namespace);
      const parameters = listParameters(query);
      parameters.set('watch', 'true');
      parameters.set('allowWatchBookmarks', 'true');
      if (query.resourceVersion !== undefined) parameters.set('resourceVersion', query.resourceVersion);
      const { body } = await requests.send({ method: 'GET', path, query: parameters, signal: query.signal });
      yield* watchEvents(body);
    },
    logs: async function* (pod, query) {
      const path = `/api/v1/namespaces/${encodeURIComponent(pod.namespace)}/pods/${encodeURIComponent(pod.name)}/log`;
      const parameters = logParameters(query);
      const { signal } = query;
      const { body } = await requests.send({ method: 'GET', path, query: parameters, accept: '*/*', signal });
      yield* splitLines(textsOf(body));
    },
  };
}

function writesOf(
  { send, object }: Requests,
  { pathOf, pathTo }: ResourcePaths,
): Pick<Cluster, 'create' | 'update' | 'patch' | 'delete'> {
  return {
    create: async (body, options = {}) => {
      const path = await pathOf(typeOfObject(body), body.metadata.namespace);
      return object({ method: 'POST', path, query: writeParameters(options), body });
    },
    update: async (body, options = {}) => {
      const path = await pathTo(referenceOf(body), options.subresource);
      return object({ method: 'PUT', path, query: writeParameters(options), body });
    },
    patch: async (reference, patch, options = {}) => {
      const path = await pathTo(reference, options.subresource);
      const query = writeParameters(options);
      if (patch.type === 'apply' && !query.has('fieldManager')) query.set('fieldManager', AGENT);
      return object({ method: 'PATCH', path, query, contentType: PATCH_TYPES[patch.type], body: patchBody(patch) });
    },
    delete: async (reference, options = {}) => {
      await send({ method: 'DELETE', path: await pathTo(reference), body: deleteBody(options) });
    },
  };
}

/** Kind and apiVersion, which lists of built-in types leave out. */
function itemOf(type: TypeReference, item: JsonObject): KubeObject {
  const metadata = item['metadata'];
  return {
    apiVersion: apiVersionOf(type.group, type.version),
    kind: type.kind,
    ...item,
    metadata: isObject(metadata) ? metadata : {},
  };
}

function typeOfObject(object: KubeObject): TypeReference {
  return { group: groupOf(object.apiVersion), version: versionOf(object.apiVersion), kind: object.kind };
}

function referenceOf(object: KubeObject): ObjectReference {
  const { name = '', namespace = '' } = object.metadata;
  return { ...typeOfObject(object), name, namespace };
}

function listParameters(query: ListQuery): URLSearchParams {
  const parameters = new URLSearchParams();
  if (query.labelSelector) parameters.set('labelSelector', query.labelSelector);
  if (query.fieldSelector) parameters.set('fieldSelector', query.fieldSelector);
  return parameters;
}

function writeParameters(options: WriteOptions): URLSearchParams {
  const parameters = new URLSearchParams();
  if (options.dryRun) parameters.set('dryRun', 'All');
  if (options.fieldManager) parameters.set('fieldManager', options.fieldManager);
  if (options.force) parameters.set('force', 'true');
  if (options.fieldValidation) parameters.set('fieldValidation', options.fieldValidation);
  return parameters;
}

function deleteBody(options: DeleteOptions): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    ...omitUndefined({ propagationPolicy: options.propagation, gracePeriodSeconds: options.gracePeriodSeconds }),
    ...(options.dryRun ? { dryRun: ['All'] } : {}),
    ...(options.uid === undefined ? {} : { preconditions: { uid: options.uid } }),
  };
}

function logParameters(query: LogQuery): URLSearchParams {
  const parameters = new URLSearchParams();
  if (query.container) parameters.set('container', query.container);
  for (const name of ['follow', 'previous', 'timestamps'] as const) if (query[name]) parameters.set(name, 'true');
  for (const name of ['tailLines', 'sinceSeconds'] as const) {
    const value = query[name];
    if (value !== undefined) parameters.set(name, String(value));
  }
  return parameters;
}

function patchBody(patch: Patch): JsonObject | readonly Json[] {
  if (patch.type === 'json') return patch.body;
  if (isObject(patch.body)) return patch.body;
  throw new HawserError('invalid', `a ${patch.type} patch must be an object`);
}
