// Functions of texts as CEL's libraries have them where the library's own are others.

import type { Environment } from '@marcbachmann/cel-js';
import { goDouble } from '../../../core/go-text.ts';

const outOfRange = (index: bigint): Error => new Error(`index out of range: ${index}`);

function substring(text: string, from: bigint, to?: bigint): string {
  const letters = [...text];
  if (from < 0n || from > letters.length) throw outOfRange(from);
  if (to === undefined) return letters.slice(Number(from)).join('');
  if (to < 0n || to > letters.length) throw outOfRange(to);
  if (from > to) throw new Error(`invalid substring range. start: ${from}, end: ${to}`);
  return letters.slice(Number(from), Number(to)).join('');
}

function charAt(text: string, index: bigint): string {
  const letters = [...text];
  if (index < 0n || index > letters.length) throw outOfRange(index);
  return letters[Number(index)] ?? '';
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  '"': '\\"',
};

const quote = (text: string): string => `"${[...text].map((letter) => ESCAPES[letter] ?? letter).join('')}"`;

/** A value as '%s' writes it. */
function plain(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return `[${value.map(plain).join(', ')}]`;
  if (typeof value === 'number') return goDouble(value);
  if (value instanceof Date) return value.toISOString().replace('.000Z', 'Z');
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  if (typeof value === 'object' && 'seconds' in value) return `${String(value.seconds)}s`;
  const entries = value instanceof Map ? [...value] : isPlain(value) ? Object.entries(value) : undefined;
  if (!entries) return String(value);
  const parts = entries.map(([key, item]): [string, string] => [
    typeof key === 'string' ? JSON.stringify(key) : plain(key),
    typeof item === 'string' ? JSON.stringify(item) : plain(item),
  ]);
  return `{${parts
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map((pair) => pair.join(':'))
    .join(', ')}}`;
}

const isPlain = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && [null, Object.prototype].includes(Object.getPrototypeOf(value));

const exponent = (text: string): string => text.replace(/e([+-])(\d)$/, 'e$10$2');

function based(value: unknown, base: number): string {
  if (typeof value === 'bigint' || typeof value === 'number') return value.toString(base);
  if (value === true || value === false) return String(Number(value));
  const bytes =
    typeof value === 'string' ? Buffer.from(value) : value instanceof Uint8Array ? Buffer.from(value) : undefined;
  if (!bytes) throw new Error('error during formatting: only integers, bools, strings and bytes can be formatted so');
  return bytes.toString('hex');
}

const VERBS: Readonly<Record<string, (value: unknown, precision: number) => string>> = {
  s: plain,
  d: plain,
  f: (value, precision) => Number(value).toFixed(precision),
  e: (value, precision) => exponent(Number(value).toExponential(precision)),
  b: (value) => based(value, 2),
  o: (value) => based(value, 8),
  x: (value) => based(value, 16),
  X: (value) => based(value, 16).toUpperCase(),
};

const PRECISION = 6;

function format(template: string, values: readonly unknown[]): string {
  let next = 0;
  return template.replaceAll(/%(?:%|(?:\.(\d+))?([a-zA-Z]))/g, (whole, precision: string | undefined, verb: string) => {
    if (whole === '%%') return '%';
    const write = VERBS[verb];
    if (!write) throw new Error(`could not parse formatting clause: unrecognized formatting clause "${verb}"`);
    if (next >= values.length) throw new Error(`index ${next} out of range`);
    next += 1;
    return write(values[next - 1], precision === undefined ? PRECISION : Number(precision));
  });
}

/** The namespace of texts. */
class TextNames {}

const WRITTEN = [
  'bool',
  'bytes',
  'double',
  'int',
  'string',
  'uint',
  'google.protobuf.Duration',
  'google.protobuf.Timestamp',
];

export function registerTexts(environment: Environment): void {
  for (const type of WRITTEN) environment.registerFunction(`stringOf(${type}): string`, plain);
  environment
    .registerType('TextNames', { ctor: TextNames, fields: {} })
    .registerConstant('strings', 'TextNames', new TextNames())
    .registerFunction('TextNames.quote(string): string', (_names: TextNames, text: string) => quote(text))
    .registerFunction('string.charAt(int): string', charAt)
    .registerFunction('string.format(list<dyn>): string', format)
    .registerFunction('string.substringOf(int): string', (text: string, from: bigint) => substring(text, from))
    .registerFunction('string.substringOf(int, int): string', substring)
    .registerFunction('string.lowerAsciiOnly(): string', (text: string) =>
      text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase()),
    )
    .registerFunction('string.upperAsciiOnly(): string', (text: string) =>
      text.replaceAll(/[a-z]+/g, (letters) => letters.toUpperCase()),
    )
    .registerFunction('int(google.protobuf.Timestamp): int', (time: Date) => BigInt(Math.floor(time.getTime() / 1000)));
}
