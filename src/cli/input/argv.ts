// argv as commander reads it: the few habits of the reference's own parser that commander does not share
// (`--flag=false`, `-n=value`, negative numbers) are added here.

import { HawserError } from '../../core/errors.ts';
import { type Flag, readBool } from './flags.ts';

/** `--flag=false` becomes `--no-flag`, `-n=value` becomes `--name=value`; values stay as they are. */
export function normaliseArgv(argv: readonly string[], flags: readonly Flag[]): string[] {
  const words: string[] = [];
  for (let index = 0; index < argv.length; index += 1) {
    const word = argv[index] ?? '';
    if (word === '--') return [...words, ...argv.slice(index)];
    words.push(normaliseWord(word, flags));
    const value = argv[index + 1];
    if (value === undefined || !takesNext(word, flags)) continue;
    words.push(value);
    index += 1;
  }
  return words;
}

/** Where the words are that are no flags and no values of these flags, up to the first flag that is none of these. */
export function leadingOperands(argv: readonly string[], flags: readonly Flag[]): number[] {
  const operands: number[] = [];
  for (let index = 0; index < argv.length; index += 1) {
    const word = argv[index] ?? '';
    if (!word.startsWith('-')) operands.push(index);
    else if (takesNext(word, flags)) index += 1;
    else if (!isKnown(word, flags)) break;
  }
  return operands;
}

const isKnown = (word: string, flags: readonly Flag[]): boolean =>
  flags.some(({ name, short }) => word === `--${name}` || word.startsWith(`--${name}=`) || word === `-${short}`);

/** Commander takes '-1' for an argument, the reference for a flag, which no command has. */
export function refuseNumbers(words: readonly string[], flags: readonly Flag[]): void {
  const stray = words.find((word, index) => /^-\d/.test(word) && !takesNext(words[index - 1] ?? '', flags));
  if (stray === undefined || words.indexOf('--') >= 0) return;
  throw new HawserError('usage', `unknown flag '${stray}'`, {
    hint: 'put -- before an argument that begins with a dash',
    details: { flag: stray },
    reason: { kind: 'unknown-flag', flag: stray },
  });
}

function takesNext(word: string, flags: readonly Flag[]): boolean {
  const flag = flags.find(({ name, short }) => word === `--${name}` || word === `-${short}`);
  return flag !== undefined && flag.type !== 'bool';
}

function normaliseWord(word: string, flags: readonly Flag[]): string {
  const long = /^--([\w-]+)=(.*)$/s.exec(word);
  if (long) {
    const [, name = '', value = ''] = long;
    const flag = flags.find((other) => other.name === name && other.type === 'bool');
    return flag ? switchWord(flag, value) : word;
  }
  const short = /^-(\w)=(.*)$/s.exec(word);
  if (!short) return word;
  const [, letter = '', value = ''] = short;
  const flag = flags.find((other) => other.short === letter);
  if (!flag) return word;
  return flag.type === 'bool' ? switchWord(flag, value) : `--${flag.name}=${value}`;
}

const switchWord = (flag: Flag, value: string): string =>
  readBool(flag, value) ? `--${flag.name}` : `--no-${flag.name}`;
