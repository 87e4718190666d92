// What the routes need of the system behind them.

import type { ChartDetails } from '../api/revisions.ts';
import type { Cache } from '../cache/cache.ts';
import type { HawserError } from '../core/errors.ts';
import type { Clock } from '../core/time.ts';
import type { ActionEffect } from '../engine/resource/action-forms.ts';
import type { AvailableAction } from '../engine/resource/actions.ts';
import type { ActionCall } from '../engine/scripts/actions.ts';
import type { Application, ApplicationDestination, Health } from '../model/application.ts';
import type { ApplicationKey } from '../model/application-key.ts';
import type { ClusterInfo, ClusterSettings } from '../model/cluster.ts';
import type { RepositorySettings } from '../model/repository.ts';
import type { ManagedResource, ResourceNode } from '../model/resource.ts';
import type { SentFiles } from '../model/sent-files.ts';
import type { ApplicationSource, HelmParameter } from '../model/source.ts';
import type { Cluster } from '../objects/cluster.ts';
import type { KubeObject } from '../objects/object.ts';

export interface ObjectChange {
  readonly before: KubeObject | undefined;
  readonly after: KubeObject | undefined;
}

/** What the controller computes on demand. */
export interface Inspector {
  managedResources(app: Application): Promise<ManagedResource[]>;
  differences(
    app: Application,
    options: {
      readonly revisions?: readonly string[];
      readonly files?: SentFiles;
      readonly dryRun: boolean;
    },
  ): Promise<ManagedResource[]>;
  /** What the application manages, and what nobody does where the project has it looked for. */
  tree(
    app: Application,
  ): Promise<{ readonly nodes: readonly ResourceNode[]; readonly orphanedNodes: readonly ResourceNode[] }>;
  manifests(
    app: Application,
    options: { readonly revisions?: readonly string[]; readonly noCache?: boolean },
  ): Promise<KubeObject[]>;
  health(
    app: Application,
  ): Promise<(group: string, kind: string, namespace: string, name: string) => Health | undefined>;
}

/** The repo server as the API shows it. */
export interface Repositories {
  resolve(source: ApplicationSource, options: { readonly project: string; readonly force: boolean }): Promise<string>;
  metadata(source: ApplicationSource, at: RevisionOf): Promise<RevisionFacts>;
  /** What a version of a chart says of itself; throws for a source that is none. */
  chart(source: ApplicationSource, at: RevisionOf): Promise<ChartDetails>;
  applications(repoURL: string, at: RevisionOf): Promise<readonly { readonly type: string; readonly path: string }[]>;
  references(
    repoURL: string,
    project: string,
  ): Promise<{ readonly branches: readonly string[]; readonly tags: readonly string[] }>;
  /** What a source is made of, before it is rendered. */
  details(source: ApplicationSource, of: { readonly name: string; readonly project: string }): Promise<SourceDetails>;
  helmCharts(
    repoURL: string,
    project: string,
  ): Promise<readonly { readonly name: string; readonly versions: readonly string[] }[]>;
  ociTags(repoURL: string, project: string): Promise<readonly string[]>;
  /** Throws why a repository cannot be read with what its settings say. */
  test(repository: RepositorySettings): Promise<void>;
}

/** A revision, and the project that it is asked for. */
interface RevisionOf {
  readonly revision: string;
  readonly project: string;
}

interface SourceDetails {
  readonly type: string;
  readonly helm?: {
    readonly valueFiles: readonly string[];
    readonly parameters: readonly HelmParameter[];
    readonly values: string;
  };
  readonly kustomize?: { readonly images: readonly string[] };
}

/** The registered clusters, as they are now. */
export interface RegisteredClusters {
  /** What is known of one: its version, whether it can be reached, what is in it. */
  info(cluster: { readonly server: string }): Promise<ClusterInfo>;
  /** A cluster by what its settings say. */
  connect(cluster: ClusterSettings): Cluster;
  /** Throws why a cluster does not let in. */
  test(cluster: ClusterSettings): Promise<void>;
  /** Takes over what was registered or changed. */
  reload(): Promise<void>;
  /** Reads a cluster anew. */
  refresh(server: string): Promise<void>;
}

export interface RevisionFacts {
  readonly author: string;
  readonly date: string;
  readonly message: string;
  readonly tags: readonly string[];
}

/** What can be done with a live object, by the settings and built in. */
export interface ResourceActions {
  list(object: KubeObject): Promise<readonly AvailableAction[]>;
  /** Throws `invalid` for an action that the object does not have. */
  effects(object: KubeObject, call: ActionCall): Promise<readonly ActionEffect[]>;
}

export interface ServerPorts {
  readonly actions: ResourceActions;
  readonly home: Cluster;
  /** The namespace of the Applications. */
  readonly namespace: string;
  readonly inspector: Inspector;
  readonly repositories: Repositories;
  readonly clusters: RegisteredClusters;
  /** What need not be found out twice. */
  readonly cache: Cache;
  readonly clock: Clock;
  /** The URL of a registered cluster; undefined when there is none, or several of the name. */
  serverOf(destination: ApplicationDestination): string | undefined;
  /** The one project that the cluster of a destination is for, where there is one. */
  clusterProject(destination: ApplicationDestination): string | undefined;
  /** The cluster of a destination; throws `not-found`. */
  cluster(destination: ApplicationDestination): Promise<Cluster>;
  /** Of how many manifests an application would be made; throws why it cannot be: used to validate. */
  tryRender(spec: KubeObject): Promise<number>;
  /** Sets the controller to work, which a system that only answers questions leaves asleep. */
  run(): Promise<void>;
  /** Remembers that a call caused something, so that a short-lived owner waits for it before it leaves. */
  touch(key: ApplicationKey): void;
  /** Brings an application, or all, up to date before it is shown, where no controller has been at work lately. */
  catchUp(key?: ApplicationKey): Promise<void>;
  /** Why the controller cannot go on with an application, which it could not write into the application itself. */
  failureOf(key: ApplicationKey): HawserError | undefined;
  subscribe(listener: (change: ObjectChange) => void): () => void;
  /** Versions of the tools that render. */
  toolVersions(): Promise<Readonly<Record<string, string>>>;
  readonly version: string;
}
