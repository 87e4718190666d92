// Functions of lists, of values that may be missing, and what macros with a later CEL's names are written in.

import type { Environment } from '@marcbachmann/cel-js';
import { isMissable, type MakeOptional, presentOf } from './missable.ts';

type Ordered = bigint | number | string;

const isOrdered = (value: unknown): value is Ordered =>
  typeof value === 'bigint' || typeof value === 'number' || typeof value === 'string';

/** Items in the order of their keys. */
function sortedBy(list: readonly unknown[], keys: readonly unknown[]): unknown[] {
  const pairs = list.map((item, index) => {
    const key = keys[index];
    if (!isOrdered(key)) throw new Error('no such overload');
    return { item, key };
  });
  return pairs.toSorted((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key))).map(({ item }) => item);
}

const flatten = (list: readonly unknown[], depth: bigint): unknown[] => list.flat(Number(depth));

function slice(list: readonly unknown[], from: bigint, to: bigint): unknown[] {
  const asked = `cannot slice(${from}, ${to})`;
  if (from < 0n || to < 0n) throw new Error(`${asked}, negative indexes not supported`);
  if (from > to) throw new Error(`${asked}, start index must be less than or equal to end index`);
  if (to > list.length) throw new Error(`${asked}, list is length ${list.length}`);
  return list.slice(Number(from), Number(to));
}

const unwrap = (list: readonly unknown[]): unknown[] =>
  list.flatMap((item) => (isMissable(item) && item.hasValue() ? [item.value()] : []));

const isZero = (value: unknown): boolean =>
  value === null ||
  value === '' ||
  value === 0 ||
  value === 0n ||
  value === false ||
  (Array.isArray(value) && value.length === 0) ||
  (value instanceof Map && value.size === 0);

function merged(maps: readonly unknown[]): Map<unknown, unknown> {
  const all = new Map<unknown, unknown>();
  for (const map of maps) {
    const entries = map instanceof Map ? [...map] : Object.entries(map ?? {});
    for (const [key, value] of entries) {
      if (all.has(key)) throw new Error(`insert failed: key ${String(key)} already exists`);
      all.set(key, value);
    }
  }
  return all;
}

/** The namespace of lists. */
class ListNames {}

export function registerMoreLists(environment: Environment, optionalOf: MakeOptional): void {
  const alike = environment.parse('a == b');
  environment
    .registerOperator('optional<dyn> == optional<dyn>', (a: unknown, b: unknown) => {
      const [one, other] = [presentOf(a), presentOf(b)];
      return one === undefined || other === undefined ? one === other : alike({ a: one, b: other }) === true;
    })
    .registerType('ListNames', { ctor: ListNames, fields: {} })
    .registerConstant('lists', 'ListNames', new ListNames())
    .registerFunction('ListNames.range(int): list<int>', (_names: ListNames, count: bigint) =>
      Array.from({ length: Number(count) }, (_item, index) => BigInt(index)),
    )
    .registerFunction('list<dyn>.sort(): list<dyn>', (list: unknown[]) => sortedBy(list, list))
    .registerFunction('sortedBy(list<dyn>, list<dyn>): list<dyn>', sortedBy)
    .registerFunction('list<dyn>.flatten(): list<dyn>', (list: unknown[]) => flatten(list, 1n))
    .registerFunction('list<dyn>.flatten(int): list<dyn>', flatten)
    .registerFunction('list<dyn>.slice(int, int): list<dyn>', slice)
    .registerFunction('list<dyn>.first(): optional<dyn>', (list: unknown[]) => optionalOf(list[0]))
    .registerFunction('list<dyn>.last(): optional<dyn>', (list: unknown[]) => optionalOf(list.at(-1)))
    .registerFunction('list<dyn>.unwrapOpt(): list<dyn>', unwrap)
    .registerFunction('unwrapped(list<dyn>): list<dyn>', unwrap)
    .registerFunction('nonZero(dyn): optional<dyn>', (value: unknown) => optionalOf(isZero(value) ? undefined : value))
    .registerFunction('flatOptional(list<dyn>): optional<dyn>', (list: unknown[]) => list[0] ?? optionalOf(undefined))
    .registerFunction('mergedMaps(list<dyn>): map<dyn, dyn>', merged);
}
