import { HawserError } from '../../../../core/errors.ts';
import type { Context } from '../../../context.ts';

/** Asks in a terminal; elsewhere the error names the flags that answer. */
export function askPassword(what: string, flags: string, context: Context): Promise<string> {
  if (context.prompt.possible) return context.prompt.secret(what);
  throw new HawserError('usage', 'a password is missing', {
    hint: `give ${flags}`,
    reason: { kind: 'invalid-argument' },
  });
}
