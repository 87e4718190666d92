// The port to what foretells a sync: the engine of a server, fed with what any server tells.

import type { JsonObject } from '../../core/json.ts';
import type { Application } from '../../model/application.ts';
import type { SyncOperation } from '../../model/operation.ts';
import type { ManagedResource } from '../../model/resource.ts';
import type { PlanStep } from '../../model/sync-plan.ts';

export interface SyncPlanning {
  readonly application: Application;
  readonly operation: SyncOperation;
  /** What is live, and what it was compared with. */
  readonly resources: readonly ManagedResource[];
  /** What would be applied, hooks included. */
  readonly manifests: readonly JsonObject[];
  /** The resources were compared with these very manifests. */
  readonly areCompared: boolean;
  readonly revision: string;
  readonly now: number;
}

/** Every step, in the order in which a sync takes them. */
export type PlanSync = (planning: SyncPlanning) => Promise<readonly PlanStep[]>;
