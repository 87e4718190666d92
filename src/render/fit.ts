import { type Cell, type Row, type Table, textOf, widestCells } from './table.ts';
import { shorten } from './width.ts';

/** A column that is shorter than this tells nothing any more. */
const MIN_COLUMN_WIDTH = 16;
/** What a reader needs whole, to type it again. */
const WHOLE = new Set(['NAME', 'KIND/NAME', 'ID', 'CONTEXT', 'DATE', 'REVISION']);

/** The table with its widest columns shortened until it fits; undefined when that would leave nothing to read. */
export function fitTable(table: Table, columns: number, frame: (count: number) => number): Table | undefined {
  const widths = widestCells(table);
  const least = widths.map((width, index) => (isWhole(table, index) ? width : Math.min(width, MIN_COLUMN_WIDTH)));
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

/** The table without one of its columns; the same where it has none of this head. */
export function withoutColumn(table: Table, head: string): Table {
  const index = table.head.indexOf(head);
  if (index < 0) return table;
  const rest = <T>(cells: readonly T[]): T[] => cells.filter((_, at) => at !== index);
  return { ...table, head: rest(table.head), rows: table.rows.map(rest) };
}

/** A cell with a meaning is the name of a state, and half of one tells nothing. */
function isWhole({ head, rows }: Table, index: number): boolean {
  if (WHOLE.has(head[index] ?? '')) return true;
  return rows.some((row) => {
    const cell = row[index];
    return typeof cell === 'object' && cell.as !== 'plain';
  });
}

function widest(widths: readonly number[], least: readonly number[]): number | undefined {
  let widest: number | undefined;
  widths.forEach((width, index) => {
    if (width <= (least[index] ?? 0)) return;
    if (widest === undefined || width > (widths[widest] ?? 0)) widest = index;
  });
  return widest;
}

const cutRow = (row: Row, widths: readonly number[]): Row =>
  row.map((cell, index) => cutCell(cell, widths[index] ?? 0));

function cutCell(cell: Cell, width: number): Cell {
  const text = shorten(textOf(cell), width);
  return typeof cell === 'string' ? text : { ...cell, text };
}
