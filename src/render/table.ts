import { type Meaning, meaningOf, type Style } from './style.ts';
import { widthOf } from './width.ts';

/** A text, or a text with what it means; a state has a sign beside it in a terminal. */
export type Cell = string | { readonly text: string; readonly as: Meaning; readonly isState?: true };
export type Row = readonly Cell[];

export interface Table {
  /** No header line where it is empty. */
  readonly head: readonly string[];
  readonly rows: readonly Row[];
  /** Nothing is shortened to the width of a terminal. */
  readonly uncut?: boolean;
  /** Columns that may be left out where there is no room, the first of them first. */
  readonly spare?: readonly string[];
  /** The column that goes under its row where there is no room beside it. */
  readonly note?: string;
  /** How to see what was left out: '-o wide'. */
  readonly more?: string;
}

/** The name of a state, by what it means. */
export const stateCell = (state: string): Cell => ({ text: state, as: meaningOf(state), isState: true });

export type TableWriter = (table: Table, style: Style) => string;

/** Between two columns. */
export const GAP = 2;

/** Columns as Go's tabwriter aligns them: every cell but the last of its row padded, two spaces between. */
export function columnTable(table: Table, style: Style): string {
  const head: Row = table.head.map((text) => ({ text, as: 'heading' }) as const);
  const rows = table.head.length > 0 ? [head, ...table.rows] : table.rows;
  const widths = columnWidths(rows);
  let line = '';
  for (const row of rows) {
    const last = row.length - 1;
    for (let index = 0; index <= last; index += 1) {
      const cell = row[index] ?? '';
      const text = textOf(cell);
      line += typeof cell === 'string' ? text : style[cell.as](text);
      if (index < last) line += ' '.repeat((widths[index] ?? 0) - widthOf(text) + GAP);
    }
    line += '\n';
  }
  return line;
}

export const textOf = (cell: Cell): string => oneLine(typeof cell === 'string' ? cell : cell.text);

/** A text with a line end of its own must not look like one more row. */
export const oneLine = (text: string): string => text.replaceAll('\n', '\\n');

/** The widest text of each column, heads included. */
export function widestCells({ head, rows }: Table): number[] {
  const widths = head.map(widthOf);
  for (const row of rows) {
    row.forEach((cell, index) => {
      widths[index] = Math.max(widths[index] ?? 0, widthOf(textOf(cell)));
    });
  }
  return widths;
}

function columnWidths(rows: readonly Row[]): number[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (let index = 0; index < row.length - 1; index += 1) {
      widths[index] = Math.max(widths[index] ?? 0, widthOf(textOf(row[index] ?? '')));
    }
  }
  return widths;
}
