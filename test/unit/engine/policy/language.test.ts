// The policy language: how a line is read, what is wrong with one and where, what globs and expressions fit.

import { beforeAll, describe, expect, test } from 'vitest';
import { compileRegExp, loadRegExps } from '../../../../src/core/regexp.ts';
import { compileGlob } from '../../../../src/engine/policy/glob.ts';
import { parsePolicy } from '../../../../src/engine/policy/parse.ts';
import { policyCsv, readPolicySettings } from '../../../../src/engine/policy/settings.ts';
import { objectAsked, resourceCalled, wordProblem } from '../../../../src/engine/policy/words.ts';

const rule = (subject: string, object = '*'): object => ({
  subject,
  resource: 'projects',
  action: 'get',
  object,
  effect: 'allow',
});

test.each([
  ['p, ann, projects, get, *, allow', rule('ann')],
  ['  p,ann,projects,get,*,allow\r', rule('ann')],
  ['p,\tann,  projects, get, *, allow', rule('ann')],
  ['p, "ann, of sales", projects, get, *, allow', rule('ann, of sales')],
  ['p, "the ""one""", projects, get, *, allow', rule('the "one"')],
  ['p, ann , projects, get, *, allow', rule('ann ')],
  ['p, ann, projects, get, "*", allow', rule('ann')],
  ['p, ann, projects, get, a b, allow', rule('ann', 'a b')],
])('%j is read', (line, expected) => {
  expect(parsePolicy(line)).toEqual({ rules: [expected], groupings: [], faults: [] });
});

test('groups, comments and empty lines', () => {
  const policy = '# comment\n\n g, ann, role:admin\n  # another\ng, "a,b", team\n';
  expect(parsePolicy(policy).groupings).toEqual([
    { subject: 'ann', role: 'role:admin' },
    { subject: 'a,b', role: 'team' },
  ]);
});

test.each([
  [
    'p, ann, projects, get, *',
    1,
    1,
    '4 fields behind p in place of 5: p, subject, resource, action, object, allow or deny',
  ],
  ['g, ann, role, domain', 1, 1, '3 fields behind g in place of 2: g, subject, role'],
  ['\n  P, ann, projects, get, *, allow', 2, 3, "a line starts with p (a right) or g (a role), not with 'P'"],
  ['g, a, b\np, a"n, projects, get, *, allow', 2, 5, 'a quote inside a field that does not start with one'],
  ['p, "ann, projects, get, *, allow', 1, 4, 'a quote that is not closed'],
  ['p, "ann" of, projects, get, *, allow', 1, 9, 'text behind a closing quote'],
])('%j is refused with its place', (policy, line, column, problem) => {
  expect(parsePolicy(policy).faults).toMatchObject([{ line, column, problem }]);
});

describe('a glob', () => {
  test.each([
    ['*', ['', 'a', 'a/b/c']],
    ['shop/*', ['shop/', 'shop/web', 'shop/team/web']],
    ['*/web', ['shop/web', 'shop/team/web', '/web']],
    ['s*b', ['sb', 'shop/web']],
    ['*/web-*', ['shop/web-1', 'a/b/web-']],
    ['w?b', ['web', 'w/b']],
    ['[we]b', ['wb', 'eb']],
    ['[a-c]1', ['a1', 'c1']],
    ['[!a-c]1', ['d1', '-1']],
    ['{shop,bank}/*', ['shop/web', 'bank/']],
    ['{a,b{c,d}}*', ['a', 'bc1', 'bd']],
    ['a\\*b', ['a*b']],
    ['{a,}b', ['ab', 'b']],
    ['a+(b).c', ['a+(b).c']],
  ])('%j fits', (glob, texts) => {
    const matches = compileGlob(glob);
    expect(texts.map((text) => matches?.(text))).toEqual(texts.map(() => true));
  });

  test.each([
    ['shop/*', ['shop', 'shopping/web', 'a/shop/web']],
    ['*/web', ['web', 'shop/web2']],
    ['ab*ba', ['aba', 'ab', 'abab']],
    ['w?b', ['wb', 'weeb']],
    ['[!a-c]1', ['a1', '1']],
    ['{shop,bank}/*', ['shop', 'other/web']],
    ['a\\*b', ['aab', 'a\\*b']],
    ['web', ['Web', 'web ', ' web', 'web\n']],
    ['.*', ['a', 'ab']],
  ])('%j does not fit', (glob, texts) => {
    const matches = compileGlob(glob);
    expect(texts.map((text) => matches?.(text))).toEqual(texts.map(() => false));
  });

  test.each(['[abc', '{a,b', 'a}', '[]', 'a\\', '[c-a]', '{a,b}'.repeat(20)])('%j cannot be read', (glob) => {
    expect(compileGlob(glob)).toBeUndefined();
  });

  test('of many stars takes no time', () => {
    const matches = compileGlob(`${'*a'.repeat(30)}b`);
    const started = performance.now();
    expect(matches?.('a'.repeat(2000))).toBe(false);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

describe('an expression', () => {
  beforeAll(() => loadRegExps());

  test.each([
    ['^shop/.*$', 'shop/web', true],
    ['hop/w', 'shop/web', true],
    ['(?i)^SHOP', 'shop/web', true],
    ['^[[:lower:]]+/[[:alnum:]]+$', 'shop/web1', true],
    ['^[[:lower:]]+$', 'Shop', false],
    ['^\\pL+$', 'größe', true],
    ['\\Ashop\\z', 'shop', true],
    ['(?P<project>a+)/b', 'aa/b', true],
    ['^a{2,3}$', 'aaaa', false],
    ['^a\\-b\\/c$', 'a-b/c', true],
    ['^{}$', '{}', true],
    ['[a[b]', '[', true],
  ])('%j on %j', (expression, text, expected) => {
    expect(compileRegExp(expression)?.(text)).toBe(expected);
  });

  // JavaScript's own would try these for years.
  test.each([
    '(a+)+$',
    '^(a|a)*$',
    '^(a|aa)+$',
    '(.*a){20}$',
    '^(([a-z])+.)+[A-Z]$',
    'a*a*a*a*a*a*a*a*b',
    '(a?){40}a{40}$',
  ])('%j takes a time that the length of the text bounds', (expression) => {
    const begun = performance.now();
    expect(compileRegExp(expression)?.(`${'a'.repeat(3000)}!`)).toBe(false);
    expect(performance.now() - begun).toBeLessThan(2000);
  });

  test.each(['(a', '[a', 'a**', '(?=a)', '(?<!a)b', '(a)\\1', 'a\\', '[[:nothing:]]', '*'])(
    '%j cannot be read',
    (expression) => {
      expect(compileRegExp(expression)).toBeUndefined();
    },
  );
});

describe('the settings', () => {
  test('join the keys of policy, and say in which one a fault is', () => {
    const data = {
      'policy.csv': 'g, a, b',
      'policy.z.csv': 'nonsense',
      'policy.a.csv': '\np, a',
      'policy.txt': 'not this',
      'other.csv': 'nor this',
    };
    expect(policyCsv(data)).toBe('g, a, b\n\np, a\nnonsense');
    expect(readPolicySettings(data).faults.map(({ key, line }) => [key, line])).toEqual([
      ['policy.a.csv', 2],
      ['policy.z.csv', 1],
    ]);
  });

  test.each([
    ['', ['groups'], 0],
    ['[groups, email]', ['groups', 'email'], 0],
    ['[]', [], 0],
    ['groups', ['groups'], 1],
    ['{a: b}', ['groups'], 1],
    ['[a', ['groups'], 1],
  ])('scopes %j', (scopes, expected, faults) => {
    const read = readPolicySettings({ scopes });
    expect(read.settings.scopes).toEqual(expected);
    expect(read.faults).toHaveLength(faults);
  });

  test.each([
    ['regex', 'regex'],
    ['glob', 'glob'],
    ['nonsense', 'glob'],
    ['', 'glob'],
  ])('match mode %j', (mode, expected) => {
    expect(readPolicySettings({ 'policy.matchMode': mode }).settings.matchMode).toBe(expected);
  });
});

test.each([
  ['applications', 'get', true],
  ['applications', 'update/*', true],
  ['applications', 'sync/x', false],
  ['applications', 'invoke', false],
  ['applicationsets', 'update', true],
  ['applicationsets', 'update/x', false],
  ['gpgkeys', 'update', false],
  ['exec', 'create', true],
  ['exec', 'get', false],
  ['extensions', 'invoke', true],
  ['app', 'get', false],
])('%s, %s: %s', (resource, action, valid) => {
  expect(wordProblem(resource, action) === undefined).toBe(valid);
});

test.each([
  ['app', '', '*/*'],
  ['repo', '*', '*/*'],
  ['cluster', 'https://x', 'https://x'],
  ['proj', '', ''],
  ['cert', '*', '*'],
])('%s of %j asks for %j', (resource, object, asked) => {
  expect(objectAsked(resourceCalled(resource), object)).toBe(asked);
});
