// What a write still has to wait for.

import type { Outcome } from './answer.ts';

/** Answers by what was asked of whom. */
export type Answers = Map<string, Outcome>;

/** Ends an attempt to write; when the work is done, it can be begun again. */
export class Pending extends Error {
  readonly work: () => Promise<unknown>;
  constructor(work: () => Promise<unknown>) {
    super('an answer is missing');
    this.work = work;
  }
}
