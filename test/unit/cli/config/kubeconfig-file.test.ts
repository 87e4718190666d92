// The kubeconfig that kubectl reads: a context is added, updated and taken out, and all else stays.

import { chmod, mkdir, mkdtemp, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { mergeKubeconfig, removeFromKubeconfig } from '../../../../src/cli/config/kubeconfig-file.ts';
import { parseYaml } from '../../../../src/core/yaml.ts';

const NAME = 'hawser-local';
const entriesAt = (port: number) => ({
  clusters: { server: `https://127.0.0.1:${port}`, 'certificate-authority-data': 'Q0E=' },
  users: { token: 'secret' },
  contexts: { cluster: NAME, user: NAME },
});
const merging = (port = 6443, isCurrent = false) => ({ name: NAME, entries: entriesAt(port), isCurrent });

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hawser-kubeconfig-'));
});

const PROD = {
  apiVersion: 'v1',
  kind: 'Config',
  preferences: { colors: true },
  clusters: [
    {
      name: 'prod',
      cluster: { server: 'https://prod', extensions: [{ name: 'x', extension: { since: '2020-01-01' } }] },
    },
  ],
  users: [{ name: 'me', user: { exec: { command: 'aws', args: ['--id', '0123', 'on'] } } }],
  contexts: [{ name: 'prod', context: { cluster: 'prod', user: 'me', namespace: 'shop' } }],
  'current-context': 'prod',
};
const PROD_TEXT = `# who may read this
apiVersion: v1
kind: Config
preferences: {colors: true}
clusters:
- {name: prod, cluster: {server: "https://prod", extensions: [{name: x, extension: {since: "2020-01-01"}}]}}
users:
- {name: me, user: {exec: {command: aws, args: [--id, "0123", "on"]}}}
contexts:
- {name: prod, context: {cluster: prod, user: me, namespace: shop}}
current-context: prod
`;

async function fileOf(text: string, name = 'config'): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}
const read = async (path: string): Promise<unknown> => parseYaml(await readFile(path, 'utf8'), path);

test('makes ~/.kube/config for its owner alone, and the context the current one', async () => {
  const change = await mergeKubeconfig({ HOME: folder }, merging());
  const path = join(folder, '.kube', 'config');
  expect(change).toEqual({ path, result: 'added', commentsLost: [], current: NAME });
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect((await stat(join(folder, '.kube'))).mode & 0o777).toBe(0o700);
  expect(await read(path)).toMatchObject({ kind: 'Config', 'current-context': NAME, users: [{ name: NAME }] });
});

test('keeps all else of a file, its mode and links, and tells of its comments', async () => {
  const path = await fileOf(PROD_TEXT);
  await chmod(path, 0o640);
  const link = join(folder, 'link');
  await symlink('config', link);
  expect(await mergeKubeconfig({ KUBECONFIG: link }, merging())).toEqual({
    path: link,
    result: 'added',
    commentsLost: [link],
    current: 'prod',
  });
  expect((await stat(path)).mode & 0o777).toBe(0o640);
  const { clusters, users, contexts } = entriesAt(6443);
  expect(await read(path)).toEqual({
    ...PROD,
    clusters: [...PROD.clusters, { name: NAME, cluster: clusters }],
    users: [...PROD.users, { name: NAME, user: users }],
    contexts: [...PROD.contexts, { name: NAME, context: contexts }],
  });
  expect(await removeFromKubeconfig({ KUBECONFIG: link }, NAME)).toMatchObject({ result: 'removed', current: 'prod' });
  expect(await read(path)).toEqual(PROD);
});

test('another port replaces the entry where it stands; the same one writes nothing', async () => {
  const path = await fileOf(PROD_TEXT);
  const env = { KUBECONFIG: path };
  await mergeKubeconfig(env, merging(1));
  expect(await mergeKubeconfig(env, merging(2))).toMatchObject({ result: 'updated' });
  const { mtimeMs } = await stat(path);
  expect(await mergeKubeconfig(env, merging(2))).toMatchObject({ result: 'unchanged' });
  expect((await stat(path)).mtimeMs).toBe(mtimeMs);
  expect(await mergeKubeconfig(env, merging(2, true))).toMatchObject({ result: 'unchanged', current: NAME });
  expect(await read(path)).toMatchObject({
    'current-context': NAME,
    clusters: [{}, { cluster: { server: 'https://127.0.0.1:2' } }],
  });
});

test('of several files it is the one that has the context, else the first that is there, else the last', async () => {
  const [one, two, three] = ['one', 'two', 'three'].map((name) => join(folder, name));
  const env = { KUBECONFIG: [one, two, three].join(':') };
  expect(await mergeKubeconfig(env, merging())).toMatchObject({ path: three });
  await writeFile(String(one), JSON.stringify(PROD));
  expect(await mergeKubeconfig(env, merging(2, true))).toMatchObject({ path: three, result: 'updated', current: NAME });
  // The first file that names a current context counts.
  expect(JSON.parse(await readFile(String(one), 'utf8'))).toEqual({ ...PROD, 'current-context': NAME });
});

test('two at once lose nothing', async () => {
  const path = await fileOf(PROD_TEXT);
  const names = ['a', 'b', 'c', 'd'];
  await Promise.all(names.map((name) => mergeKubeconfig({ KUBECONFIG: path }, { ...merging(), name })));
  expect(await read(path)).toMatchObject({ contexts: [{ name: 'prod' }, {}, {}, {}, {}] });
});

test.each([
  ['a: [', 'broken YAML'],
  ['just a text', 'it is not a map'],
  ['[1, 2]', 'it is not a map'],
  ['kind: ConfigMap', 'its kind is "ConfigMap"'],
  ['contexts: {a: 1}', "'contexts' is not a list"],
  ['users: [{name: a}, {user: {}}]', 'users[1] has no name'],
  ['clusters: [1]', 'clusters[0] has no name'],
  ['kind: Config\n---\nkind: Config', 'it holds 2 documents'],
  ['a: 1\n\tb: 2', 'broken YAML'],
  ['{"kind": "Config"', 'broken YAML'],
])('refuses %j, and leaves it as it is', async (text, why) => {
  const path = await fileOf(text);
  const refused = expect.objectContaining({
    code: 'usage',
    message: expect.stringContaining(why),
    hint: expect.stringContaining(path),
  });
  await expect(mergeKubeconfig({ KUBECONFIG: path }, merging())).rejects.toEqual(refused);
  await expect(removeFromKubeconfig({ KUBECONFIG: path }, NAME)).rejects.toEqual(refused);
  expect(await readFile(path, 'utf8')).toBe(text);
});

test('a folder is no kubeconfig', async () => {
  await mkdir(join(folder, 'config'));
  await expect(mergeKubeconfig({ KUBECONFIG: join(folder, 'config') }, merging())).rejects.toMatchObject({
    code: 'usage',
  });
});

test.each(['', '---\n', 'kind: Config\ncontexts: null\n'])('a file of %j is taken', async (text) => {
  const path = await fileOf(text);
  expect(await mergeKubeconfig({ KUBECONFIG: path }, merging())).toMatchObject({ result: 'added', current: NAME });
});
