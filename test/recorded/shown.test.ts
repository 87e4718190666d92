// Every whole answer of a real Argo CD to what a command of ours asks, shown by that command: documents equal, tables with all
// that was told, refusals in the server's words.

import { describe, expect, test } from 'vitest';
import type { Answer, Request } from '../../src/api/exchange.ts';
import { at, isObject, type Json, type JsonObject, listAt, textAt } from '../../src/core/json.ts';
import { parseYamlDocuments } from '../../src/core/yaml.ts';
import { anApplication } from '../support/applications.ts';
import { createFakeApi } from '../support/fake-api.ts';
import { hawser, type Shown } from '../support/hawser.ts';
import { type Step, scenarios, stepsOf } from '../support/scripted-server.ts';

interface Line {
  readonly words: readonly string[];
  readonly stdin?: string;
  /** Looks at what was shown of an answer that is no refusal. */
  readonly shows?: (out: string, body: Json) => void;
}

/** A command for each request; undefined where this request is none that the command makes. */
const COMMANDS: readonly (readonly [RegExp, (step: Step, name: string) => Line | undefined])[] = [
  [/^GET \/api\/v1\/account$/, () => ({ words: ['account', 'list', '-o', 'json'], shows: equals('items') })],
  [
    /^GET \/api\/v1\/account\/([\w-]+)$/,
    (_, name) => ({ words: ['account', 'get', '--account', name, '-o', 'json'], shows: equals() }),
  ],
  [
    /^GET \/api\/v1\/account\/can-i\/(.+)$/,
    (_, asked) => {
      const [resource = '', action = '', ...rest] = asked.split('/');
      const words = ['account', 'can-i', action, resource, rest.join('/')];
      return { words, shows: (out, body) => expect(out.trim()).toBe(textAt(body, 'value')) };
    },
  ],
  [
    /^POST \/api\/v1\/account\/([\w-]+)\/token$/,
    ({ sent }, name) => ({
      words: ['account', 'generate-token', '--account', name, '--id', textAt(sent, 'id'), '--expires-in', '1h'],
      shows: (out, body) => expect(out.trim()).toBe(textAt(body, 'token')),
    }),
  ],
  [
    /^DELETE \/api\/v1\/account\/([\w-]+)\/token\/corpus-one$/,
    (_, name) => ({ words: ['account', 'delete-token', '--account', name, 'corpus-one'] }),
  ],
  [
    /^GET \/api\/v1\/session\/userinfo$/,
    () => ({ words: ['account', 'get-user-info', '-o', 'json'], shows: equals() }),
  ],
  [
    /^GET \/api\/v1\/applications$/,
    ({ query }) => {
      if (query.has('name')) return undefined;
      const filters = [
        ...flag('-l', query.get('selector')),
        ...flag('-p', query.get('projects')),
        ...flag('-r', query.get('repo')),
      ];
      return { words: ['app', 'list', '-o', 'json', ...filters], shows: (out) => expect(JSON.parse(out)).toEqual([]) };
    },
  ],
  [
    /^GET \/api\/v1\/applications\/([\w-]+)$/,
    ({ query }, name) => {
      if (query.has('project')) return undefined;
      const flags = [...(query.has('refresh') ? ['--refresh'] : []), ...flag('-N', query.get('appNamespace'))];
      return { words: ['app', 'get', name, '-o', 'json', ...flags], shows: equals() };
    },
  ],
  [
    /^POST \/api\/v1\/applications$/,
    ({ sent }) => ({ words: ['app', 'create', '-f', '-', '-o', 'json'], stdin: JSON.stringify(sent), shows: equals() }),
  ],
  [
    /^DELETE \/api\/v1\/applications\/([\w-]+)$/,
    ({ query }, name) => {
      if (query.has('project')) return undefined;
      const typed = query.get('cascade') ?? (query.has('propagationPolicy') ? 'true' : 'false');
      if (!/^(true|false)$/.test(typed)) return undefined;
      const cascade = [`--cascade=${typed}`];
      const policy = flag('--propagation-policy', query.get('propagationPolicy'));
      return { words: ['app', 'delete', name, ...cascade, ...policy, ...flag('-N', query.get('appNamespace'))] };
    },
  ],
  [
    /^PUT \/api\/v1\/applications\/([\w-]+)\/spec$/,
    ({ query }, name) => {
      if (query.has('project')) return undefined;
      const validate = query.get('validate') === 'false' ? ['--validate=false'] : [];
      return { words: ['app', 'set', name, '--revision', 'v9', ...validate] };
    },
  ],
  [
    /^PATCH \/api\/v1\/applications\/([\w-]+)$/,
    ({ sent }, name) => {
      if (textAt(sent, 'project') !== '') return undefined;
      const kind = textAt(sent, 'patchType');
      return { words: ['app', 'patch', name, '--patch', textAt(sent, 'patch'), '--type', kind] };
    },
  ],
  [
    /^GET \/api\/v1\/applications\/([\w-]+)\/manifests$/,
    ({ query }, name) => {
      if (query.has('project')) return undefined;
      const revision = query.has('revisions')
        ? ['--revisions', query.get('revisions') ?? '', '--source-positions', query.get('sourcePositions') ?? '']
        : ['--revision', query.get('revision') ?? 'v1'];
      const words = ['app', 'manifests', name, ...revision];
      return { words, shows: documents((body) => listAt(body, 'manifests').map((text) => JSON.parse(String(text)))) };
    },
  ],
  [
    /^GET \/api\/v1\/applications\/([\w-]+)\/managed-resources$/,
    ({ query }, name) => {
      if (query.has('project')) return undefined;
      const states = (body: Json) =>
        listAt(body, 'items')
          .map((item) => JSON.parse(textAt(item, 'liveState') || 'null'))
          .filter((state) => state !== null);
      return { words: ['app', 'manifests', name, '--source', 'live'], shows: documents(states) };
    },
  ],
  [
    /^GET \/api\/v1\/applications\/([\w-]+)\/resource$/,
    ({ query }, name) => ({
      words: ['app', 'get-resource', name, ...objectFlags(query), '-o', 'json'],
      shows: (out, body) => expect(JSON.parse(out)).toEqual(JSON.parse(textAt(body, 'manifest'))),
    }),
  ],
  [
    /^DELETE \/api\/v1\/applications\/([\w-]+)\/resource$/,
    ({ query }, name) => ({ words: ['app', 'delete-resource', name, ...objectFlags(query)] }),
  ],
  [
    /^GET \/api\/v1\/applications\/([\w-]+)\/resource-tree$/,
    ({ query }, name) =>
      query.has('project')
        ? undefined
        : {
            words: ['app', 'resources', name],
            shows: (out, body) => {
              for (const node of listAt(body, 'nodes')) {
                if (listAt(node, 'parentRefs').length === 0) expect(out).toContain(textAt(node, 'kind'));
              }
            },
          },
  ],
  [
    /^GET \/api\/v1\/applications\/([\w-]+)\/resource\/actions$/,
    ({ query }, name) => ({
      words: ['app', 'actions', 'list', name, ...objectFlags(query)],
      shows: (out, body) => {
        for (const action of listAt(body, 'actions')) expect(out).toContain(textAt(action, 'name'));
      },
    }),
  ],
  [
    /^POST \/api\/v1\/applications\/([\w-]+)\/resource\/actions\/v2$/,
    ({ sent }, name) => ({
      words: ['app', 'actions', 'run', name, textAt(sent, 'action'), ...objectFlags(new URLSearchParams(texts(sent)))],
    }),
  ],
  [
    /^DELETE \/api\/v1\/applications\/([\w-]+)\/operation$/,
    ({ query }, name) => (query.has('project') ? undefined : { words: ['app', 'terminate-op', name] }),
  ],
  [
    /^POST \/api\/v1\/applications\/([\w-]+)\/rollback$/,
    ({ sent }, name) => {
      if (!isObject(sent) || sent['id'] === undefined || sent['project'] !== undefined) return undefined;
      return { words: ['app', 'rollback', name, String(sent['id'])] };
    },
  ],
  [
    /^POST \/api\/v1\/applications\/([\w-]+)\/sync$/,
    ({ sent }, name) => {
      if (isObject(sent) && sent['project'] !== undefined) return undefined;
      const revision = textAt(sent, 'revision');
      return { words: ['app', 'sync', name, '--async', ...(revision === '' ? [] : ['--revision', revision])] };
    },
  ],
  [
    /^GET \/api\/v1\/applications\/([\w-]+)\/syncwindows$/,
    ({ query, status }, name) =>
      // Who may not see the windows sees the application all the same.
      query.has('project') || status !== 200
        ? undefined
        : {
            words: ['app', 'get', name],
            shows: (out, body) => {
              const isFree = isObject(body) && body['canSync'] === true;
              expect(out).toMatch(isFree ? /SyncWindow: +Manual Allowed\n/ : /SyncWindow: +Sync Denied\n/);
              expect(out).toMatch(/Assigned Windows: +deny:\* \* \* \* \*:1h\n/);
            },
          },
  ],
  [
    /^GET \/api\/v1\/applications\/([\w-]+)\/revisions\/[0-9a-f]{40}\/metadata$/,
    (_, name) => ({
      words: ['app', 'history', name, '-o', 'json'],
      shows: (out, body) => {
        const [entry] = listAt(JSON.parse(out));
        expect(at(entry, 'deployed', 0, 'commit')).toEqual(body);
      },
    }),
  ],
];

const flag = (name: string, value: string | null): string[] => (value ? [name, value] : []);

function objectFlags(query: URLSearchParams): string[] {
  return [
    ...flag('--kind', query.get('kind')),
    ...flag('--resource-name', query.get('resourceName')),
    ...flag('--group', query.get('group')),
  ];
}

const texts = (value: Json): Record<string, string> =>
  Object.fromEntries(Object.entries(isObject(value) ? value : {}).map(([key, text]) => [key, String(text)]));

const equals =
  (field?: string) =>
  (out: string, body: Json): void =>
    expect(JSON.parse(out)).toEqual(field === undefined ? body : isObject(body) ? body[field] : undefined);

const documents =
  (wanted: (body: Json) => unknown[]) =>
  (out: string, body: Json): void =>
    expect(parseYamlDocuments(out, 'out').filter((item) => item !== null)).toEqual(wanted(body));

/** The answers around the one that is looked at. */
function around({ method, url }: Request, step: Step, name: string): Answer {
  const path = url.replace(/\?.*$/, '');
  const found = AROUND.find(([pattern]) => pattern.test(`${method} ${path}`));
  if (!found) throw new Error(`unexpected request: ${method} ${url}`);
  return { status: 200, headers: { 'content-type': 'application/json' }, body: { json: found[1](step, name) } };
}

const AROUND: readonly (readonly [RegExp, (step: Step, name: string) => unknown])[] = [
  [/^GET \/api\/v1\/settings$/, () => ({})],
  [/^GET \/api\/v1\/session\/userinfo$/, () => ({ loggedIn: true, username: 'robot', iss: 'argocd' })],
  [/^GET \/api\/v1\/applications$/, () => ({ metadata: {}, items: [] })],
  [/^GET \/api\/v1\/applications\/[\w-]+\/syncwindows$/, () => ({ canSync: true })],
  [/^GET \/api\/v1\/applications\/[\w-]+\/resource-tree$/, (step) => ({ nodes: [asNode(step)] })],
  [/^GET \/api\/v1\/applications\/[\w-]+\/revisions\/.*$/, () => ({})],
  [/^GET \/api\/v1\/applications\/[\w-]+\/managed-resources$/, (step) => ({ items: [managed(step)] })],
  [/^(GET|POST|PUT|PATCH) \/api\/v1\/applications\/[\w-]+(\/spec|\/sync)?$/, (step, name) => deployed(step, name)],
  [/^DELETE /, () => ({})],
];

/** An application whose deployments have the revision that is asked about. */
function deployed({ path }: Step, name: string): JsonObject {
  const [revision = ''] = /[0-9a-f]{40}/.exec(path) ?? [];
  const app = anApplication({ name });
  const history = [0, 99].map((id) => ({ id, deployedAt: '2026-01-02T03:04:05Z', revision, source: app.spec.source }));
  return JSON.parse(JSON.stringify({ ...app, status: { ...app.status, history } }));
}

/** The object that a request about one resource means. */
function managed({ query, sent }: Step): JsonObject {
  const asked = (field: string): string => query.get(field) ?? textAt(sent, field);
  const [group, kind, namespace, name] = ['group', 'kind', 'namespace', 'resourceName'].map(asked);
  const apiVersion = [group, asked('version')].filter((part) => part !== '').join('/');
  const object = JSON.stringify({ apiVersion, kind, metadata: { name, namespace } });
  return { group: group ?? '', kind: kind ?? '', namespace: namespace ?? '', name: name ?? '', liveState: object };
}

/** The same in a tree. */
function asNode(step: Step): JsonObject {
  return { ...managed(step), version: step.query.get('version') ?? 'v1', uid: '1' };
}

interface Case {
  readonly title: string;
  readonly step: Step;
  readonly name: string;
  readonly line: Line;
}

const cases = scenarios().flatMap((scenario): Case[] =>
  stepsOf(scenario).flatMap((step) => {
    const request = `${step.method} ${step.path}`;
    const found = step.body === undefined ? undefined : COMMANDS.find(([pattern]) => pattern.test(request));
    // Half of what was sent wrongly can be typed by nobody.
    if (!found || step.status === 415 || scenario === 'http-errors') return [];
    const name = found[0].exec(request)?.[1] ?? '';
    const line = found[1](step, name);
    return line ? [{ title: `${scenario}: hawser ${line.words.join(' ')}`, step, name, line }] : [];
  }),
);

async function show({ step, name, line }: Case): Promise<Shown & { readonly asked: boolean }> {
  let asked = false;
  const dispatch = async (request: Request): Promise<Answer> => {
    const [path = '', search = ''] = request.url.split('?');
    const query = new URLSearchParams(search);
    const isMeant =
      request.method === step.method &&
      decodeURIComponent(path) === decodeURIComponent(step.path) &&
      !(search.includes('fields=') && step.status === 200);
    if (!isMeant) return around(request, step, name);
    asked ||= [...step.query].every(
      ([key, value]) => key === '' || !query.has(key) || query.getAll(key).includes(value),
    );
    return { status: step.status, headers: { 'content-type': 'application/json' }, body: { json: step.body } };
  };
  const { words, stdin } = line;
  const shown = await hawser(words, { api: { ...createFakeApi(), dispatch }, ...(stdin ? { stdin } : {}) });
  return { ...shown, asked };
}

test('there are cases of every command', () => {
  expect(cases.length).toBeGreaterThan(130);
  for (const [pattern] of COMMANDS)
    expect(
      cases.some(({ step }) => pattern.test(`${step.method} ${step.path}`)),
      String(pattern),
    ).toBe(true);
});

describe('shown by the command that asks', () => {
  test.each(cases)('$title', async (one) => {
    const { step, line } = one;
    const shown = await show(one);
    if (step.status < 400) {
      expect(shown.code, shown.err).toBe(0);
      expect(shown.asked).toBe(true);
      line.shows?.(shown.out, step.body ?? null);
      return;
    }
    const said = shown.err + (shown.out.startsWith('{') ? textAt(JSON.parse(shown.out), 'error', 'message') : '');
    // What a command knows to be wrong it does not ask.
    if (!shown.asked) return expect([2, 4, 20], said).toContain(shown.code);
    const message = textAt(step.body, 'message');
    const [, resource, action, object] = /^permission denied: (\w+), (\w+), ([^,]+)/.exec(message) ?? [];
    if (action) expect(said).toContain(`the permission ${action} on ${resource} ${object} is missing`);
    else if (message === 'permission denied') expect([3, 4]).toContain(shown.code);
    else expect(said).toContain(message);
    expect(shown.code).not.toBe(0);
  });
});
