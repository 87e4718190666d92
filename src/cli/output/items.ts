// `-o` of the commands that list things with few facts: names, a table, documents.

import type { Table } from '../../render/table.ts';
import type { Context } from '../context.ts';
import { writeDocument } from './document.ts';

export interface Items<T> {
  readonly items: readonly T[];
  readonly output: string | undefined;
  /** What stands on a line of `-o url`, `-o server` and the like. */
  readonly name?: { readonly format: string; readonly of: (item: T) => string };
  /** The columns of the reference, or fewer of them. */
  readonly table: (columns: 'brief' | 'wide') => Table;
  /** What a list of nothing says, with the command that adds the first. */
  readonly empty: string;
}

/** The items in the form that was asked for; the form has been checked. */
export async function writeItems<T>(list: Items<T>, context: Context): Promise<void> {
  const { items, output, name, table, empty } = list;
  const { io, policy } = context;
  if (output !== undefined && (await writeDocument(items, output, context))) return;
  if (name && output === name.format) {
    io.out.write(items.map((item) => `${name.of(item)}\n`).join(''));
    return;
  }
  if (items.length === 0) {
    policy.wording.advise(empty, context);
    if (!policy.layout.headsEmptyLists) return;
  }
  const { style, table: write } = await context.view();
  const columns = output === undefined ? policy.own.add(() => 'brief' as const, 'wide' as const) : 'wide';
  io.out.write(write({ ...table(columns), ...(columns === 'wide' ? { uncut: true } : {}) }, style));
}
