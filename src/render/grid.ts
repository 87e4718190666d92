// The one door to cli-table3, for tables that a person looks at: a rule under the heading, signs beside the states, cut to
// the terminal. It is slow beyond some hundreds of rows; longer tables, and those with notes, are drawn alike by hand.

import CliTable from 'cli-table3';
import { type FittedTable, fitTable, type Terminal } from './fit.ts';
import { wrapWords } from './help-page.ts';
import { withSigns } from './signs.ts';
import type { Style } from './style.ts';
import { type Cell, columnTable, GAP, type Row, type Table, type TableWriter, textOf, widestCells } from './table.ts';
import { shorten, widthOf, wrap } from './width.ts';

const MOST_ROWS = 200;

/** Tables for a terminal of this size. */
export function terminalTable(terminal: Terminal): TableWriter {
  return (table, style) => {
    const fitted = fitTable(terminal.unicode ? withSigns(table) : table, terminal);
    if (fitted.isStacked) return stacked(fitted.table, terminal, style) + droppedLine(fitted, terminal, style);
    const line = terminal.unicode ? '─' : '-';
    const isPlain = fitted.notes.length === 0 && table.rows.length <= MOST_ROWS && table.head.length > 0;
    const text = isPlain ? drawn(fitted.table, style, line) : columnTable(withRule(fitted, line), style);
    return text.replace(/ +$/gm, '') + droppedLine(fitted, terminal, style);
  };
}

function drawn(table: Table, style: Style, line: string): string {
  const grid = new CliTable({
    head: table.head.map((text) => style.heading(text)),
    chars: { ...NO_LINES, mid: line, middle: ' '.repeat(GAP), 'mid-mid': ' '.repeat(GAP) },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0, compact: true },
  });
  for (const row of table.rows) grid.push(row.map((cell) => paint(cell, style)));
  return `${grid.toString()}\n`;
}

const paint = (cell: Cell, style: Style): string =>
  typeof cell === 'string' ? textOf(cell) : style[cell.as](textOf(cell));

/** A block a row, a line a cell: what is longer stands below its heading, in lines that end at words. */
function stacked({ head, rows }: Table, { columns }: Terminal, style: Style): string {
  const cellLines = (cell: Cell, title: string): string[] => {
    const text = textOf(cell);
    if (text === '') return [];
    const lead = title === '' ? '' : `${title}: `;
    if (widthOf(lead + text) <= columns) return [(lead === '' ? '' : style.heading(lead)) + paint(cell, style)];
    const lines = wrapWords(text, columns - INDENT).flatMap((line) => wrap(line, columns - INDENT));
    const painted = lines.map(
      (line) => ' '.repeat(INDENT) + paint(typeof cell === 'string' ? line : { ...cell, text: line }, style),
    );
    return title === '' ? painted : [style.heading(`${title}:`), ...painted];
  };
  const blocks = rows.map((row) => row.flatMap((cell, index) => cellLines(cell, head[index] ?? '')));
  return blocks.map((lines) => lines.map((line) => `${line}\n`).join('')).join('\n');
}

const INDENT = 2;

/** The same look by hand: the rule and the notes are rows. */
function withRule({ table, notes }: FittedTable, line: string): Table {
  const noted = table.rows.flatMap((row, index): Row[] => {
    const note = notes[index] ?? '';
    return note === '' ? [row] : [row, [{ text: note, as: 'faint' }]];
  });
  if (table.head.length === 0) return { ...table, rows: noted };
  return { ...table, rows: [widestCells(table).map((width) => line.repeat(width)), ...noted] };
}

/** What is not shown is said. */
function droppedLine({ table, dropped }: FittedTable, { columns, unicode }: Terminal, style: Style): string {
  if (dropped.length === 0) return '';
  const text = `not shown: ${dropped.join(', ')} (${table.more ?? 'a wider terminal shows it'})`;
  return `${style.faint(shorten(text, columns, unicode))}
`;
}

const NO_LINES = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  right: '',
  'left-mid': '',
  'right-mid': '',
} as const;
