// The roles that every installation has, and the account that has the greater one.

import type { Grouping, PolicyRule } from './parse.ts';

/** Resource, its actions, and the form of its objects. */
type Grant = readonly [resource: string, actions: readonly string[], object: string];

const IN_PROJECT = '*/*';
const WHOLE = '*';

const READONLY: readonly Grant[] = [
  ...['applications', 'applicationsets', 'logs'].map((resource): Grant => [resource, ['get'], IN_PROJECT]),
  ...['certificates', 'clusters', 'repositories', 'write-repositories', 'projects', 'accounts', 'gpgkeys'].map(
    (resource): Grant => [resource, ['get'], WHOLE],
  ),
];

const CHANGE = ['create', 'update', 'delete'] as const;

const ADMIN: readonly Grant[] = [
  ['applications', [...CHANGE, 'update/*', 'delete/*', 'sync', 'override', 'action/*'], IN_PROJECT],
  ['applicationsets', ['get', ...CHANGE], IN_PROJECT],
  ['exec', ['create'], IN_PROJECT],
  ['certificates', CHANGE, WHOLE],
  ['clusters', CHANGE, WHOLE],
  ['repositories', CHANGE, WHOLE],
  ['write-repositories', CHANGE, WHOLE],
  ['projects', CHANGE, WHOLE],
  ['accounts', ['update'], WHOLE],
  ['gpgkeys', ['create', 'delete'], WHOLE],
];

function rulesOf(subject: string, grants: readonly Grant[]): PolicyRule[] {
  return grants.flatMap(([resource, actions, object]) =>
    actions.map((action) => ({ subject, resource, action, object, effect: 'allow' })),
  );
}

export const BUILTIN_RULES: readonly PolicyRule[] = [
  ...rulesOf('role:readonly', READONLY),
  ...rulesOf('role:admin', ADMIN),
];

export const BUILTIN_GROUPINGS: readonly Grouping[] = [
  { subject: 'role:admin', role: 'role:readonly' },
  { subject: 'admin', role: 'role:admin' },
];
