import { HawserError } from '../../../../core/errors.ts';
import type { Project, ProjectRole, ProjectSpec } from '../../../../model/project.ts';

/** Throws `not-found`. */
export function roleOf({ metadata, spec }: Project, name: string): ProjectRole {
  const role = spec.roles?.find((other) => other.name === name);
  if (role) return role;
  const message = `role '${name}' does not exist in project '${metadata.name}'`;
  throw new HawserError('not-found', message, {
    hint: `hawser proj role list ${metadata.name}`,
    reason: { kind: 'invalid-argument', message },
  });
}

/** The specification with a role in another form. */
export const withRole = (spec: ProjectSpec, role: ProjectRole): ProjectSpec => ({
  ...spec,
  roles: spec.roles?.map((other) => (other.name === role.name ? role : other)),
});
