// `-o` of the commands that change something: a document, or the sentence for people.

import type { Context } from '../context.ts';
import type { Flag } from '../input/flags.ts';
import { outputFlag, writeDocument } from './document.ts';

export const RESULT_FLAG = {
  ...outputFlag('json or yaml'),
  own: true,
  choices: ['json', 'yaml'],
} as const satisfies Flag;

/** The same where the letter is another flag's. */
export const LONG_RESULT_FLAG = {
  name: 'output',
  type: 'string',
  value: 'format',
  summary: RESULT_FLAG.summary,
  own: true,
  choices: RESULT_FLAG.choices,
} as const satisfies Flag;

/** `text` is called where nobody asked for a document. */
export async function writeResult(
  document: unknown,
  { output, text }: { readonly output: string | undefined; readonly text: () => void },
  context: Context,
): Promise<void> {
  if (output === undefined) text();
  else await writeDocument(document, output, context);
}
