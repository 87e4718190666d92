// Figures and ratios, measured in pairs in one run: each command in turn with a bare `node -e 0`, so that a machine that
// slows down slows both. It reports; it judges nothing. `npm run bench -- [RUNS] [PART…]`: how many pairs (default 15), and which
// of the parts below; without one: all of them.

import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeApplications } from './applications.js';
import { GET, LIST, WAIT, withServer } from './far-server.js';
import { measureFleet } from './fleet.js';
import { measureKubernetes } from './kubernetes.js';
import { measurePolicy } from './policy.js';
import { measurePreview } from './preview.js';
import { measureRendering, measureWaiting } from './rendering.js';
import { measureRollout } from './rollout.js';
import { measureSharedServer, measureStart, measureWatchers } from './shared-server.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const program = join(root, 'bin', 'hawser.js');
const PARTS = {
  commands: bench,
  kubernetes: () => measureKubernetes({ program, env }),
  rollout: () => measureRollout({ program, env }),
  shared,
  fleets,
};
const words = process.argv.slice(2);
const runs = Number(words.find((word) => /^[1-9]\d*$/.test(word)) ?? 15);
const named = words.filter((word) => !/^[1-9]\d*$/.test(word));
const unknown = named.find((word) => !Object.hasOwn(PARTS, word));
if (unknown !== undefined) {
  console.error(`there is no part "${unknown}": use ${Object.keys(PARTS).join(', ')}, or a number of pairs`);
  process.exit(2);
}
const work = mkdtempSync(join(tmpdir(), 'hawser-bench-'));
const env = { ...process.env, HOME: work, HAWSER_DATA_DIR: join(work, 'data'), HAWSER_CONTEXT: 'local' };

try {
  for (const part of named.length > 0 ? named : Object.keys(PARTS)) await PARTS[part]();
} finally {
  rmSync(work, { recursive: true, force: true });
}

async function shared() {
  await measureSharedServer(5000, runs);
  await measureWatchers(1000, 1000);
  await measureStart(1000, { program, env, runs });
}

/** HAWSER_BENCH_FLEETS names other sizes, HAWSER_BENCH_REST_MS a shorter rest than six minutes. */
async function fleets() {
  if (process.platform !== 'linux') return;
  console.log(
    'a server over applications of one repository; aims at 1,000: 60 s, 300 MB, 150 ms, 0.3 s, 0.03 of a core',
  );
  const sizes = (process.env['HAWSER_BENCH_FLEETS'] ?? '100,1000,4000').split(',').filter((size) => size !== '');
  for (const size of sizes) await measureFleet(Number(size), { program, env });
}

async function bench() {
  console.log(`${runs} pairs each; wall milliseconds, median (min–max); ratio to bare node, pair by pair`);
  pair('--help', ['--help'], 1.25);
  pair('version --client', ['version', '--client'], 1.25);
  makeApplications(10, { work, env, program });
  pair('app list, 10 applications', ['app', 'list'], 3);
  console.log(
    `redraw of 200 resources: ${figure(await measureWaiting(200, runs))} of processor time (aim: at most 5 ms)`,
  );
  console.log(`table of 5,000 applications: ${figure(await measureRendering(5000, runs))} (aim: at most 100 ms)`);
  const decision = median(await measurePolicy(500, runs));
  console.log(`a decision of a policy with 500 lines: ${decision.toFixed(1)} µs (aim: at most 20 µs)`);
  const [first, again] = measurePreview(100, { work, env, program });
  console.log(
    `preview of 100 applications: ${(first / 1000).toFixed(1)} s, from the cache ${(again / 1000).toFixed(1)} s`,
  );
  console.log(`client bundle without server: ${(clientBytes() / 1e6).toFixed(2)} MB (aim: at most 1.5 MB)`);
  console.log(`peak memory of version --client: ${peakMiB(['version', '--client'])} MiB (aim: at most 60 MiB)`);
  console.log('against a server of many applications; ratio to a bare script that makes the same request');
  await withServer(1000, env, (far) => {
    against('app list, 1,000 applications, 7 MB of JSON', LIST, far);
    const [ours, bare] = [
      [program, ...LIST.args],
      ['-e', LIST.script],
    ].map((args) => cpuOf(args, far));
    console.log(`processor time of it: ${figure(ours)} against ${figure(bare)}`);
  });
  await withServer(5000, env, async (far) => {
    against('app list, 5,000 applications', LIST, far, 1.6);
    console.log(`peak memory of app list, 5,000 applications: ${peakMiB(LIST.args, far)} MiB (aim: at most 110 MiB)`);
    against('app get', GET, far, 1.3);
    await firstLines('app get, to its first line', GET, far, 1.3);
    const { ours, bare } = against('app wait on what is done', WAIT, far);
    const after = median(ours) - median(bare);
    console.log(`app wait on what is done ends ${after.toFixed(0)} ms after such a script (aim: at most 100 ms)`);
  });
}

/** Ours and a bare script in turn, whole processes. */
function against(name, { args, script }, far, aim) {
  const times = { ours: [], bare: [] };
  time([program, ...args], far);
  for (let run = 0; run < runs; run += 1) {
    times.bare.push(time(['-e', script], far));
    times.ours.push(time([program, ...args], far));
  }
  const ratios = times.ours.map((ours, run) => ours / times.bare[run]);
  console.log(`${name}: ${figure(times.ours)} against ${figure(times.bare)}, ${ratioText(ratios, aim)}`);
  return times;
}

/** From the start of a process to the first thing it writes. */
async function firstLines(name, { args, script }, far, aim) {
  const ratios = [];
  for (let run = 0; run < runs; run += 1) {
    const bare = await firstLine(['-e', script], far);
    ratios.push((await firstLine([program, ...args], far)) / bare);
  }
  console.log(`${name}: ${ratioText(ratios, aim)}`);
}

function firstLine(args, far) {
  const begun = process.hrtime.bigint();
  const child = spawn(process.execPath, args, { env: far, stdio: ['ignore', 'pipe', 'ignore'] });
  return new Promise((resolve) => {
    child.stdout.once('data', () => {
      const took = Number(process.hrtime.bigint() - begun) / 1e6;
      child.stdout.resume();
      child.once('close', () => resolve(took));
    });
  });
}

function ratioText(ratios, aim) {
  const range = `${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}`;
  return `ratio ${median(ratios).toFixed(2)} (${range}${aim ? `; aim: at most ${aim}` : ''})`;
}

function pair(name, args, aim) {
  const ratios = [];
  const times = [];
  time(['-e', '0']);
  time([program, ...args]);
  for (let run = 0; run < runs; run += 1) {
    const bare = time(['-e', '0']);
    const ours = time([program, ...args]);
    times.push(ours);
    ratios.push(ours / bare);
  }
  console.log(`${name}: ${figure(times)}, ${ratioText(ratios, aim)}`);
}

function time(args, surroundings = env) {
  const begun = process.hrtime.bigint();
  const { status, stderr } = spawnSync(process.execPath, args, {
    env: surroundings,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const ended = process.hrtime.bigint();
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}`);
  return Number(ended - begun) / 1e6;
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

function figure(values) {
  return `${median(values).toFixed(0)} ms (${Math.min(...values).toFixed(0)}–${Math.max(...values).toFixed(0)})`;
}

/** What a client of a server far away can ever load: everything but what `system` and `server` bring in. */
function clientBytes() {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'scripts/client-size.js')], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return Number(stdout);
}

function peakMiB(args, surroundings = env) {
  return Math.round(usage([program, ...args], surroundings).maxRSS / 1024);
}

/** Milliseconds of processor time, of each run. */
function cpuOf(args, surroundings) {
  const times = Array.from({ length: runs }, () => usage(args, surroundings));
  return times.map(({ userCPUTime, systemCPUTime }) => (userCPUTime + systemCPUTime) / 1000);
}

/** Read by the process itself when it ends. */
function usage(args, surroundings) {
  const hook = "process.on('exit', () => process.stderr.write('\\nusage ' + JSON.stringify(process.resourceUsage())))";
  const { stderr } = spawnSync(
    process.execPath,
    ['--import', `data:text/javascript,${encodeURIComponent(hook)}`, ...args],
    { env: surroundings, encoding: 'utf8', maxBuffer: 1 << 28 },
  );
  return JSON.parse(/usage (.*)/.exec(stderr)?.[1] ?? '{}');
}
