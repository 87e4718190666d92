// The formats of texts that a schema may ask for. What is not here is only a remark.

import { isIP } from 'node:net';
import { parseCidr } from './addresses.ts';
import { labelProblems, subdomainProblems } from './names.ts';

type Format = (text: string) => boolean;

const like =
  (form: RegExp): Format =>
  (text) =>
    form.test(text);

const isTime: Format = (text) => {
  const [, date = '', hours = ''] =
    /^(\d{4}-\d\d-\d\d)[Tt](\d\d):[0-5]\d:[0-5]\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/.exec(text) ?? [];
  return isDate(date) && Number(hours) < 24;
};

/** A day that there is. */
const isDate: Format = (text) => {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const time = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(text);
};

const UNITS: ReadonlySet<string> = new Set(
  [
    ...['ns', 'nano', 'nanosecond', 'us', 'µs', 'micro', 'microsecond', 'ms', 'milli', 'millisecond'],
    ...['s', 'sec', 'second', 'm', 'min', 'minute', 'd', 'day', 'w', 'week', 'wk'],
  ]
    .flatMap((unit) => [unit, `${unit}s`])
    .concat('h', 'hr', 'hour', 'hours'),
);
const GO_DURATION = /^[+-]?(?:0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/;

/** As Go has it, or any words that hold a number with a unit of time. */
const isDuration: Format = (text) =>
  GO_DURATION.test(text) ||
  [...text.matchAll(/\d+\s*([A-Za-zµ]+)/g)].some(([, unit = '']) => UNITS.has(unit.toLowerCase()));

const digitsOf = (text: string): number[] => [...text.replace(/[- ]/g, '')].map(Number);

const isIsbn10: Format = (text) => {
  const bare = text.replace(/[- ]/g, '');
  if (!/^\d{9}[\dX]$/.test(bare)) return false;
  return [...bare].reduce((sum, one, index) => sum + (one === 'X' ? 10 : Number(one)) * (10 - index), 0) % 11 === 0;
};

const isIsbn13: Format = (text) => {
  const digits = digitsOf(text);
  return (
    digits.length === 13 && digits.reduce((sum, one, index) => sum + one * (index % 2 === 0 ? 1 : 3), 0) % 10 === 0
  );
};

/** By its own check digit. */
const isCard: Format = (text) => {
  const digits = digitsOf(text).toReversed();
  if (digits.length < 12 || digits.length > 19 || digits.some(Number.isNaN)) return false;
  const doubled = digits.map((one, index) => (index % 2 === 0 ? one : one * 2 > 9 ? one * 2 - 9 : one * 2));
  return doubled.reduce((sum, one) => sum + one, 0) % 10 === 0;
};

const SIGN = String.raw`a-zA-Z0-9\p{S}\p{L}`;
const HOST = new RegExp(
  `^(?:[${SIGN}]-?[${SIGN}]{0,62}|(?:[${SIGN}](?:[${SIGN}-]{0,61}[${SIGN}])?\\.)+[a-zA-Z\\p{L}]{2,63})$`,
  'u',
);

/** A name without a point has a hyphen in the second place only. */
const isHost: Format = (text) => HOST.test(text) && text.length <= 255;

const isUri: Format = (text) => {
  if (/[\s<>"{}|\\^`]|%(?![0-9a-fA-F]{2})/.test(text)) return false;
  const [, host = ''] = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?([^/?#]*)/i.exec(text) ?? [];
  const hasPlace = /^(?:\[[^\]]*\]|[^[\]:]*)(?::\d*)?$/.test(host);
  return text === '*' || (hasPlace && (text.startsWith('/') || /^[a-z][a-z0-9+.-]*:/i.test(text)));
};

const uuid = (version: string, variant: string): Format =>
  like(new RegExp(`^[0-9a-f]{8}-?[0-9a-f]{4}-?${version}[0-9a-f]{3}-?${variant}[0-9a-f]{3}-?[0-9a-f]{12}$`, 'i'));

const ATOMS = String.raw`[^\s<>@,()[\]\\;:".]+(?:\.[^\s<>@,()[\]\\;:".]+)*`;
const MAILBOX = String.raw`(?:${ATOMS}|"(?:[^"\\]|\\.)*")@(?:${ATOMS}|\[[^\]]*\])`;
const ADDRESS = new RegExp(String.raw`^(?:(?:[^<>,@"]*|"[^"]*"\s*)<${MAILBOX}>|${MAILBOX})$`);
const CHANNEL = String.raw`\s*(?:[01]?\d?\d|2[0-4]\d|25[0-5])\s*`;
const withoutZeros = (text: string): string => text.replace(/(^|\.)0+(?=\d)/g, '$1');

export const FORMATS: Readonly<Record<string, Format>> = {
  'date-time': isTime,
  datetime: isTime,
  date: isDate,
  duration: isDuration,
  email: (text) => ADDRESS.test(text.trim()),
  hostname: isHost,
  ipv4: (text) => isIP(withoutZeros(text.replace(/^::ffff:(?=[\d.]+$)/i, ''))) === 4,
  ipv6: (text) => isIP(text) === 6 && !text.includes('%'),
  cidr: (text) => parseCidr(withoutZeros(text)) !== undefined,
  mac: like(
    /^(?:[0-9a-f]{2}([:-])[0-9a-f]{2}(?:\1[0-9a-f]{2}){4}(?:\1[0-9a-f]{2}\1[0-9a-f]{2})?|(?:[0-9a-f]{4}\.){2,3}[0-9a-f]{4}|[0-9a-f]{12}|[0-9a-f]{16})$/i,
  ),
  uuid: uuid('[0-9a-f]', '[0-9a-f]'),
  uuid3: uuid('3', '[0-9a-f]'),
  uuid4: uuid('4', '[89ab]'),
  uuid5: uuid('5', '[89ab]'),
  byte: like(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)$/),
  uri: isUri,
  isbn: (text) => isIsbn10(text) || isIsbn13(text),
  isbn10: isIsbn10,
  isbn13: isIsbn13,
  ssn: like(/^\d{3}[- ]\d{2}[- ]\d{4}$/),
  creditcard: isCard,
  hexcolor: like(/^#?(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/),
  rgbcolor: like(new RegExp(String.raw`^rgb\(${CHANNEL},${CHANNEL},${CHANNEL}\)$`)),
  bsonobjectid: like(/^[0-9a-fA-F]{24}$/),
  'k8s-short-name': (text) => labelProblems(text).length === 0,
  'k8s-long-name': (text) => subdomainProblems(text).length === 0,
  password: () => true,
};

/** The formats of numbers, by their type. */
export const NUMBER_FORMATS: Readonly<Record<string, readonly string[]>> = {
  integer: ['int32', 'int64'],
  number: ['float', 'double'],
};

/** Whether values of a type are looked at by a format: others are let pass. */
export const isRecognized = (format: string, type: string): boolean =>
  type === '' || type === 'string' ? Object.hasOwn(FORMATS, format) : NUMBER_FORMATS[type]?.includes(format) === true;
