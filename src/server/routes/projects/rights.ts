// What a change of a project needs beside the right to change it: what it opens to its applications must be open to the caller.

import { sameJson, toJson } from '../../../core/json.ts';
import type { Project, ProjectSpec } from '../../../model/project.ts';
import type { Call } from '../../http/route.ts';

const KIND_LISTS = [
  'clusterResourceWhitelist',
  'clusterResourceBlacklist',
  'namespaceResourceWhitelist',
  'namespaceResourceBlacklist',
] as const satisfies readonly (keyof ProjectSpec)[];

/** Throws `not-allowed` for clusters and repositories that the caller may not change, where they are added or their kinds are. */
export function demandChanges(
  { spec: before }: Project,
  { spec: after }: Project,
  { demand }: Pick<Call, 'demand'>,
): void {
  const hasOtherKinds = KIND_LISTS.some((field) => !sameJson(toJson(before[field] ?? []), toJson(after[field] ?? [])));
  const servers = hasOtherKinds ? serversOf(after) : added(serversOf(before), serversOf(after));
  for (const object of servers) demand({ resource: 'clusters', action: 'update', object });
  for (const object of added(before.sourceRepos ?? [], after.sourceRepos ?? []))
    demand({ resource: 'repositories', action: 'update', object });
}

const serversOf = ({ destinations }: ProjectSpec): string[] => [
  ...new Set((destinations ?? []).map(({ server = '' }) => server)),
];

const added = (before: readonly string[], after: readonly string[]): string[] =>
  after.filter((text) => !before.includes(text));
