import type { Style } from './style.ts';
import type { TableWriter } from './table.ts';

/** What every view needs to know of the place where it will be read. */
export interface View {
  readonly style: Style;
  readonly table: TableWriter;
  /** A state as it stands in a text, with its sign where the terminal shows one. */
  readonly state: (status: string) => string;
  /** Facts in groups, with the reason beside what is not well; or in the reference's order. */
  readonly facts: 'grouped' | 'reference';
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** The same place, for a reader who wants every word. */
export const uncut = (view: View): View => ({
  ...view,
  table: (table, style) => view.table({ ...table, uncut: true }, style),
});
