// The library of texts.

import { type Arguments, argumentError, integerAt, numberAt, textAt } from './arguments.ts';
import { library } from './base-library.ts';
import { call, displayText, index, type Runtime } from './operations.ts';
import { type Capture, findPattern, type Match } from './patterns.ts';
import { isTruthy, LuaError, type LuaFunction, LuaTable, type LuaValue, numberText, toText, typeOf } from './values.ts';

/** From the end where negative. */
const fromEnd = (position: number, length: number): number => (position < 0 ? length + position + 1 : position);

function sub(args: Arguments): readonly LuaValue[] {
  const text = textAt(args, 1, 'sub');
  const start = Math.max(1, fromEnd(integerAt(args, 2, 'sub', 1), text.length));
  const end = fromEnd(integerAt(args, 3, 'sub', -1), text.length);
  return [text.slice(start - 1, Math.max(start - 1, end))];
}

const captured = (text: string, { start, end }: Capture): LuaValue =>
  end === undefined ? start + 1 : text.slice(start, end);

/** The captures, or all of it where there are none. */
const capturesOf = (text: string, match: Match): readonly LuaValue[] =>
  match.captures.length === 0 ? [captured(text, match)] : match.captures.map((capture) => captured(text, capture));

function search(args: Arguments, name: string): { readonly text: string; readonly match: Match | undefined } {
  const [text, pattern] = [textAt(args, 1, name), textAt(args, 2, name)];
  const from = Math.max(0, fromEnd(integerAt(args, 3, name, 1), text.length) - 1);
  if (from > text.length) return { text, match: undefined };
  const isPlain = name === 'find' && (isTruthy(args[3]) || !/[\^$*+?.([%-]/.test(pattern));
  if (!isPlain) return { text, match: findPattern(text, pattern, from) };
  const start = text.indexOf(pattern, from);
  return { text, match: start < 0 ? undefined : { start, end: start + pattern.length, captures: [] } };
}

function find(args: Arguments): readonly LuaValue[] {
  const { text, match } = search(args, 'find');
  if (!match) return [undefined];
  return [match.start + 1, match.end, ...match.captures.map((capture) => captured(text, capture))];
}

function match(args: Arguments): readonly LuaValue[] {
  const { text, match } = search(args, 'match');
  return match ? capturesOf(text, match) : [undefined];
}

function gmatch(args: Arguments): readonly LuaValue[] {
  const [text, pattern] = [textAt(args, 1, 'gmatch'), textAt(args, 2, 'gmatch')];
  let from = 0;
  const step: LuaFunction = () => {
    const found = from > text.length ? undefined : findPattern(text, pattern, from);
    if (!found) return [undefined];
    from = found.end > found.start ? found.end : found.end + 1;
    return capturesOf(text, found);
  };
  return [step];
}

/** What stands for one match: by a text with `%1`, a table or a function; false leaves it as it is. */
function replacement(runtime: Runtime, by: LuaValue, text: string, match: Match): string {
  const whole = text.slice(match.start, match.end);
  const captures = capturesOf(text, match);
  const pattern = toText(by);
  if (pattern !== undefined)
    return pattern.replace(/%(.)/g, (_all, mark: string) => {
      if (mark === '0') return whole;
      return /\d/.test(mark) ? (toText(captures[Number(mark) - 1]) ?? '') : mark;
    });
  const found =
    by instanceof LuaTable
      ? index(runtime, by, captures[0], runtime.line)
      : call(runtime, by, captures, runtime.line)[0];
  if (!isTruthy(found)) return whole;
  const replaced = toText(found);
  if (replaced === undefined) throw new LuaError(`invalid replacement value (a ${typeOf(found)})`);
  return replaced;
}

function gsub(runtime: Runtime, args: Arguments): readonly LuaValue[] {
  const [text, pattern, by] = [textAt(args, 1, 'gsub'), textAt(args, 2, 'gsub'), args[2]];
  if (toText(by) === undefined && typeof by !== 'function' && !(by instanceof LuaTable))
    throw argumentError(3, 'gsub', `string/function/table expected, got ${typeOf(by)}`);
  const most = integerAt(args, 4, 'gsub', Number.MAX_SAFE_INTEGER);
  let [result, from, count] = ['', 0, 0];
  while (count < most && from <= text.length) {
    const found = findPattern(text, pattern, from);
    if (!found) break;
    count += 1;
    result += text.slice(from, found.start) + replacement(runtime, by, text, found);
    from = found.end;
    if (found.end === found.start) {
      result += text.charAt(from);
      from += 1;
    }
    if (pattern.startsWith('^')) break;
  }
  return [result + text.slice(from), count];
}

const DIRECTIVE = /%([-+ #0]*)(\d*)(?:\.(\d*))?(.)/g;

function padded(text: string, flags: string, width: number): string {
  if (flags.includes('-')) return text.padEnd(width);
  if (!flags.includes('0') || !/^[+-]?[\d.]/.test(text)) return text.padStart(width);
  const [, sign = '', digits = ''] = /^([+-]?)(.*)$/s.exec(text) ?? [];
  return sign + digits.padStart(width - sign.length, '0');
}

const signed = (text: string, flags: string): string =>
  text.startsWith('-') ? text : flags.includes('+') ? `+${text}` : flags.includes(' ') ? ` ${text}` : text;

const exponent = (text: string): string => text.replace(/e([+-])(\d)$/, 'e$10$2');

function general(value: number, precision: number): string {
  if (value === 0) return '0';
  const power = Math.floor(Math.log10(Math.abs(value)));
  const isShort = power >= -4 && power < precision;
  const text = isShort ? value.toFixed(Math.max(0, precision - 1 - power)) : value.toExponential(precision - 1);
  return exponent(text.includes('.') ? text.replace(/\.?0+(?=e|$)/, '') : text);
}

function formatNumber(letter: string, value: number, precision: number | undefined): string {
  if (!Number.isFinite(value)) return numberText(value);
  const whole = Math.trunc(value);
  switch (letter) {
    case 'd':
    case 'i':
    case 'u':
      return (
        (whole < 0 ? '-' : '') +
        Math.abs(whole)
          .toFixed(0)
          .padStart(precision ?? 0, '0')
      );
    case 'x':
      return whole.toString(16);
    case 'X':
      return whole.toString(16).toUpperCase();
    case 'o':
      return whole.toString(8);
    case 'f':
      return value.toFixed(Math.min(precision ?? 6, 100));
    case 'e':
    case 'E':
      return letter === 'e'
        ? exponent(value.toExponential(precision ?? 6))
        : exponent(value.toExponential(precision ?? 6)).toUpperCase();
    default:
      return general(value, precision ?? 6);
  }
}

const MAX_WIDTH = 99;

interface Directive {
  readonly all: string;
  readonly flags: string;
  readonly width: number;
  readonly precision: number | undefined;
  readonly letter: string;
}

function directives(pattern: string): (string | Directive)[] {
  const parts: (string | Directive)[] = [];
  let from = 0;
  for (const found of pattern.matchAll(DIRECTIVE)) {
    const { index: at } = found;
    const [all = '', flags = '', width = '', precision, letter = ''] = found;
    parts.push(pattern.slice(from, at));
    from = at + all.length;
    parts.push({
      all,
      flags,
      width: Math.min(Number(width), MAX_WIDTH),
      precision: precision === undefined ? undefined : Math.min(Number(precision), MAX_WIDTH),
      letter,
    });
  }
  return [...parts, pattern.slice(from)];
}

function format(runtime: Runtime, args: Arguments): readonly LuaValue[] {
  let position = 1;
  const texts = directives(textAt(args, 1, 'format')).map((part) => {
    if (typeof part === 'string') return part;
    if (part.letter === '%') return '%';
    position += 1;
    return formatted(runtime, part, { args, position });
  });
  return [texts.join('')];
}

function formatted(
  runtime: Runtime,
  { all, flags, width, precision, letter }: Directive,
  { args, position }: { readonly args: Arguments; readonly position: number },
): string {
  if (letter === 's' || letter === 'v') {
    if (position > args.length) throw argumentError(position, 'format', 'no value');
    return padded(displayText(runtime, args[position - 1]).slice(0, precision), flags.replace('0', ''), width);
  }
  if (letter === 'q') return JSON.stringify(textAt(args, position, 'format'));
  if (letter === 'c') return padded(String.fromCharCode(integerAt(args, position, 'format')), flags, width);
  if (!/[diuxXofeEgG]/.test(letter)) throw new LuaError(`invalid option '${all}' to 'format'`);
  return padded(signed(formatNumber(letter, numberAt(args, position, 'format'), precision), flags), flags, width);
}

const MAX_TEXT = 16_000_000;

function rep(args: Arguments): readonly LuaValue[] {
  const [text, count] = [textAt(args, 1, 'rep'), integerAt(args, 2, 'rep')];
  if (text.length * count > MAX_TEXT) throw new LuaError('string is too long');
  return [count > 0 ? text.repeat(count) : ''];
}

function byte(args: Arguments): readonly LuaValue[] {
  const text = textAt(args, 1, 'byte');
  const start = fromEnd(integerAt(args, 2, 'byte', 1), text.length);
  const end = fromEnd(integerAt(args, 3, 'byte', start), text.length);
  return [...text.slice(Math.max(0, start - 1), Math.max(0, end))].map((character) => character.charCodeAt(0));
}

const lower = (text: string): string => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
const upper = (text: string): string => text.replace(/[a-z]+/g, (letters) => letters.toUpperCase());

export function openStrings(runtime: Runtime): void {
  const strings = library({
    byte,
    char: (args) => [String.fromCharCode(...args.map((_code, at) => integerAt(args, at + 1, 'char') & 0xff))],
    find,
    format: (args) => format(runtime, args),
    gfind: gmatch,
    gmatch,
    gsub: (args) => gsub(runtime, args),
    len: (args) => [textAt(args, 1, 'len').length],
    lower: (args) => [lower(textAt(args, 1, 'lower'))],
    match,
    rep,
    reverse: (args) => [[...textAt(args, 1, 'reverse')].reverse().join('')],
    sub,
    upper: (args) => [upper(textAt(args, 1, 'upper'))],
  });
  runtime.strings = strings;
  runtime.globals.set('string', strings);
}
