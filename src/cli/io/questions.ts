// What a person can be asked.

import { asHawserError, HawserError } from '../../core/errors.ts';

export interface Choice {
  readonly name: string;
  readonly value: string;
}

export interface Questions {
  text(question: {
    readonly message: string;
    readonly preset?: string;
    /** True, or what is wrong with the value: it is asked again. */
    readonly check?: (value: string) => Promise<string | true> | string | true;
  }): Promise<string>;
  secret(message: string): Promise<string>;
  choose(question: {
    readonly message: string;
    readonly choices: readonly Choice[];
    readonly preset?: string;
  }): Promise<string>;
  /** One of many: what is typed narrows them. */
  search(question: { readonly message: string; readonly choices: readonly Choice[] }): Promise<string>;
  /** At least one of many; a long list is narrowed first. */
  tick(question: Ticking): Promise<readonly string[]>;
  confirm(question: Confirmation): Promise<boolean>;
  /** One of several of a kind: the answer may be for all that are left. */
  confirmEach(question: Confirmation): Promise<'yes' | 'no' | 'all'>;
}

export interface Ticking {
  readonly message: string;
  readonly choices: readonly Choice[];
}

export interface Confirmation {
  readonly message: string;
  readonly preset: boolean;
  /** As a line prompt asks it: the words of the reference. */
  readonly line?: string;
}

/** How a question ends that gets no answer. */
export function stopped(signal: AbortSignal): HawserError {
  const { code } = signal.aborted ? asHawserError(signal.reason) : { code: 'interrupted' as const };
  return new HawserError(code, 'stopped at a question', { hint: 'nothing was changed' });
}
