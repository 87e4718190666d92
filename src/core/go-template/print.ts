// printf: the verbs of Go's fmt that a template has a use for.

import { isList, isObject } from '../json.ts';
import { bad, numberText, textOf, type Value } from './values.ts';

const VERB = /%[-+# 0]*\d*(?:\.\d+)?[a-zA-Z%]/g;
const PARTS = /^%([-+# 0]*)(\d*)(?:\.(\d+))?([a-zA-Z%])$/;

export function sprintf(format: string, args: readonly Value[]): string {
  let used = 0;
  const text = format.replaceAll(VERB, (verb) => {
    const [, flags = '', width = '', precision, letter = ''] = PARTS.exec(verb) ?? [];
    if (letter === '%') return '%';
    if (used >= args.length) return `%!${letter}(MISSING)`;
    const value = args[used];
    used += 1;
    const digits = precision === undefined ? undefined : Number(precision);
    return padded(formatted(letter, value, { flags, digits }), flags, Number(width));
  });
  const extra = args.slice(used).map((value) => `${typeName(value)}=${textOf(value)}`);
  return extra.length === 0 ? text : `${text}%!(EXTRA ${extra.join(', ')})`;
}

interface Form {
  readonly flags: string;
  readonly digits: number | undefined;
}

function formatted(letter: string, value: Value, { flags, digits }: Form): string {
  const sign = flags.includes('+') && typeof value === 'number' && value >= 0 ? '+' : '';
  if (letter === 'v') return sign + textOf(value ?? null).replace(/^<no value>$/, '<nil>');
  if (letter === 'T') return typeName(value);
  if (typeof value === 'string') {
    if (letter === 's') return value.slice(0, digits ?? value.length);
    if (letter === 'q') return JSON.stringify(value);
    if (letter === 'x') return [...new TextEncoder().encode(value)].map((byte) => hex(byte).padStart(2, '0')).join('');
  }
  if (typeof value === 'boolean' && letter === 't') return String(value);
  if (typeof value === 'number') {
    if (Number.isInteger(value)) {
      if (letter === 'd') return sign + numberText(value);
      if (letter === 'x') return hex(value);
      if (letter === 'X') return hex(value).toUpperCase();
      if (letter === 'o') return value.toString(8);
      if (letter === 'b') return value.toString(2);
      if (letter === 'c') return String.fromCodePoint(value);
    }
    if (letter === 'f' || letter === 'F') return sign + value.toFixed(digits ?? 6);
    if (letter === 'e') return sign + value.toExponential(digits ?? 6).replace(/e([+-])(\d)$/, 'e$10$2');
    if (letter === 'g') return sign + numberText(digits === undefined ? value : Number(value.toPrecision(digits)));
  }
  if (letter === 's' && (isList(value) || isObject(value))) return textOf(value);
  if (!/[sdqxXotbcfFeg]/.test(letter)) throw bad(`printf has no verb %${letter}`);
  return `%!${letter}(${typeName(value)}${value === null || value === undefined ? '' : `=${textOf(value)}`})`;
}

const hex = (value: number): string => value.toString(16);

function typeName(value: Value): string {
  if (value === null || value === undefined) return '<nil>';
  if (isList(value)) return '[]interface {}';
  if (isObject(value)) return 'map[string]interface {}';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64';
  return typeof value === 'boolean' ? 'bool' : 'string';
}

function padded(text: string, flags: string, width: number): string {
  const missing = width - [...text].length;
  if (missing <= 0) return text;
  if (flags.includes('-')) return text + ' '.repeat(missing);
  if (!flags.includes('0') || Number.isNaN(Number(text))) return ' '.repeat(missing) + text;
  const [, sign = '', digits = ''] = /^([+-]?)(.*)$/.exec(text) ?? [];
  return sign + '0'.repeat(missing) + digits;
}
