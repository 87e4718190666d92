// The answers that the build keeps are the ones that the program works out.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const env = { PATH: process.env['PATH'] };

test.each(['--help', 'version --client'])('%s', (line) => {
  const typed = (program: string): string =>
    execFileSync(process.execPath, [`${root}${program}`, ...line.split(' ')], { env, encoding: 'utf8' });
  const kept: unknown = JSON.parse(readFileSync(`${root}dist/kept-answers.json`, 'utf8'));
  expect(kept).toHaveProperty([line]);
  expect(typed('bin/hawser.js')).toBe(typed('dist/main.js'));
  expect(typed('bin/hawser.js')).toContain('hawser');
});
