import { expect, test } from 'vitest';
import { yamlPositions } from '../../../src/core/yaml-positions.ts';

const TEXT = `# first
kind: A
spec: {a: 1, b: [x, {c: 2}]}
list:
- one
-
  "quoted key": 2
  text: |
    kind: B
---
kind: C
again: 1
again: 2
`;

test.each<[number, (string | number)[], number, number]>([
  [0, ['kind'], 2, 1],
  [0, ['spec', 'b', 1, 'c'], 3, 22],
  [0, ['list', 0], 5, 3],
  [0, ['list', 1, 'quoted key'], 7, 4],
  [0, ['list', 1, 'text'], 8, 3],
  [1, ['kind'], 11, 1],
  [0, ['spec', 'nothing', 'a'], 3, 1],
  [1, [], 11, 1],
  [7, ['kind'], 1, 1],
])('document %i, %j', (document, path, line, column) => {
  expect(yamlPositions(TEXT).at(document, path)).toEqual({ line, column });
});

test('keys that stand twice in one map', () => {
  expect(yamlPositions(TEXT).repeated).toEqual([{ key: 'again', position: { line: 13, column: 1 }, valueLine: 13 }]);
  const nested = yamlPositions('a:\n  b: 1\na:\n  b: 2\n  b: 3\n').repeated;
  expect(nested.map(({ key, valueLine }) => [key, valueLine])).toEqual([
    ['b', 5],
    ['a', 4],
  ]);
});

test.each(['', '---\n', '# nothing\n', '{"a": [1]}', 'a: &x 1\nb: *x\n'])('%j can be asked for anything', (text) => {
  expect(yamlPositions(text).at(0, ['a', 0]).line).toBe(1);
});
