// Text from Git or a server must not steer the terminal: its control characters are shown, as kubectl shows them, not obeyed.

import type { Io, Output } from './io.ts';

const fourDigits = (): number => 1000 + Math.floor(Math.random() * 9000);

/** Stands before our own sequences until they are written: a colour that is none, and that no text from elsewhere can know. */
const OWN = `\u001b[${[1, 2, 3, 4].map(fourDigits).join(';')}m`;

// biome-ignore lint/suspicious/noControlCharactersInRegex: sequences begin with this character
const SEQUENCE = /^\r?\u001b\[\??[\d;]*[A-Za-z]/;

/** The sequences of a text that we made, or that a program made which the user chose. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: sequences begin with this character
export const trusted = (text: string): string => text.replaceAll(/\r?\u001b/g, (start) => OWN + start);

/** A text as it is to be written: of all control characters in it our own sequences alone are obeyed. */
export function written(text: string): string {
  const [first = '', ...rest] = text.split(OWN);
  const parts = rest.map((part) => {
    const [sequence = ''] = SEQUENCE.exec(part) ?? [];
    return sequence + visible(part.slice(sequence.length));
  });
  return visible(first) + parts.join('');
}

/** Everything that moves the cursor, names the window, turns text around or hides it; tabs and line ends stay. */
const CONTROLS =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for
  /\r(?!\n)|[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** Bytes of a name that are no UTF-8, as the repo server keeps them. */
const STRAY_BYTES = /(?<![\ud800-\udbff])[\udc80-\udcff]/g;

export function visible(text: string): string {
  return text
    .replace(STRAY_BYTES, (half) => `\\x${(half.charCodeAt(0) - 0xdc00).toString(16)}`)
    .replace(CONTROLS, (character) => {
      const code = character.charCodeAt(0);
      if (code < 0x20) return `^${String.fromCharCode(code + 0x40)}`;
      if (code === 0x7f) return '^?';
      return code < 0x100 ? `\\x${code.toString(16)}` : `\\u${code.toString(16).padStart(4, '0')}`;
    });
}

/** The streams, on which nothing but our own sequences is obeyed. */
export function guarded({ out, err, input }: Io): Io {
  return { out: guardedOutput(out), err: guardedOutput(err), input };
}

const guardedOutput = (output: Output): Output => withWrite(output, (text) => output.write(written(text)));

/** An output whose text goes another way. A stream that nobody asks is not made. */
export function withWrite(output: Output, write: (text: string) => void): Output {
  return {
    write,
    get terminal() {
      return output.terminal;
    },
    columns: () => output.columns(),
    rows: () => output.rows(),
    ...(output.onResize ? { onResize: output.onResize } : {}),
  };
}
