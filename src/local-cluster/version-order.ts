// In which order the versions of a group are preferred.

import { compareText } from '../core/order.ts';

/** Stable versions before beta before alpha, newer before older, other names last. */
export function byPriority(a: string, b: string): number {
  const rank = (version: string): readonly number[] => {
    const match = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version);
    if (!match) return [3, 0, 0];
    const stage = match[2] === undefined ? 0 : match[2] === 'beta' ? 1 : 2;
    return [stage, -Number(match[1]), -Number(match[3] ?? '0')];
  };
  const [left, right] = [rank(a), rank(b)];
  const position = left.findIndex((value, index) => value !== right[index]);
  return position < 0 ? compareText(a, b) : (left[position] ?? 0) - (right[position] ?? 0);
}
