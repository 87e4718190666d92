// Patterns of Lua: classes, sets, captures, balanced pairs and frontiers. They are tried one way after the other; a limit of steps
// ends those that would not.

import { LuaError } from './values.ts';

/** A stretch of the text, or, where `end` is undefined, a place in it. */
export interface Capture {
  readonly start: number;
  readonly end: number | undefined;
}

export interface Match extends Capture {
  readonly end: number;
  readonly captures: readonly Capture[];
}

interface State {
  readonly text: string;
  readonly pattern: string;
  readonly captures: { start: number; end: number | undefined; isOpen: boolean }[];
  steps: number;
}

const MAX_STEPS = 5_000_000;
const MAX_CAPTURES = 32;

const CLASSES: Readonly<Record<string, RegExp>> = {
  a: /[A-Za-z]/,
  c: /\p{Cc}/u,
  d: /\d/,
  l: /[a-z]/,
  p: /[!-/:-@[-`{-~]/,
  s: /[ \t-\r]/,
  u: /[A-Z]/,
  w: /[A-Za-z\d]/,
  x: /[\da-fA-F]/,
  z: /\0/,
};

const broken = (problem: string): LuaError => new LuaError(problem);

/** Whether a character is of the class that stands behind `%`. */
function inClass(character: string, name: string): boolean {
  const pattern = CLASSES[name.toLowerCase()];
  if (!pattern) return character === name;
  return pattern.test(character) === (name === name.toLowerCase());
}

/** Where the item of the pattern that begins at `at` ends. */
function itemEnd({ pattern }: State, at: number): number {
  if (pattern[at] === '%') {
    if (at + 1 >= pattern.length) throw broken("malformed pattern (ends with '%')");
    return at + 2;
  }
  if (pattern[at] !== '[') return at + 1;
  let end = at + (pattern[at + 1] === '^' ? 2 : 1);
  do {
    if (end >= pattern.length) throw broken("malformed pattern (missing ']')");
    end += pattern[end] === '%' ? 2 : 1;
  } while (pattern[end] !== ']');
  return end + 1;
}

function inSet({ pattern }: State, character: string, start: number, end: number): boolean {
  const isInverse = pattern[start + 1] === '^';
  let at = start + (isInverse ? 2 : 1);
  while (at < end - 1) {
    const item = pattern.charAt(at);
    if (item === '%') {
      if (inClass(character, pattern.charAt(at + 1))) return !isInverse;
      at += 2;
    } else if (pattern[at + 1] === '-' && at + 2 < end - 1) {
      if (item <= character && character <= pattern.charAt(at + 2)) return !isInverse;
      at += 3;
    } else {
      if (item === character) return !isInverse;
      at += 1;
    }
  }
  return isInverse;
}

function fits(state: State, position: number, start: number, end: number): boolean {
  const character = state.text[position];
  if (character === undefined) return false;
  const item = state.pattern.charAt(start);
  if (item === '.') return true;
  if (item === '%') return inClass(character, state.pattern.charAt(start + 1));
  return item === '[' ? inSet(state, character, start, end) : item === character;
}

/** The end of the match, or undefined. */
function follow(state: State, from: number, start: number): number | undefined {
  let [position, at] = [from, start];
  for (;;) {
    state.steps += 1;
    if (state.steps > MAX_STEPS) throw broken('pattern too complex');
    const item = state.pattern[at];
    if (item === undefined) return position;
    if (item === '(' || item === ')') return group(state, position, at);
    if (item === '$' && at + 1 === state.pattern.length) return position === state.text.length ? position : undefined;
    const after = item === '%' ? state.pattern.charAt(at + 1) : '';
    if (after === 'b') return balanced(state, position, at);
    if (after === 'f') return frontier(state, position, at);
    if (/\d/.test(after)) {
      const end = backReference(state, position, Number(after));
      if (end === undefined) return undefined;
      [position, at] = [end, at + 2];
      continue;
    }
    const end = itemEnd(state, at);
    const quantifier = state.pattern[end] ?? '';
    if (['*', '+', '-', '?'].includes(quantifier)) return repeated(state, position, { at, end, quantifier });
    if (!fits(state, position, at, end)) return undefined;
    [position, at] = [position + 1, end];
  }
}

interface Repeated {
  readonly at: number;
  readonly end: number;
  readonly quantifier: string;
}

function repeated(state: State, position: number, { at, end, quantifier }: Repeated): number | undefined {
  const rest = (from: number): number | undefined => follow(state, from, end + 1);
  if (quantifier === '?') return (fits(state, position, at, end) ? rest(position + 1) : undefined) ?? rest(position);
  if (quantifier === '-') {
    for (let from = position; ; from++) {
      const found = rest(from);
      if (found !== undefined) return found;
      if (!fits(state, from, at, end)) return undefined;
    }
  }
  let most = position;
  while (fits(state, most, at, end)) most += 1;
  for (let from = most; from >= position + (quantifier === '+' ? 1 : 0); from--) {
    const found = rest(from);
    if (found !== undefined) return found;
  }
  return undefined;
}

function group(state: State, position: number, at: number): number | undefined {
  if (state.pattern[at] === ')') {
    const open = state.captures.findLast(({ isOpen }) => isOpen);
    if (!open) throw broken('invalid pattern capture');
    [open.isOpen, open.end] = [false, position];
    const found = follow(state, position, at + 1);
    if (found === undefined) open.isOpen = true;
    return found;
  }
  if (state.captures.length >= MAX_CAPTURES) throw broken('too many captures');
  const isPlace = state.pattern[at + 1] === ')';
  const { length } = state.captures;
  state.captures.push({ start: position, end: undefined, isOpen: !isPlace });
  const found = follow(state, position, at + (isPlace ? 2 : 1));
  if (found === undefined) state.captures.length = length;
  return found;
}

function balanced(state: State, position: number, at: number): number | undefined {
  const [open, close] = [state.pattern[at + 2], state.pattern[at + 3]];
  if (open === undefined || close === undefined) throw broken("missing arguments to '%b'");
  if (state.text[position] !== open) return undefined;
  let depth = 1;
  for (let end = position + 1; end < state.text.length; end++) {
    if (state.text[end] === close) {
      depth -= 1;
      if (depth === 0) return follow(state, end + 1, at + 4);
    } else if (state.text[end] === open) depth += 1;
  }
  return undefined;
}

function frontier(state: State, position: number, at: number): number | undefined {
  if (state.pattern[at + 2] !== '[') throw broken("missing '[' after '%f' in pattern");
  const end = itemEnd(state, at + 2);
  const [before, here] = [state.text[position - 1] ?? '\0', state.text[position] ?? '\0'];
  const isEdge = !inSet(state, before, at + 2, end) && inSet(state, here, at + 2, end);
  return isEdge ? follow(state, position, end) : undefined;
}

function backReference(state: State, position: number, number: number): number | undefined {
  const capture = state.captures[number - 1];
  if (capture?.end === undefined) throw broken('invalid capture index');
  const text = state.text.slice(capture.start, capture.end);
  return state.text.startsWith(text, position) ? position + text.length : undefined;
}

/** The first match at `from` or later. */
export function findPattern(text: string, pattern: string, from: number): Match | undefined {
  const isAnchored = pattern.startsWith('^');
  for (let start = from; start <= text.length; start++) {
    const state: State = { text, pattern, captures: [], steps: 0 };
    const end = follow(state, start, isAnchored ? 1 : 0);
    if (end !== undefined) return { start, end, captures: state.captures.map(({ start, end }) => ({ start, end })) };
    if (isAnchored) return undefined;
  }
  return undefined;
}
