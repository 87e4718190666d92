// The port to what foretells a sync: the engine of a server, fed with what any server tells.

import type { PlanStep, SyncPlanning } from '../../model/sync-plan.ts';

/** Every step, in the order in which a sync takes them. */
export type PlanSync = (planning: SyncPlanning) => Promise<readonly PlanStep[]>;
