import { expect, test } from 'vitest';
import type { Json } from '../../../src/core/json.ts';
import { differingFields, fieldText, pointerText } from '../../../src/core/json-fields.ts';

test.each<[Json, Json, string[]]>([
  [{ a: 1 }, { a: 1 }, []],
  [{ spec: { replicas: 5 } }, { spec: { replicas: 2 } }, ['spec.replicas']],
  [{ a: { b: 1 } }, {}, ['a']],
  [{ list: [1, 2] }, { list: [1, 3, 4] }, ['list[1]', 'list[2]']],
  [
    {
      containers: [
        { name: 'a', image: 'x' },
        { name: 'b', image: 'y' },
      ],
    },
    {
      containers: [
        { name: 'b', image: 'z' },
        { name: 'a', image: 'x' },
      ],
    },
    ['containers[b].image'],
  ],
  [{ annotations: { 'a.b/c': '1' } }, { annotations: { 'a.b/c': '2' } }, ['annotations["a.b/c"]']],
  [[], {}, ['']],
])('%j and %j differ in %j', (before, after, fields) => {
  expect(differingFields(before, after).map(({ path }) => fieldText(path))).toEqual(fields);
});

test('a field is a JSON pointer where its steps have a place that lasts', () => {
  expect(pointerText(['metadata', 'annotations', 'a/b~c'])).toBe('/metadata/annotations/a~1b~0c');
  expect(pointerText(['spec', 'containers', { name: 'web' }, 'image'])).toBeUndefined();
});
