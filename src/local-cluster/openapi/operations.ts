// What can be asked of a kind, path by path, apart from how a version of OpenAPI writes it.

import { apiVersionOf } from '../../objects/object.ts';
import type { Kind } from '../kinds.ts';
import type { Subject } from './schemas.ts';

export interface Operation {
  readonly method: 'get' | 'put' | 'post' | 'delete' | 'patch';
  readonly id: string;
  /** 'list', 'patch', 'connect' …: what kubectl knows an operation by. */
  readonly action: string;
  readonly kind: Subject;
  readonly query: readonly Parameter[];
  /** The kind of the body; '' where it may be any patch. */
  readonly body?: Subject | 'patch' | 'options';
  readonly answer: Subject | 'status' | 'text' | 'watch';
}

export interface PathItem {
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly operations: readonly Operation[];
}

export interface Parameter {
  readonly name: string;
  readonly in: 'query' | 'path';
  readonly type: 'string' | 'integer' | 'boolean';
}

const query = (type: Parameter['type'], ...names: string[]): Parameter[] =>
  names.map((name) => ({ name, in: 'query', type }));

const PRETTY = query('string', 'pretty');
const WRITE = query('string', 'dryRun', 'fieldManager', 'fieldValidation');
const LIST = [
  ...query('boolean', 'allowWatchBookmarks'),
  ...query('string', 'continue', 'fieldSelector', 'labelSelector'),
  ...query('integer', 'limit'),
  ...query('string', 'resourceVersion', 'resourceVersionMatch'),
  ...query('boolean', 'sendInitialEvents'),
  ...query('integer', 'timeoutSeconds'),
  ...query('boolean', 'watch'),
];
const DELETE = [
  ...query('string', 'dryRun'),
  ...query('integer', 'gracePeriodSeconds'),
  ...query('boolean', 'ignoreStoreReadErrorWithClusterBreakingPotential', 'orphanDependents'),
  ...query('string', 'propagationPolicy'),
];
const LOG = [
  ...query('string', 'container'),
  ...query('boolean', 'follow', 'insecureSkipTLSVerifyBackend'),
  ...query('integer', 'limitBytes'),
  ...query('boolean', 'previous'),
  ...query('integer', 'sinceSeconds'),
  ...query('string', 'stream'),
  ...query('integer', 'tailLines'),
  ...query('boolean', 'timestamps'),
];
const NAME: Parameter = { name: 'name', in: 'path', type: 'string' };
const NAMESPACE: Parameter = { name: 'namespace', in: 'path', type: 'string' };

/** All paths of a kind. */
export function pathsOf(kind: Kind): PathItem[] {
  const root = rootOf(kind);
  const where = kind.namespaced ? '/namespaces/{namespace}' : '';
  const space = kind.namespaced ? [NAMESPACE] : [];
  const collection = `${root}${where}/${kind.plural}`;
  const items: PathItem[] = [
    { path: collection, parameters: space, operations: onCollection(kind) },
    { path: `${collection}/{name}`, parameters: [...space, NAME], operations: onObject(kind) },
    ...kind.subresources.map((entry) => ({
      path: `${collection}/{name}/${entry.name}`,
      parameters: [...space, NAME],
      operations: onSubresource(kind, entry),
    })),
  ];
  if (!kind.verbs.includes('list')) return items.filter(({ operations }) => operations.length > 0);
  if (kind.namespaced) {
    const operations = [listing(kind, `list${stem(kind)}${kind.kind}ForAllNamespaces`)];
    items.push({ path: `${root}/${kind.plural}`, parameters: [], operations });
  }
  return [...items, ...watching(kind, root, where)].filter(({ operations }) => operations.length > 0);
}

/** Watches by their old paths. */
function watching(kind: Kind, root: string, where: string): PathItem[] {
  if (!kind.verbs.includes('watch') || kind.custom) return [];
  const space = kind.namespaced ? [NAMESPACE] : [];
  const operation = (action: string, id: string): Operation => ({
    method: 'get',
    id,
    action,
    kind,
    query: [],
    answer: 'watch',
  });
  const scope = kind.namespaced ? 'Namespaced' : '';
  const list = `watch${stem(kind)}${scope}${kind.kind}List`;
  const collection = `${root}/watch${where}/${kind.plural}`;
  return [
    { path: collection, parameters: [...space, ...LIST], operations: [operation('watchlist', list)] },
    {
      path: `${collection}/{name}`,
      parameters: [...space, NAME, ...LIST],
      operations: [operation('watch', `watch${stem(kind)}${scope}${kind.kind}`)],
    },
  ];
}

function onCollection(kind: Kind): Operation[] {
  const scope = scopeOf(kind);
  const operations: Operation[] = [];
  if (kind.verbs.includes('list')) operations.push(listing(kind, `list${stem(kind)}${scope}${kind.kind}`));
  if (kind.verbs.includes('create')) {
    const id = `create${stem(kind)}${scope}${kind.kind}`;
    operations.push({ method: 'post', id, action: 'post', kind, query: WRITE, body: kind, answer: kind });
  }
  if (kind.verbs.includes('deletecollection')) {
    const id = `delete${stem(kind)}Collection${scope}${kind.kind}`;
    const parameters = [...DELETE, ...LIST.filter(({ name }) => name !== 'watch' && name !== 'allowWatchBookmarks')];
    operations.push({
      method: 'delete',
      id,
      action: 'deletecollection',
      kind,
      query: unique(parameters),
      body: 'options',
      answer: 'status',
    });
  }
  return operations;
}

const listing = (kind: Kind, id: string): Operation => ({
  method: 'get',
  id,
  action: 'list',
  kind,
  query: LIST,
  answer: { ...kind, kind: kind.listKind },
});

function onObject(kind: Kind): Operation[] {
  const name = `${stem(kind)}${scopeOf(kind)}${kind.kind}`;
  const operations: Operation[] = [];
  if (kind.verbs.includes('get'))
    operations.push({ method: 'get', id: `read${name}`, action: 'get', kind, query: [], answer: kind });
  operations.push(...changes(kind, kind.verbs, name));
  if (kind.verbs.includes('delete')) {
    const answer = 'status';
    operations.push({
      method: 'delete',
      id: `delete${name}`,
      action: 'delete',
      kind,
      query: DELETE,
      body: 'options',
      answer,
    });
  }
  return operations;
}

/** Replacing and patching. */
function changes(kind: Subject, verbs: readonly string[], name: string): Operation[] {
  const operations: Operation[] = [];
  if (verbs.includes('update')) {
    operations.push({
      method: 'put',
      id: `replace${name}`,
      action: 'put',
      kind,
      query: WRITE,
      body: kind,
      answer: kind,
    });
  }
  if (verbs.includes('patch')) {
    const parameters = [...WRITE, ...query('boolean', 'force')];
    operations.push({
      method: 'patch',
      id: `patch${name}`,
      action: 'patch',
      kind,
      query: parameters,
      body: 'patch',
      answer: kind,
    });
  }
  return operations;
}

function onSubresource(kind: Kind, entry: Kind['subresources'][number]): Operation[] {
  const own: Subject = {
    kind: entry.kind,
    group: entry.version === undefined ? kind.group : (entry.group ?? ''),
    version: entry.version ?? kind.version,
    custom: entry.version === undefined ? kind.custom : undefined,
  };
  const suffix = entry.name[0]?.toUpperCase() + entry.name.slice(1);
  const name = `${stem(kind)}${scopeOf(kind)}${kind.kind}${suffix}`;
  if (entry.name === 'log') {
    return [{ method: 'get', id: `read${name}`, action: 'get', kind, query: LOG, answer: 'text' }];
  }
  if (CONNECTED.has(entry.name)) return connections(kind, name);
  const operations: Operation[] = [];
  if (entry.verbs.includes('get'))
    operations.push({ method: 'get', id: `read${name}`, action: 'get', kind: own, query: [], answer: own });
  if (entry.verbs.includes('create')) {
    operations.push({
      method: 'post',
      id: `create${name}`,
      action: 'post',
      kind: own,
      query: WRITE,
      body: own,
      answer: own,
    });
  }
  return [...operations, ...changes(own, entry.verbs, name)];
}

/** Subresources that are a connection to what runs. */
const CONNECTED: ReadonlySet<string> = new Set(['exec', 'attach', 'portforward', 'proxy']);

const connections = (kind: Kind, name: string): Operation[] =>
  (['get', 'post'] as const).map((method) => ({
    method,
    id: `connect${stem(kind)}${method === 'get' ? 'Get' : 'Post'}${name.slice(stem(kind).length)}`,
    action: 'connect',
    kind,
    query: [],
    answer: 'text',
  }));

const unique = (parameters: readonly Parameter[]): Parameter[] => [
  ...new Map(parameters.map((parameter) => [parameter.name, parameter])).values(),
];

/** What each path may be given. */
export const COMMON_QUERY = PRETTY;

const scopeOf = (kind: Kind): string => (kind.namespaced ? 'Namespaced' : '');

export const rootOf = ({ group, version }: Pick<Kind, 'group' | 'version'>): string =>
  group === '' ? `/api/${version}` : `/apis/${apiVersionOf(group, version)}`;

/** Group and version as they stand in names of operations: 'AppsV1', 'RbacAuthorizationV1'. */
export function stem({ group, version }: Pick<Kind, 'group' | 'version'>): string {
  const words = group === '' ? ['core'] : group.replace(/\.k8s\.io$/, '').split(/[.-]/);
  return [...words, version].map((word) => (word[0] ?? '').toUpperCase() + word.slice(1)).join('');
}

/** The tag of a version's operations: 'apps_v1', 'rbacAuthorization_v1'. */
export function tagOf(kind: Pick<Kind, 'group' | 'version'>): string {
  const words = stem(kind).slice(0, -kind.version.length);
  return `${(words[0] ?? '').toLowerCase()}${words.slice(1)}_${kind.version}`;
}
