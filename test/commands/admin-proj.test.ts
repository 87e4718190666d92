// hawser admin proj: projects generated, and one policy changed in many of them.

import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { objectAt } from '../../src/core/json.ts';
import { createFakeApi } from '../support/fake-api.ts';
import { hawser, type Shown } from '../support/hawser.ts';
import { startKubeServer } from '../support/kube-server.ts';
import { shellWords } from '../support/shell-words.ts';

const folder = mkdtempSync(join(tmpdir(), 'hawser-admin-proj-'));

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

const type = (line: string, typed: Parameters<typeof hawser>[1] = {}): Promise<Shown> =>
  hawser(shellWords(line), typed);

const PROJECT = `apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata:
  name: shop
spec:
  description: Before
`;

describe('generate-spec', () => {
  test('prints a manifest, and asks nobody', async () => {
    const { out } = await type("admin proj generate-spec shop -s '*' --description Shop");
    expect(out).toBe(
      "apiVersion: argoproj.io/v1alpha1\nkind: AppProject\nmetadata:\n  name: shop\nspec:\n  description: Shop\n  sourceRepos:\n  - '*'\n",
    );
    expect(JSON.parse((await type('admin proj generate-spec shop -o json')).out)).toEqual({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'AppProject',
      metadata: { name: 'shop' },
      spec: {},
    });
  });

  test('writes the file with --inline', async () => {
    const path = file('inline.yaml', PROJECT);
    expect(await type(`admin proj generate-spec -f ${path} --description After --inline`)).toEqual({
      code: 0,
      out: '',
      err: '',
    });
    expect(readFileSync(path, 'utf8')).toBe(PROJECT.replace('Before', 'After'));
  });

  test.each([
    ['admin proj generate-spec', /needs PROJECT or --file/],
    ['admin proj generate-spec shop --inline', /needs --file/],
    ['admin proj generate-spec shop -o odd', /unknown output format: odd/],
    [`admin proj generate-spec other -f ${file('other.yaml', PROJECT)}`, /'other' does not match .* 'shop'/],
  ])('%s is refused', async (line, message) => {
    const shown = await type(line);
    expect(shown.err).toMatch(message);
    expect(shown.code).toBe(2);
  });
});

test('generate-allow-list allows the kinds that a role lets be created', async () => {
  const server = await startKubeServer();
  const kubeconfig = file(
    'kubeconfig',
    `apiVersion: v1
kind: Config
current-context: lab
contexts: [{name: lab, context: {cluster: lab, user: lab}}]
clusters: [{name: lab, cluster: {server: "${server.url}"}}]
users: [{name: lab, user: {token: ${server.token}}}]
`,
  );
  const role = file(
    'role.yaml',
    `kind: ClusterRole
rules:
- {apiGroups: [apps], resources: [deployments, statefulsets, planes], verbs: [get, Create]}
- {apiGroups: [''], resources: [secrets], verbs: [get]}
- {apiGroups: ['', apps], resources: [configmaps, deployments], verbs: ['*']}
`,
  );
  const shown = await type(`admin proj generate-allow-list ${role} shop --kubeconfig ${kubeconfig} --format json`);
  await server.close();
  expect(shown.err).toBe('');
  expect(JSON.parse(shown.out)).toMatchObject({
    metadata: { name: 'shop' },
    spec: {
      namespaceResourceWhitelist: expect.arrayContaining([
        { group: 'apps', kind: 'Deployment' },
        { group: 'apps', kind: 'StatefulSet' },
        { group: '', kind: 'ConfigMap' },
      ]),
    },
  });
  expect(shown.out).not.toMatch(/Secret/);
  expect((await type(`admin proj generate-allow-list ${file('none.yaml', 'a: b\n')} shop`)).err).toMatch(/no rule/);
});

describe('update-role-policy', () => {
  const GET = 'p, proj:shop:ci, applications, get, shop/*, allow';
  const projects = ['shop', 'other'].map((name) => ({
    metadata: { name, resourceVersion: '7' },
    spec: { roles: [{ name: 'ci', policies: [GET.replaceAll('shop', name)] }, { name: 'qa' }] },
  }));

  test('says what it would change, and changes nothing', async () => {
    const api = createFakeApi();
    api.on('GET /api/v1/projects').reply(200, { items: projects });
    const line =
      "admin proj update-role-policy 's*' set sync --role ci --scope '*' --permission allow --resource applications";
    const shown = await type(line, { api });
    expect(shown.out).toBe('===== shop ci ======\n+ p, proj:shop:ci, applications, sync, shop/*, allow\n');
    expect(shown.err).toMatch(/--dry-run=false changes it/);
    expect(api.requests).toHaveLength(1);
  });

  test('changes each project with --dry-run=false', async () => {
    const api = createFakeApi();
    api.on('GET /api/v1/projects').reply(200, { items: projects });
    api.on('PUT /api/v1/projects/shop').reply(200, projects[0]);
    api.on('PUT /api/v1/projects/other').reply(200, projects[1]);
    const shown = await type("admin proj update-role-policy '*' remove get --dry-run=false -o json", { api });
    expect(JSON.parse(shown.out)).toMatchObject({
      dryRun: false,
      changes: [{ project: 'shop', removed: [GET], added: [] }, {}],
    });
    expect(objectAt(api.requests[1]?.body, 'project', 'spec')).toEqual({
      roles: [
        { name: 'ci', policies: [] },
        { name: 'qa', policies: [] },
      ],
    });
  });

  test.each([
    ["admin proj update-role-policy '*' fly get", /modification fly is not supported/],
    ["admin proj update-role-policy '*' set get", /--group cannot be empty/],
    ["admin proj update-role-policy '*' set get --scope x", /--permission cannot be empty/],
    ["admin proj update-role-policy '*' set get --scope x --permission allow", /--resource cannot be empty/],
    ["admin proj update-role-policy '*' remove get --token x", /--token is not supported/],
  ])('%s is refused', async (line, message) => {
    expect((await type(line)).err).toMatch(message);
  });
});
