// The frame of a wait: who is waited for, how far it is, and what is not settled yet with its reason, in the size of a window.

import type { Application } from '../model/application.ts';
import { type Glyphs, UNICODE_GLYPHS } from './glyphs.ts';
import { type ResourceState, stateKey } from './states.ts';
import { type Meaning, meaningOf, type Style } from './style.ts';
import { oneLine } from './table.ts';
import { shorten, widthOf } from './width.ts';

export interface WindowSize {
  readonly columns: number;
  readonly rows: number;
}

export interface Look extends WindowSize {
  readonly style: Style;
  readonly glyphs: Glyphs;
}

export interface WaitingView {
  readonly application: Application;
  readonly states: readonly ResourceState[];
  /** Why the Pods of a resource do not run, by its key. */
  readonly reasons: ReadonlyMap<string, string>;
  readonly seconds: number;
}

/** 1 s, 59 s, 1 min 5 s, 2 h 3 min. */
export function elapsedText(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}

/** No more lines than the window has, none wider than it. */
export function renderWaiting(view: WaitingView, look: Look): string[] {
  const { states, application } = view;
  const open = openStates(states);
  const progress = states.length === 0 ? '' : `${states.length - open.length}/${states.length}`;
  const [first = '', ...others] = stateWords(application);
  const words = [application.metadata.name, first, progress, ...others, stepOf(application)];
  const head = headLine(words, view, look);
  const message = messageOf(application);
  const lines = [head];
  if (message !== '' && look.rows > 3) lines.push(look.style.faint(wholeLine(`  ${message}`, look)));
  return [...lines, ...openRows(open, view, { ...look, rows: look.rows - lines.length })];
}

/** A row each of several applications. */
export function renderBoard(views: readonly WaitingView[], look: Look): string[] {
  const names = widest(
    views.map(({ application }) => application.metadata.name),
    Math.floor(look.columns / 2),
  );
  const rows = views.map((view) => {
    const [worst] = openStates(view.states);
    const because = worst ? `${titleOf(worst, view.application)} ${reasonOf(worst, view)}` : '';
    const words = stateWords(view.application);
    const meaning = words.map(meaningOf).sort((a, b) => SEVERITY.indexOf(a) - SEVERITY.indexOf(b))[0] ?? 'plain';
    const name = padded(shorten(view.application.metadata.name, names), names);
    return row({ meaning, title: name, words, because }, look);
  });
  const room = look.rows;
  return rows.length <= room ? rows : [...rows.slice(0, room - 1), more(rows.length - room + 1, look)];
}

function openRows(open: readonly ResourceState[], view: WaitingView, look: Look): string[] {
  const room = Math.max(0, look.rows);
  const count = open.length <= room ? open.length : Math.max(0, room - 1);
  const shown = open.slice(0, count);
  const titles = shown.map((state) => titleOf(state, view.application));
  const width = widest(titles, Math.floor(look.columns * 0.45));
  const rows = shown.map((state, index) => {
    const title = shorten(titles[index] ?? '', width);
    const words = openWords(state);
    return row(
      {
        meaning: meaningOf(words.at(-1) ?? ''),
        title: padded(title, width),
        words,
        because: reasonOf(state, view),
      },
      look,
    );
  });
  return open.length > count && room > 0 ? [...rows, more(open.length - count, look)] : rows;
}

/** A row each of all resources of an application, what is not settled first. */
export function resourceLines(states: readonly ResourceState[], application: Application, look: Look): string[] {
  const open = openStates(states);
  const ordered = [...open, ...states.filter(isSettled)];
  const titles = ordered.map((state) => titleOf(state, application));
  const width = widest(titles, Math.floor(look.columns * 0.45));
  const view = { application, states, reasons: new Map<string, string>(), seconds: 0 };
  return ordered.map((state, index) => {
    const title = padded(shorten(titles[index] ?? '', width), width);
    const open = openWords(state);
    const words = open.length > 0 ? open : [state.status, state.health].filter(Boolean);
    return row({ meaning: meaningOf(words.at(-1) ?? ''), title, words, because: reasonOf(state, view) }, look);
  });
}

interface RowText {
  readonly meaning: Meaning;
  readonly title: string;
  readonly words: readonly string[];
  readonly because: string;
}

/** '● Deployment web  Progressing  1 of 2 available': what has no room loses its end, the reason first. */
function row({ meaning, title, words, because }: RowText, look: Look): string {
  const { style, glyphs, columns } = look;
  const mark = glyphs.marks[meaning];
  // Every mark is one column wide.
  let room = columns - 3;
  const parts = [style[meaning](mark)];
  const add = (text: string, as: Meaning): void => {
    const gap = parts.length > 1 ? 2 : 1;
    if (text === '' || room <= gap) return;
    const cut = cutText(text, room - gap, glyphs);
    parts.push(`${' '.repeat(gap)}${style[as](cut)}`);
    room -= widthOf(cut) + gap;
  };
  add(title, 'plain');
  for (const word of words) add(word, meaningOf(word));
  add(because, 'plain');
  return parts.join('');
}

function headLine(words: readonly string[], { seconds }: WaitingView, { style, glyphs, columns }: Look): string {
  const clock = elapsedText(seconds);
  const [name = '', ...rest] = words.filter((word) => word !== '');
  let room = columns - 1 - widthOf(clock) - 2;
  const title = cutText(oneLine(name), Math.max(1, room), glyphs);
  room -= widthOf(title);
  const parts = [style.heading(title)];
  for (const word of rest) {
    if (widthOf(word) + 2 > room) continue;
    parts.push(`  ${style[meaningOf(word)](word)}`);
    room -= widthOf(word) + 2;
  }
  return `${parts.join('')}  ${style.faint(clock)}`;
}

const more = (count: number, { style, glyphs }: Look): string => style.faint(`${glyphs.ellipsis} ${count} more`);

const wholeLine = (text: string, { columns, glyphs }: Look): string => cutText(text, columns - 1, glyphs);

const cutText = (text: string, columns: number, glyphs: Glyphs): string =>
  shorten(oneLine(text), columns, glyphs === UNICODE_GLYPHS);

const padded = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - widthOf(text)));

const widest = (texts: readonly string[], most: number): number =>
  Math.min(Math.max(8, most), Math.max(0, ...texts.map(widthOf)));

const DONE: readonly string[] = ['', 'Synced', 'Pruned', 'PruneSkipped', 'Succeeded', 'Healthy'];

/** Nothing more is expected of it. */
const isSettled = ({ status, health }: ResourceState): boolean => DONE.includes(status) && DONE.includes(health);

const openWords = ({ status, health }: ResourceState): string[] =>
  [status, health].filter((word) => !DONE.includes(word));

function stateWords({ operation, status }: Application): string[] {
  const phase = operation ? 'Running' : (status?.operationState?.phase ?? '');
  return [phase === 'Succeeded' ? '' : phase, status?.sync?.status ?? '', status?.health?.status ?? ''].filter(Boolean);
}

const SEVERITY: readonly Meaning[] = ['bad', 'busy', 'warn', 'held', 'faint', 'plain', 'good', 'heading'];

const urgency = (state: ResourceState): number =>
  Math.min(...openWords(state).map((word) => SEVERITY.indexOf(meaningOf(word))));

/** What is not settled, the worst first. */
function openStates(states: readonly ResourceState[]): ResourceState[] {
  const ranked = states
    .filter((state) => !isSettled(state))
    .map((state) => ({ state, rank: urgency(state), key: stateKey(state) }));
  return ranked.sort((a, b) => a.rank - b.rank || (a.key < b.key ? -1 : 1)).map(({ state }) => state);
}

/** The kind and the name; its namespace where that is not the one that everything is in. */
function titleOf({ kind, namespace, name, hook }: ResourceState, { spec }: Application): string {
  const isElsewhere = namespace !== '' && namespace !== spec.destination.namespace;
  return oneLine(`${kind} ${isElsewhere ? `${namespace}/` : ''}${name}${hook === '' ? '' : ` (${hook})`}`);
}

function reasonOf(state: ResourceState, { reasons }: WaitingView): string {
  return reasons.get(stateKey(state)) ?? shortReason(state.reason || (isNews(state.message) ? state.message : ''));
}

/** 'configured' and 'created' say what was done, not what is missing. */
const isNews = (message: string): boolean => !/ (configured|created|unchanged|serverside-applied)$/.test(message);

/** Argo CD's sentence without what the row says already. */
export const shortReason = (reason: string): string =>
  reason
    .replace(/^Waiting for rollout to finish: /, '')
    .replace(/\.\.\.$/, '')
    .replace(/^(\d+) (?:out )?of (\d+) (?:new |updated )?replicas are available$/, '$1 of $2 available')
    .replace(/^(\d+) out of (\d+) new replicas have been updated$/, '$1 of $2 updated');

/** 'phase PreSync', and the wave where there is more than one. */
function stepOf({ status, operation }: Application): string {
  const results = status?.operationState?.syncResult?.resources ?? [];
  const isRunning = operation !== undefined || status?.operationState?.phase === 'Running';
  const current = results.findLast(({ hookPhase }) => hookPhase === 'Running') ?? results.at(-1);
  if (!isRunning || !current) return '';
  const waves = new Map(
    (status?.resources ?? []).map(({ kind, namespace = '', name, syncWave = 0 }) => [
      `${kind}/${namespace}/${name}`,
      syncWave,
    ]),
  );
  const hasWaves = [...waves.values()].some((wave) => wave !== 0);
  const wave = waves.get(`${current.kind}/${current.namespace}/${current.name}`);
  return [current.syncPhase ?? '', hasWaves && wave !== undefined ? `wave ${wave}` : ''].filter(Boolean).join(' ');
}

function messageOf({ status, operation }: Application): string {
  const state = status?.operationState;
  return operation !== undefined || state?.phase === 'Running' ? (state?.message ?? '') : '';
}
