// Projects whose applications may use the clusters of the project alone.

import type { Project } from '../../model/project.ts';

export interface ScopedCluster {
  readonly server?: string;
  readonly name?: string;
  readonly project?: string;
}

/** The project with every cluster denied that is not its own, where it says so. */
export function withOwnClustersAlone(project: Project, clusters: readonly ScopedCluster[]): Project {
  const { metadata, spec } = project;
  if (!spec.permitOnlyProjectScopedClusters) return project;
  const denied = clusters
    .filter((cluster) => cluster.project !== metadata.name)
    .flatMap(({ server = '', name = '' }) => [
      ...(server === '' ? [] : [{ server: `!${literal(server)}`, namespace: '*' }]),
      ...(name === '' ? [] : [{ name: `!${literal(name)}`, namespace: '*' }]),
    ]);
  return { ...project, spec: { ...spec, destinations: [...(spec.destinations ?? []), ...denied] } };
}

/** A glob that fits this text alone. */
const literal = (text: string): string => text.replace(/[*?[\]{}\\]/g, '\\$&');
