// Questions as the reference asks them: on stdout, whoever may be there, each answered by a line of stdin.

import { HawserError } from '../../core/errors.ts';
import type { Io } from './io.ts';
import type { Prompt } from './prompt.ts';

export function createLinePrompt(io: Io): Prompt {
  const ask = async (message: string): Promise<string> => {
    io.out.write(message);
    const line = await io.input.line();
    if (line !== undefined) return line.trim();
    throw new HawserError('needs-decision', 'EOF', { hint: 'answer on stdin', reason: { kind: 'no-answer' } });
  };
  const answer = async <T>(message: string, answers: Readonly<Record<string, T>>): Promise<T> => {
    for (;;) {
      const answer = answers[(await ask(message)).toLowerCase()];
      if (answer !== undefined) return answer;
    }
  };
  return {
    possible: true,
    interactive: false,
    text: ({ message }) => ask(`${message}: `),
    secret: (message) => ask(`${message}: `),
    choose: ({ message }) => ask(`${message}: `),
    search: ({ message }) => ask(`${message}: `),
    tick: async ({ message }) => (await ask(`${message}: `)).split(/[ ,]+/),
    confirm: ({ message, line = message }) => answer(line, { y: true, yes: true, n: false, no: false }),
    confirmEach: ({ message, line = message }) =>
      answer(line, { y: 'yes', yes: 'yes', n: 'no', no: 'no', a: 'all', all: 'all' } as const),
  };
}
