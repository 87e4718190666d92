// Each folder of fixtures is a repository: `source.yaml` says how to render its `app`, `expected.yaml` what comes of it.

import { existsSync } from 'node:fs';
import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from '../../../src/core/shape.ts';
import { formatYaml, parseYaml } from '../../../src/core/yaml.ts';
import { applicationSource } from '../../../src/model/source.ts';
import { createGitRepository } from '../../support/git-repository.ts';
import { createTestRepoServer, type TestRepoServer } from '../../support/repo-server.ts';

const FIXTURES = new URL('../../fixtures/', import.meta.url).pathname;
let server: TestRepoServer;

beforeAll(async () => {
  server = await createTestRepoServer();
});
afterAll(() => server.remove());

async function rendered(folder: string): Promise<string> {
  const repository = await createGitRepository();
  try {
    const copied = (path: string): boolean => !/\/(source|expected)\.yaml$/.test(path);
    await cp(folder, repository.url, { recursive: true, filter: copied });
    await repository.commit({});
    const options = existsSync(join(folder, 'source.yaml'))
      ? parseYaml(await readFile(join(folder, 'source.yaml'), 'utf8'), 'source.yaml')
      : {};
    const source = parse(applicationSource, { repoURL: repository.url, path: 'app', ...Object(options) }, 'source');
    const { manifests, sourceType } = await server.renderSource(source);
    expect(folder.toLowerCase()).toContain(`/${sourceType.toLowerCase()}/`);
    return manifests.map((manifest) => formatYaml(manifest, { sortKeys: true })).join('---\n');
  } finally {
    await repository.remove();
  }
}

describe.each(['directory', 'helm', 'kustomize'])('%s', async (kind) => {
  const cases = await readdir(join(FIXTURES, kind));

  test('has cases', () => expect(cases.length).toBeGreaterThan(0));

  test.each(cases)('%s', async (name) => {
    const folder = join(FIXTURES, kind, name);
    const found = await rendered(folder);
    const expected = join(folder, 'expected.yaml');
    if (process.env['UPDATE_GOLDEN']) await writeFile(expected, found);
    expect(found).toBe(await readFile(expected, 'utf8'));
  });
});
