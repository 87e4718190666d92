import { differenceHead, hunkTitle, sidesOf } from './differences.ts';
import { withoutValues } from './hidden-secrets.ts';
import { compareTexts, type LinePair } from './line-pairs.ts';
import type { ObjectDifference } from './object-difference.ts';
import type { Style } from './style.ts';
import { widthOf, wrap } from './width.ts';

const MIN_SIDE_WIDTH = 20;
const MARK = { same: '   ', changed: ' | ', removed: ' < ', added: ' > ' } as const;

/** Live on the left, what a sync would make of it on the right; lines that are too long go on below. */
export function renderSideBySide(differences: readonly ObjectDifference[], columns: number, style: Style): string {
  const width = Math.max(MIN_SIDE_WIDTH, Math.floor((columns - MARK.same.length) / 2));
  const parts = differences.map((difference) => {
    const hunks = compareTexts(...sidesOf(withoutValues(difference)));
    const text = hunks.map(
      (hunk) => `${hunkTitle(hunk, style)}\n${hunk.pairs.map((pair) => row(pair, width, style)).join('')}`,
    );
    return `${differenceHead(difference, style)}${text.join('')}`;
  });
  return parts.join('\n');
}

function row(pair: LinePair, width: number, style: Style): string {
  if ('same' in pair) return beside(pair.same, pair.same, { mark: MARK.same, width, style });
  const { before, after } = pair;
  const mark = before === undefined ? MARK.added : after === undefined ? MARK.removed : MARK.changed;
  return beside(before ?? '', after ?? '', { mark, width, style });
}

interface RowSetting {
  readonly mark: string;
  readonly width: number;
  readonly style: Style;
}

function beside(left: string, right: string, { mark, width, style }: RowSetting): string {
  const [lefts, rights] = [wrap(left, width), wrap(right, width)];
  const isSame = mark === MARK.same;
  let text = '';
  for (let index = 0; index < Math.max(lefts.length, rights.length); index += 1) {
    const before = lefts[index] ?? '';
    const after = rights[index] ?? '';
    const gap = ' '.repeat(Math.max(0, width - widthOf(before)));
    const line = isSame ? `${before}${gap}${mark}${after}` : `${style.bad(before)}${gap}${mark}${style.good(after)}`;
    text += `${line.trimEnd()}\n`;
  }
  return text;
}
