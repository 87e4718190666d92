// What can be asked of the subresources of a kind.

import type { Kind } from '../kinds.ts';
import {
  capital,
  changes,
  NAME,
  NAMESPACE,
  type Operation,
  type Parameter,
  type PathItem,
  PRETTY,
  query,
  scopeOf,
  stem,
  WRITE,
} from './operation.ts';
import type { Subject } from './schemas.ts';

type Part = Kind['subresources'][number];

export function onPart(kind: Kind, entry: Part, path: string): PathItem[] {
  const named = [...(kind.namespaced ? [NAMESPACE] : []), NAME];
  const connection = CONNECTIONS[entry.name];
  if (!connection) return [{ path, parameters: [...named, ...PRETTY], operations: onSubresource(kind, entry) }];
  const parameters = [...named, ...connection.query];
  const item = { path, parameters, operations: connections(kind, entry, '') };
  if (entry.name !== 'proxy') return [item];
  const below = [...parameters, PATH];
  return [item, { path: `${path}/{path}`, parameters: below, operations: connections(kind, entry, 'WithPath') }];
}

function nameOfPart(kind: Kind, entry: Part): string {
  return `${stem(kind)}${scopeOf(kind)}${kind.kind}${capital(entry.name)}`;
}

function onSubresource(kind: Kind, entry: Part): Operation[] {
  const own: Subject = {
    kind: entry.kind,
    group: entry.version === undefined ? kind.group : (entry.group ?? ''),
    version: entry.version ?? kind.version,
    custom: entry.version === undefined ? kind.custom : undefined,
  };
  const name = nameOfPart(kind, entry);
  if (entry.name === 'log') {
    return [{ method: 'get', id: `read${name}`, action: 'get', kind, query: LOG, answer: 'text' }];
  }
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
const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch'] as const;
const STREAMS = query('boolean', 'stderr', 'stdin', 'stdout', 'tty');
const PATH: Parameter = { name: 'path', in: 'path', type: 'string' };

interface Connection {
  readonly methods: readonly Operation['method'][];
  readonly query: readonly Parameter[];
}

/** Subresources that are a connection to what runs. */
const CONNECTIONS: Readonly<Record<string, Connection>> = {
  exec: { methods: ['get', 'post'], query: [...query('string', 'command', 'container'), ...STREAMS] },
  attach: { methods: ['get', 'post'], query: [...query('string', 'container'), ...STREAMS] },
  portforward: { methods: ['get', 'post'], query: query('integer', 'ports') },
  proxy: { methods: METHODS, query: query('string', 'path') },
};

const connections = (kind: Kind, entry: Part, ending: string): Operation[] =>
  (CONNECTIONS[entry.name]?.methods ?? []).map((method) => ({
    method,
    id: `connect${stem(kind)}${capital(method)}${nameOfPart(kind, entry).slice(stem(kind).length)}${ending}`,
    action: 'connect',
    kind: { group: kind.group, version: kind.version, kind: entry.kind },
    query: [],
    answer: 'text',
  }));
