// Removing several things by their names, each asked about where that is wanted.

import type { Context } from '../context.ts';
import { writeResult } from '../output/result.ts';
import { confirmIfAsked, endDeclined } from './confirm.ts';

export interface Removal {
  readonly names: readonly string[];
  /** In our own words, and as the reference asks. */
  readonly message: (name: string) => string;
  readonly line: (name: string) => string;
  remove(name: string): Promise<unknown>;
  /** What is said of one that is gone, and of one that stays. */
  readonly removed: (name: string) => string;
  readonly cancelled: (name: string) => string;
  /** What a name is called in a document: 'repo'. */
  readonly key: string;
}

export async function removeEach(removal: Removal, output: string | undefined, context: Context): Promise<void> {
  const { names, key } = removal;
  const results: Readonly<Record<string, string>>[] = [];
  let isDeclined = false;
  for (const name of names) {
    const agreed = await confirmIfAsked({ message: removal.message(name), line: removal.line(name) }, context);
    if (agreed) await removal.remove(name);
    else isDeclined = true;
    results.push({ [key]: name, result: agreed ? 'removed' : 'cancelled' });
    if (output === undefined) context.io.out.write(`${agreed ? removal.removed(name) : removal.cancelled(name)}\n`);
  }
  const [first] = results;
  await writeResult(results.length === 1 ? first : results, { output, text: () => undefined }, context);
  if (isDeclined) endDeclined(context);
}
