import { expect, test } from 'vitest';
import { OPERATION_ONLY } from '../../../../src/cli/waiting/conclude.ts';
import { outstanding } from '../../../../src/cli/waiting/conditions.ts';
import { anApplication } from '../../../support/applications.ts';

const resource = (name: string, status: string, health?: string) => ({
  kind: 'ConfigMap',
  version: 'v1',
  namespace: 'shop',
  name,
  status,
  ...(health ? { health: { status: health } } : {}),
});

test('a resource without health holds up only who waits for Synced', () => {
  const app = anApplication({ sync: 'OutOfSync', health: 'Progressing' });
  const resources = [
    resource('fine', 'Synced'),
    resource('behind', 'OutOfSync'),
    resource('slow', 'Synced', 'Progressing'),
  ];
  const seen = { ...app, status: { ...app.status, resources } };
  const missing = (conditions: object): string[] =>
    outstanding(seen, { ...OPERATION_ONLY, operation: false, ...conditions }).map(({ what }) => what);
  expect(missing({ health: true })).toEqual(['application', 'ConfigMap shop/slow']);
  expect(missing({ health: true, sync: true })).toEqual([
    'application',
    'ConfigMap shop/behind',
    'ConfigMap shop/slow',
  ]);
});
