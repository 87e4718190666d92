// Quantities, as far as others can write them.

import { expect, test } from 'vitest';
import { canonicalQuantity, compareQuantities } from '../../../src/objects/quantity.ts';

test.each([
  ['1024Mi', '1Gi'],
  ['0.5', '500m'],
  ['1e3', '1e3'],
  ['0007', '7'],
  ['1000000000000000000000', '9223372036854775807'],
  ['-1000000000000000000000', '-9223372036854775807'],
  ['1024Ei', '9223372036854775807'],
  ['9007199254740993', '9007199254740993'],
  ['0.0000000001', '1n'],
])('%s is %s', (text, canonical) => expect(canonicalQuantity(text)).toBe(canonical));

test('an exponent of any size takes no time', () => {
  expect(compareQuantities('1e999999999', '1Ei')).toBe(1);
  expect(compareQuantities('1e-999999999', '0')).toBe(1);
});

test('digits of any number take no time', () => {
  const before = performance.now();
  expect(canonicalQuantity('9'.repeat(2_500_000))).toBe('9223372036854775807');
  expect(canonicalQuantity(`0.${'0'.repeat(2_500_000)}1`)).toBe('1n');
  expect(performance.now() - before).toBeLessThan(1000);
});
