// Single keys of a terminal, as they are pressed: raw mode for as long as somebody listens.

import type { ReadStream } from 'node:tty';

/** What a terminal sends for the keys that are no characters. */
const NAMES: Readonly<Record<string, string>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\b': 'backspace',
  '\u007f': 'backspace',
  '\u0003': 'ctrl-c',
  '\u0004': 'ctrl-d',
  '\u000c': 'ctrl-l',
  '\u0015': 'ctrl-u',
  '\u001a': 'ctrl-z',
  '\u001b': 'escape',
  '\u001b[A': 'up',
  '\u001b[B': 'down',
  '\u001b[C': 'right',
  '\u001b[D': 'left',
  '\u001bOA': 'up',
  '\u001bOB': 'down',
  '\u001bOC': 'right',
  '\u001bOD': 'left',
  '\u001b[H': 'home',
  '\u001b[F': 'end',
  '\u001bOH': 'home',
  '\u001bOF': 'end',
  '\u001b[1~': 'home',
  '\u001b[4~': 'end',
  '\u001b[5~': 'page-up',
  '\u001b[6~': 'page-down',
};

// biome-ignore lint/suspicious/noControlCharactersInRegex: sequences begin with this character
const KEY = /\u001b\[[\d;<?]*[A-Za-z~]|\u001bO[A-Za-z]|\u001bO$|\u001b\[?[\d;<?]*$|\u001b|./gsu;
// biome-ignore lint/suspicious/noControlCharactersInRegex: sequences begin with this character
const UNFINISHED = /^\u001b(\[[\d;<?]*|O)?$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: a control character is no letter
const CONTROL = /^[\u0000-\u001f\u007f-\u009f]/;

/** The keys in what a terminal has sent, and the beginning of one whose rest has not come. */
export function keysIn(text: string): { readonly keys: readonly string[]; readonly rest: string } {
  const pieces = text.match(KEY) ?? [];
  const last = pieces.at(-1) ?? '';
  const rest = UNFINISHED.test(last) ? last : '';
  const whole = rest === '' ? pieces : pieces.slice(0, -1);
  const keys = whole.map((piece) => NAMES[piece] ?? (CONTROL.test(piece) ? '' : piece));
  return { keys: keys.filter((key) => key !== ''), rest };
}

/** An Escape that nothing follows for so long is the key. */
const ESCAPE_MS = 50;

/** Calls for each key until the answer is called; 'closed' when there will be none any more. */
export function listenForKeys(input: ReadStream, listener: (key: string) => void): () => void {
  let rest = '';
  let timer: NodeJS.Timeout | undefined;
  const read = (chunk: string): void => {
    clearTimeout(timer);
    const { keys, rest: open } = keysIn(rest + chunk);
    rest = open;
    if (rest !== '') timer = setTimeout(flush, ESCAPE_MS);
    for (const key of keys) listener(key);
  };
  const flush = (): void => {
    const isEscape = rest === '\u001b';
    rest = '';
    if (isEscape) listener('escape');
  };
  const end = (): void => listener('closed');
  // The shell has set the terminal to its own ways while the process was stopped.
  const wake = (): void => {
    input.setRawMode(false);
    input.setRawMode(true);
  };
  const sleep = (): void => {
    input.setRawMode(false);
  };
  input.setEncoding('utf8');
  input.setRawMode(true);
  input.on('data', read).on('end', end).on('error', end).resume();
  process.on('SIGTSTP', sleep).on('SIGCONT', wake);
  return () => {
    clearTimeout(timer);
    process.off('SIGTSTP', sleep).off('SIGCONT', wake);
    input.off('data', read).off('end', end).off('error', end).pause();
    input.setRawMode(false);
    input.unref();
  };
}

/** As Ctrl-Z does it: for the shell, whoever started us. */
export function suspendProcess(): void {
  process.kill(0, 'SIGTSTP');
}
