// How questions are asked, and which of them.

import { HawserError } from '../../core/errors.ts';
import type { Environment } from '../io/colour.ts';
import type { Io } from '../io/io.ts';
import { createLinePrompt } from '../io/line-prompt.ts';
import { createPrompt, type Prompt } from '../io/prompt.ts';
import { LINE_QUESTIONS } from './questions.ts';

export interface Prompts {
  create(io: Io, env: Environment, signal: AbortSignal): Prompt;
  /** Whether somebody can be asked before sets are deleted: the reference looks at stdout alone. */
  canAsk(asker: Asker): boolean;
  /** Asks, or refuses, before applications are deleted. The answer says it for each of them. */
  agreeToDelete(deletion: Deletion, asker: Asker): Promise<Agreement>;
}

export interface Deletion {
  /** Several, or chosen by labels or a pattern. */
  readonly isSelection: boolean;
  readonly several: boolean;
  /** Whether the deployed resources go too; undefined leaves it to the server, which removes them. */
  readonly cascade: boolean | undefined;
  /** The question about all of them. */
  message(): Promise<string>;
}

interface Asker {
  readonly prompt: Prompt;
  readonly io: Io;
}

export type Agreement = (application: string) => Promise<boolean>;

export const AGREED: Agreement = () => Promise.resolve(true);

export const HAWSER_PROMPTS: Prompts = {
  create: createPrompt,
  canAsk: ({ prompt }) => prompt.interactive,
  /** A terminal is asked once; in a pipe what was typed is the decision, but for a selection with all it deployed. */
  agreeToDelete: async ({ isSelection, cascade, message }, { prompt }) => {
    if (prompt.possible) {
      const agreed = await prompt.confirm({ message: await message(), preset: false });
      return () => Promise.resolve(agreed);
    }
    if (cascade !== true || !isSelection) return AGREED;
    throw new HawserError('needs-decision', 'this would remove several applications with all they deployed', {
      hint: 'add --yes',
    });
  },
};

export const ARGOCD_PROMPTS: Prompts = {
  create: createLinePrompt,
  canAsk: ({ io }) => io.out.terminal,
  agreeToDelete: async ({ several, cascade }, { prompt, io }) => {
    if (cascade === false || !io.out.terminal) return AGREED;
    return several ? askForEach(prompt) : (name) => prompt.confirm(confirmation(LINE_QUESTIONS.deleteOne(name)));
  },
};

/** One after the other, until the answer is for all. */
function askForEach(prompt: Prompt): Agreement {
  let isForAll = false;
  return async (name) => {
    if (isForAll) return true;
    const answer = await prompt.confirmEach(confirmation(LINE_QUESTIONS.deleteEach(name)));
    isForAll = answer === 'all';
    return answer !== 'no';
  };
}

const confirmation = (message: string): { readonly message: string; readonly preset: boolean } => ({
  message,
  preset: false,
});
