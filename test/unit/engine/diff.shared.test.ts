// The reference's own comparisons: live and target in, "is it different" out.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { at, isList, isObject, listAt, textAt } from '../../../src/core/json.ts';
import { compareStates } from '../../../src/engine/diff/compare.ts';
import { compareWithDryRun } from '../../../src/engine/diff/server-side.ts';
import { KIND_ORDER } from '../../../src/engine/sync/kind-order.ts';
import { applyDefaults } from '../../../src/objects/defaults/defaults.ts';
import { draftOf } from '../../../src/objects/draft.ts';
import { groupOf, isKubeObject, type KubeObject, keyOf, versionOf } from '../../../src/objects/object.ts';
import { UNTYPED } from '../../../src/objects/schema.ts';
import { loadBuiltinTypes } from '../../../src/objects/types.ts';

const shared = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../../shared/corpora/${name}.json`, import.meta.url), 'utf8'));

const types = await loadBuiltinTypes();

function withDefaults(object: KubeObject): KubeObject {
  const draft = draftOf(object);
  applyDefaults(groupOf(object.apiVersion), object.kind, draft);
  const filled: unknown = draft;
  return isKubeObject(filled) ? filled : object;
}

// Structured-merge comparisons, and the options of the others, are another issue's.
const cases = listAt(shared('diff'), 'cases').filter(
  (one) => textAt(one, 'algorithm') === 'legacy' && isObject(one) && one['options'] === undefined,
);

describe('a comparison of last applied, target and live', () => {
  test('has cases', () => expect(cases.length).toBeGreaterThan(25));

  test.each(cases.map((one) => [textAt(one, 'name'), one] as const))('%s', (_name, one) => {
    const object = (field: string): KubeObject | undefined => {
      const value: unknown = isObject(one) ? one[field] : undefined;
      return isKubeObject(value) ? value : undefined;
    };
    const expected = isObject(one) && isObject(one['expected']) ? one['expected']['modified'] : undefined;
    const { modified } = compareStates(object('config'), object('live'), {
      ignoreDifferences: [],
      typeOf: (target) =>
        types.ofKind(groupOf(target.apiVersion), versionOf(target.apiVersion), target.kind) ?? UNTYPED,
      withDefaults,
    });
    expect(modified).toBe(expected);
  });
});

// What the cluster answered to a dry run is recorded; a value of the path may be asserted on either side.
const dryRuns = listAt(shared('diff'), 'cases').filter((one) => textAt(one, 'algorithm') === 'server-side');

describe('a comparison with the dry run of the cluster', () => {
  test('has cases', () => expect(dryRuns.length).toBeGreaterThan(9));

  test.each(dryRuns.map((one) => [textAt(one, 'name'), one] as const))('%s', (_name, one) => {
    const object = (field: string): KubeObject => {
      const value: unknown = at(one, field);
      if (!isKubeObject(value)) throw new Error(`no ${field}`);
      return value;
    };
    const { group, kind } = keyOf(object('live'));
    const jsonPointers = listAt(one, 'options', 'ignoreFields').map(
      (path) => `/${(isList(path) ? path : []).join('/')}`,
    );
    const compared = compareWithDryRun(object('live'), object('dryRunResponse'), {
      ignoreDifferences: [{ group, kind, jsonPointers }],
      manager: textAt(one, 'options', 'manager'),
      includesMutations: at(one, 'options', 'ignoreMutationWebhook') === false,
    });
    expect(compared.modified).toBe(at(one, 'expected', 'modified'));
    for (const assertion of listAt(one, 'expected', 'assertions')) {
      const side = textAt(assertion, 'in') === 'live' ? compared.normalizedLive : compared.predictedLive;
      const path = listAt(assertion, 'path').map((step) => (typeof step === 'number' ? step : String(step)));
      const value = at(side, ...path);
      const told = JSON.stringify(assertion);
      if (textAt(assertion, 'op') === 'present') expect(value, told).toBeDefined();
      else if (textAt(assertion, 'op') === 'absent') expect(value, told).toBeUndefined();
      else if (textAt(assertion, 'op') === 'length')
        expect(Object.keys(Object(value)), told).toHaveLength(Number(at(assertion, 'value')));
      else if (textAt(assertion, 'op') === 'equals') expect(value, told).toEqual(at(assertion, 'value'));
      else throw new Error(`an assertion nobody knows: ${told}`);
    }
  });
});

test('kinds are applied in the reference’s order', () => {
  expect([...KIND_ORDER]).toEqual(listAt(shared('kinds-order'), 'kinds'));
});
