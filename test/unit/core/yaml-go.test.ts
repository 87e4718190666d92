// What surprises in YAML, as k8s.io/apimachinery 0.34 with sigs.k8s.io/yaml 1.6 reads it: the answers are Go's own.

import { describe, expect, test } from 'vitest';
import { parseYaml, parseYamlDocuments } from '../../../src/core/yaml.ts';

const READ = {
  'a flow sequence over lines': ['a:\n  b: ["sh",\n  "-c",\n"x"]\nc: 1\n', { a: { b: ['sh', '-c', 'x'] }, c: 1 }],
  'a flow map over lines': ['a: {b: 1,\nc: 2\n}\nd: 3\n', { a: { b: 1, c: 2 }, d: 3 }],
  'a flow map indented by tabs': ['a: {\n\tb: 1\n}\n', { a: { b: 1 } }],
  'a closing bracket below its key': ['x:\n- args: [\n  1\n]\n- b\n', { x: [{ args: [1] }, 'b'] }],
  'quotes and comments between the lines': [
    "a:\n  - [\"x: y # no\", 'it''s',\n# ] no\n plain text, c\n d]\n",
    { a: [['x: y # no', "it's", 'plain text', 'c d']] },
  ],
  'a quoted text over lines': ['a:\n  b: "x\n y\n\nz"\nc: \'p\nq\'\n', { a: { b: 'x y\nz' }, c: 'p q' }],
  'brackets in block texts beside it': [
    'a: |\n  ["x",\n  b\nb: {x: 1,\nv: 2}\nc: text\n  [no\n',
    { a: '["x",\nb\n', b: { x: 1, v: 2 }, c: 'text [no' },
  ],
  'Windows lines': ['x:\r\n  v: [1,\r\n2]\r\nz: 3\r\n', { x: { v: [1, 2] }, z: 3 }],
  'a key given twice': ['a: 1\na: 2\n', { a: 2 }],
  'a map given twice': ['m:\n  x: {a: 1, a: 2}\n  x: {b: 3}\n', { m: { x: { b: 3 } } }],
  'a key of JSON given twice': ['{"a": 1, "a": 2}', { a: 2 }],
  'two spellings of one boolean key': ['yes: 1\ny: 2\n', { true: 2 }],
  'keys that are no texts': ['1: a\n0x10: c\n1.5: d\nno: e\n', { 1: 'a', 16: 'c', 1.5: 'd', false: 'e' }],
  'an unknown tag': ['a: !text hello\nb: !num 12\nc: !Sub "x"\n', { a: 'hello', b: '12', c: 'x' }],
  'an unknown tag of a map or list': ['a: !foo {b: 1}\nc: !foo [1]\nd: !<tag:x> e\n', { a: { b: 1 }, c: [1], d: 'e' }],
  'a tag without a text': ['a: !important\n', { a: '' }],
  'tags of types': ['a: !!str 12\nb: !!int "12"\nc: !!float 3\nd: !!bool yes\n', { a: '12', b: 12, c: 3, d: true }],
  'tags of YAML 1.1': [
    'a: !!binary aGVsbG8=\nb: !!timestamp 2001-01-01\nc: !!set {x}\nd: !!omap [x: 1]\n',
    { a: 'hello', b: '2001-01-01', c: { x: null }, d: [{ x: 1 }] },
  ],
  'several colons': [
    'a:\n- 2001:db8::/64\n- 2001:db8::\n- ::1\nc: d::e\n',
    { a: ['2001:db8::/64', { '2001:db8:': null }, '::1'], c: 'd::e' },
  ],
  'colons in flow': [
    '{a: http://x:80/, b: [x:y, z:], c: {d: e:, f}}\n',
    { a: 'http://x:80/', b: ['x:y', 'z:'], c: { d: 'e:', f: null } },
  ],
  ports: ['p: [80:80, 8080:80/tcp]\nt: 12:30:45\n', { p: ['80:80', '8080:80/tcp'], t: '12:30:45' }],
  'classes of a pattern': ['r: ^[[:alpha:]]+$\ns: "[[:alnum:],]"\n', { r: '^[[:alpha:]]+$', s: '[[:alnum:],]' }],
  octals: ['a: 0644\nb: 0o644\nc: -017\nd: 08\ne: 0_7\n', { a: 420, b: 420, c: -15, d: 8, e: 7 }],
  'other bases': ['a: 0x1F\nb: 0X1f\nc: 0b11\nd: 0B11\ne: 0b12\n', { a: 31, b: 31, c: 3, d: 3, e: '0b12' }],
  'underlines in numbers': ['a: 1_000\nb: _1\nc: 1_0.5\n', { a: 1000, b: '_1', c: 10.5 }],
  fractions: [
    'a: 1e3\nb: 1.\nc: .5\nd: 1e400\ne: 1.2.3\nf: 1.10\n',
    { a: 1000, b: 1, c: 0.5, d: '1e400', e: '1.2.3', f: 1.1 },
  ],
  booleans: [
    'a: y\nb: N\nc: on\nd: OFF\ne: TRUE\nf: tRue\n',
    { a: true, b: false, c: true, d: false, e: true, f: 'tRue' },
  ],
  nulls: ['a: ~\nb: Null\nc:\nd: nULL\ne: ""\n', { a: null, b: null, c: null, d: 'nULL', e: '' }],
  dates: ['a: 2001-12-14\nb: 2001-12-14t21:59:43.10-05:00\n', { a: '2001-12-14', b: '2001-12-14t21:59:43.10-05:00' }],
  'a merge before a key': ['x: &x {a: 1, b: 2}\nz:\n  <<: *x\n  b: 3\n', { x: { a: 1, b: 2 }, z: { a: 1, b: 3 } }],
  'a merge behind a key': ['x: &x {a: 1}\nz:\n  a: 9\n  <<: *x\n', { x: { a: 1 }, z: { a: 1 } }],
  'a merge of several': [
    'x: &x {a: 1}\nw: &w {a: 2, c: 3}\nz:\n  <<: [*x, *w]\n',
    { x: { a: 1 }, w: { a: 2, c: 3 }, z: { a: 1, c: 3 } },
  ],
  'an anchor set again': ['a: &a 1\nb: &a 2\nc: *a\n', { a: 1, b: 2, c: 2 }],
  'a key of every object': ['__proto__: {a: 1}\nconstructor: 2\n', JSON.parse('{"__proto__":{"a":1},"constructor":2}')],
} as const satisfies Record<string, readonly [string, unknown]>;

const REFUSED = {
  'an anchor that contains itself': 'a: &a [*a]\n',
  'an anchor of another document': 'a: &a 1\n---\nb: *a\n',
  'a key that is null': '~: a\n',
  'a key that is a list': '? [a]\n: b\n',
  'a number that JSON has not': 'a: .inf\n',
  'a tag that does not fit': 'a: !!int x\n',
  'broken base64': 'a: !!binary "@@"\n',
  'a merge of no map': 'y:\n  <<: 1\n',
  'a tab for indentation': 'a:\n\tb: 1\n',
  'a flow sequence without an end': 'a: [1\nb: 2\n',
} as const;

describe('YAML is read as Go reads it', () => {
  test.each(Object.entries(READ))('%s', (_name, [source, value]) => {
    expect(parseYaml(source, 'f.yaml')).toEqual(value);
  });

  test.each(Object.entries(REFUSED))('%s is refused', (_name, source) => {
    expect(() => parseYamlDocuments(source, 'f.yaml')).toThrow(/^f\.yaml(:\d+)?: broken YAML: /);
  });
});

describe('foreign YAML is bounded', () => {
  test('aliases of aliases', () => {
    const lines = Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(',')}]`);
    const bomb = ['a0: &a0 [x,x,x,x,x,x,x,x,x]', ...lines].join('\n');
    expect(() => parseYaml(bomb, 'f.yaml')).toThrow('f.yaml: its aliases (*name) expand to too many values');
  });

  test('a thousand uses of one anchor are none', () => {
    const uses = Array.from({ length: 1000 }, (_, i) => `r${i}: *base\nq${i}: {x: 1, y: 2, z: 3}`);
    expect(Object.keys(Object(parseYaml(['base: &base {cpu: 1}', ...uses].join('\n'), 'f')))).toHaveLength(2001);
  });

  test.each([
    ['brackets', (levels: number) => `a: ${'['.repeat(levels)}${']'.repeat(levels)}`],
    ['braces', (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`],
    ['dashes', (levels: number) => `${'- '.repeat(levels)}1`],
    ['brackets over lines', (levels: number) => `a: {b: 1,\nc: ${'['.repeat(levels)}${']'.repeat(levels)}}`],
  ])('%s within each other', (_what, nested) => {
    expect(parseYaml(nested(400), 'f.yaml')).toBeTruthy();
    for (const levels of [501, 5000, 100_000]) {
      expect(() => parseYaml(nested(levels), 'f.yaml')).toThrow('f.yaml: a value is nested deeper than 500 levels');
    }
  });
});
