// Two texts side by side: which line stands for which, and which words of them differ.

import { diffWordsWithSpace, structuredPatch } from 'diff';
import type { Style } from './style.ts';

export interface Hunk {
  readonly oldStart: number;
  readonly oldLines: number;
  readonly newStart: number;
  readonly newLines: number;
  readonly pairs: readonly LinePair[];
}

/** A line that both have, or what one of them has; changed lines stand beside each other. */
export type LinePair =
  | { readonly same: string }
  | { readonly before: string | undefined; readonly after: string | undefined };

const CONTEXT_LINES = 3;
const DIFF_TIMEOUT_MS = 2000;

/** What differs with some lines around; texts too different to compare in time are one hunk of everything. */
export function compareTexts(before: string, after: string): Hunk[] {
  const options = { context: CONTEXT_LINES, timeout: DIFF_TIMEOUT_MS };
  const patch = structuredPatch('', '', before, after, undefined, undefined, options);
  if (patch) return patch.hunks.map((hunk) => ({ ...hunk, pairs: pairsOf(hunk.lines) }));
  const [old, fresh] = [linesOf(before), linesOf(after)];
  const lines = [...old.map((line) => `-${line}`), ...fresh.map((line) => `+${line}`)];
  return [{ oldStart: 1, oldLines: old.length, newStart: 1, newLines: fresh.length, pairs: pairsOf(lines) }];
}

const linesOf = (text: string): string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));

function pairsOf(lines: readonly string[]): LinePair[] {
  const pairs: LinePair[] = [];
  let removed: string[] = [];
  let added: string[] = [];
  const flush = (): void => {
    const count = Math.max(removed.length, added.length);
    for (let index = 0; index < count; index += 1) pairs.push({ before: removed[index], after: added[index] });
    removed = [];
    added = [];
  };
  for (const line of lines) {
    const text = line.slice(1);
    if (line.startsWith('-')) {
      if (added.length > 0) flush();
      removed.push(text);
    } else if (line.startsWith('+')) added.push(text);
    else if (!line.startsWith('\\')) {
      flush();
      pairs.push({ same: text });
    }
  }
  flush();
  return pairs;
}

/** Both lines, with the words that differ set off. */
export function paintWords(before: string, after: string, style: Style): { before: string; after: string } {
  const parts = diffWordsWithSpace(before, after);
  const commonLength = parts
    .filter(({ added, removed }) => !added && !removed)
    .reduce((sum, { value }) => sum + value.trim().length, 0);
  // Lines that share next to nothing are two lines, not one that was changed.
  if (commonLength === 0) return { before: style.bad(before), after: style.good(after) };
  const paint = (side: 'removed' | 'added', meaning: 'bad' | 'good'): string =>
    parts
      .filter((part) => part[side] || (!part.added && !part.removed))
      .map((part) => (part[side] ? style.heading(style[meaning](part.value)) : style[meaning](part.value)))
      .join('');
  return { before: paint('removed', 'bad'), after: paint('added', 'good') };
}
