// What an operation works with: where it writes, in whose name, and what it was asked for.

import type { Clock } from '../../core/time.ts';
import type { IgnoreRules } from '../../engine/diff/ignore.ts';
import type { KindTypes } from '../../engine/diff/kind-types.ts';
import type { Health } from '../../model/application.ts';
import type { ObjectReference } from '../../objects/cluster.ts';
import { groupOf, type KubeObject, versionOf } from '../../objects/object.ts';
import type { Destination } from '../ports.ts';

export interface ApplyContext {
  readonly destination: Destination;
  /** What the tracking annotation calls the application. */
  readonly instance: string;
  readonly types: KindTypes;
  readonly clock: Clock;
  readonly syncOptions: readonly string[];
  /** Nothing is written, and the cluster is asked for nothing but what is there. */
  readonly dryRun: boolean;
  readonly force: boolean;
  /** Field managers whose client-side applies become ours. */
  readonly migratesFrom: readonly string[];
}

export interface PassContext extends ApplyContext {
  /** What the comparison ignores. */
  readonly ignore: IgnoreRules;
  readonly prune: boolean;
  /** A person has approved of what needs a confirmation, after the operation began. */
  readonly pruneConfirmed: boolean;
  healthOf(object: KubeObject): Health | undefined;
  assessHealth(objects: Iterable<KubeObject>): Promise<void>;
}

export function referenceOf(object: KubeObject): ObjectReference {
  return {
    group: groupOf(object.apiVersion),
    version: versionOf(object.apiVersion),
    kind: object.kind,
    namespace: object.metadata.namespace ?? '',
    name: object.metadata.name ?? '',
  };
}
