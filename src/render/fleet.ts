// The applications of a server at a glance: counts, a line each, what is wrong first. Only the lines of the window are made.

import { UNICODE_GLYPHS } from './glyphs.ts';
import { type Look, type Part, padded, partsLine, wholeParts } from './parts.ts';
import { meaningOf } from './style.ts';
import { age, clockTime } from './times.ts';
import { shorten, widthOf } from './width.ts';

/** What is known of an application: one line, without control characters. */
export interface FleetRow {
  readonly key: string;
  readonly name: string;
  readonly project: string;
  readonly sync: string;
  readonly health: string;
  readonly phase: string;
  readonly revision: string;
  readonly reason: string;
  readonly created: string | undefined;
}

export type Counts = ReadonlyMap<string, number>;

export interface FleetView {
  /** The server, as a person would name it. */
  readonly server: string;
  readonly total: number;
  readonly sync: Counts;
  readonly health: Counts;
  /** Those that fit the filter, in order. */
  readonly rows: readonly FleetRow[];
  readonly selected: number;
  /** The first line of the window, where the selected one is in it. */
  readonly offset: number;
  readonly filter: string;
  readonly order: string;
  readonly loading: boolean;
  readonly now: number;
}

export interface WindowLook extends Look {
  readonly rows: number;
}

/** How many lines the head has in a window of this size. */
function headHeight(rows: number, columns: number): number {
  if (rows >= 9) return columns < NARROW ? 3 : 4;
  return rows >= 5 ? 2 : rows >= 3 ? 1 : 0;
}

/** How many applications a window shows above a foot of so many lines. */
export const fleetPage = ({ rows, columns }: Pick<WindowLook, 'rows' | 'columns'>, foot: number): number =>
  Math.max(1, rows - foot - headHeight(rows - foot, columns));

/** So many lines that the foot has room below them. */
export function renderFleet(view: FleetView, look: WindowLook, foot: number): string[] {
  const page = fleetPage(look, foot);
  const first = firstLine(view, page);
  const rows = view.rows.slice(first, first + page);
  const widths = columnsOf(rows, look);
  const lines = rows.map((row, index) =>
    fleetLine(row, { widths, view, look, isSelected: first + index === view.selected }),
  );
  const body = lines.length > 0 ? lines : [look.style.faint(shorten(emptyText(view), look.columns))];
  const all = [...headLines({ view, widths, look, height: headHeight(look.rows - foot, look.columns) }), ...body];
  const blank = Array.from({ length: Math.max(0, look.rows - foot - all.length) }, () => '');
  return [...all, ...blank];
}

/** The window follows the selected line. */
function firstLine({ offset, selected, rows }: Pick<FleetView, 'offset' | 'selected' | 'rows'>, page: number): number {
  const least = Math.max(0, selected - page + 1);
  const most = Math.max(0, Math.min(selected, rows.length - page));
  return Math.min(Math.max(offset, Math.min(least, most)), most);
}

function emptyText({ loading, filter, total }: FleetView): string {
  if (loading) return 'loading the applications';
  return filter === '' || total === 0
    ? 'no applications yet: hawser app create'
    : `none of ${total} matches '${filter}'`;
}

interface Head {
  readonly view: FleetView;
  readonly widths: Widths;
  readonly look: WindowLook;
  /** The lines it has. */
  readonly height: number;
}

function headLines({ view, widths, look, height }: Head): string[] {
  const { columns, style, glyphs } = look;
  if (height === 0) return [];
  if (height === 1) return [shortCounts(view, look)];
  const title = titleLine(view, look);
  if (height === 2) return [title, shortCounts(view, look)];
  if (columns < NARROW) {
    const rule = (glyphs === UNICODE_GLYPHS ? '─' : '-').repeat(columns);
    return [title, shortCounts(view, look), style.faint(rule)];
  }
  const counted = (label: string, counts: Counts, order: readonly string[]): string => {
    const parts = statesOf(counts, order).map(
      ([state, count]): Part => ({
        text: `${glyphs.marks[meaningOf(state)]} ${count} ${state}`,
        as: meaningOf(state),
      }),
    );
    return partsLine(wholeParts([{ text: label, as: 'faint' }, ...parts], columns), look);
  };
  return [
    title,
    counted('Health', view.health, HEALTH_ORDER),
    counted('Sync  ', view.sync, SYNC_ORDER),
    columnHeads(widths, look),
  ];
}

function titleLine(view: FleetView, look: WindowLook): string {
  const count = view.filter === '' ? `${view.total}` : `${view.rows.length} of ${view.total}`;
  const title: Part[] = [
    { text: 'hawser top', as: 'heading' },
    { text: `${count} ${view.total === 1 ? 'application' : 'applications'}` },
    { text: view.server },
    { text: `by ${view.order}`, as: 'faint' },
    { text: clockTime(view.now), as: 'faint' },
  ];
  return partsLine(wholeParts(title, look.columns), look);
}

/** Both kinds of counts in a line, by their signs. */
function shortCounts(view: FleetView, look: WindowLook): string {
  const signs = (counts: Counts, order: readonly string[]): Part[] =>
    statesOf(counts, order).map(([state, count]) => ({
      text: `${look.glyphs.marks[meaningOf(state)]}${count}`,
      as: meaningOf(state),
      gap: 1,
    }));
  const isLabelled = look.columns >= LABELLED;
  const label = (text: string): Part => ({ text: isLabelled ? text : '', as: 'faint' });
  const parts = [
    label('Health'),
    ...signs(view.health, HEALTH_ORDER),
    isLabelled ? label('Sync') : { text: '|', gap: 1 },
    ...signs(view.sync, SYNC_ORDER),
  ];
  return partsLine(wholeParts(parts, look.columns), look);
}

const HEALTH_ORDER = ['Degraded', 'Missing', 'Unknown', 'Progressing', 'Suspended', 'Healthy'];
const SYNC_ORDER = ['OutOfSync', 'Unknown', 'Synced'];

/** How many there are of each state, the worst first. */
function statesOf(counts: Counts, order: readonly string[]): (readonly [string, number])[] {
  const states = [...order, ...[...counts.keys()].filter((state) => !order.includes(state))];
  return states.flatMap((state) => {
    const count = counts.get(state) ?? 0;
    return count > 0 ? [[state, count] as const] : [];
  });
}

/** Below this many columns states are told by their signs, and in words only where something is wrong. */
const NARROW = 70;
/** From here on the short counts have labels. */
const LABELLED = 40;
const STATE_WIDTH = 13;
const MIN_NAME = 8;

interface Widths {
  readonly name: number;
  readonly project: number;
  readonly revision: number;
  readonly age: number;
}

function columnsOf(rows: readonly FleetRow[], { columns }: Look): Widths {
  const widest = (texts: readonly string[], most: number): number => Math.min(most, Math.max(0, ...texts.map(widthOf)));
  const name = Math.max(
    MIN_NAME,
    widest(
      rows.map((row) => row.name),
      columns < LABELLED ? columns - 5 : Math.floor(columns * 0.4),
    ),
  );
  return {
    name,
    project:
      columns >= 110
        ? Math.max(
            7,
            widest(
              rows.map(({ project }) => project),
              16,
            ),
          )
        : 0,
    revision: columns >= 120 ? 8 : 0,
    age: columns >= 90 ? 6 : 0,
  };
}

function columnHeads({ name, project, revision, age: ages }: Widths, look: WindowLook): string {
  const heads: Part[] = [
    { text: `  ${padded('NAME', name)}`, as: 'heading' },
    { text: project > 0 ? padded('PROJECT', project) : '', as: 'heading' },
    { text: padded('SYNC', STATE_WIDTH - 2), as: 'heading' },
    { text: padded('HEALTH', STATE_WIDTH), as: 'heading' },
    { text: revision > 0 ? padded('REVISION', revision) : '', as: 'heading' },
    { text: ages > 0 ? padded('AGE', ages) : '', as: 'heading' },
    { text: 'WHY', as: 'heading' },
  ];
  return partsLine(heads, look);
}

interface Line {
  readonly widths: Widths;
  readonly view: FleetView;
  readonly look: WindowLook;
  readonly isSelected: boolean;
}

function fleetLine(row: FleetRow, { widths, view, look, isSelected }: Line): string {
  const { glyphs, columns } = look;
  const isUnicode = glyphs === UNICODE_GLYPHS;
  const name: Part = {
    text: padded(shorten(row.name, widths.name, isUnicode), widths.name),
    as: isSelected ? 'heading' : 'plain',
    gap: 1,
  };
  const pointer: Part = { text: isSelected ? '>' : ' ', as: 'heading' };
  const sign = (state: string, gap: number): Part => ({
    text: glyphs.marks[meaningOf(state)],
    as: meaningOf(state),
    gap,
  });
  if (columns < NARROW) {
    const wrong = [row.health, row.sync].filter((state) => !FINE.includes(state));
    const words = wrong.map((text): Part => ({ text, as: meaningOf(text) }));
    const more = columns < LABELLED ? [] : [...words, { text: row.reason }];
    return partsLine([pointer, sign(row.health, 1), sign(row.sync, 0), name, ...more], look);
  }
  const state = (text: string, width: number): Part => ({
    text: padded(`${glyphs.marks[meaningOf(text)]} ${text}`, width),
    as: meaningOf(text),
  });
  return partsLine(
    [
      pointer,
      name,
      { text: widths.project > 0 ? padded(shorten(row.project, widths.project, isUnicode), widths.project) : '' },
      state(row.sync, STATE_WIDTH - 2),
      state(row.health, STATE_WIDTH),
      { text: widths.revision > 0 ? padded(shorten(row.revision, widths.revision, isUnicode), widths.revision) : '' },
      { text: widths.age > 0 ? padded(row.created === undefined ? '' : age(row.created, view.now), widths.age) : '' },
      { text: row.reason },
    ],
    look,
  );
}

const FINE: readonly string[] = ['Healthy', 'Synced'];
