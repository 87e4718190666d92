// Faults seen in real use, each a script that ends with 0 only where the product does right. What cannot pass is named with
// its reason in test/recorded/exceptions.json.

import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { createLimit } from '../../src/core/concurrency.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = fileURLToPath(new URL('../../../shared/cases', import.meta.url));

const { cases: excepted }: { readonly cases: Readonly<Record<string, string>> } = JSON.parse(
  readFileSync(new URL('../recorded/exceptions.json', import.meta.url), 'utf8'),
);
const names = ['gitops', 'system'].flatMap((group) =>
  readdirSync(`${folder}/${group}`)
    .map((file) => `${group}/${file.replace(/\.sh$/, '')}`)
    .filter((name) => !['gitops/lib', 'system/common'].includes(name)),
);

/** Of the runner for one case, and for those that wait before it. */
const TIMEOUT_MS = 1_200_000;

describe('a fault seen in real use', { timeout: TIMEOUT_MS }, () => {
  test('has cases, and none is excepted that is not there', () => {
    expect(names.length).toBeGreaterThan(45);
    expect(Object.keys(excepted).filter((name) => !names.includes(name))).toEqual([]);
  });

  test.concurrent.each(names.filter((name) => !(name in excepted)))('%s', async (name) => {
    expect(await limited(() => run(name))).toMatch(/\n1 passed, 0 failed\n$/);
  });
});

/** Many of them measure seconds: no more at once than a small machine bears. */
const limited = createLimit(2);

/** What the runner says of one case. A pipeline would have to say that the local system is meant. */
function run(name: string): Promise<string> {
  const { CI: _ci, ...env } = process.env;
  const child = spawn('sh', [`${folder}/run.sh`, 'node bin/hawser.js', name], { cwd: root, env, stdio: 'pipe' });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  return new Promise((resolve) => child.on('close', () => resolve(said)));
}
