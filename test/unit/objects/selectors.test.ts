import { describe, expect, test } from 'vitest';
import { fieldText, matchesFields, parseFieldSelector } from '../../../src/objects/field-selector.ts';
import { matchesLabels, parseLabelSelector, selectorRequirements } from '../../../src/objects/label-selector.ts';
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

  test.each(['app===x', 'app=b c', 'a b', 'in (x)'])('refuses %j', (selector) => {
    expect(() => parseLabelSelector(selector)).toThrow('unable to parse requirement');
  });

  test('reads selector objects', () => {
    const selector = { matchLabels: { app: 'web' }, matchExpressions: [{ key: 'old', operator: 'DoesNotExist' }] };
    expect(matchesLabels(selectorRequirements(selector), labels)).toBe(true);
  });
});

test.each([
  ['metadata.name=a', true],
  ['metadata.name!=a', false],
  ['status.phase=', true],
])('field selector %j is %j', (selector, result) => {
  const object = { metadata: { name: 'a' } };
  expect(matchesFields(parseFieldSelector(selector), (field) => fieldText(object, field))).toBe(result);
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
