// The text of the annotation: `crash:exit=2,after=5s; slow:by=20s`.

import { HawserError } from '../../core/errors.ts';
import { nearest } from '../../core/nearest.ts';
import { parseDuration } from '../../core/time.ts';
import { ALIASES, FAULTS, type FaultName, isFaultName, type Parameter, rowOf } from './table.ts';

export interface Fault {
  readonly name: FaultName;
  /** Milliseconds, counts, exit codes and shares (0 to 1); absent where neither said nor preset. */
  readonly numbers: Readonly<Record<string, number>>;
  readonly texts: Readonly<Record<string, string>>;
}

export interface ParsedFaults {
  readonly faults: readonly Fault[];
  /** What cannot be understood, each a sentence. */
  readonly problems: readonly string[];
}

const NO_FAULTS: ParsedFaults = { faults: [], problems: [] };
const MAX_TEXT = 1024;

/** A fault with a problem is left out whole: half of a wish is another wish. */
export function parseFaults(text: string | undefined): ParsedFaults {
  if (text === undefined) return NO_FAULTS;
  if (text.length > MAX_TEXT) return { faults: [], problems: [`a fault has at most ${MAX_TEXT} characters`] };
  const faults: Fault[] = [];
  const problems: string[] = [];
  const parts = text.split(';').map((part) => part.trim());
  if (parts.every((part) => part === '')) problems.push(`the annotation is empty: ${KNOWN}`);
  for (const part of parts.filter((part) => part !== '')) {
    const parsed = parseFault(part);
    if (typeof parsed === 'string') problems.push(parsed);
    else if (faults.some(({ name }) => name === parsed.name)) problems.push(`fault "${parsed.name}" stands twice`);
    else faults.push(parsed);
  }
  return { faults, problems };
}

const KNOWN = `known faults are ${Object.keys(FAULTS).join(', ')}`;

function parseFault(part: string): Fault | string {
  const colon = part.indexOf(':');
  const word = (colon < 0 ? part : part.slice(0, colon)).trim();
  const name = ALIASES[word] ?? word;
  if (!isFaultName(name)) {
    const [near] = nearest(word, [...Object.keys(FAULTS), ...Object.keys(ALIASES)]);
    return `unknown fault "${word}": ${near === undefined ? KNOWN : `did you mean "${near}"?`}`;
  }
  const { parameters } = rowOf(name);
  const numbers: Record<string, number> = {};
  const texts: Record<string, string> = {};
  const settings = colon < 0 ? [] : settingsIn(part.slice(colon + 1), parameters);
  for (const [key, { initial }] of Object.entries(parameters)) {
    if (initial !== '' && !settings.some((setting) => setting.key === key)) settings.push({ key, value: initial });
  }
  for (const { key, value } of settings) {
    const parameter = Object.hasOwn(parameters, key) ? parameters[key] : undefined;
    if (!parameter) return noSuchParameter(name, key);
    if (Object.hasOwn(numbers, key) || Object.hasOwn(texts, key)) return `fault "${name}": ${key} stands twice`;
    const read = READERS[parameter.type](value);
    if (read === undefined) return `fault "${name}": ${key} must be ${EXPECTED[parameter.type]}, not "${value}"`;
    if (typeof read === 'number') numbers[key] = read;
    else texts[key] = read;
  }
  const unsuitable = checkChoice(name, texts);
  return unsuitable ?? { name, numbers, texts };
}

interface Setting {
  readonly key: string;
  readonly value: string;
}

/** A text takes everything that follows, commas included. */
function settingsIn(text: string, parameters: Readonly<Record<string, Parameter>>): Setting[] {
  const settings: Setting[] = [];
  let rest = text.trim();
  while (rest !== '') {
    const [whole = rest, key = '', value = ''] = /^\s*([^=,]*?)\s*(?:=([^,]*))?(?:,|$)/.exec(rest) ?? [];
    if (Object.hasOwn(parameters, key) && parameters[key]?.type === 'text') {
      return [...settings, { key, value: rest.slice(rest.indexOf('=') + 1).trim() }];
    }
    settings.push({ key, value: value.trim() });
    rest = rest.slice(whole.length);
  }
  return settings;
}

function noSuchParameter(name: FaultName, key: string): string {
  const known = Object.keys(rowOf(name).parameters);
  const has = known.length === 0 ? 'it has none' : `it has ${known.join(', ')}`;
  return `fault "${name}" has no parameter "${key}": ${has}`;
}

const EXPECTED: Readonly<Record<Parameter['type'], string>> = {
  duration: 'a time like 500ms, 5s or 2m',
  count: 'a whole number from 0 to 1000',
  exit: 'a whole number from 1 to 255',
  share: 'a share from 0% to 90%',
  name: 'a name',
  text: 'a sentence',
  boolean: 'true or false',
};

const READERS: Readonly<Record<Parameter['type'], (value: string) => number | string | undefined>> = {
  duration: readDuration,
  count: (value) => wholeNumber(value, 0, 1000),
  exit: (value) => wholeNumber(value, 1, 255),
  share: (value) => {
    const [, amount, percent] = /^(\d+(?:\.\d+)?|\.\d+)(%?)$/.exec(value) ?? [];
    const part = amount === undefined ? Number.NaN : Number(amount) / (percent === '%' ? 100 : 1);
    return part >= 0 && part <= MAX_SHARE ? part : undefined;
  },
  name: (value) => (/^[A-Za-z0-9]([-A-Za-z0-9._]*[A-Za-z0-9])?$/.test(value) ? value : undefined),
  text: (value) => (value === '' ? undefined : value),
  boolean: (value) => (['true', 'false'].includes(value) ? value : undefined),
};

/** A client that tries again must get through in the end. */
const MAX_SHARE = 0.9;
const MAX_DURATION_MS = 30 * 24 * 3_600_000;

function readDuration(value: string): number | undefined {
  try {
    const milliseconds = parseDuration(value);
    return milliseconds >= 0 && milliseconds <= MAX_DURATION_MS ? milliseconds : undefined;
  } catch (thrown) {
    if (thrown instanceof HawserError) return undefined;
    throw thrown;
  }
}

function wholeNumber(value: string, least: number, most: number): number | undefined {
  const number = /^\d{1,4}$/.test(value) ? Number(value) : Number.NaN;
  return number >= least && number <= most ? number : undefined;
}

export const PULL_FAILURES = ['not-found', 'denied', 'timeout'] as const;

function checkChoice(name: FaultName, texts: Readonly<Record<string, string>>): string | undefined {
  const reason = texts['reason'];
  if (name !== 'never-pull' || reason === undefined || PULL_FAILURES.some((known) => known === reason))
    return undefined;
  return `fault "${name}": reason must be one of ${PULL_FAILURES.join(', ')}, not "${reason}"`;
}
