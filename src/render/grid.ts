// The one door to cli-table3, for tables that a person looks at. It is slow beyond some hundreds of rows, so long tables
// fall back to plain columns.

import CliTable from 'cli-table3';
import { fitTable, withoutColumn } from './fit.ts';
import type { Style } from './style.ts';
import { type Cell, columnTable, GAP, type Table, type TableWriter, textOf, widestCells } from './table.ts';

const MOST_ROWS = 200;
const FRAME = 3;

/** Tables with thin rules, for a terminal so wide. What would not fit is shortened; where that leaves too little to read,
 * the rules go, then the columns that can be spared. Long tables have no rules. */
export function gridTable(columns: number): TableWriter {
  return (table, style) => {
    const isLong = table.rows.length > MOST_ROWS;
    for (const candidate of candidates(table)) {
      const gridded = isLong ? undefined : fitted(candidate, columns, (count) => count * FRAME + 1);
      if (gridded) return framed(gridded, style);
      const bare = fitted(candidate, columns, (count) => (count - 1) * GAP);
      if (bare) return columnTable(bare, style);
    }
    return columnTable(table, style);
  };
}

function candidates(table: Table): Table[] {
  const candidates = [table];
  if (table.uncut) return candidates;
  for (const head of table.spare ?? []) candidates.push(withoutColumn(candidates.at(-1) ?? table, head));
  return candidates;
}

function fitted(table: Table, columns: number, frame: (count: number) => number): Table | undefined {
  if (!table.uncut) return fitTable(table, columns, frame);
  const widths = widestCells(table);
  return widths.reduce((sum, width) => sum + width, frame(widths.length)) <= columns ? table : undefined;
}

function framed(table: Table, style: Style): string {
  const grid = new CliTable({
    head: table.head.map((text) => style.heading(text)),
    chars: RULES,
    style: { head: [], border: [], 'padding-left': 1, 'padding-right': 1 },
  });
  for (const row of table.rows) grid.push(row.map((cell) => paint(cell, style)));
  return `${grid.toString()}\n`;
}

const paint = (cell: Cell, style: Style): string =>
  typeof cell === 'string' ? textOf(cell) : style[cell.as](textOf(cell));

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
