// A check as a line with its sign, and what to do about it below; narrow windows get more lines, not longer ones.

import type { Check, Verdict } from '../model/checkup.ts';
import type { Glyphs } from './glyphs.ts';
import { wrapWords } from './help-page.ts';
import type { Meaning, Style } from './style.ts';
import { oneLine } from './table.ts';

export interface CheckupSetting {
  readonly columns: number;
  readonly style: Style;
  readonly marks: Readonly<Record<Verdict, string>>;
}

const MEANINGS: Readonly<Record<Verdict, Meaning>> = { ok: 'good', warning: 'warn', fault: 'bad', skipped: 'faint' };

const NAME_WIDTH = 12;
const INDENT = NAME_WIDTH + 4;
/** Where less is left beside the names, the message stands below them. */
const MIN_ROOM = 30;

export const checkMarks = ({ marks }: Glyphs): CheckupSetting['marks'] => ({
  ok: marks.good,
  warning: '!',
  fault: marks.bad,
  skipped: marks.faint,
});

export function renderCheck(check: Check, { columns, style, marks }: CheckupSetting): string {
  const { verdict, name, message, lines = [], hint } = check;
  const title = name.charAt(0).toUpperCase() + name.slice(1);
  const isNarrow = columns - INDENT < MIN_ROOM;
  const indent = isNarrow ? 2 : INDENT;
  const below = [
    ...lines.map((line) => ({ text: oneLine(line), as: style.plain })),
    ...(hint === undefined ? [] : [{ text: `hint: ${oneLine(hint)}`, as: style.faint }]),
  ];
  const [first = '', ...rest] = wrapWords(oneLine(message), columns - indent);
  const sign = style[MEANINGS[verdict]](marks[verdict]);
  const head = isNarrow ? [`${sign} ${title}`, `  ${first}`] : [`${sign} ${title.padEnd(INDENT - 2)}${first}`];
  const tail = [...rest, ...below.flatMap(({ text, as }) => wrapWords(text, columns - indent).map((line) => as(line)))];
  return [...head, ...tail.map((line) => `${' '.repeat(indent)}${line}`)].map((line) => `${line}\n`).join('');
}
