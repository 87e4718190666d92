// hawser admin app generate-spec, admin cluster kubeconfig and namespaces.

import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseYaml } from '../../src/core/yaml.ts';
import { createFakeApi, type FakeApi } from '../support/fake-api.ts';
import { hawser } from '../support/hawser.ts';

let api: FakeApi;

beforeEach(() => {
  api = createFakeApi();
});

afterEach(() => api.verify());

const folder = mkdtempSync(join(tmpdir(), 'hawser-admin-cluster-'));
const CREATE = 'admin app generate-spec shop --repo https://git.example.com/a.git --path prod --dest-name in-cluster';

describe('admin app generate-spec', () => {
  test('prints a manifest, and asks nobody', async () => {
    const { out, code } = await hawser(CREATE);
    expect(code).toBe(0);
    expect(parseYaml(out, 'out')).toEqual({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: { name: 'shop' },
      spec: {
        destination: { name: 'in-cluster' },
        project: 'default',
        source: { repoURL: 'https://git.example.com/a.git', path: 'prod' },
      },
    });
    expect(JSON.parse((await hawser(`${CREATE} -o json`)).out)).toEqual(parseYaml(out, 'out'));
    expect((await hawser(CREATE, { program: 'argocd' })).out).toMatch(/project: ""/);
  });

  test('writes the file with --inline, and in drop-in mode keeps the former one', async () => {
    const path = join(folder, 'app.yaml');
    writeFileSync(path, (await hawser(CREATE)).out);
    const line = `admin app generate-spec -f ${path} --revision v2 --inline`;
    expect(await hawser(line)).toEqual({ code: 0, out: '', err: '' });
    expect(readFileSync(path, 'utf8')).toMatch(/targetRevision: v2/);
    expect(() => statSync(`${path}.back`)).toThrow();
    await hawser(line.replace('v2', 'v3'), { program: 'argocd' });
    expect(readFileSync(path, 'utf8')).toMatch(/targetRevision: v3/);
    expect(readFileSync(`${path}.back`, 'utf8')).toMatch(/targetRevision: v2/);
  });

  test.each([
    ['admin app generate-spec', /needs APPNAME or --file/],
    ['admin app generate-spec shop --inline', /needs --file/],
    [`${CREATE} -o odd`, /unknown output format: odd/],
  ])('%s is refused', async (line, message) => {
    const { code, err } = await hawser(line);
    expect([code, err]).toEqual([2, expect.stringMatching(message)]);
  });
});

const base64 = (text: string): string => Buffer.from(text).toString('base64');

const secretOf = (server: string, config: object): object => ({
  object: {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'c', labels: { 'argocd.argoproj.io/secret-type': 'cluster' } },
    data: { server: base64(server), name: base64('staging'), config: base64(JSON.stringify(config)) },
  },
});

describe('admin cluster kubeconfig', () => {
  const URL = 'https://staging.example.com:6443';
  const CONFIG = { bearerToken: 'word', tlsClientConfig: { caData: 'Q0E=', serverName: 'inside' } };

  test('writes what kubectl takes, for nobody else to read', async () => {
    api.on('GET /api/hawser/installation').stream([secretOf('https://other', {}), secretOf(URL, CONFIG), {}]);
    const path = join(folder, 'kubeconfig');
    expect(await hawser(`admin cluster kubeconfig ${URL} ${path}`, { api })).toEqual({ code: 0, out: '', err: '' });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(parseYaml(readFileSync(path, 'utf8'), path)).toEqual({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [
        {
          name: 'staging',
          cluster: { server: URL, 'certificate-authority-data': 'Q0E=', 'tls-server-name': 'inside' },
        },
      ],
      users: [{ name: 'staging', user: { token: 'word' } }],
      contexts: [{ name: 'staging', context: { cluster: 'staging', user: 'staging' } }],
      'current-context': 'staging',
    });
  });

  test.each([
    [
      { username: 'ann', password: 'word' },
      { username: 'ann', password: 'word' },
    ],
    [
      { tlsClientConfig: { certData: 'Q0E=', keyData: 'S0VZ' } },
      { 'client-certificate-data': 'Q0E=', 'client-key-data': 'S0VZ' },
    ],
    [
      { execProviderConfig: { command: 'log-in', args: ['a'], env: { A: 'b' } } },
      {
        exec: {
          apiVersion: 'client.authentication.k8s.io/v1',
          command: 'log-in',
          args: ['a'],
          env: [{ name: 'A', value: 'b' }],
          interactiveMode: 'IfAvailable',
        },
      },
    ],
    [
      { awsAuthConfig: { clusterName: 'shop', roleARN: 'arn:x' } },
      {
        exec: {
          apiVersion: 'client.authentication.k8s.io/v1beta1',
          command: 'argocd-k8s-auth',
          args: ['aws', '--cluster-name', 'shop', '--role-arn', 'arn:x'],
        },
      },
    ],
  ])('has the login %j', async (config, user) => {
    api.on('GET /api/hawser/installation').stream([secretOf(URL, config), {}]);
    const { out } = await hawser(`admin cluster kubeconfig ${URL} -`, { api });
    expect(parseYaml(out, 'out')).toMatchObject({ users: [{ user }] });
  });

  test.each([
    ['https://nowhere', /cluster "https:\/\/nowhere" not found\nhint: registered clusters: https:\/\/staging/],
    ['https://kubernetes.default.svc', /hawser local kubeconfig/],
  ])('of %s says that there is none', async (url, message) => {
    api.on('GET /api/hawser/installation').stream([secretOf(URL, {}), {}]);
    const { code, err } = await hawser(`admin cluster kubeconfig ${url} -`, { api });
    expect([code, err]).toEqual([4, expect.stringMatching(message)]);
  });

  test.each([
    ['Not Found\n', 'text/plain'],
    ['{"error":"Not Found","code":5,"message":"Not Found"}', 'application/json'],
  ])('says that a real Argo CD has no such answer (%j)', async (body, type) => {
    api.on('GET /api/hawser/installation').reply(404, body, { 'content-type': type });
    const { code, err } = await hawser(`admin cluster kubeconfig ${URL} -`, { api });
    expect([code, err]).toEqual([20, expect.stringMatching(/is no Hawser[\s\S]*--context NAME/)]);
  });
});

describe('admin cluster namespaces', () => {
  const app = (name: string, spec: object, resources: readonly object[] = []): object => ({
    metadata: { name, namespace: 'argocd' },
    spec: { project: 'default', source: { repoURL: 'x' }, ...spec },
    status: { resources },
  });
  const CLUSTERS = [
    { server: 'https://a', name: 'a', namespaces: ['old'] },
    { server: 'https://b', name: 'b' },
  ];

  beforeEach(() => {
    api.on('GET /api/v1/clusters').reply(200, { items: CLUSTERS });
    api.on('GET /api/v1/applications').reply(200, {
      items: [
        app('one', { destination: { server: 'https://a', namespace: 'unused' } }, [
          { kind: 'ConfigMap', name: 'x', namespace: 'two', version: 'v1' },
          { kind: 'Namespace', name: 'x', version: 'v1' },
        ]),
        app('two', { destination: { name: 'a', namespace: 'one' } }),
      ],
    });
  });

  test('are those of what was deployed, or else of the destination', async () => {
    const { out } = await hawser('admin cluster namespaces', { api });
    expect(out).toBe('CLUSTER    NAMESPACES\nhttps://a  one,two\nhttps://b  \n');
    expect(JSON.parse((await hawser('admin cluster namespaces -o json', { api })).out)[0]).toEqual({
      server: 'https://a',
      namespaces: ['one', 'two'],
    });
  });

  test('are kept to by enable-namespaced-mode, which changes nothing by itself', async () => {
    const { out, err } = await hawser('admin cluster namespaces enable-namespaced-mode *', { api });
    expect([out, err]).toEqual(['https://a: one, two (dry run)\n', expect.stringMatching(/--dry-run=false/)]);
    api.on('PUT /api/v1/clusters/https%3A%2F%2Fa').reply(200, CLUSTERS[0]);
    const line = 'admin cluster namespaces enable-namespaced-mode https://a --cluster-resources --dry-run=false';
    expect((await hawser(line, { api })).out).toBe('https://a: one, two\n');
    expect(api.requests.at(-1)?.body).toEqual({
      server: 'https://a',
      namespaces: ['one', 'two'],
      clusterResources: true,
    });
    const few = 'admin cluster namespaces enable-namespaced-mode * --max-namespace-count 1';
    expect((await hawser(few, { api })).err).toMatch(/no cluster of '\*' is to change/);
  });

  test('are freed by disable-namespaced-mode', async () => {
    api.on('PUT /api/v1/clusters/https%3A%2F%2Fa').reply(200, CLUSTERS[0]);
    const line = 'admin cluster namespaces disable-namespaced-mode * --dry-run=false -o json';
    expect(JSON.parse((await hawser(line, { api })).out)).toEqual({
      dryRun: false,
      clusters: [{ server: 'https://a', namespaces: [], clusterResources: false }],
    });
    expect(api.requests.at(-1)?.body).toMatchObject({ namespaces: [] });
  });
});
