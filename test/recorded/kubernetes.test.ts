// The exchanges recorded from a real API server, replayed against the local cluster.

import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type KubeServer, startKubeServer } from '../support/kube-server.ts';

const here = new URL('.', import.meta.url).pathname;
const exceptions: { kubernetes: Record<string, string> } = JSON.parse(readFileSync(`${here}exceptions.json`, 'utf8'));
const names = readdirSync(`${here}kubernetes`)
  .filter((name) => name.endsWith('.json'))
  .map((name) => name.replace(/\.json$/, ''));

let server: KubeServer;

beforeAll(async () => {
  server = await startKubeServer();
});

afterAll(async () => {
  await server.close();
});

function replay(name: string): Promise<string> {
  const address = ['--url', server.url, '--token', server.token];
  const args = [`${here}run.mjs`, `${here}kubernetes`, ...address, '--only', `${name}.json`];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { encoding: 'utf8' }, (_error, output, errors) => resolve(`${output}${errors}`));
  });
}

describe('recorded from kube-apiserver', () => {
  test('the exceptions name scenarios that exist', () => {
    expect(names.length).toBeGreaterThan(50);
    expect(Object.keys(exceptions.kubernetes).filter((name) => !names.includes(name))).toEqual([]);
  });

  test.concurrent.each(names.filter((name) => !(name in exceptions.kubernetes)))(
    '%s',
    async (name) => {
      expect(await replay(name)).toMatch(/^(?!0 passed)\d+ passed, 0 failed\n$/);
    },
    120_000,
  );
});
