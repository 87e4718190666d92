// Columns a text takes in a terminal: wide characters two, joiners and marks none.

const ASCII = /^[\x20-\x7e]*$/;
// Made when the first text needs it: making it takes longer than most commands.
let segmenter: Intl.Segmenter | undefined;

export function widthOf(text: string): number {
  if (ASCII.test(text)) return text.length;
  let width = 0;
  segmenter ??= new Intl.Segmenter();
  for (const { segment } of segmenter.segment(text)) width += clusterWidth(segment);
  return width;
}

/** A text in so many columns: sentences lose their end, names and addresses their middle. */
export function shorten(text: string, columns: number, unicode = true): string {
  if (widthOf(text) <= columns) return text;
  const mark = unicode ? '…' : '~';
  const limit = Math.max(1, columns - 1);
  if (/\s/.test(text)) return `${start(text, limit)}${mark}`;
  const front = Math.ceil(limit / 2);
  return `${start(text, front)}${mark}${end(text, limit - front)}`;
}

/** A text in lines of so many columns; '' is one line. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let rest = text;
  while (widthOf(rest) > columns) {
    const line = start(rest, columns) || rest.slice(0, 1);
    lines.push(line);
    rest = rest.slice(line.length);
  }
  return [...lines, rest];
}

function start(text: string, columns: number): string {
  let prefix = '';
  for (const character of text) {
    if (widthOf(prefix + character) > columns) break;
    prefix += character;
  }
  return prefix;
}

function end(text: string, columns: number): string {
  let prefix = '';
  for (const character of [...text].reverse()) {
    if (widthOf(character + prefix) > columns) break;
    prefix = character + prefix;
  }
  return prefix;
}

function clusterWidth(cluster: string): number {
  if (/^[\p{Mark}\p{Cc}\p{Cf}]+$/u.test(cluster)) return 0;
  if (/\p{Emoji_Presentation}|\u{FE0F}/u.test(cluster)) return 2;
  const code = cluster.codePointAt(0) ?? 0;
  return WIDE.some(([from, to]) => code >= from && code <= to) ? 2 : 1;
}

const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0xa4cf],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1faff],
  [0x20000, 0x3fffd],
];
