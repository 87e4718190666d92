// The one door to inquirer, which asks on stderr: stdout belongs to the answer. Nothing is asked where nobody can answer.

import type { createPromptModule } from 'inquirer';
import { HawserError } from '../../core/errors.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import { usesScreenReader } from '../config/preferences.ts';
import type { Environment } from './colour.ts';
import type { Io } from './io.ts';
import { type Choice, type Questions, stopped, type Ticking } from './questions.ts';
import { visible } from './visible.ts';

type PromptModule = ReturnType<typeof createPromptModule>;

/** More than these are narrowed before they are listed. */
const LONGEST_LIST = 12;

export interface Prompt extends Questions {
  /** Someone sits there: stdin and stderr are terminals, and this is no CI. */
  readonly possible: boolean;
  /** Questions that the reference does not ask may be asked too. */
  readonly interactive: boolean;
}

/** Questions of a terminal, one after the other whoever asks; lines for a screen reader. */
export function createPrompt(io: Io, env: Environment, signal: AbortSignal): Prompt {
  const possible = io.input.terminal && io.err.terminal && (env['CI'] ?? '') === '';
  let last: Promise<unknown> = Promise.resolve();
  // Who stopped at one question does not want the next that waits.
  const ask = <T>(question: (questions: Questions) => Promise<T>): Promise<T> => {
    if (!possible) return Promise.reject(nobodyAnswers());
    const answer = last.then(async () => question(await questionsFor(io, env, signal)));
    last = answer;
    return answer;
  };
  return {
    possible,
    interactive: possible,
    text: (question) => ask(({ text }) => text(question)),
    secret: (message) => ask(({ secret }) => secret(message)),
    choose: (question) => ask(({ choose }) => choose(question)),
    search: (question) => ask(({ search }) => search(question)),
    tick: (question) => ask((questions) => questions.tick(question)),
    confirm: (question) => ask(({ confirm }) => confirm(question)),
    confirmEach: (question) => ask(({ confirmEach }) => confirmEach(question)),
  };
}

const nobodyAnswers = (): HawserError =>
  new HawserError('needs-decision', 'this needs an answer, and nobody is there to give it');

async function questionsFor(io: Io, env: Environment, signal: AbortSignal): Promise<Questions> {
  const drawn = drawnQuestions(signal);
  if (!(await usesScreenReader(env))) return drawn;
  const { lineQuestions } = await import('./line-questions.ts');
  return { ...lineQuestions(io, signal), secret: drawn.secret };
}

function drawnQuestions(signal: AbortSignal): Questions {
  const ask = asker(signal);
  return {
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

/** Asks one question; throws `interrupted` at Ctrl-C and Ctrl-D, and what the process is asked to end with. */
function asker(signal: AbortSignal) {
  return async <T>(question: (prompt: PromptModule) => Promise<{ answer: T }>): Promise<T> => {
    const { createPromptModule } = await import('inquirer');
    const closed = new AbortController();
    const stopListening = whenClosed(() => closed.abort());
    const over = AbortSignal.any([signal, closed.signal]);
    try {
      return (await question(createPromptModule({ output: process.stderr, signal: over }))).answer;
    } catch (thrown) {
      if (over.aborted || (thrown instanceof Error && thrown.name === 'ExitPromptError')) throw stopped(signal);
      throw thrown;
    } finally {
      stopListening();
    }
  };
}

const CLOSED_MS = 100;

/** Calls when no key can come any more: inquirer then waits for ever. It lets go of stdin, and nobody takes it up again. */
function whenClosed(listener: () => void): () => void {
  const { stdin } = process;
  let timer: NodeJS.Timeout | undefined;
  const look = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (stdin.isPaused()) listener();
    }, CLOSED_MS);
  };
  stdin.on('pause', look).on('end', listener).on('close', listener);
  return () => {
    clearTimeout(timer);
    stdin.off('pause', look).off('end', listener).off('close', listener);
  };
}
