import { expect, test } from 'vitest';
import { projectAt } from '../../../../src/server/http/projection.ts';

const LIST = {
  metadata: { resourceVersion: '7' },
  items: [
    {
      metadata: { name: 'a', annotations: { 'x.y/z': '1', other: '2' } },
      spec: { project: 'p', source: { path: 'q' } },
    },
    { metadata: { name: 'b' } },
  ],
};

test.each([
  [
    'items.metadata.name',
    { metadata: LIST.metadata, items: [{ metadata: { name: 'a' } }, { metadata: { name: 'b' } }] },
  ],
  [
    'items.metadata.annotations.x.y/z',
    { metadata: LIST.metadata, items: [{ metadata: { annotations: { 'x.y/z': '1' } } }, { metadata: {} }] },
  ],
  ['items.spec,items.spec.project', { metadata: LIST.metadata, items: [{ spec: LIST.items[0]?.spec }, {}] }],
  ['items', LIST],
  ['nothing', { metadata: LIST.metadata }],
  ['-items', { metadata: LIST.metadata }],
  ['-items.metadata,items.spec.source', { metadata: LIST.metadata, items: [{ spec: { project: 'p' } }, {}] }],
  ['', LIST],
])('%j of a list', (fields, expected) => {
  expect(projectAt('', LIST, fields)).toEqual(expected);
});

test('of an event, fields stand in its result', () => {
  const event = { type: 'ADDED', application: LIST.items[0] };
  expect(projectAt('result', event, 'result.application.metadata.name,result.type')).toEqual({
    type: 'ADDED',
    application: { metadata: { name: 'a' } },
  });
  expect(projectAt('result', event, 'result')).toEqual(event);
  expect(projectAt('result', event, '-result.application')).toEqual({ type: 'ADDED' });
});
