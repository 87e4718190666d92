import { anything, flag, list, number, type Of, object, optional, record, type Shape, text } from '../core/shape.ts';
import { applicationMeta } from './application.ts';

/** Of the applications that name no project. It cannot be deleted. */
export const DEFAULT_PROJECT = 'default';

export const PROJECT_TYPE = { group: 'argoproj.io', version: 'v1alpha1', kind: 'AppProject' } as const;

const groupKind = object({ group: text, kind: text });

/** Kinds of one group, by globs. */
export interface GroupKind extends Of<typeof groupKind> {}

const kindPattern = object({ group: text, kind: text, name: optional(text) });

/** Kinds, and names of their objects, by globs. */
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

export interface ProjectDestination extends Of<typeof projectDestination> {}

const destinationServiceAccount = object({
  server: text,
  namespace: optional(text),
  /** 'name', or 'namespace:name'. */
  defaultServiceAccount: text,
});

/** The service account that applications of a destination are deployed as. */
export interface DestinationServiceAccount extends Of<typeof destinationServiceAccount> {}

const roleToken = object({
  /** In seconds since 1970, as `exp`; 0 or absent: the token does not expire. */
  iat: number,
  exp: optional(number),
  id: optional(text),
});

/** A token of a role that was issued and is not revoked. */
export interface RoleToken extends Of<typeof roleToken> {}

const projectRole = object({
  name: text,
  description: optional(text),
  policies: optional(list(text)),
  jwtTokens: optional(list(roleToken)),
  groups: optional(list(text)),
});

export interface ProjectRole extends Of<typeof projectRole> {}

const orphanedResourceKey = object({ group: optional(text), kind: optional(text), name: optional(text) });

/** Resources, by globs, that may be in the namespaces of a project without an application. */
export interface OrphanedResourceKey extends Of<typeof orphanedResourceKey> {}

const orphanedResources = object({
  /** Absent means false. */
  warn: optional(flag),
  ignore: optional(list(orphanedResourceKey)),
});

/** Where it is set, resources in the namespaces of a project that belong to no application are looked for. */
export interface OrphanedResources extends Of<typeof orphanedResources> {}

export const SIGNATURE_MODES = ['strict', 'head', 'none'] as const;

const integrityPolicy = object({
  repos: optional(list(object({ url: text }))),
  gpg: object({
    /** One of SIGNATURE_MODES: which commits of a revision must be signed. */
    mode: text,
    /** Who may have signed them. */
    keys: optional(list(text)),
  }),
});

/** Which commits of some repositories must be signed, and by whom. */
export interface IntegrityPolicy extends Of<typeof integrityPolicy> {}

const sourceIntegrity = object({ git: optional(object({ policies: optional(list(integrityPolicy)) })) });

export const projectSpec = object({
  sourceRepos: optional(list(text)),
  destinations: optional(list(projectDestination)),
  description: optional(text),
  roles: optional(list(projectRole)),
  clusterResourceWhitelist: optional(list(kindPattern)),
  namespaceResourceBlacklist: optional(list(groupKind)),
  orphanedResources: optional(orphanedResources),
  syncWindows: optional(list(syncWindow)),
  namespaceResourceWhitelist: optional(list(groupKind)),
  signatureKeys: optional(list(object({ keyID: text }))),
  clusterResourceBlacklist: optional(list(kindPattern)),
  sourceNamespaces: optional(list(text)),
  permitOnlyProjectScopedClusters: optional(flag),
  destinationServiceAccounts: optional(list(destinationServiceAccount)),
  sourceIntegrity: optional(sourceIntegrity),
});

export interface ProjectSpec extends Of<typeof projectSpec> {}

const projectStatus = object({
  /** What `roles` say of tokens, once more: the list that counts where both are set. */
  jwtTokensByRole: optional(record(object({ items: optional(list(roleToken)) }))),
});

export const project = object({
  metadata: applicationMeta,
  spec: projectSpec,
  status: optional(projectStatus),
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
