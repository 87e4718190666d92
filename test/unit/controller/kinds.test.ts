// Manifests of many kinds as charts have them, each in test/fixtures/kinds: applied and untouched they are Synced, whichever side
// applies, and going over from one to the other changes nothing.

import { readdir, readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Controlled, openControlled } from '../../support/controlled.ts';

const FOLDER = new URL('../../fixtures/kinds/', import.meta.url);
const SERVER_SIDE = ['ServerSideApply=true'];

let system: Controlled;

beforeAll(async () => {
  system = await openControlled();
  const names = await readdir(FOLDER);
  expect(names.length).toBeGreaterThan(40);
  const files = names.map(async (name) => [name, await readFile(new URL(name, FOLDER), 'utf8')] as const);
  await system.repository.commit(Object.fromEntries(await Promise.all(files)));
  await system.create();
});

afterAll(() => system.close());

async function different(): Promise<readonly string[]> {
  await system.ask('GET', '/api/v1/applications/web?refresh=normal');
  await system.settled();
  const { status } = await system.app();
  expect(status?.conditions ?? []).toEqual([]);
  const resources = status?.resources ?? [];
  return resources.filter((resource) => resource.status !== 'Synced').map(({ kind, name }) => `${kind}/${name}`);
}

async function choose(syncOptions: readonly string[]): Promise<void> {
  const { spec } = await system.app();
  await system.ask('PUT', '/api/v1/applications/web/spec', { ...spec, syncPolicy: { syncOptions } });
  await system.settled();
}

test.each([
  ['applied by the client', []],
  ['gone over to the server', SERVER_SIDE],
  ['gone back to the client', []],
] as const)(
  '%s',
  async (_how, options) => {
    await choose(options);
    if (await isApplied()) expect(await different()).toEqual([]);
    const { phase, syncResult } = await system.sync();
    const failures = (syncResult?.resources ?? []).filter(({ status }) => status !== 'Synced');
    expect(failures).toEqual([]);
    expect(phase).toBe('Succeeded');
    expect(await different()).toEqual([]);
  },
  120_000,
);

const isApplied = async (): Promise<boolean> => (await system.app()).status?.history !== undefined;
