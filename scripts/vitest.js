// Runs one of the suites (npm, shared, system) and ends with a line that counts: what did not run is a failure.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const [suite = 'npm', ...rest] = process.argv.slice(2);

if (suite === 'shared' && !existsSync(join(root, '..', 'shared'))) {
  console.error('../shared is not there: this suite reads the corpora and recordings that lie in it');
  process.exit(1);
}

const folder = mkdtempSync(join(tmpdir(), 'hawser-report-'));
const report = join(folder, 'report.json');
const args = [
  'run',
  '--config',
  'test/vitest.config.ts',
  '--project',
  suite,
  '--reporter=default',
  '--reporter=json',
  `--outputFile=${report}`,
  ...rest,
];
const { status } = spawnSync(join(root, 'node_modules/.bin/vitest'), args, { cwd: root, stdio: 'inherit' });

const { passed, failed } = counts();
rmSync(folder, { recursive: true, force: true });
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

function counts() {
  if (!existsSync(report)) return { passed: 0, failed: 1 };
  const result = JSON.parse(readFileSync(report, 'utf8'));
  const brokenFiles = result.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  ).length;
  const notRun = result.numPendingTests + result.numTodoTests;
  const bad = result.numFailedTests + brokenFiles + notRun;
  // An error outside every test leaves the numbers green: the exit code knows better.
  const unexplained = status !== 0 && bad === 0 ? 1 : 0;
  const nothing = result.numPassedTests === 0 ? 1 : 0;
  return { passed: result.numPassedTests, failed: bad + unexplained + nothing };
}
