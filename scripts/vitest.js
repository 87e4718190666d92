// Runs one of the suites (npm, shared, system), names what failed, and ends with a line that counts: what did not run is
// a failure.

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
const args = ['run', '--config', 'test/vitest.config.ts', '--project', suite];
const reporters = ['--reporter=default', '--reporter=./scripts/failures-reporter.js'];
const { status } = spawnSync(join(root, 'node_modules/.bin/vitest'), [...args, ...reporters, ...rest], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, HAWSER_TEST_REPORT: report },
});

const { passed, failures } = existsSync(report)
  ? JSON.parse(readFileSync(report, 'utf8'))
  : { passed: 0, failures: ['vitest ended without a report'] };
rmSync(folder, { recursive: true, force: true });
if (failures.length === 0 && status !== 0) failures.push(`vitest ended with ${status}`);
if (failures.length === 0 && passed === 0) failures.push('no test ran');
for (const failure of failures) console.log(`failed: ${failure}`);
console.log(`${passed} passed, ${failures.length} failed`);
process.exitCode = failures.length === 0 ? 0 : 1;
