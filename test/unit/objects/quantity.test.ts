// Quantities, as far as others can write them.

import { expect, test } from 'vitest';
import { canonicalQuantity, compareQuantities } from '../../../src/objects/quantity.ts';

test.each([
  ['1024Mi', '1Gi'],
  ['0.5', '500m'],
  ['1e3', '1e3'],
])('%s is %s', (text, canonical) => expect(canonicalQuantity(text)).toBe(canonical));

test('an exponent of any size takes no time', () => {
  expect(compareQuantities('1e999999999', '1Ei')).toBe(1);
  expect(compareQuantities('1e-999999999', '0')).toBe(1);
});
