import type { JsonObject } from '../core/json.ts';
import { formatYaml } from '../core/yaml.ts';
import { secretKeys, withoutValues } from './hidden-secrets.ts';
import type { Hunk, LinePair } from './line-pairs.ts';
import type { ObjectDifference } from './object-difference.ts';
import type { Style } from './style.ts';
import { oneLine } from './table.ts';

export const differenceTitle = ({ group, kind, namespace, name }: ObjectDifference): string =>
  oneLine(`===== ${group}/${kind} ${namespace}/${name} ======`);

/** The YAML of both sides, live first; an absent side is ''. */
export function sidesOf({ live, target }: ObjectDifference): readonly [string, string] {
  const text = (state: JsonObject | undefined): string => (state ? formatYaml(state, { sortKeys: true }) : '');
  return [text(live), text(target)];
}

/** Unified differences of all objects, changed words set off; values of Secrets are hidden, their keys are named. */
export async function renderDifferences(differences: readonly ObjectDifference[], style: Style): Promise<string> {
  const lines = await import('./line-pairs.ts');
  const parts = differences.map((difference) => {
    const hunks = lines.compareTexts(...sidesOf(withoutValues(difference)));
    const text = hunks
      .map((hunk) => `${hunkTitle(hunk, style)}\n${unified(hunk.pairs, lines.paintWords, style)}`)
      .join('');
    return `${differenceHead(difference, style)}${text}`;
  });
  return parts.join('\n');
}

/** The title of one object, and which values of a Secret differ. */
export function differenceHead(difference: ObjectDifference, style: Style): string {
  const keys = secretKeys(difference);
  const keyLists = Object.entries(keys ?? {}).flatMap(([what, list]) =>
    list.length > 0 ? [`${what} ${list.join(', ')}`] : [],
  );
  const note = keyLists.length > 0 ? `${style.faint(`values are hidden: ${keyLists.join('; ')}`)}\n` : '';
  return `${style.heading(differenceTitle(difference))}\n${note}`;
}

/** A side without lines is named by the line before it. */
export function hunkTitle({ oldStart, oldLines, newStart, newLines }: Hunk, style: Style): string {
  const range = (start: number, lines: number): string => `${lines === 0 ? start - 1 : start},${lines}`;
  return style.busy(`@@ -${range(oldStart, oldLines)} +${range(newStart, newLines)} @@`);
}

type PaintWords = (before: string, after: string, style: Style) => { before: string; after: string };

/** Within one run of changes first what goes, then what comes. */
function unified(pairs: readonly LinePair[], paintWords: PaintWords, style: Style): string {
  let text = '';
  let coming = '';
  for (const pair of pairs) {
    if ('same' in pair) {
      text += `${coming} ${pair.same}\n`;
      coming = '';
      continue;
    }
    const { before, after } = pair;
    const painted = before !== undefined && after !== undefined ? paintWords(before, after, style) : undefined;
    if (before !== undefined) text += `${style.bad('-')}${painted?.before ?? style.bad(before)}\n`;
    if (after !== undefined) coming += `${style.good('+')}${painted?.after ?? style.good(after)}\n`;
  }
  return text + coming;
}
