import { expect, test } from 'vitest';
import { managersOf } from '../../../../src/cli/causes/field-managers.ts';
import type { JsonObject } from '../../../../src/core/json.ts';
import type { FieldStep } from '../../../../src/core/json-fields.ts';

const entry = (manager: string, time: string, fieldsV1: JsonObject): JsonObject => ({
  manager,
  operation: 'Update',
  time,
  fieldsV1,
});
const LIVE = {
  metadata: {
    managedFields: [
      entry('controller', '2026-01-05T09:00:00Z', {
        'f:spec': {
          'f:replicas': {},
          'f:containers': { 'k:{"name":"web"}': { '.': {}, 'f:image': {} } },
        },
        'f:metadata': { 'f:labels': {} },
      }),
      entry('kubectl', '2026-01-05T10:00:00Z', { 'f:spec': { 'f:replicas': {} } }),
    ],
  },
};

test.each<[readonly FieldStep[], string[]]>([
  [
    ['spec', 'replicas'],
    ['kubectl', 'controller'],
  ],
  [['spec', 'containers', { name: 'web' }, 'image'], ['controller']],
  [['spec', 'containers', { name: 'other' }, 'image'], []],
  [['metadata', 'labels', 'app'], ['controller']],
  [['spec', 'paused'], []],
])('%j was written by %j', (path, managers) => {
  expect(managersOf(LIVE, path).map(({ manager }) => manager)).toEqual(managers);
});

test('nobody is on record where there are no managed fields', () => {
  expect(managersOf(undefined, ['spec'])).toEqual([]);
});
