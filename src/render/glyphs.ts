import { SIGNS } from './signs.ts';
import type { Meaning } from './style.ts';

/** Signs that stand beside a colour, so that nothing is told by colour alone. */
export interface Glyphs {
  readonly marks: Readonly<Record<Meaning, string>>;
  readonly ellipsis: string;
  readonly dot: string;
}

export const UNICODE_GLYPHS: Glyphs = {
  marks: { ...SIGNS, heading: ' ', plain: ' ' },
  ellipsis: '…',
  dot: '·',
};

export const ASCII_GLYPHS: Glyphs = {
  marks: { good: '+', warn: '!', busy: '*', bad: 'x', held: 'o', faint: '-', heading: ' ', plain: ' ' },
  ellipsis: '...',
  dot: '-',
};
