import { anything, flag, list, number, type Of, object, optional, type Shape, text } from '../core/shape.ts';
import { applicationMeta } from './application.ts';

export const PROJECT_TYPE = { group: 'argoproj.io', version: 'v1alpha1', kind: 'AppProject' } as const;

const kindPattern = object({ group: text, kind: text, name: optional(text) });

export interface KindPattern extends Of<typeof kindPattern> {}

export const syncWindow = object({
  kind: optional(text),
  schedule: optional(text),
  duration: optional(text),
  applications: optional(list(text)),
  namespaces: optional(list(text)),
  clusters: optional(list(text)),
  manualSync: optional(flag),
  timeZone: optional(text),
  andOperator: optional(flag),
  description: optional(text),
  syncOverrun: optional(flag),
});

export interface SyncWindow extends Of<typeof syncWindow> {}

const projectDestination = object({ server: optional(text), namespace: optional(text), name: optional(text) });

const projectRole = object({
  name: text,
  description: optional(text),
  policies: optional(list(text)),
  jwtTokens: optional(
    list(
      object({
        iat: number,
        exp: optional(number),
        id: optional(text),
      }),
    ),
  ),
  groups: optional(list(text)),
});

const projectSpec = object({
  sourceRepos: optional(list(text)),
  destinations: optional(list(projectDestination)),
  description: optional(text),
  roles: optional(list(projectRole)),
  clusterResourceWhitelist: optional(list(kindPattern)),
  namespaceResourceBlacklist: optional(list(kindPattern)),
  orphanedResources: anything,
  syncWindows: optional(list(syncWindow)),
  namespaceResourceWhitelist: optional(list(kindPattern)),
  clusterResourceBlacklist: optional(list(kindPattern)),
  sourceNamespaces: optional(list(text)),
  permitOnlyProjectScopedClusters: optional(flag),
});

export const project = object({
  metadata: applicationMeta,
  spec: projectSpec,
  status: anything,
});

/** What applications of a project may use, and who may touch them. */
export interface Project extends Of<typeof project> {}

export const projectList: Shape<{ readonly items?: readonly Project[] }> = object({ items: optional(list(project)) });

export const detailedProject = object({
  project: optional(project),
  globalProjects: optional(list(project)),
  repositories: optional(list(anything)),
  clusters: optional(list(anything)),
});

/** project.detailed: the project with the global ones merged in, and the clusters and repositories scoped to it. */
export interface DetailedProject extends Of<typeof detailedProject> {}
