import { anything, flag, list, number, object, optional, type Shape, text } from '../core/shape.ts';
import { type ApplicationMeta, applicationMeta } from './application.ts';

/** What applications of a project may use, and who may touch them. */
export interface Project {
  readonly metadata: ApplicationMeta;
  readonly spec: ProjectSpec;
  readonly status?: unknown;
}

export interface ProjectSpec {
  readonly sourceRepos?: readonly string[];
  readonly destinations?: readonly ProjectDestination[];
  readonly description?: string;
  readonly roles?: readonly ProjectRole[];
  readonly clusterResourceWhitelist?: readonly KindPattern[];
  readonly namespaceResourceBlacklist?: readonly KindPattern[];
  readonly orphanedResources?: unknown;
  readonly syncWindows?: readonly SyncWindow[];
  readonly namespaceResourceWhitelist?: readonly KindPattern[];
  readonly clusterResourceBlacklist?: readonly KindPattern[];
  readonly sourceNamespaces?: readonly string[];
  readonly permitOnlyProjectScopedClusters?: boolean;
}

export interface ProjectDestination {
  readonly server?: string;
  readonly namespace?: string;
  readonly name?: string;
}

export interface KindPattern {
  readonly group: string;
  readonly kind: string;
  readonly name?: string;
}

export interface ProjectRole {
  readonly name: string;
  readonly description?: string;
  readonly policies?: readonly string[];
  readonly jwtTokens?: readonly { readonly iat: number; readonly exp?: number; readonly id?: string }[] | undefined;
  readonly groups?: readonly string[];
}

export interface SyncWindow {
  readonly kind?: string;
  readonly schedule?: string;
  readonly duration?: string;
  readonly applications?: readonly string[];
  readonly namespaces?: readonly string[];
  readonly clusters?: readonly string[];
  readonly manualSync?: boolean;
  readonly timeZone?: string;
  readonly andOperator?: boolean;
  readonly description?: string;
  readonly syncOverrun?: boolean;
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
            object<{ readonly iat: number; readonly exp?: number; readonly id?: string }>({
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

export const projectList: Shape<{ readonly items?: readonly Project[] }> = object<{
  readonly items?: readonly Project[];
}>({ items: optional(list(project)) });

/** project.detailed: the project with the global ones merged in, and the clusters and repositories scoped to it. */
export interface DetailedProject {
  readonly project?: Project;
  readonly globalProjects?: readonly Project[];
  readonly repositories?: readonly unknown[];
  readonly clusters?: readonly unknown[];
}

export const detailedProject: Shape<DetailedProject> = object<DetailedProject>({
  project: optional(project),
  globalProjects: optional(list(project)),
  repositories: optional(list(anything)),
  clusters: optional(list(anything)),
});
