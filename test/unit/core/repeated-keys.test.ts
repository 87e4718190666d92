import { expect, test } from 'vitest';
import { parseMerging, repeatedKeys } from '../../../src/core/repeated-keys.ts';

const pathsIn = (text: string): string[] => repeatedKeys(text).map(({ steps }) => steps.join('/'));

test.each<[string, string[]]>([
  ['{"a":1,"b":{"a":1},"c":[{"a":1},{"a":2}]}', []],
  ['{"a":1,"a":2}', ['a']],
  ['{"a":1,"a":2,"a":3}', ['a', 'a']],
  [
    '{"m":{"l":{"x":"1","x":"2"}},"c":[{"p":1},{"p":1,"q":[[{"z":0,"z":1}]],"p":2}]}',
    ['m/l/x', 'c/1/q/0/0/z', 'c/1/p'],
  ],
  ['{"a":"{\\"a\\":1,\\"a\\":2}","b":"\\\\","c":"a"}', []],
  ['{"\\u0061":1,"a":2}', ['a']],
  ['{ "a" : [ "a", "a" ] , "b" : "a" }', []],
  ['{"__proto__":1,"__proto__":2}', ['__proto__']],
  ['[]', []],
])('%s', (text, paths) => {
  expect(pathsIn(text)).toEqual(paths);
});

test.each<[string, unknown]>([
  ['{"d":{"a":"1"},"d":{"b":"2"}}', { d: { a: '1', b: '2' } }],
  ['{"d":{"a":{"x":1,"y":1}},"d":{"a":{"x":2}}}', { d: { a: { x: 2, y: 1 } } }],
  ['{"d":{"a":1},"d":null}', { d: null }],
  ['{"d":[1,2],"d":[3]}', { d: [3] }],
  [
    ' { "a" : [ { } , [ ] , -1.5e3 , true , null , "x\\"," ] , "b" : { } } ',
    { a: [{}, [], -1500, true, null, 'x",'], b: {} },
  ],
])('lays the later over the earlier: %s', (text, value) => {
  expect(parseMerging(text)).toEqual(value);
});

test('reads what has no repeated keys as JSON.parse does', () => {
  const value = { a: ['', { b: 'ü🙂\n', c: [1e21, 0, -0.5] }], '': {}, 'x y': null };
  for (const indent of [0, 2]) {
    const text = JSON.stringify(value, null, indent);
    expect(parseMerging(text)).toEqual(value);
    expect(repeatedKeys(text)).toEqual([]);
  }
});
