// What the audit needs of the system, and knows of a call and of who asks for it.

import type { Right } from '../../api/rights.ts';
import type { Clock } from '../../core/time.ts';
import type { KubeObject } from '../../objects/object.ts';
import type { Caller } from '../auth/enforcer.ts';
import type { Route, RoutedRequest } from '../http/route.ts';

export interface AuditOptions {
  /** Where it is kept, in files of its own. */
  readonly folder: string;
  /** Of the system. */
  readonly namespace: string;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: (message: string) => void;
  /** Who sends a webhook, by its headers. */
  readonly senderOf: (headers: Readonly<Record<string, string>>) => string | undefined;
  /** The user of the operating system. */
  readonly user: () => string;
  /** The application that an object of the system's cluster belongs to. */
  readonly ownerOf: (object: KubeObject) => Promise<KubeObject | undefined>;
}

/** A request to the Kubernetes API of the system's own cluster, which no route of ours has seen. */
export interface ClusterRequest {
  readonly method: string;
  readonly path: string;
  readonly address: string | undefined;
}

export interface ClusterUser {
  readonly name: string;
  readonly groups: readonly string[];
}

export interface ClusterWrite {
  readonly user: ClusterUser;
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly before: KubeObject | undefined;
  readonly after: KubeObject | undefined;
}

export interface ClusterObserver {
  wrote(write: ClusterWrite): void;
  refused(user: ClusterUser, why: string): void;
}

/** A call that is to be watched. */
export interface WatchedCall {
  readonly route: Pick<Route, 'method' | 'path'>;
  readonly request: RoutedRequest;
  readonly caller: Caller;
}

export interface Reader {
  readonly username: string;
  may(right: Right): boolean;
  readonly mayEverything: boolean;
}
