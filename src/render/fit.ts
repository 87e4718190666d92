import { type Cell, type Row, type Table, textOf, widestCells } from './table.ts';
import { shorten, widthOf } from './width.ts';

/** A column that is shorter than this tells nothing any more. */
const LEAST = 8;
/** What a reader needs whole, to type it again. */
const WHOLE = new Set(['NAME', 'KIND/NAME', 'ID', 'CONTEXT']);

/** The table with its widest columns shortened until it fits; undefined when that would leave nothing to read. */
export function fitTable(table: Table, columns: number, frame: (count: number) => number): Table | undefined {
  const widths = widestCells(table);
  const least = widths.map((width, index) => leastOf(table.head[index] ?? '', width));
  const room = columns - frame(widths.length);
  let excess = widths.reduce((sum, width) => sum + width, 0) - room;
  while (excess > 0) {
    const index = widest(widths, least);
    if (index === undefined) return undefined;
    widths[index] = (widths[index] ?? 0) - 1;
    excess -= 1;
  }
  return { ...table, rows: table.rows.map((row) => cutRow(row, widths)) };
}

const leastOf = (head: string, width: number): number =>
  WHOLE.has(head) ? width : Math.min(width, Math.max(LEAST, widthOf(head)));

function widest(widths: readonly number[], least: readonly number[]): number | undefined {
  let found: number | undefined;
  widths.forEach((width, index) => {
    if (width <= (least[index] ?? 0)) return;
    if (found === undefined || width > (widths[found] ?? 0)) found = index;
  });
  return found;
}

const cutRow = (row: Row, widths: readonly number[]): Row =>
  row.map((cell, index) => cutCell(cell, widths[index] ?? 0));

function cutCell(cell: Cell, width: number): Cell {
  const text = shorten(textOf(cell), width);
  return typeof cell === 'string' ? text : { ...cell, text };
}
