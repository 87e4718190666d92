// Questions that a screen reader can read out: nothing is drawn over, choices have numbers, and an answer is a line.

import { unlessAborted } from '../../core/abort.ts';
import type { Io } from './io.ts';
import { type Choice, type Questions, stopped } from './questions.ts';

/** More choices than this are not read out before they are narrowed. */
const MANY = 20;

export function lineQuestions({ err, input }: Io, signal: AbortSignal): Omit<Questions, 'secret'> {
  const ask = async (message: string): Promise<string> => {
    err.write(message);
    const line = await unlessAborted(input.line(), signal).catch(() => undefined);
    if (line === undefined) throw stopped(signal);
    return line.trim();
  };
  const say = (text: string): void => err.write(`${text}\n`);
  const pick = async (choices: readonly Choice[], preset?: string): Promise<string> => {
    say(listed(choices));
    const usual =
      Math.max(
        0,
        choices.findIndex(({ value }) => value === preset),
      ) + 1;
    for (;;) {
      const answer = (await ask(`Number (${usual}): `)) || String(usual);
      const choice = choices[Number(answer) - 1] ?? choices.find(({ name, value }) => [name, value].includes(answer));
      if (choice) return choice.value;
      say(`type a number from 1 to ${choices.length}`);
    }
  };
  const answerOf = async <T>(message: string, answers: Readonly<Record<string, T>>, preset: T): Promise<T> => {
    for (;;) {
      const answer = (await ask(message)).toLowerCase();
      if (answer === '') return preset;
      const known = answers[answer];
      if (known !== undefined) return known;
      say(`type ${Object.keys(answers).join(', ')}`);
    }
  };
  return {
    text: async ({ message, preset = '', check }) => {
      for (;;) {
        const answer = (await ask(preset === '' ? `${message}: ` : `${message} (${preset}): `)) || preset;
        const verdict = (await check?.(answer)) ?? true;
        if (verdict === true) return answer;
        say(verdict);
      }
    },
    choose: ({ message, choices, preset }) => {
      say(message);
      return pick(choices, preset);
    },
    search: async ({ message, choices }) => {
      say(message);
      let matches = choices;
      while (matches.length > MANY) {
        const part = (await ask(`${matches.length} to choose from; part of the name: `)).toLowerCase();
        const narrowed = choices.filter(({ name }) => name.toLowerCase().includes(part));
        if (narrowed.length === 0) say(`none has '${part}' in it`);
        else matches = narrowed;
        if (part === '' || narrowed.length === choices.length) break;
      }
      return pick(matches);
    },
    tick: async ({ message, choices }) => {
      say(message);
      say(listed(choices));
      for (;;) {
        const picked = numbered(await ask('Numbers, separated by commas, or all: '), choices);
        if (picked.length > 0) return picked;
        say(`type numbers from 1 to ${choices.length}, like 1,3`);
      }
    },
    confirm: ({ message, preset }) =>
      answerOf(`${message} (${preset ? 'Y/n' : 'y/N'}): `, { y: true, yes: true, n: false, no: false }, preset),
    confirmEach: ({ message, preset }) =>
      answerOf(
        `${message} (yes, no or all): `,
        { y: 'yes', yes: 'yes', n: 'no', no: 'no', a: 'all', all: 'all' } as const,
        preset ? 'yes' : 'no',
      ),
  };
}

const listed = (choices: readonly Choice[]): string =>
  choices.map(({ name }, index) => `${index + 1}. ${name}`).join('\n');

/** The values of '1, 3' or 'all'; none where one of them is no number of the list. */
function numbered(answer: string, choices: readonly Choice[]): readonly string[] {
  if (answer.toLowerCase() === 'all') return choices.map(({ value }) => value);
  const picked = answer.split(/[ ,]+/).map((word) => choices[Number(word) - 1]?.value);
  return picked.includes(undefined) ? [] : picked.flatMap((value) => value ?? []);
}
