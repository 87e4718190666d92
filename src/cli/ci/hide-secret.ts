import type { Context } from '../context.ts';
import { ciOf } from './detect.ts';

/** Has the pipeline hide a secret that this command made, in everything that is written from now on. */
export async function hideSecret(secret: string, context: Context): Promise<void> {
  if (ciOf(context) !== 'github' || secret === '') return;
  const { workflowCommand } = await import('./github.ts');
  context.io.err.write(workflowCommand('add-mask', {}, secret));
}
