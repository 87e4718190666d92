import { describe, expect, test } from 'vitest';
import { parsePath, parseTemplate } from '../../../src/core/json-path.ts';

const LIST = {
  items: [
    { metadata: { name: 'a', labels: { 'app.kubernetes.io/name': 'shop' } }, status: { replicas: 1, ready: true } },
    { metadata: { name: 'b', labels: {} }, status: { replicas: 3, ready: false, address: '10.0.0.2' } },
  ],
};

describe('a JSONPath template', () => {
  test.each([
    ['{.items[*].metadata.name}', 'a b'],
    ['names: {.items[0].metadata.name}!', 'names: a!'],
    ['{range .items[*]}{.metadata.name}={.status.replicas}{"\\n"}{end}', 'a=1\nb=3\n'],
    ["{.items[?(@.status.replicas>1)].metadata['name']}", 'b'],
    ['{.items[?(@.metadata.name=="a")].status.ready}', 'true'],
    ['{.items[?(@.status.address)].metadata.name}', 'b'],
    ['{.items[?(@.status.ready==false)].metadata.name}', 'b'],
    ['{.items[-1].metadata.name}', 'b'],
    ['{.items[0:1].metadata.name}', 'a'],
    ['{.items[0,1].metadata.name}', 'a b'],
    ["{.items[0]['metadata.name','status.replicas']}", 'a 1'],
    ['{.items[0].metadata.labels.app\\.kubernetes\\.io/name}', 'shop'],
    ["{.items[0].metadata.labels['app\\.kubernetes\\.io/name']}", 'shop'],
    ['{..name}', 'a b'],
    ['{.items[0].status}', '{"replicas":1,"ready":true}'],
    ['{.items[0].nothing.here}', ''],
    ['{$.items[1].metadata.name}', 'b'],
    ['plain', 'plain'],
  ])('%s', (template, text) => {
    expect(parseTemplate(template)(LIST)).toBe(text);
  });

  test.each(['{.items', '{range .items[*]}x', '{end}', '{.items[?]}', '{.items[}', '{"open}', '{.a b}'])(
    'refuses %s by name',
    (template) => {
      expect(() => parseTemplate(template)).toThrow(/cannot read the path/);
    },
  );
});

test.each(['.metadata.name', 'metadata.name', '{.metadata.name}', '$.metadata.name'])('a path may be %s', (path) => {
  expect(parsePath(path)(LIST.items[0] ?? null)).toEqual(['a']);
});
