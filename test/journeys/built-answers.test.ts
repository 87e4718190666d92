// The answers that the build keeps are the ones that the program works out.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const PATH = process.env['PATH'];

test.each(['--help', 'version --client'])('%s', (line) => {
  const typed = (env: NodeJS.ProcessEnv): string =>
    execFileSync(process.execPath, [`${root}bin/hawser.js`, ...line.split(' ')], { env, encoding: 'utf8' });
  const kept: unknown = JSON.parse(readFileSync(`${root}dist/answers.json`, 'utf8'));
  expect(kept).toHaveProperty([line]);
  expect(typed({ PATH })).toBe(typed({ PATH, COLUMNS: '80' }));
  expect(typed({ PATH })).toContain('hawser');
});
