import { HawserError, type Reason } from '../../core/errors.ts';
import type { Context } from '../context.ts';
import { runOnTerminal } from '../io/programs.ts';
import { withTemporaryFolder } from './temporary-folder.ts';

/** A text as it was saved in $EDITOR. */
export async function editText(
  { name, text }: { readonly name: string; readonly text: string },
  context: Context,
): Promise<string> {
  return withTemporaryFolder('hawser-edit-', async (folder) => {
    await openEditor(await folder.write(name, text), context);
    return folder.read(name);
  });
}

/** Opens a file in $EDITOR. */
export async function openEditor(file: string, context: Context): Promise<void> {
  const [name = 'vi', ...words] = (context.env['EDITOR'] || 'vi').split(/\s+/).filter(Boolean);
  const missing: Reason = { kind: 'editor-missing', program: name };
  const hint = 'set EDITOR to a program that is there';
  const status = await runOnTerminal({ name, words: [...words, file], hint, reason: missing }, context);
  if (status === 0) return;
  const reason: Reason = { kind: 'editor-failed', status };
  throw new HawserError('invalid', `${name} ended with ${status}: nothing was changed`, { reason });
}
