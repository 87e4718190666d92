// How people get at the local cluster: its clock, its nodes, its kubeconfig, its status.

import { access } from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
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
  await expect.poll(server.out).toContain('listens on');
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
  expect(alone.out).toMatch(/^Progressing +Pod +default +lost +0\/2 nodes are available: 2 node\(s\) didn't match/m);
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
