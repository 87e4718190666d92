import { HawserError } from '../../core/errors.ts';
import type { Context } from '../context.ts';
import type { Confirmation } from '../io/questions.ts';

export interface Decision {
  readonly message: string;
  /** As a line prompt asks it: the words of the reference. */
  readonly line: string;
  /** The flag that takes the decision where nobody can be asked. */
  readonly flag: string;
}

/** Asks a person; where there is none, says which flag decides. */
export async function confirmOrRefuse({ message, line, flag }: Decision, context: Context): Promise<boolean> {
  if (context.prompt.possible) return context.prompt.confirm({ message, line, preset: false });
  throw new HawserError('needs-decision', `${message} Nobody is there to answer`, {
    hint: `add ${flag}`,
    reason: { kind: 'no-answer' },
  });
}

/** A person said no, and the answer says it: the exit code is the one of a "no". The reference ends with 0. */
export const endDeclined = ({ policy }: Context): void => policy.own.refuse(new HawserError('differs', 'cancelled'));

/** Asks only where the configuration or a flag wants such questions, and where someone is there; else yes. */
export async function confirmIfAsked(question: Omit<Confirmation, 'preset'>, context: Context): Promise<boolean> {
  const enabled =
    context.globals().promptsEnabled ?? (await (await context.config()).read())?.['prompts-enabled'] ?? false;
  return enabled && context.prompt.possible ? context.prompt.confirm({ ...question, preset: false }) : true;
}
