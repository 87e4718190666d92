// No sequence of calls as a restricted user reads, changes, or learns the existence of what the user may not see: the answers
// are those of a system in which it does not exist.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encode } from '../../src/api/endpoint.ts';
import { systemClock } from '../../src/cli/io/system-clock.ts';
import { isObject, type Json, type JsonObject, listAt, objectAt, textAt } from '../../src/core/json.ts';
import { createKubeCluster } from '../../src/kubernetes/cluster.ts';
import { openLocalCluster } from '../../src/local-cluster/open.ts';
import type { Cluster } from '../../src/objects/cluster.ts';
import type { KubeObject } from '../../src/objects/object.ts';
import { type Caller, policyEnforcer } from '../../src/server/auth/enforcer.ts';
import { openAudit } from '../../src/server/compose/audit.ts';
import { authorizerOver } from '../../src/server/compose/authorizer.ts';
import { createComponents } from '../../src/server/compose/components.ts';
import { install } from '../../src/server/compose/install.ts';
import { createApi, createDispatcher, type Dispatch } from '../../src/server/http/dispatch.ts';
import { type AnyEndpoint, CONTRACT, jsonOf } from '../support/contract.ts';

const CALLS = Number(process.env['HAWSER_SECRECY_CALLS'] ?? 800);

interface World {
  readonly home: Cluster;
  readonly dispatch: Dispatch;
  close(): Promise<void>;
}

const ANN: Caller = { username: 'ann', issuer: 'argocd', groups: [] };

const POLICY = `
p, ann, applications, *, open/*, allow
p, ann, applications, delete, open/*, deny
p, ann, logs, get, open/*, allow
p, ann, projects, get, open, allow
p, ann, repositories, get, open/*, allow
p, ann, clusters, get, open/*, allow`;

let open: World;
let hidden: World;

beforeAll(async () => {
  [open, hidden] = await Promise.all([openWorld(false), openWorld(true)]);
});

afterAll(async () => {
  await Promise.all([open.close(), hidden.close()]);
});

const application = (name: string, project: string): KubeObject => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: { name, namespace: 'argocd' },
  spec: {
    project,
    source: { repoURL: 'file:///nowhere/repository.git', path: '.', targetRevision: 'main' },
    destination: { server: 'https://kubernetes.default.svc', namespace: 'default' },
  },
});

const project = (name: string): KubeObject => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'AppProject',
  metadata: { name, namespace: 'argocd' },
  spec: { sourceRepos: ['*'], destinations: [{ server: '*', namespace: '*' }], roles: [{ name: 'ci' }] },
});

const HIDDEN: readonly KubeObject[] = [
  project('veiled'),
  application('veiled', 'veiled'),
  application('veiled-too', 'default'),
  {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'veiled-repo', namespace: 'argocd', labels: { 'argocd.argoproj.io/secret-type': 'repository' } },
    data: { url: btoa('https://git.example.com/veiled.git'), password: btoa('veiled-password') },
  },
];

async function openWorld(isFull: boolean): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'hawser-secrecy-'));
  const local = await openLocalCluster({ clock: systemClock, random: Math.random });
  const home = createKubeCluster(local.handle);
  await install(home, 'argocd');
  for (const object of [project('open'), application('seen', 'open'), ...(isFull ? HIDDEN : [])])
    await home.create(object);
  const core = { group: '', version: 'v1', kind: 'ConfigMap', namespace: 'argocd' };
  await home.patch({ ...core, name: 'argocd-rbac-cm' }, { type: 'merge', body: { data: { 'policy.csv': POLICY } } });
  const accounts = { 'accounts.ann': 'login, apiKey', ...(isFull ? { 'accounts.veiled': 'apiKey' } : {}) };
  await home.patch({ ...core, name: 'argocd-cm' }, { type: 'merge', body: { data: accounts } });
  const environment = { PATH: process.env['PATH'] };
  const options = { folder, environment, clock: systemClock, random: Math.random, version: '1', log: () => undefined };
  const audit = openAudit(options, { home, namespace: 'argocd' });
  const components = createComponents(home, 'argocd', { ...options, audit });
  await components.settings.ready();
  const nothing = (): Promise<void> => Promise.resolve();
  const api = createApi({
    routes: components.routes({ run: nothing, touch: () => undefined, catchUp: nothing, failureOf: () => undefined }),
    authenticate: async () => ANN,
    audit,
    authorizer: authorizerOver({
      enforcer: policyEnforcer(components.settings.access),
      home,
      namespace: 'argocd',
    }),
  });
  return {
    home,
    dispatch: createDispatcher(api),
    close: async () => {
      components.live.stop();
      await audit.close();
      await local.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The same numbers in every run. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const pick = generator(Number(process.env['HAWSER_SECRECY_SEED'] ?? 18));
const oneOf = <T>(values: readonly [T, ...T[]]): T => values[pick(values.length)] ?? values[0];

const NAMES = ['seen', 'veiled', 'veiled-too', 'none', 'ann', 'admin', 'open', 'default'] as const;

/** What a text of this name can be; any name else. */
const TEXTS: Readonly<Record<string, readonly [string, ...string[]]>> = {
  project: ['open', 'veiled', 'default', 'none'],
  appNamespace: ['argocd', '', 'default'],
  resource: ['applications', 'projects', 'accounts'],
  action: ['get', 'sync', 'delete'],
  kind: ['Application', 'Secret', 'Deployment'],
  group: ['', 'argoproj.io', 'apps'],
  version: ['v1', 'v1alpha1'],
  namespace: ['argocd', 'default'],
  repo: ['https://git.example.com/veiled.git', 'file:///nowhere/repository.git'],
  repoURL: ['file:///nowhere/repository.git', 'https://git.example.com/veiled.git'],
  server: ['https://kubernetes.default.svc'],
  patchType: ['merge', 'application/merge-patch+json'],
  patch: ['{"spec":{"project":"veiled"}}', '{"metadata":{"labels":{"a":"b"}}}', '{"spec":{"project":"default"}}'],
  selector: ['a=b'],
};

function sample(schema: JsonObject, name: string): Json {
  const [first] = listAt(schema, 'enum');
  if (first !== undefined) return first;
  const type = textAt(schema, 'type');
  if (type === 'string') return oneOf(TEXTS[name] ?? NAMES);
  if (type === 'number') return 1 + pick(3);
  if (type === 'boolean') return pick(2) === 0;
  if (type === 'array') return pick(2) === 0 ? [] : [sample(objectAt(schema, 'items'), name.replace(/s$/, ''))];
  const required = listAt(schema, 'required');
  const fields = Object.entries(objectAt(schema, 'properties')).filter(
    ([key]) => required.includes(key) || pick(4) === 0,
  );
  return Object.fromEntries(fields.map(([key, field]) => [key, sample(objectAt(field), key)]));
}

const VOLATILE =
  /^(uid|resourceVersion|generation|creationTimestamp|managedFields|lastTransitionTime|iat|exp|issuedAt|expiresAt|token|id)$/;

/** Without what differs from one system to another. */
function comparable(value: unknown): unknown {
  if (typeof value === 'string')
    return value.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>').replace(/[\da-f-]{36}/g, '<id>');
  if (Array.isArray(value)) return value.map(comparable);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).filter(([key]) => !VOLATILE.test(key));
  return Object.fromEntries(entries.map(([key, each]) => [key, comparable(each)]));
}

async function ask({ dispatch }: World, endpoint: AnyEndpoint, input: Json): Promise<unknown> {
  const control = new AbortController();
  const headers = { 'content-type': 'application/json' };
  const answer = await dispatch({ ...encode(endpoint, input), headers, signal: control.signal });
  if (!('chunks' in answer.body)) return { status: answer.status, body: comparable(jsonOf(answer)) };
  setTimeout(() => control.abort(), 1500);
  let text = '';
  for await (const chunk of answer.body.chunks) text += String(chunk);
  return { status: answer.status, names: [...text.matchAll(/"name":"([^"]+)"/g)].map(([, name]) => name).sort() };
}

const stateOf = async ({ home }: World): Promise<unknown> =>
  Promise.all(
    HIDDEN.map(({ apiVersion, kind, metadata }) => {
      const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
      return home.get({
        group: group ?? '',
        version: version ?? '',
        kind,
        namespace: 'argocd',
        name: metadata.name ?? '',
      });
    }),
  );

/** A name is taken or free: whoever may make applications of any name learns that. */
const takesName = ({ method, path }: AnyEndpoint, input: Json): boolean =>
  `${method} ${path}` === 'POST /api/v1/applications' &&
  textAt(input, 'application', 'metadata', 'name').startsWith('veiled');

const OWN_MACHINE = CONTRACT.filter(({ right }) => right === 'local');

test('answers are those of a system without what is hidden', async () => {
  const endpoints = CONTRACT.filter((endpoint) => !OWN_MACHINE.includes(endpoint));
  const before = await stateOf(hidden);
  const statuses = new Map<string, number>();
  for (let call = 0; call < CALLS; call += 1) {
    const endpoint = endpoints[pick(endpoints.length)];
    if (!endpoint || (endpoint.stream && pick(10) > 0)) continue;
    const input = sample(endpoint.input.schema(), '');
    if (takesName(endpoint, input)) continue;
    const [plain, full] = await Promise.all([ask(open, endpoint, input), ask(hidden, endpoint, input)]);
    expect(full, `${call}: ${endpoint.method} ${endpoint.path} ${JSON.stringify(input)}`).toEqual(plain);
    const status = isObject(plain) ? String(plain['status']) : '';
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
  }
  expect(await stateOf(hidden)).toEqual(before);
  // Some were done, some refused, some found nothing: the calls were not all of one kind.
  expect([...statuses.keys()].sort()).toEqual(expect.arrayContaining(['200', '400', '403', '404']));
}, 180_000);

test('a name that is taken is refused without a word about who has it', async () => {
  const create = CONTRACT.find(({ method, path }) => method === 'POST' && path === '/api/v1/applications');
  if (!create) throw new Error('the contract cannot create applications');
  const taken = JSON.parse(JSON.stringify(application('veiled', 'open')));
  const answers = await Promise.all(
    [false, true].map((upsert) => ask(hidden, create, { application: taken, upsert, validate: false })),
  );
  expect(answers).toMatchObject([
    { status: 400, body: { message: 'existing application spec is different, use upsert flag to force update' } },
    { status: 403, body: { message: 'permission denied' } },
  ]);
});
