// The one door to cli-table3, for tables that a person looks at. It is slow beyond some hundreds of rows, so long tables
// fall back to plain columns.

import CliTable from 'cli-table3';
import type { Style } from './style.ts';
import { type Cell, columnTable, type Row, type Table, type TableWriter, textOf } from './table.ts';
import { widthOf } from './width.ts';

const MOST_ROWS = 200;
const FRAME = 3;

/** Tables with thin rules, for a terminal so wide; what would not fit is written as columns. */
export function gridTable(columns: number): TableWriter {
  return (table, style) => {
    if (table.rows.length > MOST_ROWS || gridWidth(table) > columns) return columnTable(table, style);
    const grid = new CliTable({
      head: table.head.map((text) => style.heading(text)),
      chars: RULES,
      style: { head: [], border: [], 'padding-left': 1, 'padding-right': 1 },
    });
    for (const row of table.rows) grid.push(row.map((cell) => paint(cell, style)));
    return `${grid.toString()}\n`;
  };
}

const paint = (cell: Cell, style: Style): string => (typeof cell === 'string' ? cell : style[cell.as](cell.text));

function gridWidth(table: Table): number {
  const rows: readonly Row[] = [table.head, ...table.rows];
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, index) => {
      widths[index] = Math.max(widths[index] ?? 0, widthOf(textOf(cell)));
    });
  }
  return widths.reduce((sum, width) => sum + width + FRAME, 1);
}

/** A frame around, and none between rows: the eye follows the columns. */
const RULES = {
  top: '─',
  'top-mid': '┬',
  'top-left': '╭',
  'top-right': '╮',
  bottom: '─',
  'bottom-mid': '┴',
  'bottom-left': '╰',
  'bottom-right': '╯',
  left: '│',
  right: '│',
  middle: '│',
  mid: '',
  'left-mid': '',
  'mid-mid': '',
  'right-mid': '',
} as const;
