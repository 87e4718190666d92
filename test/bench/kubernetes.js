// The Kubernetes API of the local cluster over HTTP on loopback: 3,000 ConfigMaps of 500 bytes by 16 callers at once, the state
// written down as ever. What a kube-apiserver with etcd did on two cores stands beside each figure's aim in the issue of it.

import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const COUNT = 3000;
const CALLERS = 16;
const MAPS = '/api/v1/namespaces/default/configmaps';
const JSON_TYPE = { 'content-type': 'application/json' };
const APPLY_TYPE = { 'content-type': 'application/apply-patch+yaml' };

/** Prints two lines of figures. */
export async function measureKubernetes(setting) {
  await measureCalls(setting);
  await measureSize(setting);
}

const text = 'x'.repeat(500);
const map = (name, data) => JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data });

/** A cluster of its own in a folder of its own, and how to call it. */
async function startCluster({ program, env }) {
  const begun = performance.now();
  const serve = spawn(process.execPath, [program, 'local', 'serve', '--port', '0'], {
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const line = await new Promise((resolve) => serve.stdout.once('data', (data) => resolve(String(data))));
  const took = performance.now() - begun;
  const port = Number(/:(\d+)\s*$/m.exec(line)?.[1]);
  const kubeconfig = execFileSync(process.execPath, [program, 'local', 'kubeconfig'], { env, encoding: 'utf8' });
  const token = /token: (\S+)/.exec(kubeconfig)?.[1];
  const stop = async () => {
    serve.kill('SIGTERM');
    await new Promise((resolve) => serve.once('exit', resolve));
  };
  const megabytes = () => Math.round(Number(/VmHWM:\s+(\d+)/.exec(status(serve.pid))?.[1] ?? 0) / 1024);
  return { took, port, token, call: caller({ port, token }), megabytes, stop };
}

async function measureCalls({ program, env }) {
  const work = mkdtempSync(join(tmpdir(), 'hawser-kubernetes-'));
  const own = { ...env, HOME: work, HAWSER_DATA_DIR: join(work, 'data'), CI: '' };
  const cluster = await startCluster({ program, env: own });
  try {
    const { call } = cluster;
    const create = await rate((index) => call('POST', MAPS, JSON_TYPE, map(`c${index}`, { a: text })));
    const get = await rate((index) => call('GET', `${MAPS}/c${index}`));
    const apply = await rate((index) =>
      call('PATCH', `${MAPS}/c${index}?fieldManager=bench`, APPLY_TYPE, map(`c${index}`, { b: 'y' })),
    );
    const lists = await times(9, () => call('GET', MAPS));
    const remove = await rate((index) => call('DELETE', `${MAPS}/c${index}`));
    console.log(
      `the Kubernetes API, ${CALLERS} callers: creates ${create}/s (aim: 1,018), gets ${get}/s (2,942), applies ${apply}/s (1,352), ` +
        `deletes ${remove}/s (1,364); a list of ${COUNT} ${lists.toFixed(0)} ms (56); peak ${cluster.megabytes()} MB`,
    );
  } finally {
    await cluster.stop();
    rmSync(work, { recursive: true, force: true });
  }
}

const MANY = 10_000;
const FAR_MORE = 50_000;
const WATCHERS = 100;

/** What grows with the objects: the start, the memory, the time of a write; and how long an event takes to many watchers. */
async function measureSize({ program, env }) {
  const work = mkdtempSync(join(tmpdir(), 'hawser-kubernetes-'));
  const own = { ...env, HOME: work, HAWSER_DATA_DIR: join(work, 'data'), CI: '' };
  let cluster = await startCluster({ program, env: own });
  try {
    const create = (index) => cluster.call('POST', MAPS, JSON_TYPE, map(`c${index}`, { a: text }));
    await rate(create, { count: MANY });
    await cluster.call('GET', MAPS);
    const peak = cluster.megabytes();
    const event = await measureEvent(cluster);
    await cluster.stop();
    const starts = [];
    for (let run = 0; run < 3; run += 1) {
      if (run > 0) await cluster.stop();
      cluster = await startCluster({ program, env: own });
      starts.push(cluster.took);
    }
    const early = await rate(create, { from: MANY, count: 2000 });
    await rate(create, { from: MANY + 2000, count: FAR_MORE - MANY - 4000 });
    const late = await rate(create, { from: FAR_MORE - 2000, count: 2000 });
    const cold = starts.sort((a, b) => a - b)[1];
    console.log(
      `${MANY} objects: cold start ${cold.toFixed(0)} ms (aim: 700), peak ${peak} MB (250), an event to ${WATCHERS} watchers ` +
        `${event.toFixed(1)} ms (20); creates ${early}/s among ${MANY} objects, ${late}/s among ${FAR_MORE} (the same)`,
    );
  } finally {
    await cluster.stop();
    rmSync(work, { recursive: true, force: true });
  }
}

/** From a write to the last of many watchers, in milliseconds: the median. */
async function measureEvent({ call, port, token }) {
  let seen = 0;
  let all = () => undefined;
  const path = `${MAPS}?watch=true&fieldSelector=metadata.name%3Dc1`;
  const watch = () =>
    new Promise((resolve) => {
      const sent = request(
        { host: '127.0.0.1', port, path, headers: { authorization: `Bearer ${token}` } },
        (answer) => {
          answer.on('data', () => {
            seen += 1;
            if (seen === WATCHERS) all();
          });
          answer.on('error', () => undefined);
          resolve(sent);
        },
      );
      sent.on('error', () => undefined);
      sent.end();
    });
  const initial = new Promise((resolve) => (all = resolve));
  const watchers = await Promise.all(Array.from({ length: WATCHERS }, watch));
  await initial;
  let version = 0;
  const median = await times(15, async () => {
    seen = 0;
    const told = new Promise((resolve) => (all = resolve));
    version += 1;
    const body = JSON.stringify({ data: { b: String(version) } });
    await Promise.all([call('PATCH', `${MAPS}/c1`, { 'content-type': 'application/merge-patch+json' }, body), told]);
  });
  for (const watcher of watchers) watcher.destroy();
  return median;
}

const status = (pid) => (process.platform === 'linux' ? readFileSync(`/proc/${pid}/status`, 'utf8') : '');

function caller({ port, token }) {
  const agent = new Agent({ keepAlive: true, maxSockets: CALLERS });
  return (method, path, headers = {}, body) =>
    new Promise((resolve, reject) => {
      const all = { authorization: `Bearer ${token}`, ...headers };
      const sent = request({ host: '127.0.0.1', port, path, method, headers: all, agent }, (answer) => {
        answer.resume();
        answer.on('end', () =>
          answer.statusCode < 300 ? resolve() : reject(new Error(`${method} ${path}: ${answer.statusCode}`)),
        );
      });
      sent.on('error', reject);
      sent.end(body);
    });
}

/** Calls a second. */
async function rate(work, { from = 0, count = COUNT } = {}) {
  let next = from;
  const one = async () => {
    while (next < from + count) {
      next += 1;
      await work(next);
    }
  };
  const begun = performance.now();
  await Promise.all(Array.from({ length: CALLERS }, one));
  return Math.round(count / ((performance.now() - begun) / 1000));
}

/** The median in milliseconds. */
async function times(count, work) {
  const all = [];
  for (let run = 0; run < count; run += 1) {
    const begun = performance.now();
    await work();
    all.push(performance.now() - begun);
  }
  return all.sort((a, b) => a - b)[Math.floor(count / 2)];
}
