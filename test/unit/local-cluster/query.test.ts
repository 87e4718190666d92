import { expect, test } from 'vitest';
import { isOn } from '../../../src/local-cluster/query.ts';

test.each<[string, boolean]>([
  ['watch=true', true],
  ['watch=True', true],
  ['watch=1', true],
  ['watch=t', true],
  ['watch', true],
  ['watch=', true],
  ['watch=false', false],
  ['watch=False', false],
  ['watch=0', false],
  ['', false],
  ['watches=true', false],
])('%j: %s', (query, on) => {
  expect(isOn(new URLSearchParams(query), 'watch')).toBe(on);
});
