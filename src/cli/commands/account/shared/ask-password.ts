import { HawserError } from '../../../../core/errors.ts';
import type { Context } from '../../../context.ts';

export function askPassword(what: string, context: Context): Promise<string> {
  if (context.prompt.possible) return context.prompt.secret(what);
  throw new HawserError('usage', 'a password is missing', {
    hint: 'give --current-password and --new-password',
    reason: { kind: 'invalid-argument' },
  });
}
