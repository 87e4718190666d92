// Tokens of the roles of a project count as long as the project has them.

import { listAt, textAt } from '../../core/json.ts';
import { fits } from '../../core/shape.ts';
import { roleTokensOf } from '../../engine/project/role-token-changes.ts';
import { project } from '../../model/project.ts';
import type { KubeObject } from '../../objects/object.ts';
import { invalidSession } from './tokens.ts';

interface RoleTokenName {
  readonly project: string;
  readonly role: string;
  readonly id: string;
  /** In seconds since 1970. */
  readonly iat: number;
}

/** Throws `not-logged-in` when the project has no such token any more. A token that has an id is known by nothing else. */
export function checkRoleToken(object: KubeObject | undefined, { project: name, role, id, iat }: RoleTokenName): void {
  if (!object || !fits(project, object)) throw invalidSession(`appproject.argoproj.io "${name}" not found`);
  if (!listAt(object, 'spec', 'roles').some((each) => textAt(each, 'name') === role))
    throw invalidSession(`project '${name}' does not have role '${role}'`);
  const isIt = (token: { readonly id?: string; readonly iat: number }): boolean =>
    id !== '' && token.id === id ? true : token.iat === iat && token.id === String(iat);
  if (roleTokensOf(object, role).some(isIt)) return;
  throw invalidSession(`JWT token for role '${role}' issued at '${iat}' does not exist in project '${name}'`);
}
