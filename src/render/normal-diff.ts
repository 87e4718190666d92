// Two texts in the plain format of the program diff: '6d5', and the lines.

import { diffLines } from 'diff';

export function normalDiff(before: string, after: string): string {
  const changes = diffLines(before, after);
  const hunks: string[] = [];
  let [left, right] = [1, 1];
  for (let index = 0; index < changes.length; index += 1) {
    const change = changes[index];
    if (!change) continue;
    const count = change.count ?? 0;
    if (!change.added && !change.removed) {
      left += count;
      right += count;
      continue;
    }
    const next = changes[index + 1];
    const isChange = change.removed && next?.added === true;
    const removed = change.removed ? change.value : '';
    const added = isChange ? (next?.value ?? '') : change.added ? change.value : '';
    hunks.push(hunk({ left, right, removed: linesOf(removed), added: linesOf(added) }));
    if (isChange) index += 1;
    left += linesOf(removed).length;
    right += linesOf(added).length;
  }
  return hunks.join('');
}

interface Hunk {
  /** The first line, from 1. */
  readonly left: number;
  readonly right: number;
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

function hunk({ left, right, removed, added }: Hunk): string {
  const sides: readonly (readonly [number, readonly string[]])[] = [
    [left, removed],
    [right, added],
  ];
  // A side without a line is named by the line before it.
  const [from, to] = sides.map(([first, lines]) => rangeOf(lines.length === 0 ? first - 1 : first, lines.length));
  const letter = removed.length === 0 ? 'a' : added.length === 0 ? 'd' : 'c';
  const separator = letter === 'c' ? ['---'] : [];
  const body = [...removed.map((line) => `< ${line}`), ...separator, ...added.map((line) => `> ${line}`)];
  return `${from}${letter}${to}\n${body.join('\n')}\n`;
}

const rangeOf = (first: number, count: number): string => (count > 1 ? `${first},${first + count - 1}` : String(first));

const linesOf = (text: string): readonly string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));
