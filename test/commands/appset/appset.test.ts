// What the reference printed for the same sets, and our own way beside it.

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createFakeApi, type FakeApi } from '../../support/fake-api.ts';
import { hawser } from '../../support/hawser.ts';

let api: FakeApi;
let folder: string;

beforeEach(() => {
  api = createFakeApi();
  folder = mkdtempSync(join(tmpdir(), 'hawser-appset-'));
});

afterEach(() => api.verify());

const SPEC = {
  generators: [{ list: { elements: [{ name: 'red' }] } }],
  template: {
    metadata: { name: '{{.name}}' },
    spec: {
      project: 'default',
      source: { repoURL: 'https://git.example.com/examples.git', path: 'settings', targetRevision: 'v1' },
      destination: { server: 'https://kubernetes.default.svc', namespace: 'conformance' },
    },
  },
};
const condition = (type: string, status: string, message: string, reason: string) => ({
  ...{ type, status, message, reason, lastTransitionTime: '2026-01-05T10:00:00Z' },
});
const CONDITIONS = [
  condition('ErrorOccurred', 'False', 'fine', 'Fine'),
  condition('ResourcesUpToDate', 'True', 'all made', 'ApplicationSetUpToDate'),
];
const SET = {
  metadata: { name: 'group', namespace: 'argocd', resourceVersion: '7' },
  spec: SPEC,
  status: { health: { status: 'Healthy' }, conditions: CONDITIONS },
};
const FRESH = { ...SET, status: { health: {} } };
const AT = '/api/v1/applicationsets';
const DROP_IN = { env: { HAWSER_COMPAT: 'argocd' } };

function file(text = JSON.stringify({ kind: 'ApplicationSet', metadata: { name: 'group' }, spec: SPEC })): string {
  const path = join(folder, 'set.yaml');
  writeFileSync(path, text);
  return path;
}

describe('hawser appset list', () => {
  test('has the reference’s columns in drop-in mode, and fewer without -o wide', async () => {
    api.on(`GET ${AT}`).reply(200, { items: [SET] });
    const dump = '[{ResourcesUpToDate all made 2026-01-05 10:00:00 +0000 UTC True ApplicationSetUpToDate}]';
    expect((await hawser('appset list', { api, ...DROP_IN })).out).toBe(
      `NAME          PROJECT  SYNCPOLICY  HEALTH   CONDITIONS${' '.repeat(dump.length - 10)}  REPO                                  PATH      TARGET
argocd/group  default  nil         Healthy  ${dump}  https://git.example.com/examples.git  settings  v1
`,
    );
    expect((await hawser(['appset', 'list', '-o', ''], { api, ...DROP_IN })).out).toMatch(
      /^NAME +PROJECT +SYNCPOLICY +HEALTH +CONDITIONS *$/m,
    );
    expect((await hawser('appset list', { api })).out).toMatch(/^argocd\/group +default +Healthy +up to date +https/m);
    expect((await hawser('appset list -o name', { api })).out).toBe('argocd/group\n');
  });

  test('hands on projects, labels and namespace', async () => {
    api.on(`GET ${AT}`).reply(200, { items: null });
    expect(await hawser('appset list -p a -p b -l x=y -N other -o json', { api })).toMatchObject({ out: '[]\n' });
    expect(api.requests[0]?.url).toBe(`${AT}?projects=a&projects=b&selector=x%3Dy&appsetNamespace=other`);
  });
});

describe('hawser appset get', () => {
  test('shows the template and the conditions', async () => {
    api.on(`GET ${AT}/group?appsetNamespace=argocd`).reply(200, SET);
    const { out } = await hawser('appset get argocd/group', { api, ...DROP_IN });
    expect(out).toBe(`Name:               argocd/group
Project:            default
Server:             https://kubernetes.default.svc
Namespace:          conformance
Health Status:      Healthy
Source:
- Repo:             https://git.example.com/examples.git
  Target:           v1
  Path:             settings
SyncPolicy:         <none>

CONDITION          STATUS  MESSAGE   LAST TRANSITION
ErrorOccurred      False   fine      2026-01-05 10:00:00 +0000 UTC
ResourcesUpToDate  True    all made  2026-01-05 10:00:00 +0000 UTC

`);
  });

  test('that is not there is not found', async () => {
    const message = 'error getting ApplicationSet: applicationset.argoproj.io "group" not found';
    api.on(`GET ${AT}/group`).reply(404, { error: message, code: 5, message });
    api.on(`GET ${AT}`).reply(200, { items: [{ ...SET, metadata: { name: 'groups' } }] });
    expect(await hawser('appset get group', { api })).toEqual({
      code: 4,
      out: '',
      err: "error: ApplicationSet 'group' not found\nhint: did you mean 'groups'?\n",
    });
    expect((await hawser('appset get group', { api, ...DROP_IN })).err).toContain(JSON.stringify(message).slice(1, -1));
  });
});

describe('hawser appset create', () => {
  const missing = { error: 'not found', code: 5, message: 'not found' };

  test.each([
    ['created', [404, missing], FRESH],
    ['unchanged', [200, SET], SET],
    [
      'updated',
      [200, SET],
      { ...SET, metadata: { ...SET.metadata, resourceVersion: '8' }, spec: { ...SPEC, generators: [] } },
    ],
  ] as const)('says that a set was %s', async (word, [status, before], after) => {
    api.on(`GET ${AT}/group`).reply(status, before);
    api.on(`POST ${AT}`).reply(200, after);
    const { code, err } = await hawser(`appset create ${file()} --upsert`, { api });
    expect([code, err]).toEqual([0, `ApplicationSet 'group' ${word}\n`]);
    expect(api.requests.at(-1)?.url).toBe(`${AT}?upsert=true&dryRun=false`);
  });

  test('waits until its applications are up to date', async () => {
    api.on(`GET ${AT}/group`).reply(404, missing);
    api.on(`POST ${AT}`).reply(200, FRESH);
    const event = (applicationSet: object) => ({ type: 'MODIFIED', applicationSet });
    api.on('GET /api/v1/stream/applicationsets?name=group').stream([event(FRESH), event(SET)]);
    const { err } = await hawser(`appset create ${file()} --wait`, { api });
    expect(err).toBe("ApplicationSet 'group' created\nApplicationSet 'group' resources are up to date\n");
  });

  test.each([
    ['', 'there is no ApplicationSet in'],
    ['kind: Application\nmetadata: {name: x}\n', 'Application is not an ApplicationSet'],
    ['kind: ApplicationSet\nmetadata: {name: x}\nspec: {generators: []}\n', 'spec.template must be an object'],
    ['a: [b\n', 'set.yaml'],
  ])('refuses %j', async (text, sentence) => {
    const { code, out, err } = await hawser(`appset create ${file(text)}`, { api });
    expect([code !== 0, out]).toEqual([true, '']);
    expect(err).toContain(sentence);
  });
});

describe('hawser appset generate', () => {
  test('shows the applications as they would be kept', async () => {
    const application = {
      metadata: { name: 'red', namespace: 'argocd' },
      spec: SPEC.template.spec,
      status: { health: {} },
    };
    api.on(`POST ${AT}/generate`).reply(200, { applications: [application] });
    const { out } = await hawser(`appset generate ${file()} -o json`, { api });
    expect(JSON.parse(out)).toEqual({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: { name: 'red' },
      spec: SPEC.template.spec,
    });
  });

  test('takes one set, not two', async () => {
    const one = JSON.stringify({ metadata: { name: 'a' }, spec: SPEC });
    const shown = await hawser(`appset generate ${file(`${one}\n---\n${one}\n`)}`, { api });
    expect(shown).toMatchObject({ code: 2, out: '' });
    expect(await hawser(`appset generate ${join(folder, 'set.yaml')}`, { api, ...DROP_IN })).toEqual({
      code: 1,
      out: 'Input file must contain one ApplicationSet',
      err: '',
    });
  });
});

describe('hawser appset delete', () => {
  test('of several says what became of each', async () => {
    api.on(`DELETE ${AT}/a`).reply(200, {});
    api.on(`DELETE ${AT}/b`).reply(200, {});
    expect(await hawser('appset delete a b --yes', { api })).toEqual({
      code: 0,
      out: "applicationset 'a' deleted\napplicationset 'b' deleted\n",
      err: '',
    });
  });

  test('waits until the set is gone', async () => {
    api.on(`DELETE ${AT}/a`).reply(200, {});
    api.on(`GET ${AT}/a`).reply(200, SET);
    const event = { type: 'DELETED', applicationSet: SET };
    api.on('GET /api/v1/stream/applicationsets?name=a').stream([event]);
    expect(await hawser('appset delete a --yes --wait', { api })).toMatchObject({ code: 0 });
  });
});
