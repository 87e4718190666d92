// How people get at the local cluster: its clock, its nodes, its kubeconfig, its status, and what is loaded.

import { access, mkdir, writeFile } from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { definitionOf } from '../support/simulated-kinds.ts';
import { createWorkplace, type Workplace } from '../support/workplace.ts';

let work: Workplace;
beforeEach(async () => {
  work = await createWorkplace();
});
afterEach(() => work.remove());

test('the clock is set with and without a server, and survives both', async () => {
  expect(await work.hawser('local clock')).toMatchObject({ code: 0, out: expect.stringMatching(/Z, real speed\n$/) });
  expect(await work.hawser('local clock --speed 20x')).toMatchObject({
    code: 0,
    out: expect.stringMatching(/Z, 20 times real speed\n$/),
  });
  const server = work.start('local serve --port 0');
  await expect.poll(server.out, { timeout: 10_000 }).toContain('listens on');
  const paused = JSON.parse((await work.hawser('local clock --pause --advance 2d -o json')).out);
  expect(paused).toMatchObject({ speed: 20, paused: true });
  expect(paused.aheadSeconds).toBeGreaterThan(2 * 86_400 - 60);
  server.child.kill('SIGTERM');
  await server.ended;
  const later = await work.hawser('local clock');
  expect(later.out).toMatch(
    /^\d{4}-\d\d-\d\dT[\d:]+Z, paused \(set to 20 times real speed\), 48h\S+ ahead of this machine\n$/,
  );
  const reset = JSON.parse((await work.hawser('local clock --reset -o json')).out);
  expect(reset).toMatchObject({ speed: 1, paused: false });
  expect(Date.parse(reset.time)).toBeGreaterThanOrEqual(Date.parse(paused.time));
  expect((await work.hawser(['local', 'clock', '--jq', '.speed'])).out).toBe('1\n');
});

test.each([
  ['--speed 0', 'hawser local clock --pause'],
  ['--speed -3', 'use a number from 0.01 to 10000, like 20'],
  ['--speed fast', 'use a number from 0.01 to 10000, like 20'],
  ['--speed 1e9', 'use a number from 0.01 to 10000, like 20'],
  ['--speed 10001', 'use a number from 0.01 to 10000, like 20'],
  ['--advance -1h', 'write it like 90, 90s, 1h30m or 7d'],
  ['--advance soon', 'write it like 90, 90s, 1h30m or 7d'],
  ['--advance 5000000h', undefined],
  ['--pause --resume', 'give one of them'],
  ['--reset --speed 3', 'give one of them'],
])('local clock %s is refused, and nothing is changed', async (flags, hint) => {
  const { code, out, err } = await work.hawser(`local clock ${flags}`);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  if (hint !== undefined) expect(err).toContain(`hint: ${hint}`);
  expect((await work.hawser('local clock')).out).toMatch(/Z, real speed\n$/);
});

test('nodes are listed, added and taken away, and Pods follow', async () => {
  expect(await work.hawser('local nodes')).toMatchObject({ code: 0, out: '' });
  const three = await work.hawser('local nodes 3');
  expect(three).toMatchObject({ code: 0, err: '' });
  expect(three.out.split('\n').map((line) => line.split(/\s+/).slice(0, 3).join(' '))).toEqual([
    'NAME STATUS ZONE',
    'node-1 Ready zone-a',
    'node-2 Ready zone-b',
    'node-3 Ready zone-c',
    '',
  ]);
  const drained = await work.hawser('local kubectl drain node-3');
  expect(drained.out).toContain('node/node-3 drained');
  expect(JSON.parse((await work.hawser('local nodes -o json')).out)).toContainEqual({
    name: 'node-3',
    status: 'Ready,SchedulingDisabled',
    zone: 'zone-c',
    pods: 0,
  });
  expect((await work.hawser('local nodes 1 --jq length')).out).toBe('1\n');
});

test.each(['0', '251', 'two', '1.5', '-1', '3 --zones 0', '3 --zones 27'])(
  'local nodes %s is refused',
  async (words) => {
    expect(await work.hawser(`local nodes ${words}`)).toMatchObject({ code: 2, out: '' });
  },
);

test('a hawser server serves the cluster too, and kubeconfig --merge lets kubectl find it', async () => {
  expect(await work.hawser('local kubeconfig --merge')).toMatchObject({
    code: 8,
    err: 'error: the local cluster does not listen\nhint: hawser local serve, or hawser server; hawser local kubectl needs neither\n',
  });
  const server = work.start('server --port 0 --kubernetes-port 0');
  await expect.poll(server.err, { timeout: 10_000 }).toContain('its cluster listens on https://127.0.0.1:');
  const port = /its cluster listens on https:\/\/127\.0\.0\.1:(\d+)/.exec(server.err())?.[1] ?? '';
  const merged = JSON.parse((await work.hawser('local kubeconfig --merge -o json')).out);
  expect(merged).toEqual({
    file: join(work.folder, 'home', '.kube', 'config'),
    context: 'hawser-local',
    result: 'added',
    currentContext: 'hawser-local',
  });
  expect((await work.hawser('local kubeconfig')).out).toContain(`https://127.0.0.1:${port}`);
  for (const scheme of ['http', 'https'])
    expect(await statusOf(`${scheme}://127.0.0.1:${port}/api/v1/namespaces`), scheme).toBe(403);
  expect(await statusOf(`http://127.0.0.1:${port}/readyz`)).toBe(200);
  const namespaces = await work.hawser(['local', 'kubectl', '--kubeconfig', merged.file, 'get', 'ns', '-o', 'name']);
  expect(namespaces.out).toContain('namespace/argocd');
  const taken = await work.hawser(`server --port 0 --kubernetes-port ${port} --data-dir ${work.folder}/other`);
  expect(taken).toMatchObject({
    code: 2,
    err: expect.stringContaining(`cannot listen on 127.0.0.1:${port}: it is in use`),
  });
  expect((await work.hawser('local kubeconfig --remove')).out).toContain("context 'hawser-local' removed from");
});

test.each(['--set-context', '--merge --remove'])('local kubeconfig %s is refused', async (flags) => {
  expect(await work.hawser(`local kubeconfig ${flags}`)).toMatchObject({ code: 2, out: '' });
});

const statusOf = (url: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const { get } = url.startsWith('https') ? https : http;
    const options = url.startsWith('https') ? { rejectUnauthorized: false } : {};
    get(url, options, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    }).on('error', reject);
  });

test('status tells of the cluster while nobody owns it and while a server does, and makes no folder', async () => {
  const nothing = await work.hawser('local status');
  expect(nothing).toMatchObject({ code: 0, err: '' });
  expect(nothing.out).toBe(
    `there is no local cluster in '${work.data}' yet\nnext: hawser local load FOLDER, hawser local serve, or hawser app create\n`,
  );
  expect(JSON.parse((await work.hawser('local status -o json')).out)).toEqual({
    exists: false,
    folder: { path: work.data },
  });
  await expect(access(work.data)).rejects.toMatchObject({ code: 'ENOENT' });
  await work.hawser('local nodes 2');
  await work.hawser([
    'local',
    'kubectl',
    'run',
    'lost',
    '--image=a',
    '--overrides={"spec":{"nodeSelector":{"a":"b"}}}',
  ]);
  const alone = await work.hawser('local status');
  expect(alone).toMatchObject({ code: 0, err: '' });
  expect(alone.out).toMatch(/^Owner {7}nobody: each command opens the folder for itself/m);
  expect(alone.out).toMatch(/^Nodes {7}2, all ready$/m);
  expect(alone.out).toMatch(/^Pod +1 +default 1$/m);
  expect(alone.out).toMatch(/^Progressing +Pod default\/lost +0\/2 nodes are available: 2 node\(s\) didn't match/m);
  const server = work.start('server --port 0 --kubernetes-port 0');
  await expect.poll(server.err, { timeout: 10_000 }).toContain('its cluster listens on');
  const status = JSON.parse((await work.hawser('local status -o json')).out);
  expect(status).toMatchObject({
    exists: true,
    folder: { path: work.data },
    owner: { kind: 'server', pid: server.child.pid },
    kubernetesVersion: 'v1.36.1',
    clock: { speed: 1, paused: false },
    nodes: [{ name: 'node-1' }, { name: 'node-2' }],
    notHealthy: [{ kind: 'Pod', name: 'lost', status: 'Progressing' }],
  });
  expect(server.out()).toContain(status.owner.api[0]);
  expect(server.err()).toContain(status.owner.kubernetes);
  expect(status.journal.bytes).toBeGreaterThan(1000);
  expect((await work.hawser('local status')).out).toMatch(/^Owner {7}hawser server, pid \d+, since \S+ \(\d+s\)$/m);
});

test('status says why a folder cannot be used', async () => {
  expect(await work.hawser('local status --data-dir /proc/none')).toMatchObject({ code: 20, out: '' });
  expect(await work.hawser('local status extra')).toMatchObject({ code: 2, out: '' });
  expect(await work.hawser('local status -o table')).toMatchObject({ code: 2, out: '' });
});

const CRD = `${JSON.stringify(definitionOf({ group: 'example.com', kind: 'Boat' }))}\n`;
const BOAT = `apiVersion: example.com/v1
kind: Boat
metadata: {name: one, namespace: shop}
spec: {length: 7}
status: {afloat: true}
`;
const NAMESPACE = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n';
/** As `kubectl get -o yaml` prints it, of another cluster. */
const DUMP = `apiVersion: v1
kind: List
metadata: {resourceVersion: ""}
items:
- apiVersion: v1
  kind: Pod
  metadata:
    name: web-5d9f8-abcde
    namespace: shop
    uid: 11111111-1111-1111-1111-111111111113
    labels: {app: web, pod-template-hash: 5d9f8}
    ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: web-5d9f8, uid: 11111111-1111-1111-1111-111111111112, controller: true}]
  spec: {nodeName: ip-10-0-0-7, containers: [{name: c, image: nginx}]}
- apiVersion: apps/v1
  kind: Deployment
  metadata:
    name: web
    namespace: shop
    uid: 11111111-1111-1111-1111-111111111111
    resourceVersion: "77"
    generation: 4
    creationTimestamp: "2020-01-01T00:00:00Z"
    managedFields: [{manager: kubectl, operation: Update, apiVersion: apps/v1, fieldsType: FieldsV1, fieldsV1: {"f:spec": {}}}]
  spec:
    replicas: 1
    selector: {matchLabels: {app: web}}
    template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c, image: nginx}]}}
  status: {replicas: 9, readyReplicas: 9}
- apiVersion: apps/v1
  kind: ReplicaSet
  metadata:
    name: web-5d9f8
    namespace: shop
    uid: 11111111-1111-1111-1111-111111111112
    ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: web, uid: 11111111-1111-1111-1111-111111111111, controller: true}]
  spec:
    replicas: 1
    selector: {matchLabels: {app: web, pod-template-hash: 5d9f8}}
    template: {metadata: {labels: {app: web, pod-template-hash: 5d9f8}}, spec: {containers: [{name: c, image: nginx}]}}
- apiVersion: v1
  kind: Service
  metadata: {name: web, namespace: shop, uid: 11111111-1111-1111-1111-111111111114}
  spec: {clusterIP: 172.20.1.1, clusterIPs: [172.20.1.1], selector: {app: web}, ports: [{port: 80, targetPort: 80, protocol: TCP}]}
- apiVersion: v1
  kind: Pod
  metadata:
    name: stray
    namespace: shop
    ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: gone, uid: 99999999-1111-1111-1111-111111111112, controller: true}]
  spec: {nodeName: ip-10-0-0-7, containers: [{name: c, image: nginx}]}
- apiVersion: batch/v1
  kind: Job
  metadata: {name: once, namespace: shop, labels: {controller-uid: abc, batch.kubernetes.io/controller-uid: abc}}
  spec:
    selector: {matchLabels: {batch.kubernetes.io/controller-uid: abc}}
    template:
      metadata: {labels: {controller-uid: abc, batch.kubernetes.io/controller-uid: abc, job-name: once}}
      spec: {restartPolicy: Never, containers: [{name: c, image: busybox}]}
`;

async function write(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = join(work.folder, 'manifests');
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return folder;
}

const resultsOf = (out: string): readonly string[] => {
  const { objects } = JSON.parse(out);
  return objects.map((one: Record<string, string>) => [one['result'], one['kind'], one['name']].join(' ')).sort();
};

test('a dump is loaded in the order that it needs, and loading it again changes nothing', async () => {
  const folder = await write({
    'a/boat.yaml': BOAT,
    'b/dump.yaml': DUMP,
    'c.json': JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'loose' }, data: { a: 'b' } }),
    'd/x/crd.yml': `${CRD}---\n${NAMESPACE}`,
    'README.md': '# no manifest',
  });
  const dry = await work.hawser(`local load ${folder} --dry-run -o json`);
  expect(dry.code).toBe(0);
  expect(JSON.parse(dry.out)).toMatchObject({ dryRun: true, counts: { failed: 0, configured: 0 } });
  expect(dry.out).toContain('not checked: its kind comes with the same load');
  expect((await work.hawser('local kubectl get ns shop')).code).not.toBe(0);

  const first = await work.hawser(`local load ${folder} -o json`);
  expect(first).toMatchObject({ code: 0, err: '' });
  expect(resultsOf(first.out)).toEqual([
    'created Boat one',
    'created ConfigMap loose',
    'created CustomResourceDefinition boats.example.com',
    'created Deployment web',
    'created Job once',
    'created Namespace shop',
    'created Pod stray',
    'created Service web',
    'skipped Pod web-5d9f8-abcde',
    'skipped ReplicaSet web-5d9f8',
  ]);
  const again = await work.hawser(`local load ${folder}`);
  expect(again).toMatchObject({ code: 0, err: '' });
  expect(again.out).toMatch(/\n8 unchanged, 2 skipped\n$/);

  await work.hawser('local kubectl wait -n shop --for=condition=available deploy/web --timeout=20s');
  await work.hawser('local kubectl wait -n shop --for=condition=ready pod/stray --timeout=20s');
  const boat = JSON.parse((await work.hawser('local kubectl get boat one -n shop -o json')).out);
  expect(boat).toMatchObject({ spec: { length: 7 }, status: { afloat: true } });
  const web = JSON.parse((await work.hawser('local kubectl get deploy web -n shop -o json')).out);
  expect(web.metadata.uid).not.toMatch(/^1111/);
  expect(web.status).toMatchObject({ replicas: 1, availableReplicas: 1 });
  const stray = JSON.parse((await work.hawser('local kubectl get pod stray -n shop -o json')).out);
  expect(stray).toMatchObject({ spec: { nodeName: 'node-1' }, status: { phase: 'Running' } });
  expect(stray.metadata.ownerReferences).toBeUndefined();

  await write({
    'c.json': JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'loose' }, data: { a: 'c' } }),
  });
  expect((await work.hawser(`local load ${folder}/c.json --dry-run`)).out).toBe(
    'configured  ConfigMap default/loose\n1 configured (dry run: nothing was changed)\n',
  );
  expect((await work.hawser(`local load ${folder}/c.json`)).out).toBe(
    'configured  ConfigMap default/loose\n1 configured\n',
  );
});

test('what fails is named with its place, the rest is loaded, and the exit code says so', async () => {
  const folder = await write({
    'all.yaml': `${NAMESPACE}---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: lost, namespace: nowhere}\n---\n# a comment\nkind: Boat\napiVersion: example.com/v1\nmetadata: {name: two}\n---\napiVersion: v1\nkind: Service\nmetadata: {name: Bad_Name}\nspec: {ports: [{port: 80}]}\n`,
  });
  const loaded = await work.hawser(`local load ${folder}`);
  expect(loaded.code).toBe(20);
  expect(loaded.out.replaceAll(`${folder}/`, '')).toBe(
    'created     Namespace shop\n' +
      'failed      ConfigMap nowhere/lost (all.yaml:5): namespaces "nowhere" not found\n' +
      'failed      Boat two (all.yaml:10): no matches for kind "Boat" in version "example.com/v1"\n' +
      `${loaded.out.split('\n')[3]?.replaceAll(`${folder}/`, '')}\n` +
      '1 created, 3 failed\n',
  );
  expect(loaded.out).toContain('Service default/Bad_Name');
  expect(loaded.err).toBe(
    'error: 3 of 4 objects could not be loaded\nhint: hawser local kubectl create namespace nowhere\n',
  );
  const document = await work.hawser(`local load ${folder} -o json`);
  expect(document).toMatchObject({ code: 20, err: '' });
  expect(JSON.parse(document.out).counts).toEqual({ created: 0, configured: 0, unchanged: 1, skipped: 0, failed: 3 });
});

test('stdin is loaded, into the namespace that is given', async () => {
  const pipe = {
    shell: `printf 'kind: ConfigMapList\\napiVersion: v1\\nitems:\\n- metadata: {name: piped}\\n' | "$@"`,
  };
  expect(await work.hawser('local load - -n kube-public', pipe)).toMatchObject({
    code: 0,
    out: 'created     ConfigMap kube-public/piped\n1 created\n',
  });
});

test.each([
  ['a: [', 1, 20],
  ['just: a map\n', 1, 20],
  ['apiVersion: v1\nmetadata: {name: a}\n', 1, 20],
  ['apiVersion: v1\nkind: Pod\n', 1, 20],
  ['apiVersion: v1\nkind: Pod\nmetadata: {generateName: a-}\n', 1, 20],
  ['- 1\n- 2\n', 1, 20],
  ['text', 1, 20],
  ['apiVersion: v1\nkind: List\nitems:\n- 3\n', 4, 20],
  ['apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Pod, metadata: {name: ok}}\n- {kind: Pod}\n', 5, 20],
  ['{"apiVersion": "v1", "kind": ', 1, 20],
])('of files with %j nothing is loaded, and the line is named', async (text, line, code) => {
  const folder = await write({ 'good.yaml': NAMESPACE, 'zbad.yaml': text });
  const refused = await work.hawser(`local load ${folder}`);
  expect(refused).toMatchObject({ code, out: '' });
  expect(refused.err).toContain(`zbad.yaml:${line}`);
  expect(refused.err).toContain('nothing was loaded');
  await expect(access(work.data)).rejects.toMatchObject({ code: 'ENOENT' });
});

test.each(['', ' /nowhere', ' -n'])('local load%s is refused', async (words) => {
  expect(await work.hawser(`local load${words}`)).toMatchObject({ code: 2, out: '' });
});
