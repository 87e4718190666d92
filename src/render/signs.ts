// A sign beside each state, so that colour is never alone.

import { type Meaning, meaningOf } from './style.ts';
import type { Cell, Table } from './table.ts';

/** '' where a meaning has none. */
export const SIGNS: Readonly<Record<Meaning, string>> = {
  good: '✓',
  warn: '●',
  busy: '…',
  bad: '✗',
  held: '○',
  faint: '·',
  heading: '',
  plain: '',
};

/** The table with the sign of each state before its name. */
export function withSigns(table: Table): Table {
  return { ...table, rows: table.rows.map((row) => row.map(withSign)) };
}

const withSign = (cell: Cell): Cell =>
  typeof cell === 'string' || !cell.isState ? cell : { ...cell, text: signed(cell.text) };

/** '✓ Synced'. */
export function signed(state: string): string {
  const sign = SIGNS[meaningOf(state)];
  return sign === '' || state === '' ? state : `${sign} ${state}`;
}
