// Who did what: what calls change is written down behind them, without a secret, and told to those who may see it.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AuditEntry } from '../../src/api/audit.ts';
import { systemClock } from '../../src/cli/io/system-clock.ts';
import { isObject, type JsonObject, listAt, objectAt, textAt } from '../../src/core/json.ts';
import { createKubeCluster } from '../../src/kubernetes/cluster.ts';
import { openLocalCluster } from '../../src/local-cluster/open.ts';
import type { KubeHandle } from '../../src/local-cluster/request.ts';
import { APPLICATION_TYPE } from '../../src/model/application-key.ts';
import type { Cluster } from '../../src/objects/cluster.ts';
import type { KubeObject } from '../../src/objects/object.ts';
import type { Audit } from '../../src/server/audit/audit.ts';
import { type Caller, policyEnforcer } from '../../src/server/auth/enforcer.ts';
import { openAudit } from '../../src/server/compose/audit.ts';
import { authorizerOver } from '../../src/server/compose/authorizer.ts';
import { createComponents } from '../../src/server/compose/components.ts';
import { install } from '../../src/server/compose/install.ts';
import { createApi, createDispatcher } from '../../src/server/http/dispatch.ts';
import { jsonOf } from '../support/contract.ts';

interface Told {
  readonly status: number;
  readonly body: unknown;
}

interface World {
  readonly home: Cluster;
  readonly audit: Audit;
  readonly handle: KubeHandle;
  ask(who: Caller, method: string, url: string, more?: Asked): Promise<Told>;
  entries(who: Caller, query?: string): Promise<readonly AuditEntry[]>;
}

interface Asked {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const ADMIN: Caller = { username: 'admin', issuer: 'argocd', groups: [] };
const LOCAL: Caller = { ...ADMIN, isLocal: true };
const ANN: Caller = { username: 'ann', issuer: 'argocd', groups: [] };
const NOBODY: Caller = { username: '', issuer: '', groups: [] };

const POLICY = `
p, ann, applications, *, open/*, allow
p, ann, projects, get, open, allow`;

let folder: string;
let world: World;
let close: () => Promise<void>;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hawser-audit-'));
  await openWorld();
});

afterEach(async () => {
  await close();
  rmSync(folder, { recursive: true, force: true });
});

const application = (name: string, project: string): KubeObject => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: { name, namespace: 'argocd' },
  spec: {
    project,
    source: { repoURL: 'https://git.example.com/a.git', path: '.', targetRevision: 'main' },
    destination: { server: 'https://kubernetes.default.svc', namespace: 'default' },
  },
});

async function openWorld(): Promise<void> {
  const local = await openLocalCluster({ clock: systemClock, random: Math.random });
  const home = createKubeCluster(local.handle);
  await install(home, 'argocd');
  for (const name of ['open', 'closed'])
    await home.create({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'AppProject',
      metadata: { name, namespace: 'argocd' },
      spec: { sourceRepos: ['*'], destinations: [{ server: '*', namespace: '*' }], roles: [{ name: 'ci' }] },
    });
  await home.create(application('web', 'open'));
  await home.create(application('hidden', 'closed'));
  const rights = { group: '', version: 'v1', kind: 'ConfigMap', namespace: 'argocd', name: 'argocd-rbac-cm' };
  await home.patch(rights, { type: 'merge', body: { data: { 'policy.csv': POLICY } } });
  const log = (message: string): never => {
    throw new Error(message);
  };
  const options = {
    folder,
    environment: { PATH: process.env['PATH'] },
    clock: systemClock,
    random: Math.random,
    version: '1',
    log,
  };
  const audit = openAudit(options, { home, namespace: 'argocd' });
  const components = createComponents(home, 'argocd', { ...options, audit });
  const { settings, clusters, sessions } = components;
  await clusters.load();
  await settings.ready();
  const nothing = (): Promise<void> => Promise.resolve();
  const routes = components.routes({
    run: nothing,
    touch: () => undefined,
    catchUp: nothing,
    failureOf: () => undefined,
  });
  const authorizer = authorizerOver({ enforcer: policyEnforcer(settings.access), home, namespace: 'argocd' });
  const dispatchAs = (caller: Caller) =>
    createDispatcher(createApi({ routes, authenticate: async () => caller, authorizer, audit }));
  const ask: World['ask'] = async (who, method, url, { body, headers } = {}) => {
    const answer = await dispatchAs(who)({
      method,
      url,
      headers: { 'content-type': 'application/json', ...headers },
      ...(who.isLocal ? {} : { address: '192.0.2.7' }),
      ...(body === undefined ? {} : { body, bytes: Buffer.from(JSON.stringify(body)) }),
    });
    if (!('chunks' in answer.body)) return { status: answer.status, body: jsonOf(answer) };
    let text = '';
    for await (const chunk of answer.body.chunks) text += String(chunk);
    return { status: answer.status, body: text };
  };
  world = {
    home,
    audit,
    handle: local.handle,
    ask,
    entries: async (who, query = '') => {
      const { body } = await ask(who, 'GET', `/api/hawser/audit${query}`);
      return listAt(body, 'items').filter(isEntry);
    },
  };
  close = async () => {
    await sessions.initialPassword();
    await audit.close();
    components.live.stop();
    clusters.close();
    await local.close();
  };
}

const isEntry = (value: unknown): value is AuditEntry => isObject(value) && textAt(value, 'action') !== '';

const APP = '/api/v1/applications';

/** Writes the spec with another revision, or project. */
async function revise(who: Caller, name: string, targetRevision: string, project?: string): Promise<void> {
  const app = await world.home.get({ ...APPLICATION_TYPE, namespace: 'argocd', name });
  const spec = objectAt(app, 'spec');
  const body = { ...spec, ...(project ? { project } : {}), source: { ...objectAt(spec, 'source'), targetRevision } };
  expect(await world.ask(who, 'PUT', `${APP}/${name}/spec?validate=false`, { body })).toMatchObject({ status: 200 });
}

const brief = ({ actor, action, subject, change }: AuditEntry): string =>
  [actor, action, subject, change].filter((word) => word !== undefined).join(' ');

describe('an entry', () => {
  test('tells who did what to which object, from where, and the fields that changed', async () => {
    await revise(ANN, 'web', 'v2');
    expect(await world.entries(ADMIN)).toEqual([
      {
        time: expect.stringMatching(/^\d{4}-.*Z$/),
        actor: 'ann',
        from: '192.0.2.7',
        action: 'set',
        request: `PUT ${APP}/{name}/spec`,
        outcome: 'done',
        application: { namespace: 'argocd', name: 'web', project: 'open' },
        subject: 'application argocd/web',
        object: { group: 'argoproj.io', kind: 'Application', namespace: 'argocd', name: 'web' },
        change: 'changed',
        fields: [{ path: 'spec.source.targetRevision', before: 'main', after: 'v2' }],
      },
    ]);
  });

  test('is of every kind of change, and of none that changes nothing', async () => {
    const project = { metadata: { name: 'shop' }, spec: { description: 'Shop' } };
    await world.ask(LOCAL, 'POST', '/api/v1/projects', { body: { project } });
    await world.ask(LOCAL, 'POST', '/api/v1/projects', { body: { project, upsert: true } });
    await world.ask(LOCAL, 'GET', `${APP}/web`);
    await world.ask(LOCAL, 'POST', '/api/v1/projects/open/roles/ci/token', { body: { project: 'open', role: 'ci' } });
    await revise(LOCAL, 'web', 'v2');
    await world.ask(LOCAL, 'DELETE', `${APP}/web?cascade=false`);
    await world.ask(LOCAL, 'DELETE', '/api/v1/projects/shop');
    expect((await world.entries(ADMIN)).map(brief).reverse()).toEqual([
      'admin create project shop created',
      'admin create-token project open changed',
      'admin set application argocd/web changed',
      'admin delete application argocd/web deleted',
      'admin delete project shop deleted',
    ]);
    expect((await world.entries(ADMIN))[0]).toMatchObject({ from: 'local', user: expect.stringMatching(/./) });
  });

  test('is one for an object, however often a call writes it, and one for each object of an import', async () => {
    const objects = ['a', 'b'].map((name) => application(name, 'open'));
    await world.ask(LOCAL, 'POST', '/api/hawser/installation', { body: { objects } });
    expect((await world.entries(ADMIN)).map(brief).reverse()).toEqual([
      'admin import application argocd/a created',
      'admin import application argocd/b created',
    ]);
  });

  test('tells logins, refused ones, and what was refused to whom', async () => {
    const login = (username: string, password: string): Promise<Told> =>
      world.ask(NOBODY, 'POST', '/api/v1/session', { body: { username, password } });
    const password = await initialPassword();
    await login('admin', 'planted-login-word');
    await login('admin', password);
    await world.ask(ANN, 'DELETE', `${APP}/hidden`);
    await world.ask(ANN, 'DELETE', '/api/v1/projects/open');
    await world.ask(ANN, 'GET', '/auth/logout', { headers: { cookie: 'argocd.token=word' } });
    await world.ask(NOBODY, 'GET', '/auth/logout');
    const all = (await world.entries(ADMIN)).map((entry) => `${entry.actor} ${entry.action} ${entry.outcome}`);
    expect(all.reverse()).toEqual([
      'admin login refused',
      'admin login done',
      'ann delete refused',
      'ann delete refused',
      'ann logout done',
    ]);
  });

  test('tells what a webhook refreshed', async () => {
    const body = {
      ref: 'refs/heads/main',
      before: 'a',
      after: 'b',
      commits: [{ added: ['x.yaml'], modified: [], removed: [] }],
      repository: { html_url: 'https://git.example.com/a', default_branch: 'main' },
    };
    const headers = { 'x-github-event': 'push' };
    expect((await world.ask(NOBODY, 'POST', '/api/webhook', { body, headers })).status).toBe(200);
    await expect
      .poll(async () => (await world.entries(ADMIN)).map(brief).sort())
      .toEqual([
        'webhook github refresh application argocd/hidden changed',
        'webhook github refresh application argocd/web changed',
      ]);
  });

  test('tells what the controller synced by itself', async () => {
    const before = await world.home.get({ ...APPLICATION_TYPE, namespace: 'argocd', name: 'web' });
    if (!before) throw new Error('it is there');
    const operation = { sync: { revision: 'abc' }, initiatedBy: { automated: true } };
    const after = { ...before, status: { operationState: { startedAt: '2026-01-05T10:00:00Z', operation } } };
    world.audit.controllerDid({ before, after });
    world.audit.controllerDid({ before: after, after });
    world.audit.controllerDid({ before: undefined, after });
    expect(await world.entries(ADMIN)).toMatchObject([
      { actor: 'controller', action: 'sync', fields: [{ path: 'operation.sync.revision', after: 'abc' }] },
    ]);
  });
});

async function initialPassword(): Promise<string> {
  const reference = {
    group: '',
    version: 'v1',
    kind: 'Secret',
    namespace: 'argocd',
    name: 'argocd-initial-admin-secret',
  };
  await world.ask(NOBODY, 'POST', '/api/v1/session', { body: { username: 'nobody', password: 'x' } });
  const secret = await world.home.get(reference);
  await world.audit.close();
  rmSync(join(folder, 'audit'), { recursive: true, force: true });
  return Buffer.from(textAt(secret, 'data', 'password'), 'base64').toString();
}

describe('no secret', () => {
  test('is in the files, whatever was written', async () => {
    const password = await initialPassword();
    const planted = 'planted-word-9';
    const secret = (name: string, type: string, data: object): object => ({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name, labels: { 'argocd.argoproj.io/secret-type': type } },
      stringData: data,
    });
    const objects = [
      secret('one', 'repository', { url: `https://ann:${planted}@git.example.com/b.git`, password: planted }),
      secret('two', 'cluster', { server: 'https://far', name: 'far', config: `{"bearerToken":"${planted}"}` }),
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'argocd-cm' },
        data: { 'oidc.config': `name: x\nclientSecret: ${planted}\n`, 'dex.config': `secret: |\n  ${planted}\n` },
      },
      {
        ...application('helm', 'open'),
        spec: {
          project: 'open',
          destination: { name: 'in-cluster' },
          source: {
            repoURL: `https://x:${planted}@git.example.com/a.git`,
            path: '.',
            helm: {
              parameters: [{ name: 'db.password', value: planted }],
              values: `db:\n  password: ${planted}\n`,
              valuesObject: { auth: { token: planted } },
            },
            plugin: { env: [{ name: 'API_TOKEN', value: planted }] },
          },
        },
      },
    ];
    await world.ask(LOCAL, 'POST', '/api/hawser/installation', { body: { objects } });
    const body = { name: 'admin', currentPassword: password, newPassword: `${planted}-long` };
    await world.ask(LOCAL, 'PUT', '/api/v1/account/password', { body });
    await world.ask(NOBODY, 'POST', '/api/v1/session', { body: { username: 'admin', password: planted } });
    const token = await world.ask(LOCAL, 'POST', '/api/v1/projects/open/roles/ci/token', {
      body: { project: 'open', role: 'ci' },
    });
    await world.home.create({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        name: 'deployed',
        namespace: 'default',
        annotations: { 'argocd.argoproj.io/tracking-id': 'web:/Secret:default/deployed' },
      },
    });
    await world.audit.close();
    const files = readdirSync(join(folder, 'audit')).map((name) => readFileSync(join(folder, 'audit', name), 'utf8'));
    const text = files.join('');
    expect(text).not.toContain(planted);
    expect(text).not.toContain(Buffer.from(planted).toString('base64').slice(0, 12));
    expect(text).not.toContain(password);
    expect(text).not.toContain(textAt(token.body, 'token').split('.')[2] ?? 'none');
    expect(text.split('\n').length).toBeGreaterThan(7);
    expect((await world.entries(ADMIN)).map(({ subject }) => subject)).toContain('account admin');
  });
});

describe('who is no administrator', () => {
  beforeEach(async () => {
    await revise(LOCAL, 'web', 'v2');
    await revise(LOCAL, 'hidden', 'v2');
    await world.ask(LOCAL, 'POST', '/api/v1/projects', { body: { project: { metadata: { name: 'shop' }, spec: {} } } });
  });

  test('sees what was done to what may be seen, and not from where', async () => {
    expect(await world.entries(ANN)).toEqual([
      expect.objectContaining({ actor: 'admin', subject: 'application argocd/web', action: 'set' }),
    ]);
    expect((await world.entries(ANN))[0]).not.toHaveProperty('from');
    expect(await world.entries({ ...ANN, username: 'eve' })).toEqual([]);
  });

  test('does not see what came from, or went to, where nothing may be seen', async () => {
    await revise(LOCAL, 'hidden', 'v3', 'open');
    await revise(LOCAL, 'web', 'v3', 'closed');
    expect((await world.entries(ANN)).map(({ fields }) => fields?.[0]?.after)).toEqual(['v2']);
    expect(await world.entries(ADMIN)).toHaveLength(5);
  });

  test('learns nothing of an application by its name', async () => {
    const asked = async (name: string): Promise<Told> => world.ask(ANN, 'GET', `/api/hawser/audit?app=${name}`);
    expect((await asked('web')).status).toBe(200);
    const { status, body } = await asked('hidden');
    expect(status).toBe(403);
    expect({ status, body }).toEqual(await asked('missing'));
  });
});

test('entries are found by application, actor, time and number', async () => {
  await revise(LOCAL, 'web', 'v2');
  await revise(LOCAL, 'hidden', 'v2');
  await revise(ANN, 'web', 'v3');
  expect((await world.entries(ADMIN, '?app=web')).map(({ actor }) => actor)).toEqual(['ann', 'admin']);
  expect((await world.entries(ADMIN, '?app=web&appNamespace=other')).length).toBe(0);
  expect((await world.entries(ADMIN, '?actor=ann')).length).toBe(1);
  expect((await world.entries(ADMIN, '?since=2999-01-01T00:00:00Z')).length).toBe(0);
  expect((await world.entries(ADMIN, '?limit=2')).length).toBe(2);
  expect((await world.ask(ADMIN, 'GET', '/api/hawser/audit?limit=2')).body).toMatchObject({ isCut: true });
  expect((await world.ask(ADMIN, 'GET', '/api/hawser/audit?since=odd')).status).toBe(400);
});

describe('the Kubernetes API of the cluster', () => {
  const handleAs = async (method: string, path: string, body?: JsonObject, authorization?: string): Promise<number> => {
    const address = '192.0.2.9';
    const { status } = await world.handle({
      ...{ method, path, query: new URLSearchParams(), headers: { 'content-type': 'application/json' } },
      observer: world.audit.observerOf({ method, path, address }),
      ...(body ? { body } : {}),
      ...(authorization === undefined ? {} : { authorization }),
    });
    return status;
  };
  const argo = '/apis/argoproj.io/v1alpha1/namespaces/argocd/applications';
  const patch = { 'content-type': 'application/merge-patch+json' };
  const change = async (path: string, body: JsonObject): Promise<void> => {
    const observer = world.audit.observerOf({ method: 'PATCH', path, address: '192.0.2.9' });
    const request = { method: 'PATCH', path, query: new URLSearchParams(), headers: patch, body, observer };
    expect(await world.handle(request)).toMatchObject({ status: 200 });
  };

  test('is heard too: who changed what, on whose behalf, and which application it belongs to', async () => {
    const annotations = { 'argocd.argoproj.io/tracking-id': 'web:/ConfigMap:default/settings' };
    const settings = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', annotations } };
    expect(await handleAs('POST', '/api/v1/namespaces/default/configmaps', settings)).toBe(201);
    await change('/api/v1/namespaces/default/configmaps/settings', { data: { colour: 'blue' } });
    await change(`${argo}/hidden`, { spec: { source: { targetRevision: 'v2' } } });
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'db' }, stringData: { word: 'planted' } };
    expect(await handleAs('POST', '/api/v1/namespaces/default/secrets', secret)).toBe(201);
    expect(await handleAs('DELETE', '/api/v1/namespaces/default/configmaps/settings')).toBe(200);
    expect((await world.entries(ADMIN)).map(brief).reverse()).toEqual([
      'kubernetes-admin create ConfigMap default/settings created',
      'kubernetes-admin patch ConfigMap default/settings changed',
      'kubernetes-admin patch application argocd/hidden changed',
      'kubernetes-admin create Secret default/db created',
      'kubernetes-admin delete ConfigMap default/settings deleted',
    ]);
    const [, second] = (await world.entries(ADMIN, '?app=web')).toReversed();
    expect(second).toMatchObject({
      from: '192.0.2.9',
      via: 'kubernetes',
      request: 'PATCH /api/v1/namespaces/default/configmaps/settings',
      application: { namespace: 'argocd', name: 'web', project: 'open' },
      fields: [{ path: 'data.colour', after: 'blue' }],
    });
    expect(JSON.stringify(await world.entries(ADMIN))).not.toContain('planted');
    expect((await world.entries(ANN)).map(brief)).toEqual([
      'kubernetes-admin delete ConfigMap default/settings deleted',
      'kubernetes-admin patch ConfigMap default/settings changed',
      'kubernetes-admin create ConfigMap default/settings created',
    ]);
    // A user of the cluster who bears the name of an account is another.
    expect(await world.entries({ ...ANN, username: 'kubernetes-admin' })).toEqual([]);
  });

  test('tells whom it refused, and nothing of what came to nothing', async () => {
    const settings = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' } };
    expect(await handleAs('POST', '/api/v1/namespaces/default/configmaps', settings, '')).toBe(403);
    expect(await handleAs('DELETE', '/api/v1/namespaces/default/configmaps/settings')).toBe(404);
    await change('/api/v1/namespaces/default', { metadata: { labels: { 'kubernetes.io/metadata.name': 'default' } } });
    expect(await world.entries(ADMIN)).toEqual([
      expect.objectContaining({ actor: 'system:anonymous', action: 'create', outcome: 'refused', via: 'kubernetes' }),
    ]);
    expect(await world.entries(ANN)).toEqual([]);
  });
});
