// The tokens of roles stand in the specification and in the status of a project; both are kept alike.

import type { Project, ProjectRole, RoleToken } from '../../model/project.ts';

/** Each token in both lists, the latest first, each with an id; tokens of roles that are gone are gone. */
export function withTokensInBoth(project: Project): Project {
  const roles = project.spec.roles ?? [];
  if (roles.length === 0 && !project.status?.jwtTokensByRole) return project;
  const tokens = new Map(roles.map((role) => [role.name, tokensOf(project, role)]));
  const jwtTokensByRole = Object.fromEntries(
    [...tokens].map(([name, items]) => [name, items.length > 0 ? { items } : {}]),
  );
  return {
    ...project,
    spec: { ...project.spec, roles: roles.map((role) => withTokens(role, tokens.get(role.name) ?? [])) },
    status: { ...project.status, jwtTokensByRole },
  };
}

function tokensOf({ status }: Project, { name, jwtTokens }: ProjectRole): readonly RoleToken[] {
  const all = [...(status?.jwtTokensByRole?.[name]?.items ?? []), ...(jwtTokens ?? [])];
  const byId = new Map(all.map((token) => [token.id || String(token.iat), token]));
  return [...byId].map(([id, token]) => ({ ...token, id })).sort((a, b) => b.iat - a.iat);
}

function withTokens({ jwtTokens: _tokens, ...role }: ProjectRole, tokens: readonly RoleToken[]): ProjectRole {
  return tokens.length > 0 ? { ...role, jwtTokens: tokens } : role;
}
