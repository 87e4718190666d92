// The order of a merged list: items of the patch in its order, the others before the first that stood behind them.

import { HawserError } from '../core/errors.ts';
import { goText } from '../core/go-text.ts';
import { isList, isObject, type Json, sameJson } from '../core/json.ts';
import { type DraftJson, isDraft } from './draft.ts';

export interface Keyed {
  /** The field that tells items apart; absent: the items themselves. */
  readonly key: string;
}

type Key = string | undefined;

interface Parts {
  /** Items that the patch names. */
  readonly named: readonly DraftJson[];
  readonly others: readonly DraftJson[];
}

export function partition(merged: readonly DraftJson[], by: readonly DraftJson[], key: Key): Parts {
  const named: DraftJson[] = [];
  const others: DraftJson[] = [];
  for (const item of merged) (indexIn(by, item, key) >= 0 ? named : others).push(item);
  return { named, others };
}

/** Both parts in one list. */
export function inOrder(
  { named, others }: Parts,
  order: { readonly given: readonly DraftJson[]; readonly live: readonly DraftJson[] },
  key: Key,
): DraftJson[] {
  if (key !== undefined) for (const item of order.given) keyOf(item, key);
  const right = sorted(named, order.given, key);
  const left = sorted(others, order.live, key);
  const result: DraftJson[] = [];
  let next = 0;
  for (const item of right) {
    const place = indexIn(order.live, item, key);
    for (; next < left.length && place >= 0; next += 1) {
      const other = left[next];
      const at = other === undefined ? -1 : indexIn(order.live, other, key);
      if (other === undefined || at < 0 || at > place) break;
      result.push(other);
    }
    result.push(item);
  }
  return [...result, ...left.slice(next)];
}

function sorted(items: readonly DraftJson[], order: readonly DraftJson[], key: Key): DraftJson[] {
  return items
    .map((item) => ({ item, place: indexIn(order, item, key) }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}

function indexIn(list: readonly DraftJson[], item: DraftJson, key: Key): number {
  if (key === undefined) return list.findIndex((other) => sameJson(other, item));
  const wanted = isDraft(item) ? item[key] : undefined;
  return list.findIndex((other, index) => {
    if (!isDraft(other)) throw new HawserError('invalid', `value for key ${index} is not a map`);
    return other[key] !== undefined && sameJson(other[key], wanted);
  });
}

/** The value of the field that tells items apart. */
export function keyOf(item: DraftJson, key: string): DraftJson {
  const value = isDraft(item) ? item[key] : undefined;
  if (value !== undefined) return value;
  throw new HawserError('invalid', `map: ${goText(item)} does not contain declared merge key: ${key}`);
}

/** Refuses a patch whose items do not come in the order that it gives itself. */
export function checkAgainst(order: readonly DraftJson[], patch: readonly DraftJson[], key: Key): void {
  const items = patch.filter((item) => !isDraft(item) || item['$patch'] !== 'delete');
  let next = 0;
  for (const wanted of order) {
    const item = items[next];
    if (item !== undefined && isSame(item, wanted, key)) next += 1;
  }
  if (order.length === 0 || next === items.length) return;
  const [given, list] = [goText(patch), goText(order)];
  throw new HawserError(
    'invalid',
    `The order in patch list:\n${given}\n doesn't match $setElementOrder list:\n${list}\n`,
  );
}

function isSame(item: DraftJson, other: DraftJson, key: Key): boolean {
  if (key === undefined || !isDraft(item) || !isDraft(other)) return sameJson(item, other);
  return sameJson(item[key], other[key]);
}

/** What lists hold; refuses those that hold different things. */
export function elementType(...lists: readonly (readonly DraftJson[])[]): string {
  let type: string | undefined;
  for (const item of lists.flat()) {
    const form = formOf(item);
    if (type === undefined && form === 'list') throw new HawserError('invalid', 'lists of lists are not supported');
    if (type !== undefined && form !== type) {
      throw new HawserError('invalid', `list element types are not identical: ${goText(lists)}`);
    }
    type = form;
  }
  if (type !== undefined) return type;
  throw new HawserError('invalid', 'no elements in any of the given slices');
}

/** What Go tells apart: a whole number is another thing than a fraction. */
export function formOf(value: Json): string {
  if (isList(value)) return 'list';
  if (isObject(value)) return 'map';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64';
  if (typeof value === 'boolean') return 'bool';
  return value === null ? 'nil' : typeof value;
}
