// What rules of definitions may cost, as a real API server has told it in its refusals: each rule by itself (told where
// a list of so many objects is refused, 'huge' without bounds), and definitions whose rules cost too much together.

import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/cli/io/system-clock.ts';
import { isList, isObject, type JsonObject, listAt, objectAt, textAt } from '../../../src/core/json.ts';
import { mostCost, ONCE } from '../../../src/local-cluster/validation/cel/estimate.ts';
import { loadRules } from '../../../src/local-cluster/validation/cel/language.ts';
import { type KubeCalls, openKubeCalls } from '../../support/kube-calls.ts';

function recorded(name: string): JsonObject[] {
  const parsed: unknown = JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));
  return isList(parsed) ? parsed.filter(isObject) : [];
}

let calls: KubeCalls;

beforeAll(async () => {
  await loadRules();
  calls = await openKubeCalls(systemClock);
});
afterAll(() => calls.close());

/** Expressions that the language of this cluster cannot read. */
const UNREAD = /\{\?|\[\?self/;

describe('as a real API server estimates it', () => {
  for (const { schema, costs } of recorded('costs.json'))
    test.each(Object.entries(objectAt(costs)).filter(([rule]) => !UNREAD.test(rule)))('%s', (rule, cost) => {
      const told = mostCost(rule, objectAt(schema), ONCE);
      if (cost === 'huge') expect(told).toBeGreaterThan(1e9);
      else expect(told).toBe(cost);
    });

  test('the rules of a definition together', async () => {
    const names = { plural: 'costs', kind: 'Cost' };
    for (const { versions, causes } of recorded('definitions.json')) {
      const { body } = await calls.call('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions?dryRun=All', {
        metadata: { name: 'costs.example.com' },
        spec: { group: 'example.com', scope: 'Namespaced', names, versions },
      });
      const told = listAt(body, 'details', 'causes').map((one) => `${textAt(one, 'field')}: ${textAt(one, 'message')}`);
      expect(told).toEqual(causes);
    }
  });
});
