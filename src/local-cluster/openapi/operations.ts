// What can be asked of a kind, path by path, apart from how a version of OpenAPI writes it.

import type { Kind } from '../kinds.ts';
import { answersDeleted } from '../strategy.ts';
import {
  changes,
  DELETE,
  LIST,
  NAME,
  NAMESPACE,
  type Operation,
  type Parameter,
  type PathItem,
  PRETTY,
  query,
  rootOf,
  scopeOf,
  stem,
  WRITE,
} from './operation.ts';
import { onPart } from './parts.ts';

/** All paths of a kind. */
export function pathsOf(kind: Kind): PathItem[] {
  const root = rootOf(kind);
  const where = kind.namespaced ? '/namespaces/{namespace}' : '';
  const space = kind.namespaced ? [NAMESPACE] : [];
  const collection = `${root}${where}/${kind.plural}`;
  const items: PathItem[] = [
    { path: collection, parameters: [...space, ...PRETTY], operations: onCollection(kind) },
    { path: `${collection}/{name}`, parameters: [...space, NAME, ...PRETTY], operations: onObject(kind) },
    ...kind.subresources.flatMap((entry) => onPart(kind, entry, `${collection}/{name}/${entry.name}`)),
  ];
  return [...items, ...elsewhere(kind, root, where)]
    .map((item) => (kind.custom ? asCustom(kind, item) : item))
    .filter(({ operations }) => operations.length > 0);
}

/** Lists and watches of other paths. */
function elsewhere(kind: Kind, root: string, where: string): PathItem[] {
  if (!kind.verbs.includes('list')) return [];
  const items: PathItem[] = [];
  if (kind.namespaced) {
    const operations = [listing(kind, `list${stem(kind)}${kind.kind}ForAllNamespaces`)];
    items.push({ path: `${root}/${kind.plural}`, parameters: PRETTY, operations });
  }
  return [...items, ...watching(kind, root, where)];
}

/** What is told otherwise of a custom kind: its parts are of the kind itself, and its collection is deleted as it is listed. */
function asCustom(kind: Kind, item: PathItem): PathItem {
  const operations = item.operations.map((operation): Operation => {
    if (operation.action === 'get') return { ...operation, kind, query: query('string', 'resourceVersion') };
    if (operation.action !== 'deletecollection') return { ...operation, kind };
    const { body: _body, ...rest } = operation;
    return { ...rest, query: LIST };
  });
  return { ...item, operations };
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
  const name = `watch${stem(kind)}${scopeOf(kind)}${kind.kind}`;
  const collection = `${root}/watch${where}/${kind.plural}`;
  const parameters = [...space, ...LIST, ...PRETTY];
  const everywhere = {
    path: `${root}/watch/${kind.plural}`,
    parameters: [...LIST, ...PRETTY],
    operations: [operation('watchlist', `watch${stem(kind)}${kind.kind}ListForAllNamespaces`)],
  };
  return [
    { path: collection, parameters, operations: [operation('watchlist', `${name}List`)] },
    { path: `${collection}/{name}`, parameters: [...parameters, NAME], operations: [operation('watch', name)] },
    ...(kind.namespaced ? [everywhere] : []),
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
    const answer = answersDeleted(kind.storage) ? kind : 'status';
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

const unique = (parameters: readonly Parameter[]): Parameter[] => [
  ...new Map(parameters.map((parameter) => [parameter.name, parameter])).values(),
];
