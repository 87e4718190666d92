import { describe, expect, test } from 'vitest';
import { parseFieldSelector } from '../../../src/objects/field-selector.ts';
import { matchesLabels, selectorRequirements } from '../../../src/objects/label-selector.ts';
import { parseLabelSelector } from '../../../src/objects/label-selector-text.ts';
import { canonicalQuantity } from '../../../src/objects/quantity.ts';

describe('label selectors', () => {
  const labels = { app: 'web', tier: 'front', n: '5' };
  test.each([
    ['', true],
    ['app=web', true],
    ['app==web,tier!=back', true],
    ['app in (web, api)', true],
    ['app notin (web)', false],
    ['none notin (x)', true],
    ['tier', true],
    ['!tier', false],
    ['n>4', true],
    ['n<5', false],
  ])('%j is %j', (selector, result) => {
    expect(matchesLabels(parseLabelSelector(selector), labels)).toBe(result);
  });

  test.each([
    ['app===x', "unable to parse requirement: found '=', expected: identifier"],
    ['app=b c', "found 'c', expected: ',' or 'end of string'"],
    ['a b', "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"],
    ['in (x)', "unable to parse requirement: found '(', expected: in, notin, =, ==, !=, gt, lt"],
  ])('refuses %j', (selector, why) => {
    expect(() => parseLabelSelector(selector)).toThrow(why);
  });

  test('reads selector objects', () => {
    const selector = { matchLabels: { app: 'web' }, matchExpressions: [{ key: 'old', operator: 'DoesNotExist' }] };
    expect(matchesLabels(selectorRequirements(selector), labels)).toBe(true);
  });
});

test.each([
  ['metadata.name=a', [{ field: 'metadata.name', value: 'a', equal: true }]],
  [
    'metadata.name!=a,b==',
    [
      { field: 'b', value: '', equal: true },
      { field: 'metadata.name', value: 'a', equal: false },
    ],
  ],
])('field selector %j', (selector, requirements) => {
  expect(parseFieldSelector(selector)).toEqual(requirements);
});

test.each([
  ['0.5', '500m'],
  ['1000m', '1'],
  ['1024Mi', '1Gi'],
  ['1.5Gi', '1536Mi'],
  ['1000Ki', '1000Ki'],
  ['1e3', '1e3'],
  ['100u', '100u'],
  ['-1', '-1'],
  ['0', '0'],
])('the quantity %j is written %j', (given, written) => {
  expect(canonicalQuantity(given)).toBe(written);
});
