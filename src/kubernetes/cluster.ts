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
  ResourceType,
  TypeReference,
  WriteOptions,
} from '../objects/cluster.ts';
import { apiVersionOf, groupOf, isKubeObject, type KubeObject, versionOf } from '../objects/object.ts';
import { discoverTypes } from './discovery.ts';
import { failureOf } from './failure.ts';
import { splitLines } from './lines.ts';
import { isStream, type KubeRequest, type KubeResponse, type KubeTransport } from './transport.ts';
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

interface Ask {
  readonly method: string;
  readonly path: string;
  readonly query?: URLSearchParams;
  readonly accept?: string;
  readonly contentType?: string;
  readonly body?: JsonObject | readonly Json[];
  readonly signal?: AbortSignal;
}

export function createKubeCluster(transport: KubeTransport, options: KubeClusterOptions = {}): Cluster {
  let discovery: Promise<readonly ResourceType[]> | undefined;
  let version: Promise<string> | undefined;

  async function send(ask: Ask): Promise<KubeResponse> {
    const request: KubeRequest = {
      method: ask.method,
      path: ask.path,
      query: ask.query ?? new URLSearchParams(),
      headers: {
        accept: ask.accept ?? 'application/json',
        'user-agent': options.userAgent ?? AGENT,
        ...(ask.body === undefined ? {} : { 'content-type': ask.contentType ?? 'application/json' }),
      },
      ...omitUndefined({ body: ask.body, signal: ask.signal }),
    };
    const response = await transport(request);
    if (response.status >= 400) throw failureOf(response.status, await wholeBody(response.body));
    return response;
  }

  async function json(ask: Ask): Promise<JsonObject> {
    const { body } = await send(ask);
    if (isObject(body) && !isStream(body)) return body;
    throw new HawserError('bad-answer', `the API server did not answer JSON to ${ask.method} ${ask.path}`);
  }

  async function object(ask: Ask): Promise<KubeObject> {
    const body = await json(ask);
    if (isKubeObject(body)) return body;
    throw new HawserError('bad-answer', `the API server did not answer an object to ${ask.method} ${ask.path}`);
  }

  async function types(): Promise<readonly ResourceType[]> {
    discovery ??= discoverTypes((path, accept) => json({ method: 'GET', path, ...(accept ? { accept } : {}) }));
    const asked = discovery;
    try {
      return await asked;
    } catch (thrown) {
      if (discovery === asked) discovery = undefined;
      throw thrown;
    }
  }

  async function findType(group: string, kind: string, wanted?: string): Promise<ResourceType | undefined> {
    return (await types()).find(
      (type) => type.group === group && type.kind === kind && (wanted === undefined || type.version === wanted),
    );
  }

  /** The path of a type's objects. A kind that is not known may have been added since: it is asked for once more. */
  async function pathOf(type: TypeReference, namespace: string | undefined): Promise<string> {
    let served = await findType(type.group, type.kind, type.version);
    if (!served) {
      discovery = undefined;
      served = await findType(type.group, type.kind, type.version);
    }
    if (!served) {
      const apiVersion = apiVersionOf(type.group, type.version);
      throw new HawserError('not-found', `the cluster serves no kind '${type.kind}' in '${apiVersion}'`);
    }
    const root = type.group === '' ? `/api/${type.version}` : `/apis/${type.group}/${type.version}`;
    const within = served.namespaced && namespace ? `/namespaces/${encodeURIComponent(namespace)}` : '';
    return `${root}${within}/${served.resource}`;
  }

  async function pathTo(reference: ObjectReference, subresource?: string): Promise<string> {
    const path = await pathOf(reference, reference.namespace);
    return `${path}/${encodeURIComponent(reference.name)}${subresource === undefined ? '' : `/${subresource}`}`;
  }

  return {
    types,
    type: findType,
    forget: () => {
      discovery = undefined;
      version = undefined;
    },
    version: () => {
      version ??= json({ method: 'GET', path: '/version' }).then((answer) => textAt(answer, 'gitVersion'));
      return version;
    },
    get: async (reference) => {
      try {
        return await object({ method: 'GET', path: await pathTo(reference) });
      } catch (thrown) {
        if (thrown instanceof HawserError && thrown.code === 'not-found') return undefined;
        throw thrown;
      }
    },
    list: async (type, query = {}) => {
      const path = await pathOf(type, query.namespace);
      const items: KubeObject[] = [];
      const parameters = listParameters(query);
      parameters.set('limit', '500');
      for (;;) {
        const page = await json({ method: 'GET', path, query: parameters });
        for (const item of listAt(page, 'items')) if (isObject(item)) items.push(itemOf(type, item));
        const next = textAt(page, 'metadata', 'continue');
        if (next === '') return { items, resourceVersion: textAt(page, 'metadata', 'resourceVersion') };
        parameters.set('continue', next);
      }
    },
    watch: async function* (type, query) {
      const path = await pathOf(type, query.namespace);
      const parameters = listParameters(query);
      parameters.set('watch', 'true');
      parameters.set('allowWatchBookmarks', 'true');
      if (query.resourceVersion !== undefined) parameters.set('resourceVersion', query.resourceVersion);
      const { body } = await send({ method: 'GET', path, query: parameters, signal: query.signal });
      yield* watchEvents(body);
    },
    create: async (given, options_ = {}) => {
      const type = typeOfObject(given);
      const path = await pathOf(type, given.metadata.namespace);
      return object({ method: 'POST', path, query: writeParameters(options_), body: given });
    },
    update: async (given, options_ = {}) => {
      const path = await pathTo(referenceOf(given), options_.subresource);
      return object({ method: 'PUT', path, query: writeParameters(options_), body: given });
    },
    patch: async (reference, patch, options_ = {}) => {
      const path = await pathTo(reference, options_.subresource);
      const query = writeParameters(options_);
      if (patch.type === 'apply' && !query.has('fieldManager')) query.set('fieldManager', AGENT);
      return object({ method: 'PATCH', path, query, contentType: PATCH_TYPES[patch.type], body: patchBody(patch) });
    },
    delete: async (reference, options_ = {}) => {
      await send({ method: 'DELETE', path: await pathTo(reference), body: deleteBody(options_) });
    },
    logs: async function* (pod, query) {
      const path = `/api/v1/namespaces/${encodeURIComponent(pod.namespace)}/pods/${encodeURIComponent(pod.name)}/log`;
      const signal = query.signal === undefined ? {} : { signal: query.signal };
      const { body } = await send({ method: 'GET', path, query: logParameters(query), accept: '*/*', ...signal });
      yield* splitLines(textsOf(body));
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

async function wholeBody(body: KubeResponse['body']): Promise<JsonObject | string> {
  if (!isStream(body)) return body;
  let text = '';
  for await (const piece of textsOf(body)) text += piece;
  return text;
}

async function* textsOf(body: KubeResponse['body']): AsyncGenerator<string> {
  if (typeof body === 'string') yield body;
  else if (isStream(body))
    for await (const piece of body) yield typeof piece === 'string' ? piece : JSON.stringify(piece);
}
