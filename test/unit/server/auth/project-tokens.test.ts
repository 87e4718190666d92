import { expect, test } from 'vitest';
import { checkRoleToken } from '../../../../src/server/auth/project-tokens.ts';

const shop = (jwtTokens: readonly object[]): Parameters<typeof checkRoleToken>[0] => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'AppProject',
  metadata: { name: 'shop', namespace: 'argocd' },
  spec: { roles: [{ name: 'ci', jwtTokens: jwtTokens.map((token) => ({ ...token })) }] },
});

const GONE = "JWT token for role 'ci' issued at '7' does not exist in project 'shop'";

test.each([
  ['by its id', shop([{ iat: 1, id: 'a' }]), 'a', undefined],
  ['by its time, where neither has an id', shop([{ iat: 7 }]), '', undefined],
  ['by its time, where the project kept no id', shop([{ iat: 7 }]), 'a', undefined],
  ['not by its time, where another has an id', shop([{ iat: 7, id: 'b' }]), 'a', GONE],
  ['not where there is none', shop([]), 'a', GONE],
  ['not where the project cannot be read', shop([{ iat: 'x' }]), 'a', 'appproject.argoproj.io "shop" not found'],
  ['not without the project', undefined, 'a', 'appproject.argoproj.io "shop" not found'],
])('a token counts %s', (_, project, id, message) => {
  const check = (): void => checkRoleToken(project, { project: 'shop', role: 'ci', id, iat: 7 });
  if (message === undefined) expect(check).not.toThrow();
  else expect(check).toThrow(`invalid session: ${message}`);
});

test('a role that is gone has no tokens', () => {
  const check = (): void => checkRoleToken(shop([]), { project: 'shop', role: 'cd', id: 'a', iat: 7 });
  expect(check).toThrow("invalid session: project 'shop' does not have role 'cd'");
});
