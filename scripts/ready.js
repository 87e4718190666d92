// What a fresh clone is missing: packages, the tools of the development dependency, the bundle. Does nothing twice.

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

/** Runs a step in the clone; its failure is ours. */
function step(command, ...args) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2] });
  if (error) console.error(`${command}: ${error.message}`);
  if (status !== 0) process.exit(status ?? 1);
}

function newest(folder) {
  return Math.max(
    ...readdirSync(folder, { withFileTypes: true }).map((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? newest(path) : statSync(path).mtimeMs;
    }),
  );
}

const time = (path) => (existsSync(join(root, path)) ? statSync(join(root, path)).mtimeMs : 0);

if (time('node_modules/.package-lock.json') < time('package-lock.json')) step(npm, 'ci', '--no-audit', '--no-fund');
step(process.execPath, 'scripts/tools.js');
const sources = Math.max(newest(join(root, 'src')), newest(join(root, 'scripts')), time('package.json'));
if (time('dist/answers.json') < sources) step(process.execPath, 'scripts/build.js');
