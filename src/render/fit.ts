// Which columns a terminal has room for, and how wide. Names, states and the reason stay longest.

import { type Cell, GAP, type Row, type Table, textOf, widestCells } from './table.ts';
import { shorten } from './width.ts';

/** A column that is shorter than this tells nothing any more. */
const MIN_COLUMN_WIDTH = 16;
/** A reason in fewer columns than this goes under its row. */
const MIN_NOTE_WIDTH = 24;
const MIN_NAME_WIDTH = 12;
const MIN_WIDTH = 4;
/** Below this a line for each cell says more than columns of a few letters. */
const MIN_TABLE_WIDTH = 40;
/** What a reader needs whole, to type it again. */
const NAMES = new Set(['NAME', 'KIND/NAME', 'RESOURCE', 'ID', 'CONTEXT', 'DATE', 'REVISION']);

export interface Terminal {
  readonly columns: number;
  /** Whether it shows more than ASCII. */
  readonly unicode: boolean;
}

export interface FittedTable {
  readonly table: Table;
  /** What stands under a row, by the number of the row. */
  readonly notes: readonly string[];
  /** The heads of the columns that were left out. */
  readonly dropped: readonly string[];
  /** There is no room for columns: each cell has a line of its own. */
  readonly isStacked?: true;
}

type Floor = (table: Table, index: number, width: number) => number;

const READABLE: Floor = (table, index, width) => {
  if (table.head[index] === table.note) return Math.min(width, MIN_NOTE_WIDTH);
  return isWhole(table, index) ? width : Math.min(width, MIN_COLUMN_WIDTH);
};
const SHORT_NAMES: Floor = (table, index, width) =>
  Math.min(width, isState(table, index) ? width : NAMES.has(table.head[index] ?? '') ? MIN_NAME_WIDTH : MIN_WIDTH);
const ANYTHING: Floor = (_table, _index, width) => Math.min(width, MIN_WIDTH);

/** The table for a terminal: its widest columns shortened, then columns left out, then the reason under its row. */
export function fitTable(whole: Table, terminal: Terminal): FittedTable {
  const asItIs = { table: whole, notes: [], dropped: [] };
  if (whole.uncut) return asItIs;
  const table = withoutEmpty(whole, terminal.columns);
  const spare = (table.spare ?? []).filter((head) => table.head.includes(head));
  for (let count = 0; count <= spare.length; count += 1) {
    const dropped = spare.slice(0, count);
    const fitted = cutTo(dropped.reduce(withoutColumn, table), terminal, READABLE);
    if (fitted) return { table: fitted, notes: [], dropped };
  }
  const least = spare.reduce(withoutColumn, table);
  const notes = notesOf(least, terminal);
  const bare = least.note === undefined ? least : withoutColumn(least, least.note);
  for (const floor of terminal.columns < MIN_TABLE_WIDTH ? [READABLE] : [READABLE, SHORT_NAMES, ANYTHING]) {
    const fitted = cutTo(bare, terminal, floor);
    if (fitted) return { table: fitted, notes, dropped: spare };
  }
  return { table: least, notes: [], dropped: spare, isStacked: true };
}

/** Where there is no room, a column without a single text is the first to go, and nobody misses it. */
function withoutEmpty(table: Table, columns: number): Table {
  if (widthOfTable(widestCells(table)) <= columns) return table;
  const isEmpty = (head: string): boolean => {
    const index = table.head.indexOf(head);
    return table.rows.every((row) => textOf(row[index] ?? '') === '');
  };
  return table.head.filter((head) => isEmpty(head) && !NAMES.has(head)).reduce(withoutColumn, table);
}

function notesOf(table: Table, { columns, unicode }: Terminal): string[] {
  const index = table.note === undefined ? -1 : table.head.indexOf(table.note);
  if (index < 0) return [];
  const lead = unicode ? '  └ ' : '  - ';
  return table.rows.map((row) => {
    const text = textOf(row[index] ?? '');
    return text === '' ? '' : `${lead}${shorten(text, Math.max(1, columns - lead.length), unicode)}`;
  });
}

const widthOfTable = (widths: readonly number[]): number =>
  widths.reduce((sum, width) => sum + width, (widths.length - 1) * GAP);

/** The table with its widest columns shortened until it fits; undefined when that would leave nothing to read. */
function cutTo(table: Table, { columns, unicode }: Terminal, floor: Floor): Table | undefined {
  const widths = widestCells(table);
  const least = widths.map((width, index) => floor(table, index, width));
  let excess = widthOfTable(widths) - columns;
  while (excess > 0) {
    const index = widest(widths, least);
    if (index === undefined) return undefined;
    widths[index] = (widths[index] ?? 0) - 1;
    excess -= 1;
  }
  const cutCell = (cell: Cell, width: number): Cell => {
    const text = shorten(textOf(cell), width, unicode);
    return typeof cell === 'string' ? text : { ...cell, text };
  };
  const cutRow = (row: Row): Row => row.map((cell, index) => cutCell(cell, widths[index] ?? 0));
  return {
    ...table,
    head: table.head.map((head, index) => head.slice(0, widths[index])),
    rows: table.rows.map(cutRow),
  };
}

/** The table without one of its columns; the same where it has none of this head. */
function withoutColumn(table: Table, head: string): Table {
  const index = table.head.indexOf(head);
  if (index < 0) return table;
  const rest = <T>(cells: readonly T[]): T[] => cells.filter((_, at) => at !== index);
  return { ...table, head: rest(table.head), rows: table.rows.map(rest) };
}

const isWhole = (table: Table, index: number): boolean => NAMES.has(table.head[index] ?? '') || isState(table, index);

/** A cell with a meaning is the name of a state, and half of one tells nothing. */
const isState = ({ head, rows, note }: Table, index: number): boolean =>
  head[index] !== note &&
  rows.some((row) => {
    const cell = row[index];
    return typeof cell === 'object' && cell.as !== 'plain';
  });

function widest(widths: readonly number[], least: readonly number[]): number | undefined {
  let widest: number | undefined;
  widths.forEach((width, index) => {
    if (width <= (least[index] ?? 0)) return;
    if (widest === undefined || width > (widths[widest] ?? 0)) widest = index;
  });
  return widest;
}
