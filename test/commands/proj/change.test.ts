// The verbs that read a project, change its specification and write it back.

import { beforeEach, describe, expect, test } from 'vitest';
import { objectAt } from '../../../src/core/json.ts';
import { createFakeApi, type FakeApi } from '../../support/fake-api.ts';
import { hawser, type Shown } from '../../support/hawser.ts';
import { scriptedPrompt } from '../../support/scripted-prompt.ts';
import { shellWords } from '../../support/shell-words.ts';

const SPEC = {
  sourceRepos: ['https://git.example.com/shop.git'],
  destinations: [
    { server: 'https://kubernetes.default.svc', namespace: 'shop' },
    { name: 'in-cluster', namespace: 'blog' },
  ],
  description: 'Before',
  roles: [{ name: 'ci', policies: ['p, proj:shop:ci, applications, get, shop/*, allow'], groups: ['devs'] }],
  clusterResourceWhitelist: [{ group: '', kind: 'Namespace' }],
  namespaceResourceBlacklist: [{ group: '', kind: 'Secret' }],
  orphanedResources: { warn: true, ignore: [{ group: '', kind: 'ConfigMap' }] },
  syncWindows: [{ kind: 'allow', schedule: '0 22 * * *', duration: '1h', applications: ['*'], timeZone: 'UTC' }],
  sourceNamespaces: ['team'],
  signatureKeys: [{ keyID: '4AEE18F83AFDEB23' }],
  destinationServiceAccounts: [{ server: 's', namespace: 'n', defaultServiceAccount: 'sa' }],
  sourceIntegrity: {
    git: { policies: [{ repos: [{ url: 'https://a' }], gpg: { mode: 'head', keys: ['4AEE18F83AFDEB23'] } }] },
  },
};
const PROJECT = { metadata: { name: 'shop', resourceVersion: '7' }, spec: SPEC, status: {} };

let api: FakeApi;

beforeEach(() => {
  api = createFakeApi();
  api.on('GET /api/v1/projects/shop').reply(200, PROJECT);
});

const type = (line: string, typed: Parameters<typeof hawser>[1] = {}): Promise<Shown> =>
  hawser(shellWords(line), { api, ...typed });

/** What was written, beside what was there. */
const written = (): Record<string, unknown> => {
  const { body } = api.requests.find(({ method }) => method === 'PUT') ?? {};
  const project = objectAt(body, 'project');
  expect(objectAt(project, 'metadata')).toEqual(PROJECT.metadata);
  return Object.fromEntries(
    Object.entries(objectAt(project, 'spec')).filter(
      ([key, value]) => JSON.stringify(value) !== JSON.stringify(Reflect.get(SPEC, key)),
    ),
  );
};

const [HEAD] = SPEC.sourceIntegrity.git.policies;
const WINDOW = SPEC.syncWindows[0];
const ROLE = SPEC.roles[0];
const POLICY = 'p, proj:shop:ci, applications, sync, shop/*, allow';

describe('a change is written, and told', () => {
  test.each<[string, Record<string, unknown>, RegExp]>([
    [
      'proj set shop --description New --orphaned-resources-warn=false',
      { description: 'New', orphanedResources: { warn: false, ignore: SPEC.orphanedResources.ignore } },
      /shop' updated/,
    ],
    ['proj set shop --orphaned-resources=false', {}, /updated/],
    [
      'proj set shop -d in-cluster,a -d https://s,b --allow-cluster-resource rbac/Role/x',
      {
        destinations: [
          { name: 'in-cluster', namespace: 'a' },
          { server: 'https://s', namespace: 'b' },
        ],
        clusterResourceWhitelist: [{ group: 'rbac', kind: 'Role', name: 'x' }],
      },
      /updated/,
    ],
    ['proj add-source shop https://b', { sourceRepos: [...SPEC.sourceRepos, 'https://b'] }, /https:\/\/b' allowed/],
    ['proj remove-source shop https://git.example.com/shop.git', { sourceRepos: [] }, /removed/],
    [
      'proj add-destination shop other ns --name',
      { destinations: [...SPEC.destinations, { name: 'other', namespace: 'ns' }] },
      /destination 'other,ns' added/,
    ],
    ['proj remove-destination shop in-cluster blog', { destinations: [SPEC.destinations[0]] }, /removed/],
    ["proj add-source-namespace shop 'a-*'", { sourceNamespaces: ['team', 'a-*'] }, /allowed/],
    ['proj remove-source-namespace shop team', { sourceNamespaces: [] }, /removed/],
    [
      'proj add-destination-service-account shop s m sa --service-account-namespace ci',
      {
        destinationServiceAccounts: [
          ...SPEC.destinationServiceAccounts,
          { server: 's', namespace: 'm', defaultServiceAccount: 'ci:sa' },
        ],
      },
      /'s,m,ci:sa' added/,
    ],
    ['proj remove-destination-service-account shop s n sa', { destinationServiceAccounts: [] }, /removed/],
    [
      "proj add-orphaned-ignore shop apps Deployment --name 'x-*'",
      {
        orphanedResources: {
          warn: true,
          ignore: [...SPEC.orphanedResources.ignore, { group: 'apps', kind: 'Deployment', name: 'x-*' }],
        },
      },
      /'apps\/Deployment\/x-\*' added/,
    ],
    ["proj remove-orphaned-ignore shop '' ConfigMap", { orphanedResources: { warn: true, ignore: [] } }, /removed/],
    [
      'proj add-signature-key shop D56C4FCA57A46444',
      { signatureKeys: [...SPEC.signatureKeys, { keyID: 'D56C4FCA57A46444' }] },
      /added/,
    ],
    ['proj remove-signature-key shop 4AEE18F83AFDEB23', { signatureKeys: [] }, /removed/],
    [
      'proj allow-cluster-resource shop rbac Role x',
      { clusterResourceWhitelist: [...SPEC.clusterResourceWhitelist, { group: 'rbac', kind: 'Role', name: 'x' }] },
      /'rbac\/Role\/x' added to the allowed cluster resources/,
    ],
    ["proj deny-cluster-resource shop '' Namespace", { clusterResourceWhitelist: [] }, /removed from/],
    ["proj allow-namespace-resource shop '' Secret", { namespaceResourceBlacklist: [] }, /removed from the denied/],
    [
      'proj deny-namespace-resource shop apps Deployment',
      { namespaceResourceBlacklist: [...SPEC.namespaceResourceBlacklist, { group: 'apps', kind: 'Deployment' }] },
      /added to the denied namespaced resources/,
    ],
    [
      'proj role create shop qa --description Tests',
      { roles: [ROLE, { name: 'qa', description: 'Tests' }] },
      /'qa' created/,
    ],
    ['proj role delete shop ci', { roles: [] }, /'ci' deleted/],
    [
      "proj role add-policy shop ci -a sync -o '*'",
      { roles: [{ ...ROLE, policies: [...(ROLE?.policies ?? []), POLICY] }] },
      /policy '.*sync.*' added/,
    ],
    ["proj role remove-policy shop ci -a get -o '*'", { roles: [{ ...ROLE, policies: [] }] }, /removed/],
    ['proj role add-group shop ci ops', { roles: [{ ...ROLE, groups: ['devs', 'ops'] }] }, /'ops' added to role 'ci'/],
    ['proj role remove-group shop ci devs', { roles: [{ ...ROLE, groups: [] }] }, /removed from role/],
    [
      "proj windows add shop -k deny --schedule '0 1 * * *' --duration 30m --clusters a,b --time-zone Europe/Amsterdam --use-and-operator",
      {
        syncWindows: [
          WINDOW,
          {
            kind: 'deny',
            schedule: '0 1 * * *',
            duration: '30m',
            clusters: ['a', 'b'],
            timeZone: 'Europe/Amsterdam',
            andOperator: true,
          },
        ],
      },
      /sync window 1 added/,
    ],
    ['proj windows update shop 0 --duration 2h', { syncWindows: [{ ...WINDOW, duration: '2h' }] }, /window 0 changed/],
    ['proj windows delete shop 0', { syncWindows: [] }, /window 0 deleted/],
    ['proj windows enable-manual-sync shop 0', { syncWindows: [{ ...WINDOW, manualSync: true }] }, /window 0 lets/],
    ['proj windows disable-manual-sync shop 0', {}, /window 0 holds/],
    ['proj windows enable-sync-overrun shop 0', { syncWindows: [{ ...WINDOW, syncOverrun: true }] }, /lets running/],
    ['proj windows disable-sync-overrun shop 0', {}, /ends running/],
  ])('%s', async (line, expected, says) => {
    api.on('PUT /api/v1/projects/shop').reply(200, PROJECT);
    const { code, out, err } = await type(line);
    expect(code, err).toBe(0);
    expect(out).toMatch(says);
    expect(written()).toEqual(expected);
  });
});

describe('nothing is written', () => {
  test.each<[string, number, RegExp]>([
    ['proj set shop', 2, /nothing to set/],
    ['proj add-source shop https://git.example.com/shop', 0, /allowed already/],
    ['proj remove-source shop https://none', 0, /not among its repositories/],
    ['proj add-destination shop https://kubernetes.default.svc shop', 20, /is in project 'shop' already/],
    ['proj remove-destination shop nowhere shop', 4, /is not in project 'shop'/],
    ['proj add-destination-service-account shop s n sa', 20, /already/],
    ["proj add-destination-service-account shop s n 's*'", 2, /wildcard/],
    ['proj remove-destination-service-account shop s n other', 4, /is not in project/],
    ["proj add-orphaned-ignore shop '' ConfigMap", 20, /already/],
    ["proj remove-orphaned-ignore shop '' Secret", 4, /is not in the orphaned ignore list/],
    ['proj add-signature-key shop xyz', 2, /not a valid GnuPG key ID/],
    ["proj allow-cluster-resource shop '' Namespace", 0, /already/],
    ['proj role create shop ci', 0, /there already/],
    ['proj role delete shop none', 0, /no role/],
    ['proj role add-policy shop none -a get -o x', 4, /role 'none' does not exist in project 'shop'/],
    ['proj role add-policy shop ci -a get -o x -r planes', 2, /'planes' is no kind/],
    ['proj role remove-policy shop ci -a fly -o x', 0, /has no policy/],
    ['proj role add-group shop ci devs', 0, /already/],
    ["proj windows add shop -k odd --schedule '0 1 * * *' --duration 1h --applications x", 2, /kind 'odd' mismatch/],
    ['proj windows add shop -k deny --schedule never --duration 1h --applications x', 2, /cannot parse schedule/],
    ["proj windows add shop -k deny --schedule '0 1 * * *' --duration 1h", 2, /one or more of applications/],
    [
      "proj windows add shop -k deny --schedule '0 1 * * *' --duration 1h --clusters x --time-zone Mars",
      2,
      /no time zone/,
    ],
    ['proj windows update shop 0', 2, /cannot update/],
    ['proj windows update shop 9 --duration 1h', 4, /has no sync window 9/],
    ['proj windows delete shop x', 2, /'x' is no ID of a sync window/],
    ['proj source-integrity git policies update shop 9 --gpg-mode head -y', 4, /out of range \(0-0\)/],
    ['proj source-integrity git policies delete shop 0', 11, /add --yes/],
    ['proj source-integrity git policies add shop --gpg-mode odd', 2, /gpg-mode must be one of/],
    ['proj edit shop', 2, /needs a terminal/],
  ])('%s ends with %i', async (line, code, says) => {
    const shown = await type(line);
    expect(shown.out + shown.err).toMatch(says);
    expect(shown.code).toBe(code);
    expect(api.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
  });
});

describe('policies of signed commits', () => {
  test.each<[string, unknown]>([
    [
      "proj source-integrity git policies add shop --repo-url 'https://b/*' --gpg-mode strict --gpg-key D56C4FCA57A46444",
      [HEAD, { repos: [{ url: 'https://b/*' }], gpg: { mode: 'strict', keys: ['D56C4FCA57A46444'] } }],
    ],
    [
      'proj source-integrity git policies update shop 0 --add-repo-url https://b --delete-gpg-key 4AEE18F83AFDEB23 --add-gpg-key D56C4FCA57A46444 -y',
      [{ repos: [{ url: 'https://a' }, { url: 'https://b' }], gpg: { mode: 'head', keys: ['D56C4FCA57A46444'] } }],
    ],
  ])('%s', async (line, policies) => {
    api.on('PUT /api/v1/projects/shop').reply(200, PROJECT);
    const { code, out } = await type(line);
    expect(code).toBe(0);
    expect(out).toMatch(/GPG-MODE/);
    expect(written()).toEqual({ sourceIntegrity: { git: { policies } } });
  });

  test('nothing is left of the last one', async () => {
    api.on('PUT /api/v1/projects/shop').reply(200, PROJECT);
    expect(await type('proj source-integrity git policies delete shop 0 -y')).toMatchObject({ code: 0 });
    expect(objectAt(api.requests.at(-1)?.body, 'project', 'spec')).not.toHaveProperty('sourceIntegrity');
  });
});

test('one who was slower reads again', async () => {
  const conflict = { error: 'the object has been modified', code: 10, message: 'the object has been modified' };
  api.on('PUT /api/v1/projects/shop').reply(409, conflict).reply(200, PROJECT);
  expect(await type('proj add-source shop https://b')).toMatchObject({ code: 0 });
  expect(api.requests.map(({ method }) => method)).toEqual(['GET', 'PUT', 'GET', 'PUT']);
});

test('one who is always slower gives up', async () => {
  const conflict = { error: 'the object has been modified', code: 10, message: 'the object has been modified' };
  api.on('PUT /api/v1/projects/shop').reply(409, conflict);
  expect(await type('proj add-source shop https://b')).toMatchObject({ code: 20 });
  expect(api.requests.filter(({ method }) => method === 'PUT')).toHaveLength(5);
});

test('a change is told in JSON', async () => {
  api.on('PUT /api/v1/projects/shop').reply(200, { ...PROJECT, spec: { description: 'New' } });
  const { out } = await type('proj set shop --description New -o json');
  expect(JSON.parse(out)).toEqual({ project: 'shop', result: 'updated', spec: { description: 'New' } });
  const same = await type('proj role create shop ci -o json');
  expect(JSON.parse(same.out)).toMatchObject({ project: 'shop', result: 'unchanged' });
});

test('a person who says no changes nothing', async () => {
  const { prompt } = scriptedPrompt([["Delete role 'ci' of project 'shop'?", false]]);
  const shown = await type('proj role delete shop ci --prompts-enabled', { terminal: true, prompt });
  expect(shown).toMatchObject({ code: 1, out: "cancelled: project 'shop' stays as it is\n" });
  expect(api.requests.map(({ method }) => method)).toEqual(['GET']);
});
