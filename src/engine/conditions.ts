import type { ApplicationCondition } from '../model/application.ts';

/**
 * The conditions after an evaluation: of the types that were evaluated only the new ones stay, others survive; one that
 * is the same as before keeps its time.
 */
export function mergeConditions(
  before: readonly ApplicationCondition[],
  evaluated: readonly string[],
  found: readonly ApplicationCondition[],
): readonly ApplicationCondition[] {
  const others = before.filter((condition) => !evaluated.includes(condition.type));
  const fresh = found.map(
    (condition) => before.find((old) => old.type === condition.type && old.message === condition.message) ?? condition,
  );
  return [...others, ...fresh].sort(
    (a, b) =>
      compare(a.type, b.type) || compare(a.message, b.message) || compare(a.lastTransitionTime, b.lastTransitionTime),
  );
}

function compare(a = '', b = ''): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
