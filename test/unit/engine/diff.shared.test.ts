// The reference's own comparisons: live and target in, "is it different" out.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { isObject, listAt, textAt } from '../../../src/core/json.ts';
import { compareStates } from '../../../src/engine/diff/compare.ts';
import { KIND_ORDER } from '../../../src/engine/sync/kind-order.ts';
import { applyDefaults } from '../../../src/objects/defaults/defaults.ts';
import { draftOf } from '../../../src/objects/draft.ts';
import { groupOf, isKubeObject, type KubeObject, versionOf } from '../../../src/objects/object.ts';
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

// Server-side and structured-merge comparisons, and the options of the others, are another issue's.
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

test('kinds are applied in the reference’s order', () => {
  expect([...KIND_ORDER]).toEqual(listAt(shared('kinds-order'), 'kinds'));
});
