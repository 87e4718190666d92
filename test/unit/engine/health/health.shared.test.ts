import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { isObject, listAt, textAt } from '../../../../src/core/json.ts';
import { healthOf, ruleHealth } from '../../../../src/engine/health/health.ts';
import { operatorRule } from '../../../../src/engine/health/operators/table.ts';
import { isKubeObject } from '../../../../src/objects/object.ts';

const corpus: unknown = JSON.parse(
  readFileSync(new URL('../../../../../shared/corpora/health.json', import.meta.url), 'utf8'),
);
const cases = listAt(corpus, 'cases');

describe('the corpus of the reference', () => {
  test('holds cases for the built-in rules and for those of operators', () => {
    expect(cases.length).toBeGreaterThan(570);
  });

  test.each(cases.map((entry, index) => ({ name: `${textAt(entry, 'input')} #${index}`, entry })))(
    '$name',
    ({ entry }) => {
      const manifest = isObject(entry) ? entry['manifest'] : undefined;
      if (!isObject(entry) || !isObject(manifest)) throw new Error('a case without manifest');
      const object = { ...manifest, metadata: isObject(manifest['metadata']) ? manifest['metadata'] : {} };
      if (!isKubeObject(object)) throw new Error('a case without object');
      // Of a kind with a script the corpus has what the script says, of one that is being deleted, too.
      const found = textAt(entry, 'engine') === 'lua' ? ruleHealth(object) : healthOf(object);
      const expected = entry['expected'];
      if (!isObject(expected)) {
        // The engine without what is shipped for operators has no rule for the kind.
        if (!operatorRule(textAt(entry, 'group'), textAt(entry, 'kind'))) expect(found).toBeUndefined();
        return;
      }
      const messages = [expected['message'], entry['derivedMessage']].filter((text) => typeof text === 'string');
      for (const message of messages)
        expect({ status: found?.status, message: found?.message ?? '' }).toEqual({
          status: expected['status'],
          message,
        });
      expect(found?.status).toBe(expected['status']);
    },
  );
});
