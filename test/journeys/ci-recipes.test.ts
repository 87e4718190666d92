// docs/ci.md, run line by line against a local system and a real repository.

import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listAt, objectAt, textAt } from '../../src/core/json.ts';
import { parseYaml } from '../../src/core/yaml.ts';
import { createWorkplace, GUESTBOOK, PROGRAM, SERVER, type Workplace } from '../support/workplace.ts';

const PAGE = readFileSync(new URL('../../docs/ci.md', import.meta.url), 'utf8');

/** What needs a world outside. */
const ELSEWHERE = [/^npm install --global hawser$/, /^gh pr comment /, /--oidc github/];

interface Recipe {
  readonly title: string;
  readonly script: string;
}

/** The lines of a workflow, a pipeline or a shell block. */
function linesOf(language: string, block: string): string[] {
  if (language === 'sh') return [block];
  const document = parseYaml(block, 'docs/ci.md');
  const steps = Object.values(objectAt(document, 'jobs')).flatMap((job) => listAt(job, 'steps'));
  if (steps.length > 0) return steps.map((step) => textAt(step, 'run')).filter((line) => line !== '');
  const before = listAt(document, 'default', 'before_script');
  return [...before, ...Object.values(objectAt(document)).flatMap((job) => listAt(job, 'script'))].map(String);
}

const BLOCK = /^## (.*?)$(?:(?!^## ).)*?^```(yaml|sh)\n(.*?)^```$/gms;

const recipes: readonly Recipe[] = [...PAGE.matchAll(BLOCK)].map(([, title = '', language = '', block = '']) => {
  const lines = linesOf(language, block).filter((line) => !ELSEWHERE.some((pattern) => pattern.test(line)));
  return { title: title.split('\n')[0] ?? '', script: lines.join('\n') };
});

let place: Workplace;

beforeAll(async () => {
  place = await createWorkplace();
  const { repository, folder } = place;
  const application = `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop, labels: {team: shop}}
spec:
  project: default
  source: {repoURL: ${repository.url}, path: shop, targetRevision: main}
  destination: {server: "${SERVER}", namespace: shop}
  syncPolicy: {syncOptions: [CreateNamespace=true]}
`;
  await repository.commit({ 'shop/all.yaml': GUESTBOOK, 'apps/shop.yaml': application });
  await repository.git('update-ref', 'refs/remotes/origin/main', 'HEAD');
  await repository.commit({ 'shop/all.yaml': GUESTBOOK.replace('replicas: 1', 'replicas: 2') });
  await mkdir(join(folder, 'bin'));
  await writeFile(join(folder, 'bin/hawser'), `#!/bin/sh\nexec "${process.execPath}" "${PROGRAM}" "$@"\n`, {
    mode: 0o755,
  });
  expect(await place.hawser(['app', 'apply', '-f', join(repository.url, 'apps')])).toMatchObject({ code: 0 });
}, 60_000);

afterAll(() => place.remove());

describe('docs/ci.md', () => {
  test('has its recipes', () => {
    expect(recipes).toHaveLength(7);
    expect(recipes.filter(({ script }) => script !== '')).toHaveLength(7);
  });

  test.each(recipes)(
    '$title',
    async ({ title, script }) => {
      const ci = title.includes('GitLab') ? { GITLAB_CI: 'true' } : { GITHUB_ACTIONS: 'true' };
      const shell = `cd ${place.repository.url} && PATH=${place.folder}/bin:$PATH\nset -e\n${script}`;
      const env = { ...place.env, ...(/any shell/.test(title) ? {} : ci), CI: 'true', HAWSER_DATA_DIR: place.data };
      const { code, out, err } = await place.hawser([], { shell, env });
      expect({ code, error: /^error:.*/m.exec(err)?.[0] }, `${out}\n${err}`).toEqual({ code: 0, error: undefined });
    },
    120_000,
  );
});
