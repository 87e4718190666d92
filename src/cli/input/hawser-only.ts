import { HawserError } from '../../core/errors.ts';

/** Asks what only a Hawser answers; of a real Argo CD it says so. */
export async function hawserOnly<T>(
  work: () => Promise<T>,
  { message, hint }: { readonly message: string; readonly hint: string },
): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    if (!(thrown instanceof HawserError) || !saysNoSuchPath(thrown)) throw thrown;
    throw new HawserError('not-implemented', message, { hint, cause: thrown });
  }
}

/** A gateway for gRPC answers this to every path that it does not know; others answer a page, or nothing that is JSON. */
const saysNoSuchPath = ({ code, message }: HawserError): boolean =>
  code === 'bad-answer' || (code === 'not-found' && /^not found$/i.test(message));
