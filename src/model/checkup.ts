// What `hawser status` says: one finding a check.

import { type ErrorCode, EXIT_CODES } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';

/** A fault keeps commands from working, a warning does not; what cannot be known without another answer is skipped. */
export type Verdict = 'ok' | 'warning' | 'fault' | 'skipped';

export interface Finding {
  readonly verdict: Verdict;
  readonly message: string;
  /** Lines below the message. */
  readonly lines?: readonly string[];
  /** What to do about it. */
  readonly hint?: string;
  /** Of a fault: its exit code is the one of this code. */
  readonly code?: ErrorCode;
  /** The command to type next, should nothing before it need one. */
  readonly next?: string;
  /** For a program. */
  readonly facts?: JsonObject;
}

export interface Check extends Finding {
  readonly name: string;
}

export interface Conclusion {
  readonly fault: Check | undefined;
  readonly exit: number;
  readonly next: string | undefined;
}

/** The first fault decides. Without one, what is to be typed next comes from a warning, else from the last check. */
export function conclude(checks: readonly Check[]): Conclusion {
  const fault = checks.find(({ verdict }) => verdict === 'fault');
  if (fault) return { fault, exit: EXIT_CODES[fault.code ?? 'internal'], next: fault.next };
  const warning = checks.find(({ verdict, next }) => verdict === 'warning' && next !== undefined);
  return { fault, exit: 0, next: (warning ?? checks.findLast(({ next }) => next !== undefined))?.next };
}
