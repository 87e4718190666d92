// The verbs of `proj` that show, create and delete, and the tokens of roles.

import { mkdtempSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { createFakeApi, type FakeApi } from '../../support/fake-api.ts';
import { hawser, type Shown } from '../../support/hawser.ts';
import { scriptedPrompt } from '../../support/scripted-prompt.ts';
import { shellWords } from '../../support/shell-words.ts';

const PROJECT = {
  metadata: { name: 'shop', resourceVersion: '7' },
  spec: {
    sourceRepos: ['*'],
    destinations: [{ name: 'in-cluster', namespace: 'shop' }],
    description: 'The shop',
    roles: [{ name: 'ci', description: 'Deploys', jwtTokens: [{ iat: 1767607200, id: 'one' }] }, { name: 'qa' }],
    syncWindows: [
      { kind: 'deny', schedule: '* * * * *', duration: '1h', applications: ['*'], timeZone: 'UTC' },
      { kind: 'allow', schedule: '0 0 30 2 *', duration: '1h', clusters: ['a', 'b'], manualSync: true },
    ],
    sourceIntegrity: { git: { policies: [{ repos: [{ url: 'https://a' }], gpg: { mode: 'head', keys: null } }] } },
  },
  status: { jwtTokensByRole: { ci: { items: [{ iat: 1767607200, id: 'one', exp: 1767610800 }] } } },
};

let api: FakeApi;

beforeEach(() => {
  api = createFakeApi();
});

const type = (line: string, typed: Parameters<typeof hawser>[1] = {}): Promise<Shown> =>
  hawser(shellWords(line), { api, ...typed });

const DEFAULT = {
  metadata: { name: 'default' },
  spec: {
    sourceRepos: ['*'],
    destinations: [{ server: '*', namespace: '*' }],
    clusterResourceWhitelist: [{ group: '*', kind: '*' }],
    orphanedResources: { warn: false, ignore: [{}, {}] },
  },
};

describe('proj list', () => {
  beforeEach(() => {
    api.on('GET /api/v1/projects').reply(200, { items: [DEFAULT, PROJECT] });
  });

  test('says what each allows in a line', async () => {
    const { out } = await type('proj list');
    expect(out).toMatch(/^NAME +SOURCES +DESTINATIONS +ROLES +WINDOWS +DESCRIPTION$/m);
    expect(out).toMatch(/^shop +\* +in-cluster,shop +2 +2 +The shop$/m);
  });

  test('has the columns of the reference with -o wide', async () => {
    const { out } = await type('proj list -o wide');
    expect(out).toMatch(/^default +\*,\* +\* +\*\/\* +<none> +<none> +enabled \(warn=false, ignored 2\) +<none>$/m);
  });

  test('prints names, JSON, CSV and what an expression makes of it', async () => {
    expect(await type('proj list -o name')).toMatchObject({ out: 'default\nshop\n' });
    expect(JSON.parse((await type('project list -o json')).out)).toHaveLength(2);
    expect((await type('proj list -o csv')).out).toMatch(/^NAME,DESCRIPTION,/);
    expect((await type('proj list -o jsonpath={.items[*].metadata.name}')).out).toBe('default shop');
  });
});

test('proj get shows what is there and nothing else', async () => {
  api.on('GET /api/v1/projects/shop/detailed').reply(200, {
    project: PROJECT,
    clusters: [{ server: 'https://own' }],
    globalProjects: [{ metadata: { name: 'rules' }, spec: {} }],
  });
  const { out } = await type('proj get shop');
  expect(out).toMatch(/^Destinations: +in-cluster,shop$/m);
  expect(out).toMatch(/^Allowed cluster kinds: +<none>$/m);
  expect(out).toMatch(/^Roles: +ci: Deploys\n +qa$/m);
  expect(out).toMatch(/^Own clusters: +https:\/\/own$/m);
  expect(out).toMatch(/^Global projects: +rules$/m);
  expect(out).not.toMatch(/Signature keys/);
  expect(JSON.parse((await type('proj get shop -o json')).out)).toEqual(PROJECT);
  expect((await type('proj get shop --jq .spec.description')).out).toBe('The shop\n');
  expect(await type('proj get shop -o odd')).toMatchObject({ code: 2 });
});

test('a project that is not there is not found', async () => {
  const message = 'error getting app project "none": appproject.argoproj.io "none" not found';
  api.on('GET /api/v1/projects/none/detailed').reply(404, { error: message, code: 5, message });
  api.on('GET /api/v1/projects').reply(200, { items: [PROJECT] });
  const plain = 'appprojects.argoproj.io "shp" not found';
  api.on('GET /api/v1/projects/shp').reply(404, { error: plain, code: 5, message: plain });
  expect(await type('proj get none')).toMatchObject({
    code: 4,
    err: expect.stringMatching(/^error: project 'none' not found/),
  });
  const near = await type('proj role list shp');
  expect(near.err).toBe("error: project 'shp' not found\nhint: did you mean 'shop'?\n");
  expect((await type('proj add-source shp https://a')).code).toBe(4);
});

describe('proj create', () => {
  const created = (): unknown => api.requests.find(({ method }) => method === 'POST')?.body;

  test('from flags', async () => {
    api.on('POST /api/v1/projects').reply(200, PROJECT);
    const line = 'proj create shop -s https://a -d https://s,shop --deny-namespaced-resource apps/Deployment --upsert';
    expect(await type(line)).toMatchObject({ code: 0, out: "project 'shop' created or updated\n" });
    expect(created()).toEqual({
      project: {
        metadata: { name: 'shop' },
        spec: {
          destinations: [{ server: 'https://s', namespace: 'shop' }],
          sourceRepos: ['https://a'],
          namespaceResourceBlacklist: [{ group: 'apps', kind: 'Deployment' }],
        },
      },
      upsert: true,
    });
  });

  test('many from one file, after all of it was read', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'hawser-proj-')), 'projects.yaml');
    const document = (name: string): string => `kind: AppProject\nmetadata: {name: ${name}}\n`;
    await writeFile(file, `${document('a')}---\n${document('b')}`);
    api.on('POST /api/v1/projects').reply(200, PROJECT);
    expect(await type(`proj create -f ${file} --description Both`)).toMatchObject({ code: 0 });
    expect(api.requests.map(({ body }) => body)).toMatchObject([
      { project: { metadata: { name: 'a' }, spec: { description: 'Both' } } },
      { project: { metadata: { name: 'b' } } },
    ]);
    await writeFile(file, `${document('a')}---\nkind: Application\nmetadata: {name: b}\n`);
    const refused = await type(`proj create -f ${file}`);
    expect(refused.err).toMatch(/Application is not an AppProject/);
    expect(refused.code).toBe(2);
    expect(api.requests).toHaveLength(2);
    expect((await type(`proj create c -f ${file}`)).code).toBe(2);
  });

  test('--dry-run prints what would be sent', async () => {
    const { out } = await type("proj create shop -s '*' --dry-run -o yaml");
    expect(out).toBe(
      "apiVersion: argoproj.io/v1alpha1\nkind: AppProject\nmetadata:\n  name: shop\nspec:\n  sourceRepos:\n  - '*'\n",
    );
    expect(JSON.parse((await type("proj create shop -s '*' --dry-run -o json")).out)).toMatchObject({
      kind: 'AppProject',
    });
  });

  test('in a terminal asks for what is missing', async () => {
    api.on('GET /api/v1/projects').reply(200, { items: [DEFAULT] });
    api
      .on('GET /api/v1/repositories')
      .reply(200, { items: [{ repo: 'https://a', connectionState: { status: 'Successful', message: '' } }] });
    api.on('GET /api/v1/clusters').reply(200, { items: [{ server: 'https://s', name: 'in-cluster' }] });
    api.on('POST /api/v1/projects').reply(200, PROJECT);
    const { prompt, asked } = scriptedPrompt([
      ['Name', 'default'],
      ['Name', 'shop'],
      ['Repositories', 'https://a'],
      ['Cluster', 'in-cluster'],
      ['Namespace', ''],
      ['Description', 'The shop'],
      ['Create project', true],
    ]);
    const shown = await type('proj create', { terminal: true, prompt });
    expect(shown.code, shown.err).toBe(0);
    expect(asked).toContain("! a project 'default' exists already");
    expect(created()).toMatchObject({
      project: {
        metadata: { name: 'shop' },
        spec: { sourceRepos: ['https://a'], destinations: [{ server: 'https://s', namespace: 'shop' }] },
      },
    });
  });

  test.each([
    ['proj create', /needs PROJECT or -f FILE/, 2],
    ['proj create shop -d nowhere', /'nowhere' is no destination/, 2],
    ['proj create shop --dest-service-accounts a,b', /is no destination service account/, 2],
    ['proj create -f missing.yaml', /cannot read missing.yaml/, 2],
  ])('%s is refused', async (line, message, code) => {
    const shown = await type(line);
    expect(shown.err).toMatch(message);
    expect(shown.code).toBe(code);
  });

  test('one that differs is told how to be changed', async () => {
    const message =
      'existing project spec is different; use upsert flag to force update; difference in keys "Description"';
    api.on('POST /api/v1/projects').reply(400, { error: message, code: 3, message });
    const shown = await type("proj create shop -s '*'");
    expect(shown.err).toMatch(/hint: add --upsert/);
    expect(shown.code).toBe(20);
  });
});

test('proj delete takes several', async () => {
  api.on('DELETE /api/v1/projects/a').reply(200, {});
  api.on('DELETE /api/v1/projects/b').reply(200, {});
  expect(await type('proj delete a b')).toMatchObject({ code: 0, out: "project 'a' deleted\nproject 'b' deleted\n" });
  expect(JSON.parse((await type('proj delete a -o json')).out)).toEqual({ project: 'a', result: 'deleted' });
});

describe('what is in a project', () => {
  beforeEach(() => {
    api.on('GET /api/v1/projects/shop').reply(200, PROJECT);
  });

  test('its roles', async () => {
    expect((await type('proj role list shop')).out).toMatch(/^ci +Deploys$/m);
    expect((await type('proj role list shop -o name')).out).toBe('ci\nqa\n');
    const { out } = await type('proj role get shop ci');
    expect(out).toMatch(/^Role Name: +ci$/m);
    expect(out).toMatch(/^p, proj:shop:ci, projects, get, shop, allow$/m);
    expect(out).not.toMatch(/proj:shop:qa/);
    expect(out).toMatch(/^1767607200 +2026-01-05T10:00:00Z \(now\) +2026-01-05T11:00:00Z \(1 hour from now\)$/m);
    expect(await type('proj role get shop none')).toMatchObject({ code: 4 });
  });

  test('its tokens', async () => {
    expect((await type('proj role list-tokens shop ci')).out).toMatch(/^one +2026-01-05T10:00:00Z +Never$/m);
    expect((await type('proj role token-list shop ci -u')).out).toMatch(/^one +1767607200 +0$/m);
    expect((await type('proj role list-tokens shop qa')).out).toBe('No tokens for shop.qa\n');
  });

  test('its sync windows', async () => {
    const { out } = await type('proj windows list shop');
    expect(out).toMatch(/^0 +Active +deny +\* \* \* \* \* +1h +\* +- +- +Disabled +Disabled +UTC +Disabled$/m);
    expect(out).toMatch(/^1 +Inactive +allow/m);
    expect(JSON.parse((await type('proj windows list shop -o json')).out)).toEqual(PROJECT.spec.syncWindows);
  });

  test('its policies of signed commits', async () => {
    expect((await type('proj source-integrity git policies list shop')).out).toMatch(/^0 +head +<none> +https:\/\/a$/m);
  });
});

const TOKEN = `e30.${Buffer.from(JSON.stringify({ jti: 'one', iat: 1767607200, exp: 1767610800 })).toString('base64url')}.c2ln`;

describe('proj role create-token', () => {
  const url = '/api/v1/projects/shop/roles/ci/token';

  test('prints the token, and tells of it beside', async () => {
    api.on(`POST ${url}`).reply(200, { token: TOKEN });
    const shown = await type('proj role create-token shop ci -e 1h --id one');
    expect(shown).toMatchObject({ code: 0, out: `${TOKEN}\n` });
    expect(shown.err).toMatch(/token 'one' of role 'ci' is valid until 2026-01-05T11:00:00Z/);
    expect(api.requests[0]?.body).toEqual({ expiresIn: 3600, id: 'one' });
    expect(JSON.parse((await type('proj role token-create shop ci -o json')).out)).toMatchObject({
      id: 'one',
      token: TOKEN,
    });
    expect((await type('proj role create-token shop ci -t')).err).toBe('');
  });

  test('asks a person for what is missing', async () => {
    api.on('GET /api/v1/projects').reply(200, { items: [DEFAULT, PROJECT] });
    api.on('GET /api/v1/projects/shop').reply(200, PROJECT);
    api.on(`POST ${url}`).reply(200, { token: TOKEN });
    const { prompt } = scriptedPrompt([
      ['Project', 'shop'],
      ['Role', 'ci'],
      ['Lifetime', 'soon'],
      ['Lifetime', ''],
    ]);
    expect(await type('proj role create-token', { terminal: true, prompt })).toMatchObject({ code: 0 });
    expect(api.requests.at(-1)?.body).toEqual({ expiresIn: 30 * 86_400 });
  });

  test('needs both names in a pipe, and a lifetime that is one', async () => {
    expect((await type('proj role create-token shop')).err).toMatch(/needs PROJECT and ROLE-NAME/);
    expect((await type('proj role create-token shop ci -e soon')).err).toMatch(/'soon' is not a token lifetime/);
    expect(api.requests).toEqual([]);
  });
});

test('proj role delete-token', async () => {
  api.on('DELETE /api/v1/projects/shop/roles/ci/token/1767607200').reply(200, {});
  expect(await type('proj role delete-token shop ci 1767607200')).toMatchObject({
    code: 0,
    out: "token 1767607200 of role 'ci' revoked\n",
  });
  expect((await type('proj role delete-token shop ci x')).err).toMatch(/'x' is no time/);
});
