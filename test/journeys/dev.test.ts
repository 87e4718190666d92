// `npm run dev` runs the sources without a bundle.

import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

test('npm run dev -- version --client', () => {
  const cwd = fileURLToPath(new URL('../..', import.meta.url));
  const out = execFileSync('npm', ['run', '-s', 'dev', '--', 'version', '--client'], { cwd, encoding: 'utf8' });
  expect(out).toContain(`node ${process.versions.node}`);
});
