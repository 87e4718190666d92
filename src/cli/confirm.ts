import { HawserError } from '../core/errors.ts';
import type { Context } from './context.ts';

export interface Decision {
  readonly message: string;
  /** The flag that takes the decision where nobody can be asked. */
  readonly flag: string;
}

/** Asks a person; where there is none, says which flag decides. */
export async function confirmOrRefuse({ message, flag }: Decision, context: Context): Promise<boolean> {
  if (context.prompt.possible) return context.prompt.confirm({ message, preset: false });
  throw new HawserError('needs-decision', `${message} Nobody is there to answer`, {
    hint: `add ${flag}`,
    details: { argocdExit: 20, argocdMessage: 'EOF' },
  });
}
