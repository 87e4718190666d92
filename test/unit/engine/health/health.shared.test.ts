import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { isObject, listAt, textAt } from '../../../../src/core/json.ts';
import { healthOf } from '../../../../src/engine/health/health.ts';
import { isKubeObject } from '../../../../src/objects/object.ts';

const corpus: unknown = JSON.parse(
  readFileSync(new URL('../../../../../shared/corpora/health.json', import.meta.url), 'utf8'),
);
const SCRIPTED_BUT_BUILT_IN = [
  'batch/CronJob',
  'policy/PodDisruptionBudget',
  'apiextensions.k8s.io/CustomResourceDefinition',
];

const cases = listAt(corpus, 'cases').filter(
  (entry) =>
    textAt(entry, 'engine') === 'builtin' ||
    SCRIPTED_BUT_BUILT_IN.includes(`${textAt(entry, 'group')}/${textAt(entry, 'kind')}`),
);

describe('the corpus of the reference', () => {
  test('holds cases for the built-in rules', () => {
    expect(cases.length).toBeGreaterThan(40);
  });

  test.each(cases.map((entry, index) => ({ name: `${textAt(entry, 'input')} #${index}`, entry })))(
    '$name',
    ({ entry }) => {
      const manifest = isObject(entry) ? entry['manifest'] : undefined;
      if (!isObject(entry) || !isObject(manifest)) throw new Error('a case without manifest');
      const object = { ...manifest, metadata: isObject(manifest['metadata']) ? manifest['metadata'] : {} };
      if (!isKubeObject(object)) throw new Error('a case without object');
      const found = healthOf(object);
      const expected = entry['expected'];
      if (!isObject(expected)) {
        expect(found).toBeUndefined();
        return;
      }
      expect(found?.status).toBe(expected['status']);
      if (typeof expected['message'] === 'string') expect(found?.message ?? '').toBe(expected['message']);
      const derived = entry['derivedMessage'];
      if (typeof derived === 'string') expect(found?.message ?? '').toBe(derived);
    },
  );
});
