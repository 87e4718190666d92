// What people feel of a server that they share: lists, watches, webhooks over HTTP, and its start.

import { execFileSync, fork, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const FIELDS =
  'items.metadata.name,items.metadata.namespace,items.metadata.annotations,items.metadata.labels,items.spec,items.status.sync.status,items.status.health,items.status.summary,items.status.operationState.phase';

/** To the folder of one application: what asked for it before still stands. */
const push = (run) => ({
  ref: 'refs/heads/main',
  before: '1'.repeat(40),
  after: '2'.repeat(40),
  repository: { html_url: 'https://git.example.com/team/deployments', default_branch: 'main' },
  commits: [{ added: [], removed: [], modified: [`apps/app-${String(11 + run).padStart(4, '0')}/all.yaml`] }],
});

/** Prints a line for each figure. */
export async function measureSharedServer(count, runs) {
  const child = fork(fileURLToPath(new URL('shared-server-process.js', import.meta.url)), [String(count)]);
  const next = () => new Promise((resolve) => child.once('message', resolve));
  const { port, admin, ann } = await next();
  try {
    const whole = '/api/v1/applications';
    const some = `${whole}?fields=${FIELDS}`;
    const size = (await call({ port, path: whole, token: admin })).length;
    console.log(`a list of ${count} applications, ${(size / 1e6).toFixed(0)} MB of JSON, over HTTP:`);
    for (const [who, token] of [
      ['admin', admin],
      ['a role of 500 lines', ann],
    ]) {
      const [full, chosen] = [
        await timed({ port, path: whole, token }, runs),
        await timed({ port, path: some, token }, runs),
      ];
      console.log(
        `  ${who}: all of it ${figure(full)} (aim: at most 900 ms), fields of it ${figure(chosen)} (aim: at most 150 ms)`,
      );
    }
    console.log(
      `a webhook until the refresh is asked for: ${figure(await webhooks({ port, token: admin }, runs))} (aim: at most 50 ms)`,
    );
  } finally {
    child.disconnect();
  }
}

/** The same of a change that many wait for. */
export async function measureWatchers(count, watchers) {
  const child = fork(fileURLToPath(new URL('shared-server-process.js', import.meta.url)), [String(count)]);
  const next = () => new Promise((resolve) => child.once('message', resolve));
  const { port, ann } = await next();
  try {
    const seen = await watching({ port, token: ann, child, next }, watchers);
    console.log(
      `${watchers} watchers: a change is with the last one after ${figure(seen.times)} (aim: at most 250 ms), ${seen.memory.toFixed(0)} MB (aim: at most 400 MB)`,
    );
  } finally {
    child.disconnect();
  }
}

const agent = new Agent({ keepAlive: true });

function call({ port, path, token, headers = {} }, body) {
  return new Promise((resolve, reject) => {
    const method = body === undefined ? 'GET' : 'POST';
    const all = {
      'content-type': 'application/json',
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...headers,
    };
    const sent = request({ port, path, method, headers: all, agent }, (answer) => {
      const chunks = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('end', () => resolve(Buffer.concat(chunks).toString()));
    });
    sent.on('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

async function timed(target, runs) {
  await call(target);
  const times = [];
  for (let run = 0; run < runs; run += 1) {
    const begun = performance.now();
    await call(target);
    times.push(performance.now() - begun);
  }
  return times;
}

/** From the delivery to the event that says that a refresh is asked for. */
async function webhooks({ port, token }, runs) {
  const times = [];
  const stream = watch({ port, token });
  await sleep(500);
  for (let run = 0; run <= runs; run += 1) {
    const begun = performance.now();
    const event = stream.next();
    await call({ port, path: '/api/webhook', headers: { 'x-github-event': 'push' } }, push(run));
    await event;
    if (run > 0) times.push(performance.now() - begun);
  }
  stream.close();
  return times;
}

/** What comes first of a stream comes with its first event: there is nothing to wait for. */
function watch({ port, token }) {
  const path = '/api/v1/stream/applications?resourceVersion=1';
  let told = () => undefined;
  const sent = request({ port, path, headers: { authorization: `Bearer ${token}` }, agent: false }, (answer) => {
    answer.on('data', () => told(performance.timeOrigin + performance.now()));
  });
  sent.on('error', () => undefined);
  sent.end();
  const next = () =>
    new Promise((resolve) => {
      told = resolve;
    });
  return { next, close: () => sent.destroy() };
}

async function watching({ port, token, child, next }, watchers) {
  const streams = [];
  for (let index = 0; index < watchers; index += 1) {
    streams.push(watch({ port, token }));
    if (index % 50 === 49) await sleep(200);
  }
  await call({ port, path: '/api/version' });
  await sleep(2000);
  const times = [];
  for (let run = 0; run < 5; run += 1) {
    const events = streams.map((stream) => stream.next());
    const answer = next();
    child.send({ ask: 'change' });
    const { at } = await answer;
    times.push(Math.max(...(await Promise.all(events))) - at);
    await sleep(200);
  }
  const answer = next();
  child.send({ ask: 'memory' });
  const { rss } = await answer;
  for (const stream of streams) stream.close();
  return { times, memory: rss };
}

/** From the start of the process to the first list of its applications, which were synced before. */
export async function measureStart(count, { program, env, runs }) {
  const work = mkdtempSync(join(tmpdir(), 'hawser-start-'));
  const own = { ...env, HOME: work, HAWSER_DATA_DIR: join(work, 'data'), HAWSER_CONTEXT: 'local', CI: '' };
  try {
    const file = join(work, 'applications.yaml');
    writeFileSync(file, documents(repositoryIn(work), count));
    execFileSync(process.execPath, [program, 'app', 'apply', '-f', file], { env: own, stdio: 'ignore' });
    const password = execFileSync(process.execPath, [program, 'admin', 'initial-password'], { env: own })
      .toString()
      .trim();
    const times = [];
    for (let run = 0; run <= runs; run += 1) {
      const [took, server] = await start(program, own, password);
      if (run > 0) times.push(took);
      server.kill('SIGTERM');
      await new Promise((resolve) => server.once('exit', resolve));
    }
    console.log(`start of a server of ${count} applications until it answers: ${figure(times)} (aim: at most 500 ms)`);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function start(program, env) {
  const begun = performance.now();
  const server = spawn(process.execPath, [program, 'server', '--port', '0', '--insecure'], {
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const line = await new Promise((resolve) => server.stdout.once('data', resolve));
  const [, port] = /:(\d+)\s*$/.exec(String(line));
  await call({ port: Number(port), path: '/api/version' });
  return [performance.now() - begun, server];
}

function repositoryIn(work) {
  const folder = join(work, 'repository');
  mkdirSync(join(folder, 'one'), { recursive: true });
  writeFileSync(join(folder, 'one', 'all.yaml'), 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: one}\n');
  const who = ['-c', 'user.name=bench', '-c', 'user.email=bench@example.com'];
  for (const words of [
    ['init', '-q', '-b', 'main'],
    ['add', '-A'],
    [...who, 'commit', '-q', '-m', 'first'],
  ])
    execFileSync('git', ['-C', folder, ...words]);
  return folder;
}

const documents = (repository, count) =>
  Array.from(
    { length: count },
    (_, index) => `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: app-${index}, namespace: argocd}
spec:
  project: default
  source: {repoURL: ${repository}, path: one, targetRevision: main}
  destination: {server: https://kubernetes.default.svc, namespace: default}
`,
  ).join('---\n');

function figure(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (place) => `${sorted[Math.floor((sorted.length - 1) * place)].toFixed(0)}`;
  return `${at(0.5)} ms (${at(0)}–${at(1)})`;
}
