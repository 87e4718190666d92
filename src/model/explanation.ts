import type { Cause } from './cause.ts';

/** Why an application is as it is, what comes next, and what to type. */
export interface Explanation {
  readonly application: string;
  readonly sync: SyncExplanation;
  readonly health: HealthExplanation;
  /** What keeps it from being synced by itself, the worst first. */
  readonly blockers: readonly string[];
  readonly next: readonly string[];
  /** Command lines that help. */
  readonly commands: readonly string[];
}

export interface SyncExplanation {
  readonly status: string;
  /** 'HEAD (c53380c)' */
  readonly target: string;
  readonly resources: readonly DifferingResource[];
  /** How many more differ than are listed. */
  readonly more: number;
}

export interface HealthExplanation {
  readonly status: string;
  /** In one line; '' where it is Healthy. */
  readonly reason: string;
  readonly causes: readonly Cause[];
}

export interface DifferingResource {
  /** 'Deployment shop/web' */
  readonly resource: string;
  /** To be created, changed, or removed. */
  readonly change: 'missing' | 'differs' | 'extra';
  readonly fields: readonly DifferingField[];
  readonly moreFields: number;
}

export interface DifferingField {
  /** 'spec.replicas' */
  readonly field: string;
  /** As JSON; absent: not there, or hidden. */
  readonly live?: string;
  readonly git?: string;
  /** 'kubectl (Update, 2026-01-05T10:00:00Z)' */
  readonly writtenBy?: string;
  /** What would have it ignored, as a JSON pointer. */
  readonly ignoredBy?: string;
}
