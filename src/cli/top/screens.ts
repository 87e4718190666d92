// The screens of `hawser top` as lines, in the size of the window.

import type { Application } from '../../model/application.ts';
import { fleetPage, renderFleet, type WindowLook } from '../../render/fleet.ts';
import { wrapWords } from '../../render/help-page.ts';
import { type Part, padded, partsLine, wholeParts } from '../../render/parts.ts';
import { reasonOf } from '../../render/reason.ts';
import { resourceStates } from '../../render/states.ts';
import { meaningOf } from '../../render/style.ts';
import { elapsedText, resourceLines } from '../../render/waiting.ts';
import { wrap } from '../../render/width.ts';
import { visible } from '../io/visible.ts';
import type { Fleet } from './fleet.ts';
import { line } from './rows.ts';
import { placeOf, type Scene, type TopState } from './state.ts';

/** What was asked for, for the screen that is open: undefined while it is on its way. */
export interface Content {
  readonly application?: Application;
  readonly causes?: readonly string[];
  /** Lines of a difference. */
  readonly diff?: readonly string[] | undefined;
  readonly failure?: string | undefined;
  readonly diffFailure?: string | undefined;
}

export interface Picture {
  readonly state: TopState;
  readonly fleet: Fleet;
  readonly content: Content;
  readonly server: string;
  readonly loading: boolean;
  /** When the connection was lost. */
  readonly lostAt: number | undefined;
  /** The result of what was done last. */
  readonly remark: string;
  readonly now: number;
}

/** No more lines than the window has, none wider than it: what can be typed is the last to go. */
export const drawTop = (picture: Picture, look: WindowLook): string[] => linesOf(picture, look).slice(-look.rows);

function linesOf(picture: Picture, look: WindowLook): string[] {
  const foot = footLines(picture, look);
  const { state, fleet } = picture;
  if (state.screen === 'fleet') {
    const { order, filter, offset } = state;
    const rows = fleet.rows(order, filter);
    const selected = placeOf(
      state,
      rows.map(({ key }) => key),
    );
    const { total, sync, health } = fleet;
    const { server, loading, now } = picture;
    const view = { server, total, sync, health, rows, selected, offset, filter, order, loading, now };
    return [...renderFleet(view, look, foot.length), ...foot];
  }
  const [title = '', ...text] = textLines(picture, look);
  const room = Math.max(0, look.rows - foot.length - 1);
  const first = Math.min(state.scroll, Math.max(0, text.length - room));
  const page = text.slice(first, first + room);
  const blank = Array.from({ length: room - page.length }, () => '');
  return [title, ...page, ...blank, ...foot];
}

/** What the keys need to know of the screen. */
export function sceneOf(picture: Picture, look: WindowLook): Scene {
  const { state, fleet } = picture;
  const foot = footLines(picture, look).length;
  const keys = fleet.rows(state.order, state.filter).map(({ key }) => key);
  if (state.screen === 'fleet') return { keys, page: fleetPage(look, foot), lines: 0 };
  return { keys, page: Math.max(1, look.rows - foot - 1), lines: textLines(picture, look).length - 1 };
}

const FLEET_KEYS = [
  ['/', 'filter'],
  ['Enter', 'open'],
  ['s', 'sync'],
  ['d', 'diff'],
  ['r', 'refresh'],
  ['o', 'order'],
] as const;
const ENDS = [
  ['?', 'help'],
  ['q', 'quit'],
] as const;

const FOOTS = {
  fleet: [...FLEET_KEYS, ...ENDS],
  application: [['Esc', 'back'], ['s', 'sync'], ['d', 'diff'], ['r', 'refresh'], ...ENDS],
  diff: [['Esc', 'back'], ['s', 'sync'], ...ENDS],
  help: [
    ['Esc', 'back'],
    ['q', 'quit'],
  ],
} as const;

/** A warning where there is one, and what can be typed. */
function footLines({ state, fleet, lostAt, remark, now }: Picture, look: WindowLook): string[] {
  const { style } = look;
  const seconds = lostAt === undefined ? 0 : Math.max(0, Math.floor((now - lostAt) / 1000));
  const lost =
    lostAt === undefined
      ? []
      : [
          partsLine(
            [{ text: `not connected: this is ${elapsedText(seconds)} old; connecting again`, as: 'bad' }],
            look,
          ),
        ];
  if (state.question !== undefined) {
    const name = fleet.entry(state.question)?.row.name ?? state.question;
    return [...lost, questionLine(name, look)];
  }
  if (state.typing) return [...lost, partsLine([{ text: `/${line(state.filter)}_`, as: 'heading' }], look)];
  const keys = FOOTS[state.screen].map(([key, verb]): Part => ({ text: `${key} ${verb}` }));
  // With little room what leads on is better than the whole list.
  const order = [...keys.slice(-2).reverse(), ...keys.slice(0, -2)];
  const chosen = new Set(wholeParts(order, look.columns));
  const hints = style.faint(
    partsLine(
      keys.filter((part) => chosen.has(part)),
      { ...look, style },
    ),
  );
  const filter = state.filter === '' || state.screen !== 'fleet' ? '' : `filter: ${line(state.filter)} (Esc clears it)`;
  const said = remark === '' ? filter : line(remark);
  return [...lost, ...(said === '' ? [] : [partsLine([{ text: said, as: 'warn' }], look)]), hints].slice(
    -Math.max(1, look.rows - 1),
  );
}

/** The question stays whole, the name is cut. */
function questionLine(name: string, look: WindowLook): string {
  const tail = '? (y/N)';
  const room = look.columns - tail.length;
  return (
    partsLine([{ text: `Sync ${name}`, as: 'heading' }], { ...look, columns: Math.max(6, room) }) +
    look.style.heading(tail)
  );
}

/** The title of a screen and its text, however long. */
function textLines(picture: Picture, look: WindowLook): string[] {
  const { state, fleet, content } = picture;
  const name = (state.selected === undefined ? undefined : fleet.entry(state.selected)?.row.name) ?? '';
  if (state.screen === 'help') return [look.style.heading('Keys'), ...helpLines(look)];
  const heading = state.screen === 'diff' ? `What a sync of ${name} changes` : name;
  const failure = state.screen === 'diff' ? content.diffFailure : content.failure;
  if (failure !== undefined) return [titleLine(heading, look), ...wrapped(failure, look)];
  if (state.screen === 'diff') return [titleLine(heading, look), ...diffLines(content.diff, look)];
  if (!content.application) return [titleLine(heading, look), look.style.faint('loading')];
  return applicationLines(name, content.application, { content, look });
}

const titleLine = (text: string, look: WindowLook): string => partsLine([{ text, as: 'heading' }], look);

const wrapped = (text: string, { columns }: WindowLook): string[] =>
  visible(text)
    .split('\n')
    .flatMap((row) => wrap(row.replaceAll('\t', '  '), columns));

const DIFF_MEANINGS = { '+': 'good', '-': 'bad', '@': 'faint', '=': 'heading' } as const;

function diffLines(diff: readonly string[] | undefined, look: WindowLook): string[] {
  if (!diff) return [look.style.faint('comparing')];
  if (diff.length === 0) return ['nothing: the cluster is what Git says'];
  return diff.flatMap((row) => {
    const mark = row.charAt(0);
    const as = mark === '+' || mark === '-' || mark === '@' || mark === '=' ? DIFF_MEANINGS[mark] : 'plain';
    return wrapped(row, look).map((text) => look.style[as](text));
  });
}

function applicationLines(
  name: string,
  application: Application,
  { content, look }: { readonly content: Content; readonly look: WindowLook },
): string[] {
  const { status } = application;
  const words = [
    status?.sync?.status ?? 'Unknown',
    status?.health?.status ?? 'Unknown',
    status?.operationState?.phase ?? '',
  ];
  const marks = words.map(
    (word): Part => ({
      text: word === '' ? '' : `${look.glyphs.marks[meaningOf(word)].trim()} ${line(word)}`.trim(),
      as: meaningOf(word),
    }),
  );
  const title = partsLine([{ text: name, as: 'heading' }, ...marks], look);
  const reason = reasonOf(application);
  const causes = content.causes ?? [];
  const states = resourceStates(application).map((state) => ({
    ...state,
    kind: line(state.kind),
    name: line(state.name),
    message: line(state.message),
    reason: line(state.reason),
  }));
  return [
    title,
    ...(reason === '' ? [] : wrapped(reason, look)),
    ...(causes.length === 0
      ? []
      : [look.style.heading('Causes'), ...causes.flatMap((cause) => wrapped(`  ${cause}`, look))]),
    look.style.heading(`${states.length} ${states.length === 1 ? 'resource' : 'resources'}`),
    ...resourceLines(states, application, look),
  ];
}

const HELP = [
  ['Up, Down, j, k', 'move; also PgUp, PgDn, Home, End'],
  ['/', 'filter by words: of the name, project, state or reason'],
  ['Enter', 'open the application: its resources, and why they are not well'],
  ['s', 'sync it (asks first)'],
  ['d', 'show what a sync would change'],
  ['r', 'refresh: compare with Git now'],
  ['R', 'refresh without the manifest cache'],
  ['o', 'order by problems, name, project or last deployment'],
  ['Esc', 'back; clears the filter'],
  ['Ctrl-Z', 'suspend'],
  ['q, Ctrl-C', 'quit'],
] as const;

function helpLines(look: WindowLook): string[] {
  const width = Math.min(16, Math.floor(look.columns / 3));
  return HELP.flatMap(([keys, text]) => {
    const [first = '', ...rest] = wrapWords(text, Math.max(8, look.columns - width - 1));
    const lead =
      keys.length > width
        ? [partsLine([{ text: keys, as: 'heading' }], look), padded('', width)]
        : [look.style.heading(padded(keys, width))];
    const head = lead.map((text, index) => (index === lead.length - 1 ? `${text} ${first}` : text));
    return [...head, ...rest.map((more) => `${padded('', width)} ${more}`)];
  });
}
