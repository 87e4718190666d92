import { describe, expect, test } from 'vitest';
import { filterText, matchesFilters, parseResourceFilter } from '../../../../src/cli/waiting/resource-filter.ts';

const RBAC = 'rbac.authorization.k8s.io';

describe('a resource as the flag names it', () => {
  test.each([
    ['apps:Deployment:web', { group: 'apps', kind: 'Deployment', namespace: '', name: 'web' }],
    [':Service:shop/web', { group: '', kind: 'Service', namespace: 'shop', name: 'web' }],
    [`${RBAC}:ClusterRole:system:node`, { group: RBAC, kind: 'ClusterRole', namespace: '', name: 'system:node' }],
    [`${RBAC}:Role:shop/a:b:c`, { group: RBAC, kind: 'Role', namespace: 'shop', name: 'a:b:c' }],
  ])('%s is read, and written again', (text, resource) => {
    const filter = parseResourceFilter(text);
    expect(filter).toEqual({ excludes: false, ...resource });
    expect(filterText(resource)).toBe(text);
    expect(matchesFilters(resource, [filter])).toBe(true);
    expect(matchesFilters(resource, [parseResourceFilter(`!${text}`)])).toBe(false);
  });

  test.each(['web', 'Deployment:web', ':Service:a/b/c'])('%s is none', (text) => {
    expect(() => parseResourceFilter(text)).toThrow('GROUP:KIND:');
  });
});
