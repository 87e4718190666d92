// An endpoint says which right it needs: one that does not is refused by the compiler.

import { expect, test } from 'vitest';
import type { Endpoint } from '../../../src/api/endpoint.ts';
import { rbacName } from '../../../src/api/rights.ts';
import { anything } from '../../../src/core/shape.ts';
import { applicationRoute, route } from '../../../src/server/http/route.ts';

const rightless = { method: 'GET', path: '/api/v1/x', input: anything, output: anything } as const;

test('an endpoint without a right does not compile', () => {
  // @ts-expect-error: no right
  const endpoint: Endpoint<unknown, unknown> = rightless;
  expect(endpoint.path).toBe('/api/v1/x');
});

test('a route without a right does not compile', () => {
  // @ts-expect-error: no right
  route(rightless, async () => ({}));
  // @ts-expect-error: a right that is not on an application
  applicationRoute({ ...rightless, right: 'session' }, async () => ({}));
  route({ ...rightless, right: 'session' }, async () => ({}));
});

test.each([
  [{ name: 'web' }, 'default/web'],
  [{ name: 'web', project: 'shop' }, 'shop/web'],
  [{ name: 'web', project: 'shop', appNamespace: 'argocd' }, 'shop/web'],
  [{ name: 'web', project: 'shop', appNamespace: 'team' }, 'shop/team/web'],
])('%j is %s in a policy', (target, name) => {
  expect(rbacName(target, 'argocd')).toBe(name);
});
