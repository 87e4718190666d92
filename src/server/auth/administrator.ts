// Who may see and change everything: asked where an answer cannot be cut to what a caller may see.

import type { Action, Resource, Right } from '../../api/rights.ts';

const WRITE = ['get', 'create', 'update', 'delete'] as const;

/** What the role of an administrator has by the policy that every installation begins with. */
const RIGHTS: readonly (readonly [Resource, readonly Action[], object: string])[] = [
  ['applications', WRITE, '*/*'],
  ['applicationsets', WRITE, '*/*'],
  ['projects', WRITE, '*'],
  ['repositories', WRITE, '*'],
  ['write-repositories', WRITE, '*'],
  ['clusters', WRITE, '*'],
  ['certificates', WRITE, '*'],
  ['gpgkeys', ['get', 'create', 'delete'], '*'],
  ['accounts', ['get', 'update'], '*'],
];

const EVERYTHING: readonly Right[] = RIGHTS.flatMap(([resource, actions, object]) =>
  actions.map((action) => ({ resource, action, object })),
);

export const mayEverything = ({ may }: { may(right: Right): boolean }): boolean =>
  EVERYTHING.every((right) => may(right));

/** Throws `not-allowed`, naming the first right that is missing. */
export function demandEverything({ demand }: { demand(right: Right): void }): void {
  for (const right of EVERYTHING) demand(right);
}
