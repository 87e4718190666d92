import { compareText } from '../core/order.ts';
import type { ApplicationCondition } from '../model/application.ts';

/**
 * The conditions after an evaluation: of the types that were evaluated only the new ones stay, others survive; one that
 * is the same as before keeps its time.
 */
export function mergeConditions(
  before: readonly ApplicationCondition[],
  evaluated: readonly string[],
  current: readonly ApplicationCondition[],
): readonly ApplicationCondition[] {
  const others = before.filter((condition) => !evaluated.includes(condition.type));
  const fresh = current.map(
    (condition) => before.find((old) => old.type === condition.type && old.message === condition.message) ?? condition,
  );
  return [...others, ...fresh].sort(
    (a, b) =>
      compareText(a.type, b.type) ||
      compareText(a.message, b.message) ||
      compareText(a.lastTransitionTime, b.lastTransitionTime),
  );
}
