import { expect, test } from 'vitest';
import { formatYaml, parseYaml } from '../../../src/core/yaml.ts';

const OBJECT = {
  metadata: {
    annotations: { a1: 'one\ntwo\n' },
    managedFields: [{ apiVersion: 'v1', fieldsV1: { 'f:x': { '.': {} } } }],
  },
  spec: {
    args: ['- a', 'x'],
    texts: ['a\n  b\n', '  deep\n'],
    inner: { list: [{ a: [1, [2, 3]], b: null }] },
    bare: [],
  },
};

test('YAML by steps of four stands as Go writes it', () => {
  expect(formatYaml(OBJECT, { wide: true })).toBe(`metadata:
    annotations:
        a1: |
            one
            two
    managedFields:
        - apiVersion: v1
          fieldsV1:
            f:x:
                .: {}
spec:
    args:
        - '- a'
        - x
    texts:
        - |
            a
              b
        - |4
              deep
    inner:
        list:
            - a:
                - 1
                - - 2
                  - 3
              b: null
    bare: []
`);
});

test('it says the same', () => {
  expect(parseYaml(formatYaml(OBJECT, { wide: true }), 'x')).toEqual(OBJECT);
});
