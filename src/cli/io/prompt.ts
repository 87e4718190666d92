// The one door to inquirer, which asks on stderr: stdout belongs to the answer. Nothing is asked where nobody can answer.

import type { createPromptModule } from 'inquirer';
import { HawserError } from '../../core/errors.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import type { Io } from './io.ts';
import { visible } from './visible.ts';

type PromptModule = ReturnType<typeof createPromptModule>;

export interface Choice {
  readonly name: string;
  readonly value: string;
}

/** More than these are narrowed before they are listed. */
const LONGEST_LIST = 12;

export interface Prompt {
  /** Someone sits there: stdin and stderr are terminals, and this is no CI. */
  readonly possible: boolean;
  /** Questions that the reference does not ask may be asked too. */
  readonly interactive: boolean;
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

interface Ticking {
  readonly message: string;
  readonly choices: readonly Choice[];
}

export interface Confirmation {
  readonly message: string;
  readonly preset: boolean;
  /** As a line prompt asks it: the words of the reference. */
  readonly line?: string;
}

export function createPrompt(io: Io, env: Readonly<Record<string, string | undefined>>): Prompt {
  const possible = io.input.terminal && io.err.terminal && (env['CI'] ?? '') === '';
  const ask = asker(possible);
  return {
    possible,
    interactive: possible,
    text: ({ message, preset, check }) =>
      ask((prompt) =>
        prompt<{ answer: string }>([
          {
            type: 'input',
            name: 'answer',
            message: visible(message),
            ...omitUndefined({ default: preset }),
            ...(check ? { validate: check } : {}),
          },
        ]),
      ),
    secret: (message) =>
      ask((prompt) =>
        prompt<{ answer: string }>([{ type: 'password', name: 'answer', message: visible(message), mask: '*' }]),
      ),
    choose: ({ message, choices, preset }) =>
      ask((prompt) =>
        prompt<{ answer: string }>([
          {
            type: 'select',
            name: 'answer',
            message: visible(message),
            choices: choices.map(({ name, value }) => ({ name: visible(name), value })),
            ...omitUndefined({ default: preset }),
          },
        ]),
      ),
    search: ({ message, choices }) =>
      ask((prompt) =>
        prompt<{ answer: string }>([
          {
            type: 'search',
            name: 'answer',
            message: visible(message),
            source: (typed: string | undefined) =>
              choices
                .filter(({ name }) => name.toLowerCase().includes((typed ?? '').toLowerCase()))
                .map(({ name, value }) => ({ name: visible(name), value })),
          },
        ]),
      ),
    tick: (question) => tick(ask, question),
    confirm: ({ message, preset }) =>
      ask((prompt) =>
        prompt<{ answer: boolean }>([{ type: 'confirm', name: 'answer', message: visible(message), default: preset }]),
      ),
    confirmEach: ({ message, preset }) =>
      ask((prompt) =>
        prompt<{ answer: 'yes' | 'no' | 'all' }>([
          {
            type: 'select',
            name: 'answer',
            message: visible(message),
            choices: ['yes', 'no', 'all'],
            default: preset ? 'yes' : 'no',
          },
        ]),
      ),
  };
}

async function tick(ask: Ask, { message, choices }: Ticking): Promise<readonly string[]> {
  const listed = choices.length <= LONGEST_LIST ? choices : await narrow(ask, message, choices);
  return ask((prompt) =>
    prompt<{ answer: string[] }>([
      {
        type: 'checkbox',
        name: 'answer',
        message: visible(message),
        choices: listed.map(({ name, value }) => ({ name: visible(name), value, short: visible(value) })),
        pageSize: LONGEST_LIST,
        loop: false,
        required: true,
      },
    ]),
  );
}

/** Those whose names hold what is typed; Enter leaves all. */
async function narrow(ask: Ask, message: string, choices: readonly Choice[]): Promise<readonly Choice[]> {
  const holding = (text: string): Choice[] =>
    choices.filter(({ name }) => name.toLowerCase().includes(text.trim().toLowerCase()));
  const text = await ask((prompt) =>
    prompt<{ answer: string }>([
      {
        type: 'input',
        name: 'answer',
        message: `${visible(message)}: search ${choices.length} (Enter lists all)`,
        validate: (typed: string) => holding(typed).length > 0 || 'nothing of that name',
      },
    ]),
  );
  return holding(text);
}

type Ask = ReturnType<typeof asker>;

/** Asks one question; throws `needs-decision` where nobody can answer, `interrupted` at Ctrl-C. */
function asker(possible: boolean) {
  return async <T>(question: (prompt: PromptModule) => Promise<{ answer: T }>): Promise<T> => {
    if (!possible) throw new HawserError('needs-decision', 'this needs an answer, and nobody is there to give it');
    const { createPromptModule } = await import('inquirer');
    try {
      return (await question(createPromptModule({ output: process.stderr }))).answer;
    } catch (thrown) {
      if (thrown instanceof Error && thrown.name === 'ExitPromptError') {
        throw new HawserError('interrupted', 'stopped at a question', { hint: 'nothing was changed' });
      }
      throw thrown;
    }
  };
}
