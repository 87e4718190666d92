// What a sync would do, step by step.

import type { JsonObject } from '../core/json.ts';
import { anything, list, number, type Of, object, oneOf, optional, text } from '../core/shape.ts';
import type { Application } from './application.ts';
import type { SyncOperation } from './operation.ts';
import type { Project } from './project.ts';
import type { ManagedResource } from './resource.ts';

export const PLAN_ACTIONS = [
  'create',
  'change',
  'replace',
  'recreate',
  'prune',
  'hook',
  'unchanged',
  /** Git does not have it any more, and it stays. */
  'keep',
] as const;
export type PlanAction = (typeof PLAN_ACTIONS)[number];

export const SYNC_PHASES = ['PreSync', 'Sync', 'PostSync', 'SyncFail'] as const;
export type SyncPhaseName = (typeof SYNC_PHASES)[number];

const planField = object({
  /** 'spec.replicas' */
  field: text,
  /** Absent: the field is not there, or its values are not told. */
  live: anything,
  target: anything,
});

export interface PlanField extends Of<typeof planField> {}

const planStep = object({
  phase: oneOf(...SYNC_PHASES),
  wave: number,
  action: oneOf(...PLAN_ACTIONS),
  group: text,
  kind: text,
  namespace: text,
  /** Ends with '*' where the cluster or the time of the sync completes it. */
  name: text,
  reason: optional(text),
  /** Why the sync fails at it, before anything is applied. */
  problem: optional(text),
  fields: optional(list(planField)),
});

export interface PlanStep extends Of<typeof planStep> {}

export const syncPlan = object({
  /** 'argocd/guestbook' */
  application: text,
  /** Commits or chart versions, one for each source. */
  revisions: list(text),
  /** In the order in which a sync runs them. */
  steps: list(planStep),
  /** What the plan cannot know, or what stands in the way of a sync. */
  notes: list(text),
});

export interface SyncPlan extends Of<typeof syncPlan> {}

const CHANGES: ReadonlySet<PlanAction> = new Set(['create', 'change', 'replace', 'recreate', 'prune']);

/** Whether a step changes a resource of the application; hooks run at every sync. */
export const isChange = ({ action }: PlanStep): boolean => CHANGES.has(action);

/** What a plan is made of: what the API of any server tells. */
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
  /** What it permits is not foretold without it. */
  readonly project: Project | undefined;
  readonly now: number;
}
