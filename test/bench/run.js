// Figures and ratios, measured in pairs in one run: each command in turn with a bare `node -e 0`, so that a machine that
// slows down slows both. It reports; it judges nothing. `npm run bench -- RUNS` sets the number of pairs (default 15).

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeApplications } from './applications.js';
import { measureRendering } from './rendering.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const program = join(root, 'bin', 'hawser.js');
const runs = Number(process.argv[2] ?? 15);
const work = mkdtempSync(join(tmpdir(), 'hawser-bench-'));
const env = { ...process.env, HOME: work, HAWSER_DATA_DIR: join(work, 'data'), HAWSER_CONTEXT: 'local' };

try {
  await bench();
} finally {
  rmSync(work, { recursive: true, force: true });
}

async function bench() {
  console.log(`${runs} pairs each; wall milliseconds, median (min–max); ratio to bare node, pair by pair`);
  pair('--help', ['--help'], 1.25);
  pair('version --client', ['version', '--client'], 1.25);
  makeApplications(10, { work, env, program });
  pair('app list, 10 applications', ['app', 'list'], 3);
  console.log(`table of 5,000 applications: ${figure(await measureRendering(5000, runs))} (aim: at most 100 ms)`);
  console.log(`client bundle without server: ${(clientBytes() / 1e6).toFixed(2)} MB (aim: at most 1.5 MB)`);
  console.log(`peak memory of version --client: ${peakMiB(['version', '--client'])} MiB (aim: at most 60 MiB)`);
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
  console.log(
    `${name}: ${figure(times)}, ratio ${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}; aim: at most ${aim})`,
  );
}

function time(args) {
  const begun = process.hrtime.bigint();
  const { status, stderr } = spawnSync(process.execPath, args, { env, encoding: 'utf8' });
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

/** Read by the process itself when it ends. */
function peakMiB(args) {
  const hook = "process.on('exit', () => process.stderr.write('\\npeak ' + process.resourceUsage().maxRSS))";
  const { stderr } = spawnSync(
    process.execPath,
    ['--import', `data:text/javascript,${encodeURIComponent(hook)}`, program, ...args],
    { env, encoding: 'utf8' },
  );
  return Math.round(Number(/peak (\d+)/.exec(stderr)?.[1] ?? 0) / 1024);
}
