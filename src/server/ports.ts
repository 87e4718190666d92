// What the routes need of the system behind them.

import type { ChartDetails } from '../api/revisions.ts';
import type { HawserError } from '../core/errors.ts';
import type { Clock } from '../core/time.ts';
import type { Application, ApplicationDestination, Health } from '../model/application.ts';
import type { ApplicationKey } from '../model/application-key.ts';
import type { ManagedResource, ResourceNode } from '../model/resource.ts';
import type { SentFiles } from '../model/sent-files.ts';
import type { ApplicationSource } from '../model/source.ts';
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
  tree(app: Application): Promise<ResourceNode[]>;
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
  metadata(source: ApplicationSource, revision: string): Promise<RevisionFacts>;
  /** What a version of a chart says of itself; throws for a source that is none. */
  chart(source: ApplicationSource, revision: string): Promise<ChartDetails>;
  applications(repoURL: string, revision: string): Promise<readonly { readonly type: string; readonly path: string }[]>;
  references(repoURL: string): Promise<{ readonly branches: readonly string[]; readonly tags: readonly string[] }>;
}

export interface RevisionFacts {
  readonly author: string;
  readonly date: string;
  readonly message: string;
  readonly tags: readonly string[];
}

export interface ServerPorts {
  readonly home: Cluster;
  /** The namespace of the Applications. */
  readonly namespace: string;
  readonly inspector: Inspector;
  readonly repositories: Repositories;
  readonly clock: Clock;
  /** The URL of a registered cluster; undefined when there is none, or several of the name. */
  serverOf(destination: ApplicationDestination): string | undefined;
  /** The cluster of a destination; throws `not-found`. */
  cluster(destination: ApplicationDestination): Promise<Cluster>;
  /** What an application would be made of, or the reason why it cannot be: used to validate. */
  tryRender(spec: KubeObject): Promise<void>;
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
