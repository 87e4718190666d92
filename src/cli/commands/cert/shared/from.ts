import type { Context } from '../../../context.ts';
import type { Flag } from '../../../input/flags.ts';
import { readSource } from '../../../input/read-source.ts';

/** The default is what the reference's help says of it. */
export const FROM = {
  name: 'from',
  type: 'string',
  value: 'file',
  default: 'is to read from stdin',
  typedOnly: true,
  summary: 'read from a file, a URL, or - (stdin)',
} as const satisfies Flag;

export const UPSERT = {
  name: 'upsert',
  type: 'bool',
  summary: 'replace what is there with other data',
} as const satisfies Flag;

/** The text of the file, or of stdin. */
export function readFrom(
  from: string | undefined,
  { file, stdin }: { readonly file: string; readonly stdin: string },
  context: Context,
): Promise<string> {
  if (from === undefined) context.policy.wording.narrate(`${stdin}\n`, context);
  else context.policy.wording.narrate(`${file} '${from}'\n`, context);
  if (from === undefined && context.io.input.terminal) context.policy.wording.advise(`${stdin}`, context);
  return readSource(from ?? '-', context);
}
