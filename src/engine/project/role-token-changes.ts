// A token of a role is given and taken: in the specification and in the status of its project alike.

import { HawserError } from '../../core/errors.ts';
import type { Project, RoleToken } from '../../model/project.ts';
import { withTokensInBoth } from './role-tokens.ts';

export const roleTokensOf = (project: Project, role: string): readonly RoleToken[] =>
  withTokensInBoth(project).status?.jwtTokensByRole?.[role]?.items ?? [];

/** Throws `not-found` where the project has no such role, `invalid` when the id is in use. */
export function withRoleToken(project: Project, role: string, token: RoleToken): Project {
  const { name } = project.metadata;
  if (!project.spec.roles?.some((each) => each.name === role))
    throw new HawserError('not-found', `project '${name}' does not have role '${role}'`);
  const tokens = roleTokensOf(project, role);
  if (tokens.some(({ id }) => id === token.id)) {
    // A status in a status: so the reference tells it, and clients compare.
    const message = `rpc error: code = InvalidArgument desc = Token id '${token.id}' has been used. `;
    throw new HawserError('invalid', message);
  }
  return withTokens(project, role, [...tokens, token]);
}

/** The project without a token, known by its id or else by its time; undefined when it has none such. */
export function withoutRoleToken(
  project: Project,
  role: string,
  { id, iat }: { readonly id: string; readonly iat: number },
): Project | undefined {
  const tokens = roleTokensOf(project, role);
  const gone = tokens.find((token) => id !== '' && token.id === id) ?? tokens.find((token) => token.iat === iat);
  return (
    gone &&
    withTokens(
      project,
      role,
      tokens.filter((token) => token !== gone),
    )
  );
}

function withTokens(project: Project, role: string, items: readonly RoleToken[]): Project {
  const roles = (project.spec.roles ?? []).map((each) => (each.name === role ? { ...each, jwtTokens: items } : each));
  const jwtTokensByRole = { ...project.status?.jwtTokensByRole, [role]: { items } };
  return withTokensInBoth({
    ...project,
    spec: { ...project.spec, roles },
    status: { ...project.status, jwtTokensByRole },
  });
}
