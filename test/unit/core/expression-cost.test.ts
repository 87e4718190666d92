import { expect, test } from 'vitest';
import { repetitionsOf } from '../../../src/core/expression-cost.ts';

test.each([
  ['^shop/.*$', 1],
  ['shop', 0],
  ['(team|ops)-.*', 1],
  ['^[a-z+*]+$', 1],
  ['\\*\\+\\(', 0],
  ['\\p{Greek}+', 1],
  ['[[:alpha:]]*x{2,3}', 2],
  ['a?b?', 0],
  ['^((?!kube-).)*$', 1],
  ['^(?!a.*b).*$', 1],
  ['(?i)^a+$', 1],
  ['(?P<name>x)+', 1],
  ['{}', 0],
])('%j goes over a text %j times', (expression, count) => {
  expect(repetitionsOf(expression)).toBe(count);
});

test.each(['(a+)+', '(a|b)*', '(ab)*', '((a)b)+', '(?:a*)*', '(a|a){9}', '(?=a*b*c*)x', '(?<x>a+)+', '([a-z]+.)+'])(
  '%j may never end',
  (expression) => {
    expect(repetitionsOf(expression)).toBeUndefined();
  },
);
