// How a schedule of cron is spelt, by Go's rules (robfig/cron, which Kubernetes and Argo CD use) and in its words.

import { HawserError } from './errors.ts';
import { parseDuration } from './time.ts';

interface Field {
  readonly min: number;
  readonly max: number;
  readonly names: readonly string[];
}

const FIELDS: readonly Field[] = [
  { min: 0, max: 59, names: [] },
  { min: 0, max: 23, names: [] },
  { min: 1, max: 31, names: [] },
  { min: 1, max: 12, names: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'] },
  { min: 0, max: 6, names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] },
];

const DESCRIPTORS: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

/** A schedule as it is spelt: every so many milliseconds, or at the times of a pattern of five fields. */
export type CronSpelling = { readonly every: number } | { readonly pattern: string };

/** Throws `invalid` with Go's words for what cannot be read. */
export function spellCron(text: string): CronSpelling {
  if (text === '') throw invalid('empty spec string');
  const every = /^@every (.*)$/.exec(text)?.[1];
  if (every !== undefined) return { every: interval(every) };
  const spec = text.startsWith('@') ? DESCRIPTORS[text] : text.trim();
  if (spec === undefined) throw invalid(`unrecognized descriptor: ${text}`);
  const fields = spec.split(/\s+/).filter((field) => field !== '');
  if (fields.length !== FIELDS.length)
    throw invalid(`expected exactly 5 fields, found ${fields.length}: [${fields.join(' ')}]`);
  return { pattern: FIELDS.map((field, index) => plainField(fields[index] ?? '', field)).join(' ') };
}

const SECOND_MS = 1000;

/** Whole seconds, one at least. */
const interval = (text: string): number => Math.max(SECOND_MS, Math.floor(duration(text) / SECOND_MS) * SECOND_MS);

function duration(text: string): number {
  try {
    return parseDuration(text);
  } catch {
    throw invalid(`failed to parse duration @every ${text}: time: invalid duration "${text}"`);
  }
}

/** A field as a star or a list of numbers: the spelling that every cron reads alike. */
function plainField(text: string, field: Field): string {
  const values = new Set<number>();
  for (const part of text.split(',')) {
    const { from, to, step, isOpen } = parsePart(part, field);
    if (isOpen && step === 1) return '*';
    for (let value = from; value <= to; value += step) values.add(value);
  }
  return [...values].sort((a, b) => a - b).join(',');
}

interface Part {
  readonly from: number;
  readonly to: number;
  readonly step: number;
  /** Written as a star or a question mark. */
  readonly isOpen: boolean;
}

function parsePart(text: string, field: Field): Part {
  const [range = '', stepText, ...slashes] = text.split('/');
  const [first = '', last, ...hyphens] = range.split('-');
  const isOpen = first === '*' || first === '?';
  if (!isOpen && hyphens.length > 0) throw invalid(`too many hyphens: ${text}`);
  if (slashes.length > 0) throw invalid(`too many slashes: ${text}`);
  const from = isOpen ? field.min : fieldValue(first, text, field);
  const step = stepText === undefined ? 1 : numberOf(stepText, text);
  // 'N/step' goes on to the end of the field.
  const single = stepText === undefined ? from : field.max;
  const to = isOpen ? field.max : last === undefined ? single : fieldValue(last, text, field);
  if (from < field.min) throw invalid(`beginning of range (${from}) below minimum (${field.min}): ${text}`);
  if (to > field.max) throw invalid(`end of range (${to}) above maximum (${field.max}): ${text}`);
  if (from > to) throw invalid(`beginning of range (${from}) beyond end of range (${to}): ${text}`);
  if (step === 0) throw invalid(`step of range should be a positive number: ${text}`);
  return { from, to, step, isOpen };
}

function fieldValue(text: string, part: string, { names, min }: Field): number {
  const index = names.indexOf(text.toLowerCase());
  return index < 0 ? numberOf(text, part) : index + min;
}

function numberOf(text: string, part: string): number {
  if (/^\+?\d+$/.test(text)) return Number(text);
  if (/^-\d+$/.test(text)) throw invalid(`negative number (${text}) not allowed: ${part}`);
  throw invalid(`failed to parse int from ${text}: strconv.Atoi: parsing "${text}": invalid syntax`);
}

const invalid = (message: string): HawserError => new HawserError('invalid', message);
