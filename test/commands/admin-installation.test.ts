// hawser admin export and import, as they are typed.

import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createFakeApi, type FakeApi } from '../support/fake-api.ts';
import { hawser } from '../support/hawser.ts';

let api: FakeApi;

beforeEach(() => {
  api = createFakeApi();
});

afterEach(() => api.verify());

const folder = mkdtempSync(join(tmpdir(), 'hawser-admin-installation-'));
const file = join(folder, 'all.yaml');
const PATH = '/api/hawser/installation';

const object = (name: string): object => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data: { b: '', a: 'yes' },
});
const event = (action: string, name: string): object => ({
  action,
  group: 'argoproj.io',
  kind: 'Application',
  namespace: 'argocd',
  name,
});

describe('export', () => {
  const TEXT = 'apiVersion: v1\ndata:\n  a: "yes"\n  b: ""\nkind: ConfigMap\nmetadata:\n  name: x\n---\n';

  test('prints each object, and says what was left out', async () => {
    api.on(`GET ${PATH}`).stream([{ object: object('x') }, { secretsLeftOut: 2 }]);
    expect(await hawser('admin export', { api })).toEqual({
      code: 0,
      out: TEXT,
      err: '2 Secrets were left out (--secrets exports them too)\n',
    });
    await hawser('admin export --secrets --application-namespaces a,b*', { api });
    expect(api.requests.at(-1)?.url).toBe(`${PATH}?applicationNamespaces=a&applicationNamespaces=b*&secrets=true`);
  });

  test('that was cut off is no export, and leaves no file', async () => {
    api.on(`GET ${PATH}`).stream([{ object: object('x') }]);
    const path = join(folder, 'cut.yaml');
    const { code, out, err } = await hawser(`admin export -o ${path}`, { api });
    expect([code, out, err, existsSync(path)]).toEqual([20, '', expect.stringMatching(/ended before its end/), false]);
  });
});

describe('import', () => {
  beforeEach(() =>
    writeFileSync(file, 'kind: A\n---\n---\napiVersion: v1\nkind: List\nitems: [{kind: B}, {kind: C}]\n'),
  );

  test('tells what it did, and sends every document', async () => {
    api
      .on(`POST ${PATH}`)
      .stream([event('created', 'a'), event('updated', 'b'), event('unchanged', 'c'), event('extra', 'd')]);
    expect(await hawser(`admin import ${file} --skip-resources-with-label a=b --stop-operation`, { api })).toEqual({
      code: 0,
      out: 'Application argocd/a created\nApplication argocd/b updated\n',
      err: '1 created, 1 updated, 1 unchanged\n1 object not among the documents stayed (--prune deletes)\n',
    });
    expect(api.requests[0]?.body).toEqual({
      objects: [{ kind: 'A' }, { kind: 'B' }, { kind: 'C' }],
      skipLabel: 'a=b',
      stopOperation: true,
      prune: [],
    });
    const { out } = await hawser(`admin import ${file} -o json`, { api });
    expect(JSON.parse(out)).toMatchObject({ dryRun: false, objects: [{ action: 'created', name: 'a' }, {}, {}, {}] });
  });

  test('says what was written before it failed', async () => {
    api.on(`POST ${PATH}`).stream([event('created', 'a'), event('unchanged', 'b')], {
      error: { message: 'the disk is full', grpc_code: 13 },
    });
    const { code, out, err } = await hawser(`admin import ${file}`, { api });
    expect([code, out]).toEqual([20, 'Application argocd/a created\n']);
    expect(err).toMatch(/^error: the disk is full; 1 object had been written before\nhint: import the same file again/);
  });

  test('prunes what a person agrees to, or --yes', async () => {
    api.on(`POST ${PATH}`).stream([event('extra', 'd')]);
    const asked = await hawser(`admin import ${file} --prune`, { api });
    expect([asked.code, asked.err]).toEqual([11, expect.stringMatching(/Application\/argocd\/d[\s\S]*--yes/)]);
    await hawser(`admin import ${file} --prune --yes`, { api });
    expect(api.requests.slice(-2).map(({ body }) => body)).toMatchObject([
      { dryRun: true },
      { prune: ['Application/argocd/d'] },
    ]);
    await hawser(`admin import ${file} --prune --dry-run`, { api });
    expect(api.requests.at(-1)?.body).toMatchObject({ dryRun: true, prune: ['Application/argocd/d'] });
  });
});
