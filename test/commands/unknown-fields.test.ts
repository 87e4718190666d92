// A field that no type has is refused, with the nearest one that there is, and nothing is sent.

import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { formatYaml } from '../../src/core/yaml.ts';
import { createFakeApi, type FakeApi } from '../support/fake-api.ts';
import { hawser, type Shown, type Typed } from '../support/hawser.ts';

const SPEC = { project: 'default', destination: { name: 'in-cluster' }, source: { repoURL: 'https://a/b', path: 'c' } };
const APP = { kind: 'Application', metadata: { name: 'shop' }, spec: SPEC };
const PROJECT = { kind: 'AppProject', metadata: { name: 'shop' }, spec: {} };
const SET = {
  kind: 'ApplicationSet',
  metadata: { name: 'shop' },
  spec: { generators: [{ list: { elements: [{ any: { thing: 1 } }] } }], template: { metadata: {}, spec: SPEC } },
};
const secret = (type: string, stringData: object): object => ({
  kind: 'Secret',
  metadata: { name: 's', labels: { 'argocd.argoproj.io/secret-type': type } },
  stringData,
});

let api: FakeApi;

beforeEach(() => {
  api = createFakeApi();
});

const serverOf = (version: string): void => void api.on('GET /api/version').reply(200, { Version: version });

const changes = (): readonly string[] =>
  api.requests.filter(({ method }) => method !== 'GET').map(({ method, url }) => `${method} ${url}`);

const documents = (...values: readonly object[]): string => values.map((value) => formatYaml(value)).join('---\n');

const typed = (line: string, stdin: string, more: Typed = {}): Promise<Shown> => hawser(line, { api, stdin, ...more });

interface Case {
  readonly line: string;
  readonly document: object;
  readonly field: string;
  readonly near: string;
}

const CASES: readonly Case[] = [
  { line: 'app create -f -', document: { ...APP, spce: {} }, field: 'spce', near: 'spec' },
  {
    line: 'app create -f -',
    document: { ...APP, metadata: { name: 'shop', lables: {} } },
    field: 'metadata.lables',
    near: 'labels',
  },
  {
    line: 'app create -f - --upsert',
    document: { ...APP, spec: { ...SPEC, sycPolicy: {} } },
    field: 'spec.sycPolicy',
    near: 'syncPolicy',
  },
  {
    line: 'app create -f - --dry-run',
    document: { ...APP, spec: { ...SPEC, source: { ...SPEC.source, helm: { valueFile: [] } } } },
    field: 'spec.source.helm.valueFile',
    near: 'valueFiles',
  },
  {
    line: 'app apply -f -',
    document: { ...APP, spec: { ...SPEC, ignoreDifferences: [{ kind: 'A' }, { kind: 'B', jsonPointer: [] }] } },
    field: 'spec.ignoreDifferences[1].jsonPointer',
    near: 'jsonPointers',
  },
  {
    line: 'app apply -f -',
    document: { ...APP, spec: { ...SPEC, SYNCPOLICY: {} } },
    field: 'spec.SYNCPOLICY',
    near: 'syncPolicy',
  },
  {
    line: 'app create -f -',
    document: { ...APP, operation: { sync: { prun: true } } },
    field: 'operation.sync.prun',
    near: 'prune',
  },
  {
    line: 'proj create -f -',
    document: { ...PROJECT, spec: { sourceRepoz: [] } },
    field: 'spec.sourceRepoz',
    near: 'sourceRepos',
  },
  {
    line: 'proj create -f - --upsert',
    document: { ...PROJECT, spec: { roles: [{ name: 'ci', polices: [] }] } },
    field: 'spec.roles[0].polices',
    near: 'policies',
  },
  {
    line: 'admin proj generate-spec -f -',
    document: { ...PROJECT, spec: { destination: [] } },
    field: 'spec.destination',
    near: 'destinations',
  },
  {
    line: 'appset create -',
    document: { ...SET, spec: { ...SET.spec, gotemplate: true } },
    field: 'spec.gotemplate',
    near: 'goTemplate',
  },
  {
    line: 'appset create -',
    document: {
      ...SET,
      spec: { ...SET.spec, template: { metadata: {}, spec: { ...SPEC, destination: { sever: 'x' } } } },
    },
    field: 'spec.template.spec.destination.sever',
    near: 'server',
  },
  {
    line: 'repo add -f -',
    document: { repo: 'https://a/b', pasword: 'x' },
    field: 'pasword',
    near: 'password',
  },
  {
    line: 'repo add -f -',
    document: secret('repository', { url: 'https://a/b', usrname: 'x' }),
    field: 'stringData.usrname',
    near: 'username',
  },
  {
    line: 'repocreds add -f -',
    document: secret('repo-creds', { url: 'https://a/b', sshPrivateKye: 'x' }),
    field: 'stringData.sshPrivateKye',
    near: 'sshPrivateKey',
  },
  {
    line: 'cluster add -f -',
    document: { server: 'https://c', config: { tlsClientConfig: { caDate: 'x' } } },
    field: 'config.tlsClientConfig.caDate',
    near: 'caData',
  },
  {
    line: 'cluster add -f -',
    document: secret('cluster', { server: 'https://c', config: '{"bearerToke":"x"}' }),
    field: 'stringData.config.bearerToke',
    near: 'bearerToken',
  },
];

/** The document of a kind that has no such field, to stand before the one that has. */
const GOOD: Readonly<Record<string, object>> = {
  app: { ...APP, metadata: { name: 'good' } },
  proj: { ...PROJECT, metadata: { name: 'good' } },
  admin: { ...PROJECT, metadata: { name: 'good' } },
  appset: { ...SET, metadata: { name: 'good' } },
  repo: { repo: 'https://good' },
  repocreds: { url: 'https://good' },
  cluster: { server: 'https://good' },
};

test.each(CASES)('$line refuses $field, and sends none of the documents', async ({ line, document, field, near }) => {
  serverOf('v3.5.1');
  const good = GOOD[line.split(' ')[0] ?? ''] ?? {};
  const { code, out, err } = await typed(line, documents(good, document));
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toMatch(new RegExp(`^error: stdin:\\d+: unknown field '${field.replace(/[[\].]/g, '\\$&')}'$`, 'm'));
  expect(err).toContain(`hint: did you mean '${near}'?`);
  expect(changes()).toEqual([]);
});

test('names all of them, and where each stands, as JSON too', async () => {
  serverOf('v3.5.1');
  const text = 'kind: AppProject\nmetadata: {name: p}\nspec:\n  sourceRepoz: []\n  foo: 1\n';
  const { out } = await typed('proj create -f - -o json', text);
  expect(JSON.parse(out)).toMatchObject({
    error: {
      code: 'usage',
      message: "stdin: unknown fields 'spec.sourceRepoz', 'spec.foo'",
      hint: "did you mean 'sourceRepos'?",
      details: {
        fields: [
          { field: 'spec.sourceRepoz', line: 4 },
          { field: 'spec.foo', line: 5 },
        ],
      },
    },
  });
});

describe('takes', () => {
  test.each([
    ['labels, parameters and elements of any name', SET, 'appset create - --dry-run'],
    [
      'what get prints',
      { ...APP, status: { whatever: 1 }, metadata: { name: 'a', managedFields: [{ x: 1 }] } },
      'app create -f - --dry-run',
    ],
  ])('%s', async (_, document, line) => {
    api.on('POST /api/v1/applicationsets/generate').reply(200, { applications: [] });
    api.on('POST /api/v1/applicationsets').reply(200, SET);
    const { err } = await typed(line, documents(document));
    expect(err).not.toContain('unknown field');
  });

  test('fields that only a newer server has, with a warning', async () => {
    serverOf('v3.6.0');
    api.on('POST /api/v1/projects').reply(200, PROJECT);
    const { code, err } = await typed('proj create -f -', documents({ ...PROJECT, spec: { brandNew: 1 } }));
    expect({ code, sent: changes().length }).toEqual({ code: 0, sent: 1 });
    expect(err).toContain(
      "warning: stdin:5: unknown field 'spec.brandNew': sent, because the server is newer than 3.5",
    );
  });

  test('everything in drop-in mode, as the reference does', async () => {
    api.on('POST /api/v1/projects').reply(200, PROJECT);
    const document = documents({ ...PROJECT, spec: { sourceRepoz: [] } });
    expect(await typed('proj create -f -', document, { program: 'argocd' })).toMatchObject({ code: 0, err: '' });
  });
});

describe('app patch refuses', () => {
  test.each([
    ['merge', '{"spec":{"sycPolicy":null}}', 'spec.sycPolicy'],
    ['json', '[{"op":"add","path":"/spec/sycPolicy","value":{}}]', 'spec.sycPolicy'],
    ['json', '[{"op":"add","path":"/spec/sources/-","value":{"pth":"x"}}]', 'spec.sources.-.pth'],
    ['json', '[{"op":"replace","path":"/spec/sources/0/pth","value":"x"}]', 'spec.sources[0].pth'],
  ])('a field of a %s patch that no Application has: %s', async (type, patch, field) => {
    serverOf('v3.5.1');
    const words = ['app', 'patch', 'shop', '--type', type, '--patch', patch];
    const { code, err } = await hawser(words, { api });
    expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining(`unknown field '${field}'`) });
    expect(changes()).toEqual([]);
  });

  test('nothing that an annotation is called', async () => {
    api.on('PATCH /api/v1/applications/shop').reply(200, APP);
    const patch = '[{"op":"add","path":"/metadata/annotations/a~1b","value":"x"}]';
    expect(await hawser(['app', 'patch', 'shop', '--patch', patch], { api })).toMatchObject({ code: 0 });
  });
});

describe('an editor is opened again', () => {
  function editor(script: string): Record<string, string> {
    const path = join(mkdtempSync(join(tmpdir(), 'hawser-editor-')), 'editor');
    writeFileSync(path, `#!/bin/sh\nsed -i '${script}' "$1"\n`);
    chmodSync(path, 0o755);
    return { EDITOR: path, PATH: process.env['PATH'] ?? '', NO_COLOR: '1' };
  }

  test.each([
    ['app edit shop', 'applications', 's/^project:/projct:/', 'projct', 'project'],
    ['proj edit shop', 'projects', 's/^description:/descripton:/', 'descripton', 'description'],
  ])('by %s, with the field above what was written', async (line, noun, script, field, near) => {
    serverOf('v3.5.1');
    const spec = noun === 'projects' ? { description: 'x' } : SPEC;
    api.on(`GET /api/v1/${noun}/shop`).reply(200, { metadata: { name: 'shop' }, spec });
    const { code, err } = await hawser(line, { api, env: editor(script), terminal: true });
    expect({ code, changes: changes() }).toEqual({ code: 20, changes: [] });
    expect(err).toContain(`error: spec: unknown field '${field}' hint: did you mean '${near}'?`);
  });

  test('not for a field that the server had', async () => {
    const spec = { ...SPEC, brandNew: { a: 1 } };
    api.on('GET /api/v1/applications/shop').reply(200, { ...APP, spec });
    api.on('PUT /api/v1/applications/shop/spec').reply(200, spec);
    const env = editor('s/path: c/path: d/');
    expect(await hawser('app edit shop', { api, env, terminal: true })).toMatchObject({ code: 0 });
  });
});
