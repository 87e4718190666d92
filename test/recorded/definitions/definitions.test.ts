// Schemas of definitions, and expressions in them, that a real API server has judged (record.mjs), judged by ours.

import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../../src/cli/io/system-clock.ts';
import { type Json, listAt, numberAt, objectAt } from '../../../src/core/json.ts';
import { type KubeCalls, openKubeCalls } from '../../support/kube-calls.ts';
import { asked, said } from './said.mjs';

const recorded: unknown = JSON.parse(readFileSync(new URL('definitions.json', import.meta.url), 'utf8'));
const cases = (Array.isArray(recorded) ? recorded : []).map((one: Json) => objectAt(one));

let kube: KubeCalls;
beforeAll(async () => {
  kube = await openKubeCalls(systemClock);
});
afterAll(() => kube.close());

test('finds what is recorded', () => {
  expect(cases.length).toBeGreaterThan(250);
});

test('judges each as a real API server does', { timeout: 60_000 }, async () => {
  for (const one of cases) {
    const { path, body } = asked(one['spec']);
    const answer = await kube.call('POST', path, objectAt(body));
    expect.soft(said(answer), JSON.stringify(one['spec'])).toEqual({
      status: numberAt(one, 'status'),
      causes: listAt(one, 'causes'),
    });
  }
});
