import { HawserError } from '../../core/errors.ts';
import type { Context } from '../context.ts';

/** What a document is read to; one that cannot be read is wrong usage, which the reference does not tell apart. */
export function readTyped<T>(read: () => T, { policy }: Pick<Context, 'policy'>): T {
  try {
    return read();
  } catch (thrown) {
    if (!(thrown instanceof HawserError) || thrown.code !== 'invalid') throw thrown;
    throw policy.own.add(() => thrown.with({ code: 'usage' }), thrown);
  }
}
