import { anything, flag, list, number, object, optional, type Shape, text } from '../core/shape.ts';
import { type ApplicationMeta, applicationMeta } from './application.ts';

/** What applications of a project may use, and who may touch them. */
export interface Project {
  readonly metadata: ApplicationMeta;
  readonly spec: ProjectSpec;
  readonly status?: unknown;
}

export interface ProjectSpec {
  readonly sourceRepos?: readonly string[] | undefined;
  readonly destinations?: readonly ProjectDestination[] | undefined;
  readonly description?: string | undefined;
  readonly roles?: readonly ProjectRole[] | undefined;
  readonly clusterResourceWhitelist?: readonly KindPattern[] | undefined;
  readonly namespaceResourceBlacklist?: readonly KindPattern[] | undefined;
  readonly orphanedResources?: unknown;
  readonly syncWindows?: readonly SyncWindow[] | undefined;
  readonly namespaceResourceWhitelist?: readonly KindPattern[] | undefined;
  readonly clusterResourceBlacklist?: readonly KindPattern[] | undefined;
  readonly sourceNamespaces?: readonly string[] | undefined;
  readonly permitOnlyProjectScopedClusters?: boolean | undefined;
}

export interface ProjectDestination {
  readonly server?: string | undefined;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
}

export interface KindPattern {
  readonly group: string;
  readonly kind: string;
  readonly name?: string | undefined;
}

export interface ProjectRole {
  readonly name: string;
  readonly description?: string | undefined;
  readonly policies?: readonly string[] | undefined;
  readonly jwtTokens?:
    | readonly { readonly iat: number; readonly exp?: number | undefined; readonly id?: string | undefined }[]
    | undefined;
  readonly groups?: readonly string[] | undefined;
}

export interface SyncWindow {
  readonly kind?: string | undefined;
  readonly schedule?: string | undefined;
  readonly duration?: string | undefined;
  readonly applications?: readonly string[] | undefined;
  readonly namespaces?: readonly string[] | undefined;
  readonly clusters?: readonly string[] | undefined;
  readonly manualSync?: boolean | undefined;
  readonly timeZone?: string | undefined;
  readonly andOperator?: boolean | undefined;
  readonly description?: string | undefined;
  readonly syncOverrun?: boolean | undefined;
}

const kindPattern = object<KindPattern>({ group: text, kind: text, name: optional(text) });

export const syncWindow: Shape<SyncWindow> = object<SyncWindow>({
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

const projectSpec = object<ProjectSpec>({
  sourceRepos: optional(list(text)),
  destinations: optional(
    list(object<ProjectDestination>({ server: optional(text), namespace: optional(text), name: optional(text) })),
  ),
  description: optional(text),
  roles: optional(
    list(
      object<ProjectRole>({
        name: text,
        description: optional(text),
        policies: optional(list(text)),
        jwtTokens: optional(
          list(
            object<{ readonly iat: number; readonly exp?: number | undefined; readonly id?: string | undefined }>({
              iat: number,
              exp: optional(number),
              id: optional(text),
            }),
          ),
        ),
        groups: optional(list(text)),
      }),
    ),
  ),
  clusterResourceWhitelist: optional(list(kindPattern)),
  namespaceResourceBlacklist: optional(list(kindPattern)),
  orphanedResources: anything,
  syncWindows: optional(list(syncWindow)),
  namespaceResourceWhitelist: optional(list(kindPattern)),
  clusterResourceBlacklist: optional(list(kindPattern)),
  sourceNamespaces: optional(list(text)),
  permitOnlyProjectScopedClusters: optional(flag),
});

export const project: Shape<Project> = object<Project>({
  metadata: applicationMeta,
  spec: projectSpec,
  status: anything,
});

export const projectList: Shape<{ readonly items?: readonly Project[] | undefined }> = object<{
  readonly items?: readonly Project[] | undefined;
}>({ items: optional(list(project)) });

/** project.detailed: the project with the global ones merged in, and the clusters and repositories scoped to it. */
export interface DetailedProject {
  readonly project?: Project | undefined;
  readonly globalProjects?: readonly Project[] | undefined;
  readonly repositories?: readonly unknown[] | undefined;
  readonly clusters?: readonly unknown[] | undefined;
}

export const detailedProject: Shape<DetailedProject> = object<DetailedProject>({
  project: optional(project),
  globalProjects: optional(list(project)),
  repositories: optional(list(anything)),
  clusters: optional(list(anything)),
});
