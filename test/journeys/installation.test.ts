// A whole installation moved: between data folders, a cluster of a kubeconfig and a server.

import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { create, createWorkplace, type Ended, until, type Workplace } from '../support/workplace.ts';

const REPOSITORY = `apiVersion: v1
kind: Secret
metadata: {name: repo-a, labels: {argocd.argoproj.io/secret-type: repository}}
stringData: {url: "https://git.example.com/a.git", username: ann, password: secret-word}
`;

let place: Workplace;
let backup: string;

beforeEach(async () => {
  place = await createWorkplace();
  backup = join(place.folder, 'backup.yaml');
  await place.hawser(create('web', place));
  await place.hawser('proj create shop --description Shop');
  await writeFile(backup, REPOSITORY);
  await place.hawser(['admin', 'import', backup]);
});

afterEach(() => place.remove());

const elsewhere = (line: string | readonly string[], more: NodeJS.ProcessEnv = {}): Promise<Ended> =>
  place.hawser(line, { env: { HAWSER_DATA_DIR: join(place.folder, 'elsewhere'), ...more } });

describe('between two data folders', () => {
  test('nothing is lost, and nothing is believed that was true elsewhere', async () => {
    await place.hawser('app sync web --timeout 60');
    expect(await place.hawser(['admin', 'export', '--secrets', '-o', backup])).toEqual({ code: 0, out: '', err: '' });
    const text = await readFile(backup, 'utf8');
    expect((await stat(backup)).mode & 0o777).toBe(0o600);
    expect(await elsewhere(['admin', 'import', backup, '--dry-run'])).toMatchObject({
      code: 0,
      out: expect.stringMatching(
        /^Secret argocd\/.* created \(dry run\)\n[\s\S]*Application argocd\/web created \(dry run\)\n$/,
      ),
    });
    expect((await elsewhere('app list -o name')).out).toBe('');
    expect((await elsewhere(['admin', 'import', backup])).out).toMatch(/AppProject argocd\/shop created\n/);
    expect((await elsewhere('admin export --secrets')).out).toBe(text);
    expect((await elsewhere('app list')).out).toMatch(/web +default +OutOfSync +Missing/);
    expect((await elsewhere('proj get shop')).out).toMatch(/Shop/);
  });

  test('Secrets stay where they are unless they are asked for', async () => {
    const { out, err } = await place.hawser('admin export');
    expect(out).not.toMatch(/kind: Secret|secret-word|c2VjcmV0LXdvcmQ=/);
    expect(err).toBe('1 Secret was left out (--secrets exports them too)\n');
  });

  test('a broken document in the middle changes nothing', async () => {
    const { out } = await place.hawser('admin export');
    const [first = '', ...rest] = out.split('---\n');
    await writeFile(backup, [first, 'kind: [', ...rest].join('---\n'));
    const broken = await elsewhere(['admin', 'import', backup]);
    expect([broken.code, broken.err]).toEqual([2, expect.stringMatching(/^error: .*backup\.yaml:\d+/)]);
    await writeFile(backup, [...rest, 'apiVersion: v1\nkind: Pod\nmetadata: {name: x}\n'].join('---\n'));
    const foreign = await elsewhere(['admin', 'import', backup, '-o', 'json']);
    expect(JSON.parse(foreign.out)).toMatchObject({ error: { code: 'invalid' } });
    expect((await elsewhere('app list -o name')).out).toBe('');
  });

  test('what is not among the documents goes when somebody says so', async () => {
    await place.hawser(['admin', 'export', '-o', backup]);
    await elsewhere(create('old', place));
    const asked = await elsewhere(['admin', 'import', backup, '--prune']);
    expect([asked.code, asked.err]).toEqual([11, expect.stringMatching(/Delete Application\/argocd\/old[\s\S]*--yes/)]);
    const done = await elsewhere(['admin', 'import', backup, '--prune', '--yes']);
    expect(done).toMatchObject({ code: 0, out: expect.stringMatching(/Application argocd\/old pruned\n$/) });
    expect((await elsewhere('app list -o name')).out).toBe('argocd/web\n');
  });
});

test('into the cluster of a kubeconfig and out of it, as the reference does', async () => {
  const kubeconfig = join(place.folder, 'kubeconfig');
  const serving = place.start('local serve --port 0');
  await until('the cluster', () => /listens on/.test(serving.out()));
  await writeFile(kubeconfig, (await place.hawser('local kubeconfig')).out);
  const env = { KUBECONFIG: kubeconfig, HAWSER_COMPAT: 'argocd' };
  expect(await elsewhere(['admin', 'export', '-n', 'argocd', '-o', backup], env)).toEqual({
    code: 0,
    out: '',
    err: '',
  });
  expect(await readFile(backup, 'utf8')).toMatch(/kind: Secret/);
  expect((await elsewhere(['admin', 'import', backup])).code).toBe(0);
  expect(await place.hawser('app delete web --yes')).toMatchObject({ code: 0 });
  const imported = await elsewhere(['admin', 'import', backup, '-n', 'argocd'], env);
  expect([imported.code, imported.out]).toEqual([
    0,
    expect.stringMatching(
      /^import process started argocd\nargoproj.io\/Application web in namespace argocd created\nImport process completed successfully in namespace argocd at .*, duration: .*s\n$/,
    ),
  ]);
  const own = await elsewhere(['admin', 'import', backup, '--kubeconfig', kubeconfig, '--verbose']);
  expect(own.out).toMatch(/AppProject argocd\/shop unchanged\n/);
});

test('from a server, by those who may do everything', async () => {
  const serving = place.start('server --port 0 --insecure');
  await until('the server', () => /listens on/.test(serving.out() + serving.err()));
  const address = /127\.0\.0\.1:\d+/.exec(serving.out() + serving.err())?.[0] ?? '';
  const password = (await place.hawser('admin initial-password')).out.trim();
  const config = join(place.folder, 'config');
  const login = `login ${address} --plaintext --username admin --password ${password} --config ${config}`;
  expect(await elsewhere(login, { HAWSER_CONTEXT: '' })).toMatchObject({ code: 0 });
  const remote = { HAWSER_CONTEXT: '' };
  const { out } = await elsewhere(`admin export --secrets --config ${config}`, remote);
  expect(out).toMatch(/name: web\n/);
  expect(out).toMatch(/admin.password: /);
  const anonymous = await elsewhere(`admin export --server ${address} --plaintext`, {
    ...remote,
    HAWSER_CONFIG_DIR: join(place.folder, 'nobody'),
  });
  expect(anonymous.code).toBe(3);
});
