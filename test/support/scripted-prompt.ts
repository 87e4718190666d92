// Someone in a terminal who answers each question by what it says; a refused answer is asked again.

import type { Prompt } from '../../src/cli/io/prompt.ts';

export interface ScriptedPrompt {
  readonly prompt: Prompt;
  /** The questions, with what was said of refused answers. */
  readonly asked: string[];
}

/** `answers`: [part of the question, what is typed or the value that is picked], in order. */
export function scriptedPrompt(answers: readonly (readonly [string, string | boolean])[]): ScriptedPrompt {
  const asked: string[] = [];
  const rest = [...answers];
  const next = (message: string): string | boolean => {
    asked.push(message);
    const [about, answer] = rest.shift() ?? ['nothing more', ''];
    if (!message.includes(about)) throw new Error(`'${message}' was asked, not '${about}'`);
    return answer;
  };
  const pick = async (message: string, choices: readonly { readonly name: string; readonly value: string }[]) => {
    const answer = String(next(message));
    const choice = choices.find(({ name, value }) => value === answer || name.startsWith(answer));
    if (!choice) throw new Error(`'${answer}' is none of ${choices.map(({ name }) => name).join(', ')}`);
    return choice.value;
  };
  const prompt: Prompt = {
    possible: true,
    interactive: true,
    text: async ({ message, preset = '', check }) => {
      for (;;) {
        const answer = String(next(message)) || preset;
        const verdict = (await check?.(answer)) ?? true;
        if (verdict === true) return answer;
        asked.push(`! ${verdict}`);
      }
    },
    secret: async (message) => String(next(message)),
    choose: ({ message, choices }) => pick(message, choices),
    search: ({ message, choices }) => pick(message, choices),
    tick: async ({ message, choices }) => {
      const words = String(next(message)).split(',');
      return choices.filter(({ name }) => words.some((word) => name.startsWith(word))).map(({ value }) => value);
    },
    confirm: async ({ message }) => next(message) === true,
    confirmEach: async ({ message }) => (next(message) === true ? 'yes' : 'no'),
  };
  return { prompt, asked };
}
