// A line of a role's policy, from the flags that describe it.

import { HawserError } from '../../../../core/errors.ts';
import type { Flag, OptionsOf } from '../../../input/flags.ts';

const RESOURCES = ['applications', 'applicationsets', 'logs', 'exec', 'clusters', 'repositories'] as const;

export const POLICY_FLAGS = [
  { name: 'action', short: 'a', type: 'string', value: 'action', summary: 'get, create, update, delete, sync, … or *' },
  {
    name: 'object',
    short: 'o',
    type: 'string',
    value: 'object',
    summary: 'name of the object in the project, or a glob',
  },
  {
    name: 'permission',
    short: 'p',
    type: 'string',
    default: 'allow',
    suggestions: ['allow', 'deny'],
    summary: 'allow or deny',
  },
  {
    name: 'resource',
    short: 'r',
    type: 'string',
    default: 'applications',
    suggestions: RESOURCES,
    summary: 'kind of the object',
  },
] as const satisfies readonly Flag[];

type PolicyOptions = OptionsOf<typeof POLICY_FLAGS>;

interface RoleName {
  readonly project: string;
  readonly role: string;
}

/** Throws `usage` for a kind that has no projects. */
export function policyLine({ project, role }: RoleName, options: PolicyOptions): string {
  const { action = '', object = '', permission, resource } = options;
  if (!RESOURCES.some((known) => known === resource))
    throw new HawserError('usage', `'${resource}' is no kind that a policy of a project is about`, {
      hint: `valid kinds: ${RESOURCES.join(', ')}`,
      reason: { kind: 'incomplete-command' },
    });
  return `p, proj:${project}:${role}, ${resource}, ${action}, ${project}/${object}, ${permission}`;
}
