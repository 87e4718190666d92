// Clients that others wrote against `hawser local serve`: helm, and the libraries of Python, JavaScript and Go.

import { execFile, execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createWorkplace, type Ended, until, type Workplace } from '../support/workplace.ts';

const HELM = fileURLToPath(new URL('../../.tools/helm', import.meta.url));
const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/clients/${name}`, import.meta.url));

let place: Workplace;

beforeAll(async () => {
  place = await createWorkplace();
  const serving = place.start('local serve --port 0');
  await until('the cluster', () => /listens on/.test(serving.out()));
  await writeFile(join(place.folder, 'kubeconfig'), (await place.hawser('local kubeconfig')).out);
});

afterAll(() => place.remove());

function run(program: string, words: readonly string[]): Promise<Ended> {
  const env = { ...place.env, KUBECONFIG: join(place.folder, 'kubeconfig') };
  return new Promise((resolve) => {
    execFile(program, words, { cwd: place.folder, env, encoding: 'utf8', timeout: 100_000 }, (error, out, err) => {
      resolve({ code: error ? (typeof error.code === 'number' ? error.code : null) : 0, out, err });
    });
  });
}

const install = (program: string, ...words: string[]): unknown =>
  execFileSync(program, words, { cwd: place.folder, stdio: 'pipe' });

describe('helm', () => {
  beforeAll(async () => {
    await run(HELM, ['create', 'shop']);
  });

  test.each<[string, RegExp, number?]>([
    ['install shop ./shop --wait --timeout 60s', /STATUS: deployed/],
    ['list', /shop +default +1 +|shop\tdefault/],
    ['status shop', /STATUS: deployed/],
    ['upgrade shop ./shop --set replicaCount=3 --wait --timeout 60s', /REVISION: 2/],
    ['history shop', /superseded[\s\S]*deployed/],
    ['rollback shop 1 --wait --timeout 60s', /success/],
    ['test shop --timeout 60s', /Phase: +Succeeded/],
    ['get manifest shop', /kind: Deployment/],
    ['template ./shop --validate', /kind: Deployment/],
    [
      'upgrade shop ./shop --set-string podAnnotations.hawser\\.dev/fault=never-pull --rollback-on-failure --wait --timeout 5s',
      /rolled back|not ready|deadline|timed out|failed/i,
      1,
    ],
    ['status shop', /STATUS: deployed/],
    ['upgrade --install other ./shop --wait --timeout 60s', /STATUS: deployed/],
    ['uninstall other --wait --timeout 60s', /uninstalled/],
    ['uninstall shop', /uninstalled/],
  ])('%s', { timeout: 120_000 }, async (line, answer, code = 0) => {
    const ended = await run(HELM, line.split(' '));
    expect(ended.out + ended.err).toMatch(answer);
    expect(ended.code).toBe(code);
  });
});

test('@kubernetes/client-node: informer, patch, apply', { timeout: 120_000 }, async () => {
  install(
    'npm',
    'install',
    '--silent',
    '--no-audit',
    '--no-fund',
    '--prefix',
    place.folder,
    '@kubernetes/client-node@1.1.2',
  );
  expect(await run(process.execPath, [fixture('smoke.mjs')])).toMatchObject({ code: 0, out: 'done\n', err: '' });
});

test("Python's kubernetes: list, watch, patch, scale, apply", { timeout: 180_000 }, async () => {
  install('python3', '-m', 'venv', 'python');
  install(join(place.folder, 'python/bin/pip'), '-q', 'install', 'kubernetes==31.0.0');
  expect(await run(join(place.folder, 'python/bin/python'), [fixture('smoke.py')])).toMatchObject({
    code: 0,
    out: 'done\n',
    err: '',
  });
});

// Debian has no client-go, and its modules are fetched from elsewhere: `npm run test:go` is for machines with Go 1.25.
if (process.env['HAWSER_TEST_GO'] !== undefined) {
  test('client-go: informer, watch, patches, apply, pages, conflicts', { timeout: 240_000 }, async () => {
    const client = join(place.folder, 'client-go');
    execFileSync('go', ['build', '-o', client, '.'], { cwd: fixture('go'), stdio: 'pipe' });
    expect(await run(client, [])).toMatchObject({ code: 0, out: 'done\n', err: '' });
  });
}
