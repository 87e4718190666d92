// What a real API server says of YAML that cannot be read.

import { expect, test } from 'vitest';
import { messageOf } from '../../../src/core/errors.ts';
import { fromYaml } from '../../../src/local-cluster/body.ts';

const HEAD = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n';

const SAID: readonly (readonly [text: string, fault: string])[] = [
  ['a: b: c\n', 'yaml: mapping values are not allowed in this context'],
  ['a:\n\tb: c\n', 'yaml: line 2: found character that cannot start any token'],
  ['a: [1, 2\nb: c\n', "yaml: line 1: did not find expected ',' or ']'"],
  ['a: {x: 1\n', "yaml: line 1: did not find expected ',' or '}'"],
  ['a: "x\n', 'yaml: line 2: found unexpected end of stream'],
  ['a: b\n c: d\n', 'yaml: line 2: mapping values are not allowed in this context'],
  ['a: b\nc\n', "yaml: line 3: could not find expected ':'"],
  ['a: *x\n', "yaml: unknown anchor 'x' referenced"],
  ['a: @x\n', 'yaml: found character that cannot start any token'],
  ['a: `x\n', 'yaml: found character that cannot start any token'],
  ['a: |x\n', 'yaml: did not find expected comment or line break'],
  ['? a\n: b\n- c\n', 'yaml: line 2: did not find expected key'],
  ['key: [a, b]]\n', 'yaml: did not find expected key'],
  ['a: {b}}\n', 'yaml: did not find expected key'],
  ['"a": "b" c\n', 'yaml: did not find expected key'],
  ["a: 'x\n", 'yaml: line 2: found unexpected end of stream'],
  ['a: "\\q"\n', 'yaml: found unknown escape character'],
  ['a: "\\u12g"\n', 'yaml: did not find expected hexdecimal number'],
  ['a: - b\n', 'yaml: block sequence entries are not allowed in this context'],
  ['a: b #c\n d: e\n', 'yaml: line 1: did not find expected key'],
  ['a: >x\n', 'yaml: did not find expected comment or line break'],
  ['<<: x\n', 'yaml: map merge requires map or sequence of maps as the value'],
  ['a: &b &c d\n', 'yaml: did not find expected key'],
  ['a: %x\n', 'yaml: found character that cannot start any token'],
  [`${HEAD} data:\n  a: b\n`, 'yaml: line 4: did not find expected key'],
  [`${HEAD}data:\n  a: b\n    c: d\n`, 'yaml: line 7: mapping values are not allowed in this context'],
  [`${HEAD}data:\n  a: b\n c: d\n`, 'yaml: line 6: did not find expected key'],
  [`${HEAD}data:\n\ta: b\n`, 'yaml: line 6: found character that cannot start any token'],
  [`${HEAD}data:\n  a: "b\n`, 'yaml: line 7: found unexpected end of stream'],
  [`${HEAD}data:\n  a: {b: c\n  d: e\n`, "yaml: line 6: did not find expected ',' or '}'"],
  [`${HEAD}data:\n  a: [b, c\n  d: e\n`, "yaml: line 6: did not find expected ',' or ']'"],
  [`${HEAD}data:\n  a: b: c\n`, 'yaml: line 6: mapping values are not allowed in this context'],
  [`${HEAD}data:\n  a:b\n  c: d\n`, 'yaml: line 7: mapping values are not allowed in this context'],
  [`${HEAD}data:\n  a: @b\n`, 'yaml: line 6: found character that cannot start any token'],
  [`${HEAD}data:\n  a: *b\n`, "yaml: unknown anchor 'b' referenced"],
  [`${HEAD}data:\n  a: "b" c\n`, 'yaml: line 5: did not find expected key'],
  [`${HEAD}data:\n  "a: b\n  c: d\n`, 'yaml: line 8: found unexpected end of stream'],
  [`${HEAD}data:\n  a: |\n  b\n c\n`, "yaml: line 8: could not find expected ':'"],
  [`${HEAD}data:\n  a: - b\n`, 'yaml: line 6: block sequence entries are not allowed in this context'],
  [`${HEAD}data:\n    a: b\n  c: d\n`, 'yaml: line 6: did not find expected key'],
  [`${HEAD}data:\n  a: b]\n  c: [d]]\n`, 'yaml: line 6: did not find expected key'],
  [`${HEAD}data\n`, "yaml: line 6: could not find expected ':'"],
  [`${HEAD}data:\n  a: >-x\n`, 'yaml: line 6: did not find expected comment or line break'],
  [`${HEAD}data:\n  a: %b\n`, 'yaml: line 6: found character that cannot start any token'],
  [`${HEAD}data:\n  a: "\\x1"\n`, 'yaml: line 6: did not find expected hexdecimal number'],
  [`${HEAD}  labels:\n    a: b\n   c: d\n`, 'yaml: line 6: did not find expected key'],
  [`${HEAD}  labels: {a: b,, c: d}\n`, 'yaml: line 4: did not find expected node content'],
  [`${HEAD}  labels: [a, b}\n`, "yaml: line 4: did not find expected ',' or ']'"],
  ['a: "\\ud800"', 'yaml: found invalid Unicode character escape code'],
  ['a: b\nc:\n  d: "\\\\ \\uDBFF"', 'yaml: line 3: found invalid Unicode character escape code'],
];

function faultOf(text: string): string | undefined {
  try {
    fromYaml(text);
    return undefined;
  } catch (thrown) {
    return messageOf(thrown);
  }
}

test.each(SAID)('%j', (text, fault) => {
  expect(faultOf(text)).toBe(fault);
});

test.each(['a: |\n  "\\ud800"', "a: '\\ud800'", 'a: "\\\\ud800"', 'a: \\ud800', 'a: "\\u00e9"'])(
  '%j is read',
  (text) => {
    expect(fromYaml(text)).toMatchObject({ a: expect.any(String) });
  },
);
