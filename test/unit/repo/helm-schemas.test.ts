// Schemas of values on a server that many people share: helm fetches what they refer to, this machine included.

import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { REACH_VARIABLE } from '../../../src/repo/address.ts';
import { checkSchemas } from '../../../src/repo/render/helm-schemas.ts';
import { createTools } from '../../../src/repo/tools.ts';
import { createGitRepository } from '../../support/git-repository.ts';
import { createTestRepoServer } from '../../support/repo-server.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hawser-schemas-'));
});
afterAll(() => rm(folder, { recursive: true }));

const check = async (schema: unknown): Promise<void> => {
  await writeFile(join(folder, 'values.schema.json'), JSON.stringify(schema));
  await checkSchemas(folder);
};

test.each([
  { $ref: 'http://127.0.0.1:1/x.json' },
  { properties: { a: { items: [{ $ref: 'https://a.example.com/b.json#/c' }] } } },
  { $schema: 'http://127.0.0.1:1/meta' },
  { $id: 'http://127.0.0.1:1/a/', properties: { b: { $ref: 'b.json' } } },
  { $dynamicRef: 'file:///etc/passwd' },
])('%j is refused', async (schema) => {
  await expect(check(schema)).rejects.toThrow(/^values\.schema\.json refers to '.*', which a server/);
});

test.each([
  { $schema: 'https://json-schema.org/draft/2020-12/schema', $ref: '#/$defs/a', $defs: { a: {} } },
  { $defs: { a: { $id: 'https://a.example.com/b' } }, properties: { c: { $ref: 'https://a.example.com/b#/d' } } },
  { properties: { a: { const: 'http://127.0.0.1:1/x.json' }, b: { default: { ref: 'http://127.0.0.1:1' } } } },
])('%j stays', async (schema) => {
  await expect(check(schema)).resolves.toBeUndefined();
});

test('those of a packed chart are looked through, before helm runs', async () => {
  const chart = join(folder, 'sub');
  await mkdir(chart);
  await writeFile(join(chart, 'Chart.yaml'), 'apiVersion: v2\nname: sub\nversion: 1.0.0\n');
  await writeFile(join(chart, 'values.schema.json'), '{"$ref": "http://127.0.0.1:1/x.json"}');
  const helm = await createTools(process.env).find('helm');
  await promisify(execFile)(helm, ['package', chart, '--destination', folder]);
  const repository = await createGitRepository();
  await mkdir(join(repository.url, 'charts'));
  await writeFile(join(repository.url, 'charts', 'sub-1.0.0.tgz'), await readFile(join(folder, 'sub-1.0.0.tgz')));
  await repository.commit({ 'Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n' });
  const shared = await createTestRepoServer({ ...process.env, [REACH_VARIABLE]: 'elsewhere' });
  const source = { repoURL: repository.url, path: '.' };
  await expect(shared.renderSource(source)).rejects.toThrow(
    "charts/sub-1.0.0.tgz: values.schema.json refers to 'http://127.0.0.1:1/x.json'",
  );
  expect((await shared.renderSource({ ...source, helm: { skipSchemaValidation: true } })).manifests).toEqual([]);
  await Promise.all([shared.remove(), repository.remove()]);
});
