import { describe, expect, test } from 'vitest';
import { roleTokensOf, withoutRoleToken, withRoleToken } from '../../../../src/engine/project/role-token-changes.ts';
import type { Project, RoleToken } from '../../../../src/model/project.ts';

const project = (inSpec: readonly RoleToken[], inStatus: readonly RoleToken[] = []): Project => ({
  metadata: { name: 'shop' },
  spec: {
    roles: [
      { name: 'ci', jwtTokens: inSpec },
      { name: 'other', jwtTokens: [{ iat: 5, id: 'kept' }] },
    ],
  },
  status: { jwtTokensByRole: { ci: { items: inStatus } } },
});

const ids = (of: Project | undefined, role = 'ci'): readonly unknown[] | undefined =>
  of && [...roleTokensOf(of, role)].map(({ id }) => id).sort();

describe('a token', () => {
  test('is added in both places, those that are there stay', () => {
    const next = withRoleToken(project([{ iat: 1, id: 'a' }], [{ iat: 2, id: 'b' }]), 'ci', {
      iat: 3,
      id: 'c',
      exp: 9,
    });
    expect(next.spec.roles?.[0]?.jwtTokens).toEqual(next.status?.jwtTokensByRole?.['ci']?.items);
    expect(ids(next)).toEqual(['a', 'b', 'c']);
    expect(ids(next, 'other')).toEqual(['kept']);
  });

  test.each([
    ['none', 'x', "project 'shop' does not have role 'none'"],
    ['ci', 'a', "rpc error: code = InvalidArgument desc = Token id 'a' has been used. "],
    ['ci', 'b', "rpc error: code = InvalidArgument desc = Token id 'b' has been used. "],
  ])('of %s with the id %s is refused', (role, id, message) => {
    const before = project([{ iat: 1, id: 'a' }], [{ iat: 2, id: 'b' }]);
    expect(() => withRoleToken(before, role, { iat: 3, id })).toThrow(message);
  });

  test.each([
    [{ id: 'a', iat: 0 }, ['b', '3']],
    [{ id: '', iat: 2 }, ['a', '3']],
    [{ id: 'gone', iat: 1 }, ['b', '3']],
    [{ id: '', iat: 3 }, ['a', 'b']],
    [{ id: 'gone', iat: 7 }, undefined],
  ])('%j is taken out, in both places', (name, rest) => {
    const before = project([{ iat: 1, id: 'a' }, { iat: 3 }], [{ iat: 2, id: 'b' }]);
    expect(ids(withoutRoleToken(before, 'ci', name))).toEqual(rest && [...rest].sort());
  });

  test('of a role that is not there cannot be taken out', () => {
    expect(withoutRoleToken(project([]), 'none', { id: 'a', iat: 1 })).toBeUndefined();
  });
});
