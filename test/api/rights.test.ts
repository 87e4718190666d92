// Each endpoint asks for its right before it does anything.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encode, type WireRequest } from '../../src/api/endpoint.ts';
import type { Right } from '../../src/api/rights.ts';
import { canI } from '../../src/api/sessions.ts';
import { systemClock } from '../../src/cli/io/system-clock.ts';
import { HawserError } from '../../src/core/errors.ts';
import { listAt } from '../../src/core/json.ts';
import { createKubeCluster } from '../../src/kubernetes/cluster.ts';
import { openLocalCluster } from '../../src/local-cluster/open.ts';
import type { Caller, Enforcer } from '../../src/server/auth/enforcer.ts';
import { openAudit } from '../../src/server/compose/audit.ts';
import { authorizerOver } from '../../src/server/compose/authorizer.ts';
import { createComponents } from '../../src/server/compose/components.ts';
import { install } from '../../src/server/compose/install.ts';
import { createApi, createDispatcher, type Dispatch } from '../../src/server/http/dispatch.ts';
import { createKubernetesPort } from '../../src/server/http/kubernetes-port.ts';
import type { Route } from '../../src/server/http/route.ts';
import { healthRoute } from '../../src/server/routes/health.ts';
import { localRoutes } from '../../src/server/routes/local.ts';
import { type AnyEndpoint, CONTRACT, jsonOf, sampleInput } from '../support/contract.ts';

const NAME = 'web';
const VISITOR: Caller = { username: 'visitor', issuer: 'argocd', groups: [] };

let routes: readonly Route[];
let folder: string;
let close: () => Promise<void>;
let dispatchAs: (caller: Caller | undefined, enforcer: Enforcer) => Dispatch;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hawser-rights-'));
  const local = await openLocalCluster({ clock: systemClock, random: Math.random });
  const home = createKubeCluster(local.handle);
  await install(home, 'argocd');
  await home.create({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: NAME, namespace: 'argocd' },
    spec: {
      project: 'default',
      source: { repoURL: 'https://git.example.com/web.git' },
      destination: { server: 'https://kubernetes.default.svc' },
    },
  });
  const connections = [
    ['repository', { url: 'https://git.example.com/web.git' }],
    ['repo-creds', { url: 'https://git.example.com' }],
    ['repo-write-creds', { url: 'https://git.example.com' }],
    ['cluster', { server: 'https://far.example.com', name: NAME, config: '{}' }],
  ] as const;
  for (const [type, texts] of connections) {
    const data = Object.fromEntries(
      Object.entries(texts).map(([key, text]) => [key, Buffer.from(text).toString('base64')]),
    );
    const labels = { 'argocd.argoproj.io/secret-type': type };
    const metadata = { name: `one-${type}`, namespace: 'argocd', labels };
    await home.create({ apiVersion: 'v1', kind: 'Secret', metadata, data });
  }
  await home.create({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'ApplicationSet',
    metadata: { name: NAME, namespace: 'argocd' },
    spec: { template: { metadata: {}, spec: { project: 'default', destination: {} } } },
  });
  const environment = { PATH: process.env['PATH'] };
  const options = {
    folder,
    environment,
    clock: systemClock,
    random: Math.random,
    version: '1',
    log: () => undefined,
  };
  const components = createComponents(home, 'argocd', {
    ...options,
    audit: openAudit(options, { home, namespace: 'argocd' }),
  });
  const nothing = (): Promise<void> => Promise.resolve();
  const listener = async () => () => undefined;
  const kubernetes = createKubernetesPort({ home, clock: systemClock, log: options.log, listener });
  routes = [
    healthRoute,
    ...components.routes({ run: nothing, touch: () => undefined, catchUp: nothing, failureOf: () => undefined }),
    ...localRoutes({
      run: nothing,
      kubernetes,
      cluster: local,
      password: async () => 'secret',
      status: () => Promise.reject(new Error('not asked')),
    }),
  ];
  dispatchAs = (caller, enforcer) =>
    createDispatcher(
      createApi({
        routes,
        authenticate: async () => {
          if (!caller) throw new HawserError('not-logged-in', 'no session information');
          return caller;
        },
        authorizer: authorizerOver({ enforcer, home, namespace: 'argocd' }),
      }),
    );
  close = async () => {
    components.live.stop();
    await local.close();
  };
});

afterAll(async () => {
  await close();
  await rm(folder, { recursive: true, force: true });
});

const isServed = ({ method, path }: AnyEndpoint): boolean =>
  routes.some((route) => route.method === method && route.path === path);

const requestOf = (endpoint: AnyEndpoint): WireRequest => encode(endpoint, sampleInput(endpoint, NAME));

interface Told {
  readonly status: number;
  /** JSON, or what a stream says in its first moment. */
  readonly body: unknown;
}

async function ask(endpoint: AnyEndpoint, dispatch: Dispatch): Promise<Told> {
  const control = new AbortController();
  const headers = { 'content-type': 'application/json' };
  const answer = await dispatch({ ...requestOf(endpoint), headers, signal: control.signal });
  const { status, body } = answer;
  if (!('chunks' in body)) return { status, body: jsonOf(answer) };
  setTimeout(() => control.abort(), 100);
  let text = '';
  for await (const chunk of body.chunks) text += String(chunk);
  return { status, body: text };
}

/** Rights that were asked for, all of them granted but the last. */
function recorder(): { readonly rights: string[]; readonly enforcer: Enforcer } {
  const rights: string[] = [];
  const say = ({ resource, action, object }: Right): string => `${resource} ${action} ${object}`;
  return { rights, enforcer: { may: (_caller, right) => rights.push(say(right)) > 0 } };
}

const NO: Enforcer = { may: () => false };
const title = ({ method, path }: AnyEndpoint): string => `${method} ${path}`;
const cases = CONTRACT.map((endpoint) => [title(endpoint), endpoint] as const);

test('every route is of an endpoint of the contract', () => {
  const endpoints = new Set(CONTRACT.map(title));
  expect(routes.map(({ method, path }) => `${method} ${path}`).filter((each) => !endpoints.has(each))).toEqual([]);
  expect(routes.length).toBeGreaterThan(35);
});

describe('a caller with a session and no right', () => {
  test.each(cases)('%s', async (_, endpoint) => {
    if (!isServed(endpoint)) return;
    const answer = await ask(endpoint, dispatchAs(VISITOR, NO));
    const { right } = endpoint;
    if (right === 'open') expect(answer.status).not.toBe(403);
    else if (right === 'session')
      expect(answer).toEqual({ status: 200, body: endpoint === canI ? { value: 'no' } : {} });
    else if (right === 'local' || !('items' in right)) expect(answer.status).toBe(403);
    else if (endpoint.stream) expect(answer).toMatchObject({ status: 200, body: '' });
    else expect(listAt(answer.body, 'items')).toEqual([]);
  });

  test('is told the right that is missing only where nothing is hidden', async () => {
    const get = CONTRACT.find((endpoint) => title(endpoint) === 'GET /api/v1/applications/{name}');
    const create = CONTRACT.find((endpoint) => title(endpoint) === 'POST /api/v1/applications');
    if (!get || !create) throw new Error('the contract has no applications');
    const dispatch = dispatchAs({ ...VISITOR, issuedAt: 1767261600 }, NO);
    expect((await ask(get, dispatch)).body).toMatchObject({ message: 'permission denied' });
    expect((await ask(create, dispatch)).body).toMatchObject({
      message: 'permission denied: applications, create, web/web, sub: visitor, iat: 2026-01-01T10:00:00Z',
    });
  });
});

describe('a caller without a session', () => {
  test.each(cases)('%s', async (_, endpoint) => {
    if (!isServed(endpoint) || endpoint.right === 'open') return;
    expect((await ask(endpoint, dispatchAs(undefined, NO))).status).toBe(401);
  });
});

describe('a caller with every right', () => {
  test('sees what lists hold', async () => {
    const { enforcer } = recorder();
    for (const endpoint of CONTRACT) {
      const { right } = endpoint;
      if (typeof right === 'string' || !('items' in right) || endpoint.stream) continue;
      const { body } = await ask(endpoint, dispatchAs(VISITOR, enforcer));
      expect(body, title(endpoint)).toMatchObject({ items: [expect.anything()] });
    }
  });
});

test('an account has access to itself', async () => {
  const admin = { ...VISITOR, username: 'admin' };
  const dispatch = dispatchAs(admin, NO);
  const get = async (url: string): Promise<unknown> => jsonOf(await dispatch({ method: 'GET', url, headers: {} }));
  expect(await get('/api/v1/account/admin')).toMatchObject({ name: 'admin' });
  expect(await get('/api/v1/account')).toMatchObject({ items: [{ name: 'admin' }] });
});

test.each([
  ['/api/v1/account/can-i/applications/get/default/web', 200, { value: 'yes' }],
  [
    '/api/v1/account/can-i/nonsense/get/*',
    400,
    { message: expect.stringMatching(/^\[clusters .*\] does not contain nonsense$/) },
  ],
  [
    '/api/v1/account/can-i/applications/nonsense/*',
    400,
    { message: expect.stringMatching(/^\[get .*\] does not contain nonsense$/) },
  ],
])('%s answers by the policy', async (url, status, body) => {
  const { rights, enforcer } = recorder();
  const answer = await dispatchAs(VISITOR, enforcer)({ method: 'GET', url, headers: {} });
  expect(answer.status).toBe(status);
  expect(jsonOf(answer)).toMatchObject(body);
  expect(rights).toEqual(status === 200 ? ['applications get default/web'] : []);
});
