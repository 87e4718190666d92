// A line of parts: what has no room loses its end, the last part first.

import type { Glyphs } from './glyphs.ts';
import { UNICODE_GLYPHS } from './glyphs.ts';
import type { Meaning, Style } from './style.ts';
import { shorten, widthOf } from './width.ts';

export interface Part {
  readonly text: string;
  readonly as?: Meaning;
  /** Blanks before it. */
  readonly gap?: number;
}

export interface Look {
  readonly style: Style;
  readonly glyphs: Glyphs;
  readonly columns: number;
}

const GAP = 2;

/** No wider than the window; a part of which only a letter would be left is left out. */
export function partsLine(parts: readonly Part[], { style, glyphs, columns }: Look): string {
  let line = '';
  let room = columns;
  for (const { text, as = 'plain', gap = GAP } of parts) {
    if (text === '') continue;
    const blanks = line === '' ? 0 : gap;
    const space = room - blanks;
    if (space < 1 || (space < 2 && widthOf(text) > space)) break;
    const cut = shorten(text, space, glyphs === UNICODE_GLYPHS);
    line += ' '.repeat(blanks) + (as === 'plain' ? cut : style[as](cut));
    room = space - widthOf(cut);
  }
  return line;
}

/** Parts that are shown whole or not at all, in their order of worth. */
export function wholeParts(parts: readonly Part[], columns: number): Part[] {
  let room = columns;
  return parts.filter(({ text, gap = GAP }, index) => {
    const width = widthOf(text) + (index === 0 ? 0 : gap);
    if (text === '' || width > room) return false;
    room -= width;
    return true;
  });
}

export const padded = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - widthOf(text)));
