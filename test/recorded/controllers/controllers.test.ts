// What the real controllers made of each scenario (record.mjs), made by the simulated ones.

import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isObject, objectAt } from '../../../src/core/json.ts';
import { type ControlledCluster, openControlledCluster } from '../../support/controlled-cluster.ts';
import { play } from './play.mjs';
import { SCENARIOS } from './scenarios.mjs';

const parsed: unknown = JSON.parse(readFileSync(new URL('answers.json', import.meta.url), 'utf8'));
const answers = isObject(parsed) ? parsed : {};

let cluster: ControlledCluster;

beforeAll(async () => {
  cluster = await openControlledCluster();
  await cluster.call('POST', '/api/v1/nodes', { metadata: { name: 'node-2' } });
});

afterAll(async () => {
  await cluster.close();
});

test('there is an answer to each scenario', () => {
  expect(Object.keys(answers)).toEqual(Object.keys(SCENARIOS));
});

test.each(Object.entries(SCENARIOS))('%s', async (name, steps) => {
  const rest = async (): Promise<void> => {
    await cluster.pass(6000);
  };
  const seen = await play(steps, { call: (...asked) => cluster.call(...asked), rest, namespace: `${name}-0` });
  expect(seen).toEqual(objectAt(answers, name));
});
