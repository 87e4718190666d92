import { terminateOperation } from '../../api/applications.ts';
import type { Context } from '../context.ts';
import type { Wait } from './wait.ts';

/** What becomes of an operation that took too long, and what the reference says of it. */
export async function tooLate(
  { target, progress }: Pick<Wait, 'target' | 'progress'>,
  { onTimeout }: { readonly onTimeout: string },
  context: Context,
): Promise<{ readonly lead?: string }> {
  if (onTimeout === 'terminate') {
    const { client } = await context.connect();
    await client.call(terminateOperation, target);
    progress.say(`the operation of '${target.name}' was terminated`);
  }
  return { lead: context.policy.layout.lateLead };
}
