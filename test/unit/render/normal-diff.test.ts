// What GNU diff prints of the same texts.

import { expect, test } from 'vitest';
import { normalDiff } from '../../../src/render/normal-diff.ts';

test.each([
  ['', '', ''],
  ['a\n', 'a\n', ''],
  ['a\nb\nc\n', 'a\nc\n', '2d1\n< b\n'],
  ['a\nb\nc\nd\n', 'a\nd\n', '2,3d1\n< b\n< c\n'],
  ['a\nc\n', 'a\nb\nc\n', '1a2\n> b\n'],
  ['b\n', 'a\nb\n', '0a1\n> a\n'],
  ['', 'a\nb\n', '0a1,2\n> a\n> b\n'],
  ['a\nb\n', '', '1,2d0\n< a\n< b\n'],
  ['a\nb\nc\n', 'a\nx\nc\n', '2c2\n< b\n---\n> x\n'],
  ['a\nb\nc\nd\n', 'a\nx\ny\nz\nd\n', '2,3c2,4\n< b\n< c\n---\n> x\n> y\n> z\n'],
  ['a\nb\nc\nd\ne\n', 'x\nb\nc\nd\n', '1c1\n< a\n---\n> x\n5d4\n< e\n'],
])('%j and %j differ as the program diff says', (before, after, expected) => {
  expect(normalDiff(before, after)).toBe(expected);
});
