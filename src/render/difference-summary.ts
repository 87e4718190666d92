import { sidesOf } from './differences.ts';
import { secretKeys, withoutValues } from './hidden-secrets.ts';
import { compareTexts } from './line-pairs.ts';
import type { ObjectDifference } from './object-difference.ts';
import type { Meaning } from './style.ts';
import type { View } from './view.ts';

type ChangeKind = 'added' | 'changed' | 'removed';

const MEANINGS = { added: 'good', changed: 'warn', removed: 'bad' } as const satisfies Record<ChangeKind, Meaning>;

const changeOf = ({ live, target }: ObjectDifference): ChangeKind =>
  live === undefined ? 'added' : target === undefined ? 'removed' : 'changed';

const identity = ({ group, kind, namespace, name }: ObjectDifference): string =>
  [group, kind, namespace, name].filter((part) => part !== '').join('/');

/** 'apps/Deployment/shop/web', one a line. */
export const renderDifferenceNames = (differences: readonly ObjectDifference[]): string =>
  differences.map((difference) => `${identity(difference)}\n`).join('');

function countLines(difference: ObjectDifference): { added: number; removed: number } {
  const pairs = compareTexts(...sidesOf(withoutValues(difference))).flatMap((hunk) => hunk.pairs);
  const count = (side: 'before' | 'after'): number =>
    pairs.filter((pair) => !('same' in pair) && pair[side] !== undefined).length;
  return { added: count('after'), removed: count('before') };
}

/** How many objects are added, changed and removed. */
export function changeCounts(differences: readonly ObjectDifference[]): Record<ChangeKind, number> {
  const counts = { added: 0, changed: 0, removed: 0 };
  for (const difference of differences) counts[changeOf(difference)] += 1;
  return counts;
}

/** One line an object, then how many there are of each change. */
export function renderDifferenceSummary(differences: readonly ObjectDifference[], view: View): string {
  const { added, changed, removed } = changeCounts(differences);
  const total = `${added} added, ${changed} changed, ${removed} removed\n`;
  if (differences.length === 0) return total;
  const rows = differences.map((difference) => {
    const change = changeOf(difference);
    const lines = countLines(difference);
    const { group, kind, namespace, name } = difference;
    return [{ text: change, as: MEANINGS[change] }, group, kind, namespace, name, `+${lines.added} -${lines.removed}`];
  });
  const head = ['CHANGE', 'GROUP', 'KIND', 'NAMESPACE', 'NAME', 'LINES'];
  return `${view.table({ head, rows }, view.style)}\n${total}`;
}

/** The same for programs, with both sides of each object. */
export function differenceDocument(differences: readonly ObjectDifference[]): Record<string, unknown> {
  return {
    ...changeCounts(differences),
    differences: differences.map((difference) => {
      const { group, kind, namespace, name } = difference;
      const { live, target } = withoutValues(difference);
      const keys = secretKeys(difference);
      return {
        change: changeOf(difference),
        group,
        kind,
        namespace,
        name,
        lines: countLines(difference),
        ...(keys ? { keys } : {}),
        live: live ?? null,
        target: target ?? null,
      };
    }),
  };
}
