import { describe, expect, test } from 'vitest';
import { matchesGlob } from '../../../src/core/glob.ts';

describe('a glob of many stars and braces', () => {
  test.each([
    ['*a*b*c*d', 'xaxbxcxd', '', true],
    ['*a*b*c*d', 'xaxbxcx', '', false],
    ['*/*/*/*', 'a/b/c/d', '/', true],
    ['*/*/*/*', 'a/b/c/d/e', '/', false],
    ['**/*/*/*', 'a/b/c/d/e', '/', true],
    ['*?[ab]*?[!c]*?', 'xyaxyd1', '', true],
    ['{a,b}{c,d}{e,f}{g,h}', 'adfg', '', true],
    ['{a,b}{c,d}{e,f}{g,h}', 'adfi', '', false],
    ['{a{b,c},d}*{x,y}*{,z}', 'ac-y-z', '', true],
    ['\\{a*b*c*d*\\}', '{abcd}', '', true],
    ['*.*.*.*\n*', 'a.b.c.d\ne', '', true],
    ['*é*ü*ß*😀', 'éüß😀', '', true],
  ])('%j fits %j with %j between: %j', (glob, text, separator, expected) => {
    expect(matchesGlob(glob, text, separator)).toBe(expected);
  });

  test.each([`${'*a'.repeat(40)}b`, `${'{a,a}'.repeat(30)}b`, `${'a*'.repeat(100)}b`, `{${'*a*,'.repeat(50)}b}`])(
    '%j takes a time that its length bounds',
    (glob) => {
      const begun = performance.now();
      expect(matchesGlob(glob, 'a'.repeat(2000))).toBe(glob.includes('*a*,'));
      expect(performance.now() - begun).toBeLessThan(2000);
    },
  );
});
