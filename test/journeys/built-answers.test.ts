// The answers that the build keeps are the ones that the program works out.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const PATH = process.env['PATH'];

const typed = (line: string, env: NodeJS.ProcessEnv): string =>
  execFileSync(process.execPath, [`${root}bin/hawser.js`, ...line.split(' ').filter(Boolean)], {
    env,
    encoding: 'utf8',
  });

test.each([
  ['', '--help'],
  ['--help', '--help'],
  ['-h', '--help'],
  ['help', '--help'],
  ['version --client', 'version --client'],
  ['--version', 'version --client'],
  ['-v', 'version --client'],
])('hawser %s', (line, answered) => {
  const answers: unknown = JSON.parse(readFileSync(`${root}dist/answers.json`, 'utf8'));
  expect(answers).toHaveProperty([answered]);
  expect(typed(line, { PATH })).toBe(typed(line, { PATH, COLUMNS: '80' }));
  expect(typed(line, { PATH })).toBe(typed(answered, { PATH }));
  expect(typed(line, { PATH })).toContain('hawser');
});

test('the width, colours and drop-in mode are asked for all the same', () => {
  const widest = Math.max(
    ...typed('--help', { PATH, COLUMNS: '40' })
      .split('\n')
      .map((line) => line.length),
  );
  expect(widest).toBeLessThanOrEqual(40);
  expect(typed('--help', { PATH, FORCE_COLOR: '1' })).toContain('\u001b[1m');
  expect(typed('--help', { PATH, HAWSER_COMPAT: 'argocd' })).toContain('Usage: argocd');
});
