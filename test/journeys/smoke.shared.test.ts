// The smoke script types the main commands and looks at the answers; every line it prints but the last is a failure.

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

test('the smoke script passes whole', { timeout: 180_000 }, () => {
  const { stdout, status } = spawnSync('sh', ['../shared/smoke/run.sh'], { cwd: root, encoding: 'utf8' });
  expect(stdout).toMatch(/^[1-9]\d* passed, 0 failed\n$/);
  expect(status).toBe(0);
});
