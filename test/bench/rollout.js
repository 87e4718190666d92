// Workloads in the local cluster: 1,000 Deployments of 2 replicas, at a clock 100 times as fast, until all are available; then what the
// cluster costs while nothing happens.

import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const COUNT = Number(process.env.HAWSER_BENCH_DEPLOYMENTS ?? 1000);
const CALLERS = 16;
const SPEED = '100';
const DEPLOYMENTS = '/apis/apps/v1/namespaces/default/deployments';
const IDLE_MS = 10_000;
const LONGEST_MS = 300_000;

/** Prints one line of figures. */
export async function measureRollout({ program, env }) {
  const work = mkdtempSync(join(tmpdir(), 'hawser-rollout-'));
  const own = { ...env, HOME: work, HAWSER_DATA_DIR: join(work, 'data'), CI: '' };
  const hawser = (...words) => execFileSync(process.execPath, [program, ...words], { env: own, encoding: 'utf8' });
  hawser('local', 'clock', '--speed', SPEED);
  const serve = spawn(process.execPath, [program, 'local', 'serve', '--port', '0'], {
    env: own,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  try {
    const line = await new Promise((resolve) => serve.stdout.once('data', (text) => resolve(String(text))));
    const port = Number(/:(\d+)\s*$/.exec(line)?.[1]);
    const call = caller({ port, token: /token: (\S+)/.exec(hawser('local', 'kubeconfig'))?.[1] });
    const begun = performance.now();
    await createAll(call);
    const created = performance.now() - begun;
    const available = await untilAvailable(call, begun);
    const used = processorMs(serve.pid);
    const settled = await untilQuiet(serve.pid);
    const before = processorMs(serve.pid);
    await pause(IDLE_MS);
    const idle = ((processorMs(serve.pid) - before) / IDLE_MS) * 100;
    const memory = /VmHWM:\s+(\d+)/.exec(status(serve.pid))?.[1];
    console.log(
      `${COUNT} Deployments of 2 replicas at clock speed ${SPEED}: made in ${seconds(created)} s, all available after ${seconds(available)} s ` +
        `(aim: 15; ${seconds(used)} s of processor), at rest ${seconds(settled)} s later; idle ${idle.toFixed(1)} % of a core (1); peak ${Math.round(Number(memory ?? 0) / 1024)} MB`,
    );
  } finally {
    serve.kill('SIGTERM');
    await new Promise((resolve) => serve.once('exit', resolve));
    rmSync(work, { recursive: true, force: true });
  }
}

const seconds = (milliseconds) => (milliseconds / 1000).toFixed(1);
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const status = (pid) => (process.platform === 'linux' ? readFileSync(`/proc/${pid}/status`, 'utf8') : '');

/** What a process has used of all cores; the clock of Linux ticks 100 times a second. */
function processorMs(pid) {
  if (process.platform !== 'linux') return 0;
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** How long it went on to work. */
async function untilQuiet(pid) {
  const begun = performance.now();
  for (let before = processorMs(pid); ; ) {
    await pause(500);
    const now = processorMs(pid);
    if (now - before < 20 || performance.now() - begun > LONGEST_MS) return performance.now() - begun - 500;
    before = now;
  }
}

async function createAll(call) {
  let next = 0;
  const one = async () => {
    while (next < COUNT) {
      next += 1;
      await call('POST', DEPLOYMENTS, deployment(`web-${next}`));
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, one));
}

function deployment(name) {
  const labels = { app: name };
  const spec = { containers: [{ name: 'web', image: 'nginx:1.27', ports: [{ containerPort: 80 }] }] };
  const template = { metadata: { labels }, spec };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: { replicas: 2, selector: { matchLabels: labels }, template },
  };
}

async function untilAvailable(call, begun) {
  for (;;) {
    const { items } = JSON.parse(await call('GET', DEPLOYMENTS));
    const isDone = ({ status: state }) => state?.availableReplicas === 2 && state.observedGeneration === 1;
    const taken = performance.now() - begun;
    if (items.filter(isDone).length === COUNT) return taken;
    if (taken > LONGEST_MS)
      throw new Error(`only ${items.filter(isDone).length} of ${COUNT} Deployments got available`);
    await pause(250);
  }
}

function caller({ port, token }) {
  const agent = new Agent({ keepAlive: true, maxSockets: CALLERS });
  return (method, path, body) =>
    new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      const sent = request({ host: '127.0.0.1', port, path, method, headers, agent }, (answer) => {
        const chunks = [];
        answer.on('data', (chunk) => chunks.push(chunk));
        answer.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          if (answer.statusCode < 300) resolve(text);
          else reject(new Error(`${method} ${path}: ${answer.statusCode} ${text}`));
        });
      });
      sent.on('error', reject);
      sent.end(body && JSON.stringify(body));
    });
}
