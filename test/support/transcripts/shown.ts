// What a transcript shows, as the objects that the server must have sent. It knows the reference's layout only to read it;
// what our client makes of the objects is then compared with the very text.

import type { Json, JsonObject } from '../../../src/core/json.ts';
import { isObject, objectAt } from '../../../src/core/json.ts';
import { parseYaml } from '../../../src/core/yaml.ts';
import { filled, MOMENT } from './placeholders.ts';

/** The JSON or YAML that a transcript shows; undefined when it shows something else, or not all of it. */
export function documentIn(text: string): Json | undefined {
  if (text.trimEnd().endsWith('…')) return undefined;
  try {
    if (/^[[{]/.test(text) || text === 'null\n') return JSON.parse(filled(text));
    if (/^(metadata:|- metadata:|apiVersion:)/.test(text)) return jsonOf(parseYaml(filled(text), 'transcript'));
  } catch {
    return undefined;
  }
  return undefined;
}

const jsonOf = (value: unknown): Json => JSON.parse(JSON.stringify(value));

/** The cells of a table: where its columns begin, its head says. */
export function tableIn(lines: readonly string[]): string[][] {
  const [head = ''] = lines;
  const starts = [...head.matchAll(/\S+(?: \S+)*/g)].map((match) => match.index);
  return lines.map((line) =>
    starts.map((start, index) => line.slice(index === 0 ? 0 : start, starts[index + 1] ?? line.length).trim()),
  );
}

/** The block of `app get`, `sync`, `wait` and `rollback`, as an Application. */
export function applicationIn(block: string): JsonObject {
  const lines = block.split('\n');
  const field = (label: string): string => {
    const found = lines.find((line) => line.startsWith(label));
    return found === undefined ? '' : found.slice(20);
  };
  const [namespace = '', name = ''] = field('Name:').split('/');
  const destination = { server: field('Server:'), namespace: field('Namespace:') };
  const sources = sourcesIn(lines);
  const isMultiple = lines.includes('Sources:');
  const policy = field('Sync Policy:');
  const automated = policy.startsWith('Automated')
    ? { automated: policy.includes('Prune') ? { prune: true } : {} }
    : undefined;
  const states = statesIn(lines);
  const parameters = parametersIn(lines);
  return {
    metadata: { name, namespace },
    spec: {
      ...(isMultiple
        ? { sources }
        : {
            source: { ...sources[0], ...(parameters ? { helm: { ...objectAt(sources[0], 'helm'), parameters } } : {}) },
          }),
      destination,
      project: field('Project:'),
      ...(automated ? { syncPolicy: automated } : {}),
    },
    status: {
      sync: syncIn(field('Sync Status:')),
      health: { status: field('Health Status:') },
      resources: states.filter((state) => !isOutcome(state)).map(resourceOf),
      ...conditionsIn(lines),
      ...operationIn(field, states),
    },
  };
}

function sourcesIn(lines: readonly string[]): JsonObject[] {
  const sources: Record<string, Json>[] = [];
  for (const line of lines) {
    const value = line.slice(20);
    const last = sources.at(-1);
    if (line.startsWith('- Repo:')) sources.push({ repoURL: value });
    else if (!last) continue;
    else if (line.startsWith('  Target:')) last['targetRevision'] = value;
    else if (line.startsWith('  Path:')) last['path'] = value;
    else if (line.startsWith('  Ref:')) last['ref'] = value;
    else if (line.startsWith('  Helm Values:')) last['helm'] = { valueFiles: value.split(',') };
    else if (line.startsWith('  Name Prefix:')) last['kustomize'] = { namePrefix: value };
  }
  return sources;
}

function syncIn(text: string): JsonObject {
  const [, status = '', , short = ''] = /^(\w*)(?: (?:to|from) ([^ ]*)(?: \((\w+)\))?)?$/.exec(text) ?? [];
  return { status, ...(short === '' ? {} : { revision: short.padEnd(40, '0') }) };
}

function section(lines: readonly string[], head: RegExp): string[] {
  const start = lines.findIndex((line) => head.test(line));
  if (start < 0) return [];
  const end = lines.findIndex((line, index) => index > start && line === '');
  return lines.slice(start, end < 0 ? lines.length : end);
}

function parametersIn(lines: readonly string[]): Json[] | undefined {
  const rows = tableIn(section(lines, /^NAME +VALUE$/)).slice(1);
  if (rows.length === 0) return undefined;
  // A value that was cut is as long as it takes to be cut again.
  return rows.map(([name = '', value = '']) => ({
    name,
    value: value.endsWith('...') ? `${value.slice(0, -3)}${'x'.repeat(9)}` : value,
  }));
}

function conditionsIn(lines: readonly string[]): JsonObject {
  const rows = tableIn(section(lines, /^CONDITION +MESSAGE/)).slice(1);
  if (rows.length === 0) return {};
  return { conditions: rows.map(([type = '', message = '']) => ({ type, message, lastTransitionTime: MOMENT })) };
}

type State = readonly string[];

function statesIn(lines: readonly string[]): State[] {
  const table = tableIn(section(lines, /^GROUP +KIND +NAMESPACE/)).slice(1);
  return table.length > 0 ? table : rootsIn(lines);
}

/** The roots of a tree say of a resource what its row would say. */
function rootsIn(lines: readonly string[]): State[] {
  const tree = section(lines, /^KIND\/NAME/);
  const [head = [], ...rows] = tableIn(tree);
  return rows.flatMap((row, index) => {
    const cell = (name: string): string => row[head.indexOf(name)] ?? '';
    const [kind = '', name = ''] = cell('KIND/NAME').split('/');
    const isRoot = !/^[│├└ ]/.test(tree[index + 1] ?? '');
    return isRoot ? [['', kind, 'conformance', name, cell('STATUS'), cell('HEALTH'), '', cell('MESSAGE')]] : [];
  });
}

const OUTCOMES: readonly string[] = ['Synced', 'SyncFailed', 'Pruned', 'PruneSkipped'];

/** A hook, or an object that is there no more: only the operation tells of it. */
export const isOutcome = (state: State): boolean => (state[6] ?? '') !== '' || OUTCOMES.includes(state[5] ?? '');

export function resourceOf([
  group = '',
  kind = '',
  namespace = '',
  name = '',
  status = '',
  health = '',
]: State): JsonObject {
  return {
    group,
    version: 'v1',
    kind,
    namespace,
    name,
    status,
    ...(health === '' ? {} : { health: { status: health } }),
  };
}

export function resultOf(state: State): JsonObject {
  const [group = '', kind = '', namespace = '', name = '', status = '', health = '', hook = '', message = ''] = state;
  const own = isOutcome(state)
    ? { hookPhase: status, status: health, hookType: hook }
    : { status: message.startsWith('ignored') ? 'PruneSkipped' : 'Synced' };
  return { group, version: 'v1', kind, namespace, name, message, ...own };
}

function operationIn(field: (label: string) => string, states: readonly State[]): JsonObject {
  const told = states.filter((state) => (state[7] ?? '') !== '' || isOutcome(state));
  const phase = field('Phase:');
  if (phase === '' && told.length === 0) return {};
  const revisions = field('Sync Revision:').split(', ');
  const isDone = !field('Finished:').startsWith('<nil>');
  return {
    operationState: {
      phase: phase || 'Succeeded',
      startedAt: MOMENT,
      ...(isDone ? { finishedAt: MOMENT } : {}),
      ...(field('Message:') === '' ? {} : { message: field('Message:') }),
      operation: { sync: {} },
      ...(phase !== '' && field('Operation:') === ''
        ? {}
        : {
            syncResult: {
              ...(revisions.length > 1 ? { revisions } : { revision: revisions[0] ?? '' }),
              resources: told.map(resultOf),
            },
          }),
    },
    ...(isDone ? { reconciledAt: MOMENT } : {}),
  };
}

/** The rows of `app list`, as Applications. */
export function applicationsIn(text: string): JsonObject[] {
  const [head = [], ...rows] = tableIn(text.trimEnd().split('\n'));
  return rows.map((row) => {
    const cell = (name: string): string => row[head.indexOf(name)] ?? '';
    const [namespace = '', name = ''] = cell('NAME').split('/');
    const automated = { Manual: undefined, Auto: {}, 'Auto-Prune': { prune: true } }[cell('SYNCPOLICY')];
    return {
      metadata: { name, namespace },
      spec: {
        source: { repoURL: cell('REPO'), path: cell('PATH'), targetRevision: cell('TARGET') },
        destination: { server: cell('CLUSTER'), namespace: cell('NAMESPACE') },
        project: cell('PROJECT'),
        ...(automated ? { syncPolicy: { automated } } : {}),
      },
      status: {
        sync: { status: cell('STATUS') },
        health: { status: cell('HEALTH') },
        conditions:
          cell('CONDITIONS') === '<none>'
            ? []
            : cell('CONDITIONS')
                .split(',')
                .map((type) => ({ type, message: '' })),
      },
    };
  });
}

/** The deployments of `app history`. */
export function historyIn(text: string): JsonObject[] {
  const entries = new Map<string, Record<string, Json>[]>();
  let repoURL = '';
  for (const line of text.split('\n')) {
    if (line.startsWith('SOURCE')) repoURL = line.slice(6).trim();
    const [, id, target, short] = /^(\d+) .*UTC +(\S*)(?: \((\w+)\))?$/.exec(line) ?? [];
    if (id === undefined) continue;
    const deployed = {
      source: { repoURL, targetRevision: target ?? '' },
      revision: (short ?? '').padEnd(short ? 40 : 0, '0'),
    };
    entries.set(id, [...(entries.get(id) ?? []), deployed]);
  }
  return [...entries].map(([id, deployed]) => {
    const [first] = deployed;
    const place =
      deployed.length > 1
        ? {
            sources: deployed.map(({ source }) => source ?? null),
            revisions: deployed.map(({ revision }) => revision ?? ''),
          }
        : { source: first?.['source'] ?? null, revision: first?.['revision'] ?? '' };
    return { id: Number(id), deployedAt: MOMENT, ...place };
  });
}

const GLYPHS = /^((?:[│ ] )*)(?:[├└]─)?/;

/** The nodes of a tree or of the table of `app resources`; the column of the title says where glyphs stand. */
export function nodesIn(text: string): { readonly nodes: JsonObject[]; readonly orphanedNodes: JsonObject[] } {
  const lines = text.split('\n');
  const resources = section(lines, /^GROUP +KIND +NAMESPACE +NAME +ORPHANED/);
  const tree = resources.length > 0 ? resources : section(lines, /^KIND\/NAME/);
  const [head = [], ...rows] = tableIn(tree);
  const parents: string[] = [];
  const found = rows.map((row, index): { node: JsonObject; orphaned: boolean } => {
    const cell = (name: string): string => row[head.indexOf(name)] ?? '';
    const line = tree[index + 1] ?? '';
    const lead = GLYPHS.exec(line)?.[0] ?? '';
    const depth = /[├└│]/.test(lead) ? lead.length / 2 : 0;
    const uid = `uid-${index}`;
    parents[depth] = uid;
    const [kind = '', name = ''] =
      resources.length > 0
        ? [cell('KIND'), cell('NAME')]
        : cell('KIND/NAME')
            .replace(/^[│├└─ ]+/, '')
            .split('/');
    const group = resources.length > 0 && depth > 0 ? cell('GROUP').replace(/^[│├└─ ]+/, '') : cell('GROUP');
    const health = cell('HEALTH');
    const reason = cell('REASON');
    const parent = depth > 0 ? parents[depth - 1] : undefined;
    return {
      orphaned: cell('ORPHANED') === 'Yes',
      node: {
        group,
        version: 'v1',
        kind,
        namespace: cell('NAMESPACE') || 'conformance',
        name,
        uid,
        createdAt: MOMENT,
        ...(parent === undefined ? {} : { parentRefs: [{ uid: parent }] }),
        ...(health === '' ? {} : { health: { status: health, ...(reason === '' ? {} : { message: reason }) } }),
      },
    };
  });
  return {
    nodes: found.filter(({ orphaned }) => !orphaned).map(({ node }) => node),
    orphanedNodes: found.filter(({ orphaned }) => orphaned).map(({ node }) => node),
  };
}

/** The documents between the `---` of `app manifests`. */
export function manifestsIn(text: string): Json[] {
  return text
    .split(/^---\n/m)
    .filter((part) => part.trim() !== '')
    .map((part) => jsonOf(parseYaml(part, 'transcript')));
}

/** The objects of `get-resource`: whole, or put together again from FIELD and VALUE. */
export function objectsIn(text: string, name: string): JsonObject[] {
  if (!text.startsWith('FIELD')) {
    return text
      .split(/^---\n/m)
      .map((part) => jsonOf(parseYaml(part, 'transcript')))
      .filter(isObject);
  }
  const [head = [], ...rows] = tableIn(
    text
      .trimEnd()
      .split('\n')
      .filter((line) => line !== ''),
  );
  const objects = new Map<string, Json>();
  for (const row of rows) {
    const own = head.length === 3 ? (row[1] ?? '') : name;
    objects.set(own, put(objects.get(own) ?? {}, pathOf(row[0] ?? ''), row.at(-1) ?? ''));
  }
  return [...objects].map(([own, object]) => put(object, ['metadata', 'name'], own)).filter(isObject);
}

/** 'a.b[0].c' in its steps; an annotation's own dots stay. */
function pathOf(field: string): (string | number)[] {
  const [, lead = '', key = ''] = /^(metadata\.(?:annotations|labels)\.)(.*)$/.exec(field) ?? [];
  if (lead !== '') return [...lead.split('.').filter(Boolean), key];
  return [...field.matchAll(/([^.[\]]+)|\[(\d+)\]/g)].map(([, text, index]) =>
    index === undefined ? (text ?? '') : Number(index),
  );
}

function put(into: Json, [step, ...rest]: readonly (string | number)[], value: Json): Json {
  if (step === undefined) return value;
  if (typeof step === 'number') {
    const items = Array.isArray(into) ? [...into] : [];
    items[step] = put(items[step] ?? {}, rest, value);
    return items;
  }
  return { ...(isObject(into) ? into : {}), [step]: put(isObject(into) ? (into[step] ?? {}) : {}, rest, value) };
}

/** The rows that a wait printed, in the batches in which they came: a batch names no resource twice. */
export function batchesIn(lines: readonly string[]): State[][] {
  const batches: State[][] = [];
  let seen = new Set<string>();
  for (const line of lines) {
    const state = progressCells(line);
    const key = state.slice(0, 4).join('/');
    if (batches.length === 0 || seen.has(key)) {
      batches.push([]);
      seen = new Set();
    }
    seen.add(key);
    batches.at(-1)?.push(state);
  }
  return batches;
}

const PROGRESS = new RegExp(
  [
    String.raw`^\S+(?: +(?<group>[a-z][\w.]*))? +(?<kind>[A-Z]\w*) +(?<namespace>\S+) +(?<name>\S+)`,
    '(?: +(?<status>Synced|OutOfSync|Unknown|Running|Terminating|Failed|Error|Succeeded))?',
    '(?: +(?<health>Healthy|Progressing|Degraded|Suspended|Missing|Unknown|Synced|SyncFailed|Pruned|PruneSkipped))?',
    '(?: +(?<hook>PreSync|Sync|PostSync|SyncFail|Skip))?(?: +(?<message>.*))?$',
  ].join(''),
);

/** The cells of one row of progress, from GROUP to MESSAGE. */
export function progressCells(line: string): string[] {
  const {
    group = '',
    kind = '',
    namespace = '',
    name = '',
    status = '',
    health = '',
    hook = '',
    message = '',
  } = PROGRESS.exec(line.trimEnd())?.groups ?? {};
  return [group, kind, namespace, name, status, health, hook, message];
}
