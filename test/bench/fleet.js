// Many applications of one repository, three resources each, on a server that stays: how long until all are synced, until a
// commit to one folder is applied, and what the server costs. Whole processes, read from /proc: Linux only.

import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const REST_MS = Number(process.env['HAWSER_BENCH_REST_MS'] ?? 360_000);
const POLL_MS = 10;
const TICKS_PER_SECOND = 100;

/** Prints one line of figures for so many applications. */
export async function measureFleet(count, { program, env }) {
  const work = mkdtempSync(join(tmpdir(), 'hawser-fleet-'));
  const data = join(work, 'data');
  const own = { ...env, HOME: work, HAWSER_DATA_DIR: data, HAWSER_CONTEXT: 'local', CI: '' };
  const repository = makeRepository(work, count, own);
  const file = join(work, 'applications.yaml');
  writeFileSync(file, applications(repository, count));
  const server = spawn(process.execPath, [program, 'server', '--port', '0'], {
    env: own,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ask = asker(join(data, 'hawser.sock'));
  try {
    await new Promise((resolve) => server.stdout.once('data', resolve));
    const begun = Date.now();
    execFileSync(process.execPath, [program, 'app', 'apply', '-f', file], { env: own, stdio: 'ignore' });
    await until(() => allSynced(ask, count), 500);
    const first = { seconds: (Date.now() - begun) / 1000, ...usage(server.pid) };
    await settledDown(server.pid);
    const commit = await measureCommit({ repository, server, own, ask });
    await settledDown(server.pid);
    const hard = await measureHard({ server, ask, count });
    const rest = await measureRest(server.pid);
    console.log(
      `${count} applications: first sync ${first.seconds.toFixed(1)} s, ${first.cpu.toFixed(1)} s of CPU, peak ${first.peak} MB; ` +
        `a commit until its object is there ${commit.ms.toFixed(0)} ms, ${commit.cpu.toFixed(2)} s of CPU; ` +
        `hard refresh of all ${hard.seconds.toFixed(1)} s, ${hard.cpu.toFixed(1)} s of CPU, ` +
        `${((hard.cpu * 1000) / count).toFixed(2)} ms of CPU a comparison; at rest ${rest.toFixed(3)} of a core`,
    );
  } finally {
    server.kill('SIGTERM');
    await new Promise((resolve) => server.once('exit', resolve));
    rmSync(work, { recursive: true, force: true });
  }
}

/** Asks the server by its socket: no process is started for it. */
function asker(socketPath) {
  return (path) =>
    new Promise((resolve, reject) => {
      const call = request({ socketPath, path, agent: false }, async (response) => {
        let text = '';
        for await (const chunk of response.setEncoding('utf8')) text += chunk;
        resolve(JSON.parse(text));
      });
      call.on('error', reject).end();
    });
}

const nameOf = (index) => `app-${String(index).padStart(4, '0')}`;

function manifests(index, value) {
  const object = (apiVersion, kind, suffix, rest) =>
    `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: ${nameOf(index)}-${suffix}}\n${rest}`;
  return [
    object('v1', 'ConfigMap', 'settings', `data: {value: "${value}"}\n`),
    object('v1', 'Secret', 'secret', 'stringData: {password: hidden}\n'),
    object('v1', 'ServiceAccount', 'account', ''),
  ].join('---\n');
}

function makeRepository(work, count, env) {
  const folder = join(work, 'repository');
  const git = (...words) => execFileSync('git', ['-C', folder, ...words], { env: gitEnv(env), stdio: 'pipe' });
  mkdirSync(folder);
  git('init', '-q', '-b', 'main');
  for (let index = 0; index < count; index += 1) {
    mkdirSync(join(folder, nameOf(index)));
    writeFileSync(join(folder, nameOf(index), 'all.yaml'), manifests(index, 'first'));
  }
  git('add', '-A');
  git('commit', '-q', '-m', 'first');
  return folder;
}

const gitEnv = (env) => ({
  ...env,
  GIT_AUTHOR_NAME: 'bench',
  GIT_AUTHOR_EMAIL: 'bench@example.com',
  GIT_COMMITTER_NAME: 'bench',
  GIT_COMMITTER_EMAIL: 'bench@example.com',
});

function applications(repository, count) {
  const one = (name) => `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: ${name}, namespace: argocd}
spec:
  project: default
  source: {repoURL: ${repository}, path: ${name}, targetRevision: main}
  destination: {server: https://kubernetes.default.svc, namespace: default}
  syncPolicy: {automated: {prune: true, selfHeal: true}}
`;
  return Array.from({ length: count }, (_, index) => one(nameOf(index))).join('---\n');
}

async function allSynced(ask, count) {
  const fields =
    'items.metadata.name,items.spec.project,items.spec.destination,items.status.sync.status,items.status.operationState.phase';
  const { items } = await ask(`/api/v1/applications?fields=${fields}`);
  const isDone = ({ status }) => status?.sync?.status === 'Synced' && status?.operationState?.phase === 'Succeeded';
  return (items ?? []).filter(isDone).length === count;
}

async function until(isDone, pauseMs) {
  for (;;) {
    if (await isDone()) return;
    await sleep(pauseMs);
  }
}

/** Until the server has had nothing to do for three seconds. */
async function settledDown(pid) {
  await until(async () => {
    const before = usage(pid).cpu;
    await sleep(3000);
    return usage(pid).cpu - before < 0.1;
  }, 0);
}

async function measureCommit({ repository, server, own, ask }) {
  const git = (...words) => execFileSync('git', ['-C', repository, ...words], { env: gitEnv(own), stdio: 'pipe' });
  const query = `resourceName=${nameOf(0)}-settings&version=v1&kind=ConfigMap&namespace=default`;
  const read = async () => (await ask(`/api/v1/applications/${nameOf(0)}/resource?${query}`)).manifest ?? '';
  writeFileSync(join(repository, nameOf(0), 'all.yaml'), manifests(0, 'second'));
  git('add', '-A');
  const before = usage(server.pid).cpu;
  git('commit', '-q', '-m', 'second');
  const begun = performance.now();
  await until(async () => (await read()).includes('second'), POLL_MS);
  return { ms: performance.now() - begun, cpu: usage(server.pid).cpu - before };
}

async function measureRest(pid) {
  await settledDown(pid);
  const before = usage(pid).cpu;
  await sleep(REST_MS);
  return (usage(pid).cpu - before) / (REST_MS / 1000);
}

async function measureHard({ server, ask, count }) {
  const before = usage(server.pid).cpu;
  const begun = Date.now();
  const names = Array.from({ length: count }, (_, index) => nameOf(index));
  const worker = async () => {
    for (let name = names.pop(); name !== undefined; name = names.pop())
      await ask(`/api/v1/applications/${name}?refresh=hard`);
  };
  await Promise.all(Array.from({ length: 20 }, worker));
  return { seconds: (Date.now() - begun) / 1000, cpu: usage(server.pid).cpu - before };
}

/** Seconds of CPU, children included, and the peak of memory in MB. */
function usage(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  const peak = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0;
  return { cpu: ticks / TICKS_PER_SECOND, peak: Math.round(Number(peak) / 1024) };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const program = fileURLToPath(new URL('../../bin/hawser.js', import.meta.url));
  for (const count of process.argv.slice(2)) await measureFleet(Number(count), { program, env: process.env });
}
