// What operators and functions may cost, beside what they are given.

import type { Schema } from '../../../objects/schema.ts';
import {
  ANY,
  BOOL,
  BYTES,
  costsOf,
  DOUBLE,
  DURATION,
  type Estimate,
  INT,
  isAny,
  isText,
  listOf,
  mapOf,
  share,
  TEXT,
  TIME,
  times,
  UNKNOWN,
} from './estimate-part.ts';

/** A part whose size is known. */
interface Given extends Estimate {
  readonly most: number;
  readonly item: number;
}

/** What a call costs by itself, and what it makes. */
interface Outcome {
  readonly own: number;
  readonly type: Schema;
  readonly size?: number | undefined;
  readonly least?: number | undefined;
  readonly entry?: number | undefined;
  readonly path?: Estimate['path'];
}

type Operation = (...args: Given[]) => Outcome;

/** What functions do that are not in the table below. */
const once =
  (type: Schema): Operation =>
  () => ({ own: 1, type });

/** Going through letters. */
const LETTER = 0.1;

const opaque = (type: string): Schema => ({ type });
const optional = (items: Schema): Schema => ({ type: 'optional', items });
const FORMAT = opaque('format');
const URL = opaque('url');

const NOTHING: Given = { cost: 0, type: ANY, most: UNKNOWN, item: UNKNOWN };

/** Types of functions that cost one. */
const TYPES: Readonly<Record<string, Schema>> = {
  '-_': INT,
  '.asApproximateFloat': DOUBLE,
  '.asInteger': INT,
  '.compareTo': INT,
  '.first': optional(ANY),
  '.getEscapedPath': TEXT,
  '.getHost': TEXT,
  '.getHostname': TEXT,
  '.getPort': TEXT,
  '.getQuery': mapOf(listOf(TEXT)),
  '.getScheme': TEXT,
  '.ip': opaque('ip'),
  '.last': optional(ANY),
  '.masked': opaque('cidr'),
  '.or': optional(ANY),
  '.size': INT,
  '.add': opaque('quantity'),
  '.sub': opaque('quantity'),
  '.unwrapOpt': listOf(ANY),
  double: DOUBLE,
  duration: DURATION,
  'optional.none': optional(ANY),
  'optional.of': optional(ANY),
  'optional.ofNonZeroValue': optional(ANY),
  'optional.unwrap': listOf(ANY),
  timestamp: TIME,
  type: opaque('type'),
};

const NUMBERS = /^(?:\.(?:get\w+|family|prefixLength|major|minor|patch|charAt)|size|int|uint|[-*/%])$/;
const QUESTIONS = /^(?:!_|\.(?:is\w+|hasValue|startsWith|endsWith)|is\w+|[<>]=?)$/;

function typeOf(name: string): Schema {
  if (Object.hasOwn(TYPES, name)) return TYPES[name] ?? ANY;
  if (name === '.charAt') return TEXT;
  if (NUMBERS.test(name)) return INT;
  if (name.startsWith('format.')) return FORMAT;
  return QUESTIONS.test(name) ? BOOL : ANY;
}

const bothMay = (holds: (type: Schema) => boolean, one: Given, other: Given): boolean =>
  (holds(one.type) && (holds(other.type) || isAny(other.type))) ||
  (isAny(one.type) && (holds(other.type) || isAny(other.type)));

const WHOLE: ReadonlySet<string> = new Set(['ip', 'cidr', 'quantity', 'semver']);
/** Formats are compared by what they are made of. */
const FORMAT_EQUALITY = 7;

/** Of two values, no more than the shorter one is gone through. */
const compared = (one: Given, other: Given): number => share(Math.min(one.most, other.most), LETTER);

const equality: Operation = (one, other) => {
  const [{ type = '' }, { type: second }] = [one.type, other.type];
  if (type === second && WHOLE.has(type)) return { own: 1, type: BOOL };
  return { own: type === 'format' && second === type ? FORMAT_EQUALITY : compared(one, other), type: BOOL };
};

const order: Operation = (one, other) => ({
  own: bothMay(isText, one, other) ? compared(one, other) : 1,
  type: BOOL,
});

const free: Operation = () => ({ own: 0, type: BOOL });

const plus: Operation = (one, other) => {
  const type = isAny(one.type) ? other.type : one.type;
  const sum = (): number => one.most + other.most;
  if (bothMay(isText, one, other))
    return { own: Math.max(1, share(sum(), LETTER)), type, size: sum(), least: (one.least ?? 0) + (other.least ?? 0) };
  if (type.type !== 'array') return { own: 1, type };
  const entries = [one.entry, other.entry].filter((entry) => entry !== undefined);
  return { own: 1, type, size: sum(), entry: entries.length === 0 ? undefined : Math.max(...entries) };
};

const within: Operation = (_item, whole) => ({ own: whole.type.type === 'object' ? 1 : whole.most, type: BOOL });

/** Text in, text out, as long as it was. */
const throughText: Operation = (text) => ({ own: share(text.most, LETTER), type: TEXT, size: text.most });

const PATTERN = 0.25;
const pattern = (text: Given, one: Given): number => times(share(text.most + 1, LETTER), share(one.most, PATTERN));

const readText =
  (type: Schema, rounds = 1): Operation =>
  (text) => ({ own: share(text.most, LETTER * rounds), type, size: type === URL ? text.most : undefined });

const NEW_LIST = 11;

const remade =
  (own: (list: Given) => number, size: (count: number) => number = (count) => count): Operation =>
  (list) => ({ own: own(list) + NEW_LIST, type: list.type, size: size(list.most) });

const square = (count: number): number => times(count, count);

/** Each pair of items is compared, texts letter by letter. */
const sorted = (list: Given, keys: Given): Outcome => ({
  own: share(square(list.most), hasTexts(keys) ? 2.1 : 2) + NEW_LIST,
  type: list.type,
  size: square(list.most),
});

const hasTexts = ({ type }: Given): boolean => type.items !== undefined && isText(type.items);

const splitText: Operation = (text, _separator, limit) => {
  const most = limit?.number ?? text.most;
  return { own: share(text.most, 2 * LETTER), type: listOf(TEXT), size: most < 0 ? UNKNOWN : most };
};

const replaced: Operation = (text, old = NOTHING, fresh = NOTHING) => {
  const [size, least] = [text.most, old.least ?? 0];
  const most = least === 0 ? times(size + 1, fresh.most) + size : times(Math.ceil(size / least), fresh.most);
  return { own: share(size, 2 * LETTER), type: TEXT, size: Math.max(size, most) };
};

const flattened: Operation = (list, depth) => ({
  own: times(list.most, depth ? (depth.number ?? UNKNOWN) : 1) + NEW_LIST,
  type: depth?.number === 0 ? list.type : listOf(list.type.items?.items ?? ANY),
  size: list.most,
});

const sliced: Operation = (list, from, to) => {
  const count = to?.number === undefined ? list.most : to.number - (from?.number ?? 0);
  return { own: count + NEW_LIST, type: list.type, size: count };
};

const ranged: Operation = (count) => {
  const size = count.number ?? UNKNOWN;
  return { own: size + NEW_LIST, type: listOf(INT), size };
};

const setsMet =
  (rounds: number): Operation =>
  (one, other) => ({ own: times(times(one.most, other.most), rounds) + 1, type: BOOL });

/** Each item is looked at, texts letter by letter. */
const goneThrough =
  (type?: Schema): Operation =>
  (list) => ({
    own: times(list.most, hasTexts(list) ? share(list.item, LETTER) + 1 : 1),
    type: type ?? list.type.items ?? ANY,
  });

const found: Operation = (whole) =>
  whole.type.type === 'array' ? goneThrough(INT)(whole) : { ...throughText(whole), type: INT, size: undefined };

const joined: Operation = (list, separator) => {
  const count = list.most;
  const size = times(count, list.item) + times(Math.max(count - 1, 0), separator?.most ?? 0);
  return { own: share(size, LETTER), type: TEXT, size };
};

const asText: Operation = (value) => {
  const isBytes = value.type.format === 'byte';
  const own = isBytes || isAny(value.type) ? Math.max(1, share(value.most, LETTER)) : 1;
  return { own, type: TEXT, size: isBytes || isAny(value.type) ? value.most : undefined };
};

/** The longest pattern that a format may have. */
const FORMAT_PATTERN = 32;

const contained =
  (more: number): Operation =>
  (_range, part) => ({ own: (isText(part.type) ? share(part.most, LETTER) : 0) + more, type: BOOL });

const OPERATIONS: Readonly<Record<string, Operation>> = {
  '==': equality,
  '!=': equality,
  '<': order,
  '<=': order,
  '>': order,
  '>=': order,
  '&&': free,
  '||': free,
  '+': plus,
  '-': (one) => ({ own: 1, type: one.type }),
  in: within,
  dyn: (value) => ({ own: 1, type: ANY, size: value.most }),
  string: asText,
  bytes: (value) => ({ own: share(value.most, LETTER), type: BYTES, size: value.most * 4 }),
  '.startsWith': (_text, start) => ({ own: share(start?.most ?? 0, LETTER), type: BOOL }),
  '.endsWith': (_text, end) => ({ own: share(end?.most ?? 0, LETTER), type: BOOL }),
  '.contains': (text, part) => ({
    own: times(share(text.most, LETTER), share(part?.most ?? 0, LETTER)),
    type: BOOL,
  }),
  '.matches': (text, one) => ({ own: pattern(text, one), type: BOOL }),
  '.indexOf': found,
  '.lastIndexOf': found,
  '.isSorted': goneThrough(BOOL),
  '.join': joined,
  '.max': goneThrough(),
  '.min': goneThrough(),
  '.sum': goneThrough(),
  '.find': (text, one) => ({ own: pattern(text, one), type: TEXT, size: text.most }),
  '.findAll': (text, one) => ({ own: pattern(text, one), type: listOf(TEXT), size: text.most }),
  '.lowerAscii': throughText,
  '.upperAscii': throughText,
  '.trim': throughText,
  '.substring': throughText,
  '.replace': replaced,
  '.split': splitText,
  'strings.quote': (text) => ({ own: share(text.most, LETTER), type: TEXT, size: text.most * 2 + 2 }),
  '.format': (text) => ({ own: share(text.most, LETTER), type: TEXT }),
  '.flatten': flattened,
  '.slice': sliced,
  '.reverse': remade((list) => list.most),
  '.distinct': remade((list) => square(list.most) * 2, square),
  '.sort': (list) => sorted(list, list),
  '.sortBy': sorted,
  'lists.range': ranged,
  'sets.contains': setsMet(1),
  'sets.intersects': setsMet(1),
  'sets.equivalent': setsMet(2),
  url: readText(URL),
  ip: readText(opaque('ip')),
  cidr: readText(opaque('cidr')),
  quantity: readText(opaque('quantity')),
  semver: readText(opaque('semver')),
  isIP: readText(BOOL),
  'ip.isCanonical': readText(BOOL, 2),
  isCIDR: readText(BOOL),
  isQuantity: readText(BOOL),
  isSemver: readText(BOOL),
  '.containsIP': contained(4),
  '.containsCIDR': contained(7),
  '.validate': (_format, text) => ({
    own: times(share(text?.most ?? 0, LETTER), FORMAT_PATTERN),
    type: optional(listOf(TEXT)),
  }),
  'format.named': once(optional(FORMAT)),
  '.value': (value) => ({ own: 1, type: value.type.items ?? ANY }),
  '.orValue': (value) => ({ own: 1, type: value.type.items ?? ANY }),
};

/** A call by what it is given, each part with its size. */
export function estimateCall(name: string, parts: readonly Estimate[]): Estimate {
  const args = parts.map((part): Given => ({ ...part, most: part.size ?? UNKNOWN, item: part.item ?? UNKNOWN }));
  const operation = Object.hasOwn(OPERATIONS, name) ? OPERATIONS[name] : undefined;
  const { own, ...rest } = (operation ?? once(typeOf(name)))(...args);
  return { ...rest, cost: costsOf(parts) + own };
}
