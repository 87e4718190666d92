// Every change of one field that a real API server has judged (record.mjs), judged by ours. What is still judged otherwise is
// listed in differences.json, so that nothing joins it or leaves it unseen: HAWSER_WRITE_DIFFERENCES=1 writes it.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { systemClock } from '../../../src/cli/io/system-clock.ts';
import { isObject, type Json, type JsonObject, listAt, objectAt, sameJson, textAt } from '../../../src/core/json.ts';
import { type KubeCalls, openKubeCalls } from '../../support/kube-calls.ts';
import { recordOf, settled } from './answers.mjs';
import { mutated, versioned } from './mutations.mjs';

const here = new URL('.', import.meta.url);
const read = (name: string): JsonObject => {
  const parsed: unknown = JSON.parse(readFileSync(new URL(name, here), 'utf8'));
  return isObject(parsed) ? parsed : {};
};
const LIST = 'differences.json';
const files = readdirSync(here).filter((name) => name.endsWith('.json') && name !== LIST);
const isWriting = process.env['HAWSER_WRITE_DIFFERENCES'] !== undefined;
const known = isWriting ? {} : read(LIST);
const found: Record<string, readonly string[]> = {};

/** Who wrote is known by his user agent. */
const CALLER = { headers: { 'user-agent': 'node' } };

let shared: KubeCalls;

beforeAll(async () => {
  shared = await openCluster();
});

afterAll(async () => {
  await shared.close();
  if (isWriting) writeFileSync(new URL(LIST, here), `${JSON.stringify(found, null, 1)}\n`);
});

async function openCluster(): Promise<KubeCalls> {
  const calls = await openKubeCalls(systemClock);
  await calls.call('POST', '/api/v1/namespaces', { metadata: { name: 'fields' } });
  await calls.call('POST', '/api/v1/namespaces/fields/serviceaccounts', { metadata: { name: 'default' } });
  return calls;
}

/** One with the object that is changed, whose path is its own or that of its status. */
async function openWith(path: string, object: JsonObject): Promise<{ calls: KubeCalls; version: string }> {
  const calls = await openCluster();
  const [own = ''] = path.split(/(?:\/status)?\?/);
  await calls.call('POST', own.slice(0, own.lastIndexOf('/')), object, CALLER);
  if (textAt(object, 'kind') === 'CustomResourceDefinition')
    await vi.waitFor(async () => {
      const { body } = await calls.call('GET', own);
      expect(listAt(objectAt(body, 'status'), 'conditions').length).toBeGreaterThan(1);
    });
  const { body } = await calls.call('GET', own);
  return { calls, version: textAt(body, 'metadata', 'resourceVersion') };
}

/** The cases of a file that our server judges otherwise than the real one. */
async function differing(file: string): Promise<string[]> {
  const recorded = read(file);
  const [path, object] = [textAt(recorded, 'path'), objectAt(recorded, 'object')];
  const isChange = /\.(change|status)\.json$/.test(file);
  const { calls, version } = isChange ? await openWith(path, object) : { calls: shared, version: undefined };
  const names: string[] = [];
  for (const one of listAt(recorded, 'cases')) {
    const { path: steps, value, ...said } = objectAt(one);
    const body = versioned(mutated(object, { path: steps, value }), listAt(steps), version);
    const answer = await calls.call(isChange ? 'PUT' : 'POST', path, body, CALLER);
    const told = recordOf(answer, objectAt(recorded, 'answer'));
    if (!sameJson(told, said)) names.push(nameOf(steps, value));
  }
  if (isChange) await calls.close();
  return names;
}

const nameOf = (steps: Json | undefined, value: Json | undefined): string =>
  `${listAt(steps).join('.')}=${value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 60)}`;

describe('as a real API server judges it', () => {
  test('what is settled has no times', () => {
    expect(settled({ uid: 'a', at: '2026-01-02T03:04:05Z' })).toEqual({ at: '<time>', uid: '<uid>' });
  });

  test.each(files)('%s', { timeout: 120_000 }, async (file) => {
    found[file] = await differing(file);
    expect(isWriting || found[file]).toEqual(isWriting || (known[file] ?? []));
  });
});
