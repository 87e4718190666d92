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

/** Prints one line of figures. */
export async function measureKubernetes({ program, env }) {
  const work = mkdtempSync(join(tmpdir(), 'hawser-kubernetes-'));
  const own = { ...env, HOME: work, HAWSER_DATA_DIR: join(work, 'data'), CI: '' };
  const serve = spawn(process.execPath, [program, 'local', 'serve', '--port', '0'], {
    env: own,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  try {
    const line = await new Promise((resolve) => serve.stdout.once('data', (text) => resolve(String(text))));
    const port = Number(/:(\d+)\s*$/.exec(line)?.[1]);
    const kubeconfig = execFileSync(process.execPath, [program, 'local', 'kubeconfig'], { env: own, encoding: 'utf8' });
    const token = /token: (\S+)/.exec(kubeconfig)?.[1];
    const call = caller({ port, token });
    const map = (name, data) => JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data });
    const text = 'x'.repeat(500);
    const create = await rate((index) => call('POST', MAPS, JSON_TYPE, map(`c${index}`, { a: text })));
    const get = await rate((index) => call('GET', `${MAPS}/c${index}`));
    const apply = await rate((index) =>
      call('PATCH', `${MAPS}/c${index}?fieldManager=bench`, APPLY_TYPE, map(`c${index}`, { b: 'y' })),
    );
    const lists = await times(9, () => call('GET', MAPS));
    const remove = await rate((index) => call('DELETE', `${MAPS}/c${index}`));
    const memory = /VmHWM:\s+(\d+)/.exec(status(serve.pid))?.[1];
    console.log(
      `the Kubernetes API, ${CALLERS} callers: creates ${create}/s (aim: 1,018), gets ${get}/s (2,942), applies ${apply}/s (1,352), ` +
        `deletes ${remove}/s (1,364); a list of ${COUNT} ${lists.toFixed(0)} ms (56); peak ${Math.round(Number(memory ?? 0) / 1024)} MB`,
    );
  } finally {
    serve.kill('SIGTERM');
    await new Promise((resolve) => serve.once('exit', resolve));
    rmSync(work, { recursive: true, force: true });
  }
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
async function rate(work) {
  let next = 0;
  const one = async () => {
    while (next < COUNT) {
      next += 1;
      await work(next);
    }
  };
  const begun = performance.now();
  await Promise.all(Array.from({ length: CALLERS }, one));
  return Math.round(COUNT / ((performance.now() - begun) / 1000));
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
