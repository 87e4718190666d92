// Quantities: '500m', '1Gi', '1e3'. Kept exactly, in thousand-millionths.

import { HawserError } from '../core/errors.ts';

type Format = 'decimal' | 'binary' | 'exponent';

export interface Quantity {
  /** In units of 10⁻⁹. */
  readonly nano: bigint;
  readonly format: Format;
}

const DECIMAL: readonly (readonly [string, number])[] = [
  ['n', -9],
  ['u', -6],
  ['m', -3],
  ['', 0],
  ['k', 3],
  ['M', 6],
  ['G', 9],
  ['T', 12],
  ['P', 15],
  ['E', 18],
];
const BINARY: readonly string[] = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const NANO = 1_000_000_000n;

/** What needs more than the API server's 64 bits is at most this. */
const MOST = (2n ** 63n - 1n) * NANO;
const EXACT_DIGITS = 18;

/** What the API server says of a text that is no quantity; undefined for one that is. */
export function quantityFault(text: string): string | undefined {
  const suffix = /^[+-]?\d*(?:\.\d*)?([eEinumkKMGTP]*[+-]?\d*)$/.exec(text.trim())?.[1];
  if (suffix === undefined || text === '') return QUANTITY_RULE;
  return SUFFIX.test(suffix) ? undefined : "unable to parse quantity's suffix";
}

const SUFFIX = /^([KMGTPE]i|[numkMGTPE]?|[eE][+-]?\d+)$/;

/** Throws `invalid` when the text is no quantity. A number without digits is 0, as the API server reads it. */
export function parseQuantity(text: string): Quantity {
  const fault = quantityFault(text);
  const match = /^([+-]?)(\d*(?:\.\d*)?)(?:([KMGTPE]i)|([numkMGTPE]?)|[eE]([+-]?\d+))$/.exec(text.trim());
  if (fault !== undefined || !match) throw new HawserError('invalid', fault ?? QUANTITY_RULE);
  const [, sign, digits = '0', binary, decimal, exponent] = match;
  const [padded = '', decimals = ''] = digits.split('.');
  const whole = padded.replace(/^0+/, '');
  const fraction = shortened(decimals);
  const tens =
    exponent === undefined
      ? (DECIMAL.find(([suffix]) => suffix === (decimal ?? ''))?.[1] ?? 0)
      : bounded(Number(exponent));
  const size = whole.length > MOST_DIGITS ? MOST : sizeOf({ whole, fraction, tens, binary });
  const format = binary !== undefined ? 'binary' : exponent !== undefined ? 'exponent' : 'decimal';
  return { nano: sign === '-' ? -size : size, format };
}

interface Digits {
  readonly whole: string;
  readonly fraction: string;
  readonly tens: number;
  readonly binary: string | undefined;
}

/** In thousand-millionths. */
function sizeOf({ whole, fraction, tens, binary }: Digits): bigint {
  const step = binary === undefined ? 0 : BINARY.indexOf(binary);
  const scale = 9 + tens - fraction.length;
  const plain = BigInt(`${whole}${fraction}` || '0') * 1024n ** BigInt(step);
  // What is finer than a thousand-millionth is rounded up.
  const nano = scale >= 0 ? plain * 10n ** BigInt(scale) : roundedUp(plain, 10n ** BigInt(-scale));
  const isExact =
    binary === undefined
      ? whole.length + fraction.length <= EXACT_DIGITS
      : fraction === '' && whole.length + step * 3 < 15;
  return isExact || nano <= MOST ? nano : MOST;
}

/** No number of anything has more digits, and '1e999999999' written out would take for ever. */
const MOST_DIGITS = 400;
const bounded = (exponent: number): number => Math.min(Math.max(exponent, -MOST_DIGITS), MOST_DIGITS);

/** Of what is far below a thousand-millionth only whether it is there counts: it is rounded up. */
function shortened(fraction: string): string {
  if (fraction.length <= MOST_DIGITS) return fraction;
  return `${fraction.slice(0, MOST_DIGITS)}${/[1-9]/.test(fraction.slice(MOST_DIGITS)) ? 1 : 0}`;
}

const QUANTITY_RULE = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

/** The one text that the API writes for a quantity: '1024Mi' → '1Gi', '0.5' → '500m'. */
function formatQuantity({ nano, format }: Quantity): string {
  if (nano === 0n) return '0';
  const sign = nano < 0n ? '-' : '';
  const size = nano < 0n ? -nano : nano;
  if (format === 'binary' && size % NANO === 0n && size >= 1024n * NANO) {
    let [value, step] = [size / NANO, 0];
    while (value % 1024n === 0n && step < BINARY.length - 1) {
      value /= 1024n;
      step += 1;
    }
    return `${sign}${value}${BINARY[step]}`;
  }
  const [suffix, power] = DECIMAL.findLast(([, tens]) => size % 10n ** BigInt(tens + 9) === 0n) ?? ['n', -9];
  const value = size / 10n ** BigInt(power + 9);
  if (format === 'exponent') return `${sign}${value}${power === 0 ? '' : `e${power}`}`;
  return `${sign}${value}${suffix}`;
}

export function canonicalQuantity(text: string): string {
  return formatQuantity(parseQuantity(text));
}

function roundedUp(value: bigint, divisor: bigint): bigint {
  return (value + divisor - 1n) / divisor;
}

/** In thousandths, rounded up; 0 for what is no quantity. */
export function milliOf(text: string): number {
  const match = /^[+-]?[\d.]+[A-Za-z]*[+-]?\d*$/.test(text);
  return match ? Math.ceil(Number(parseQuantity(text).nano) / 1e6) : 0;
}

/** The sum as the API writes it, in the form of the first that is not 0. */
export function sumQuantities(texts: readonly string[]): string {
  const quantities = texts.map(parseQuantity);
  const { format } = quantities.find(({ nano }) => nano !== 0n) ?? { format: 'decimal' };
  return formatQuantity({ nano: quantities.reduce((sum, { nano }) => sum + nano, 0n), format });
}

/** Below 0: the first is less. */
export function compareQuantities(a: string, b: string): number {
  const difference = parseQuantity(a).nano - parseQuantity(b).nano;
  return difference === 0n ? 0 : difference < 0n ? -1 : 1;
}
