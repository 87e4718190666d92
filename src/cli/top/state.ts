// What the keys of `hawser top` do: a key and what is on the screen make the next state, and perhaps something to do.

import { ORDERS, type Order } from './fleet.ts';

export type Screen = 'fleet' | 'application' | 'diff' | 'help';

export interface TopState {
  readonly screen: Screen;
  /** The screen to go back to from help, and from a difference. */
  readonly below: readonly Screen[];
  readonly order: Order;
  readonly filter: string;
  /** Whether keys go into the filter. */
  readonly typing: boolean;
  /** The key of the selected application, and its place among the others. */
  readonly selected: string | undefined;
  readonly place: number;
  readonly offset: number;
  /** The first line of a screen of text. */
  readonly scroll: number;
  /** The application that a sync is asked about. */
  readonly question: string | undefined;
}

export const FIRST_STATE: TopState = {
  screen: 'fleet',
  below: [],
  order: 'problems',
  filter: '',
  typing: false,
  selected: undefined,
  place: 0,
  offset: 0,
  scroll: 0,
  question: undefined,
};

export type Task = 'open' | 'diff' | 'sync' | 'refresh' | 'hard-refresh';

export type Effect = { readonly do: 'quit' | 'suspend' | 'redraw' } | { readonly do: Task; readonly key: string };

export interface Step {
  readonly state: TopState;
  readonly effect?: Effect;
}

/** What is on the screen. */
export interface Scene {
  /** The keys of the applications that fit the filter, in order. */
  readonly keys: readonly string[];
  /** How many of them, or lines of text, the window shows. */
  readonly page: number;
  /** The lines of the text. */
  readonly lines: number;
}

/** The place of the selected application: where it is now, or where it was when it is gone. */
export function placeOf({ selected, place }: TopState, keys: readonly string[]): number {
  const now = selected === undefined ? -1 : keys.indexOf(selected);
  return now >= 0 ? now : Math.max(0, Math.min(place, keys.length - 1));
}

type Move = (state: TopState, scene: Scene) => TopState;

const STEPS: Readonly<Record<string, (place: number, page: number, count: number) => number>> = {
  up: (place) => place - 1,
  k: (place) => place - 1,
  down: (place) => place + 1,
  j: (place) => place + 1,
  'page-up': (place, page) => place - page,
  'page-down': (place, page) => place + page,
  ' ': (place, page) => place + page,
  home: () => 0,
  g: () => 0,
  end: (_place, _page, count) => count - 1,
  G: (_place, _page, count) => count - 1,
};

const clamp = (value: number, most: number): number => Math.max(0, Math.min(value, most));

const select =
  (step: (place: number, page: number, count: number) => number): Move =>
  (state, { keys, page }) => {
    const place = clamp(step(placeOf(state, keys), page, keys.length), keys.length - 1);
    const offset = clamp(clamp(state.offset, place), Math.max(0, keys.length - page));
    return { ...state, place, selected: keys[place], offset: Math.max(offset, place - page + 1) };
  };

const scroll =
  (step: (place: number, page: number, count: number) => number): Move =>
  (state, { page, lines }) => ({ ...state, scroll: clamp(step(state.scroll, page, lines), Math.max(0, lines - page)) });

const push = (state: TopState, screen: Screen): TopState => ({
  ...state,
  screen,
  below: [...state.below, state.screen],
  scroll: 0,
});

function back(state: TopState): TopState {
  const screen = state.below.at(-1);
  if (screen !== undefined) return { ...state, screen, below: state.below.slice(0, -1), scroll: 0 };
  return { ...state, filter: '' };
}

const nextOrder = (order: Order): Order => ORDERS[(ORDERS.indexOf(order) + 1) % ORDERS.length] ?? 'problems';

/** Does something with the application that is selected; nothing where there is none. */
const onSelected =
  (act: (state: TopState, key: string) => Step) =>
  (state: TopState, { keys }: Scene): Step => {
    const place = placeOf(state, keys);
    const key = state.screen === 'fleet' ? keys[place] : state.selected;
    return key === undefined ? { state } : act({ ...state, selected: key, place }, key);
  };

type Action = (state: TopState, scene: Scene) => Step;

const QUIT: Action = (state) => ({ state, effect: { do: 'quit' } });
const BACK: Action = (state) => ({ state: back(state) });

const EVERYWHERE: Readonly<Record<string, Action>> = {
  'ctrl-c': QUIT,
  'ctrl-z': (state) => ({ state, effect: { do: 'suspend' } }),
  'ctrl-l': (state) => ({ state, effect: { do: 'redraw' } }),
  closed: QUIT,
};

const ON_APPLICATION: Readonly<Record<string, Action>> = {
  s: onSelected((state, key) => ({ state: { ...state, question: key } })),
  d: onSelected((state, key) => ({ state: push(state, 'diff'), effect: { do: 'diff', key } })),
  r: onSelected((state, key) => ({ state, effect: { do: 'refresh', key } })),
  R: onSelected((state, key) => ({ state, effect: { do: 'hard-refresh', key } })),
};

const COMMON: Readonly<Record<string, Action>> = {
  ...EVERYWHERE,
  q: QUIT,
  '?': (state) => ({ state: push(state, 'help') }),
  escape: BACK,
  left: BACK,
  backspace: BACK,
};

const moves = (move: (step: (place: number, page: number, count: number) => number) => Move): Record<string, Action> =>
  Object.fromEntries(
    Object.entries(STEPS).map(([key, step]): [string, Action] => [
      key,
      (state, scene) => ({ state: move(step)(state, scene) }),
    ]),
  );

const open = onSelected((state, key) => ({ state: push(state, 'application'), effect: { do: 'open', key } }));

const KEYS: Readonly<Record<Screen, Readonly<Record<string, Action>>>> = {
  fleet: {
    ...COMMON,
    ...moves(select),
    ...ON_APPLICATION,
    enter: open,
    right: open,
    '/': (state) => ({ state: { ...state, typing: true } }),
    o: (state) => ({ state: { ...state, order: nextOrder(state.order) } }),
  },
  application: { ...COMMON, ...moves(scroll), ...ON_APPLICATION },
  diff: { ...COMMON, ...moves(scroll), s: ON_APPLICATION['s'] ?? BACK },
  help: { ...COMMON, ...moves(scroll), '?': BACK, enter: BACK },
};

/** What comes of a key. One that means nothing changes nothing. */
export function press(state: TopState, key: string, scene: Scene): Step {
  const everywhere = EVERYWHERE[key];
  if (everywhere) return everywhere(state, scene);
  if (state.question !== undefined) return answer(state, key, state.question);
  if (state.typing) return { state: type(state, key, scene) };
  return KEYS[state.screen][key]?.(state, scene) ?? { state };
}

/** Only a yes is a yes. */
function answer(state: TopState, key: string, subject: string): Step {
  const next = { ...state, question: undefined };
  return key === 'y' || key === 'Y' ? { state: next, effect: { do: 'sync', key: subject } } : { state: next };
}

/** Keys that go into the filter: the best match is selected with each of them. */
function type(state: TopState, key: string, scene: Scene): TopState {
  const filtered = (filter: string): TopState => ({ ...state, filter, selected: undefined, place: 0, offset: 0 });
  if (key === 'enter') return { ...state, typing: false };
  if (key === 'escape') return { ...filtered(''), typing: false, selected: state.selected };
  if (key === 'ctrl-u') return filtered('');
  if (key === 'backspace') return filtered([...state.filter].slice(0, -1).join(''));
  if (key === 'up' || key === 'down') return select(STEPS[key] ?? ((place) => place))(state, scene);
  return [...key].length === 1 ? filtered(state.filter + key) : state;
}
