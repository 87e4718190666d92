// The applications of a server, held as lines: sorted and filtered when somebody looks, not with each change.

import type { Application } from '../../model/application.ts';
import type { Counts, FleetRow } from '../../render/fleet.ts';
import { type Entry, entryOf, keyOf } from './rows.ts';

export const ORDERS = ['problems', 'name', 'project', 'last deployment'] as const;
export type Order = (typeof ORDERS)[number];

export interface Fleet {
  put(app: Application): void;
  remove(app: Application): void;
  /** All there are: what is not among them is gone. */
  replace(apps: readonly Application[]): void;
  entry(key: string): Entry | undefined;
  /** Those that fit the filter, in order: the same list as long as nothing has changed. */
  rows(order: Order, filter: string): readonly FleetRow[];
  readonly total: number;
  readonly sync: Counts;
  readonly health: Counts;
}

type Compare = (a: Entry, b: Entry) => number;

const byName: Compare = (a, b) => (a.row.name < b.row.name ? -1 : a.row.name > b.row.name ? 1 : 0);
const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const COMPARE: Readonly<Record<Order, Compare>> = {
  problems: (a, b) => a.rank - b.rank || byName(a, b),
  name: byName,
  project: (a, b) => compareTexts(a.row.project, b.row.project) || byName(a, b),
  'last deployment': (a, b) => compareTexts(b.deployed, a.deployed) || byName(a, b),
};

export function createFleet(): Fleet {
  const entries = new Map<string, Entry>();
  const sync = new Map<string, number>();
  const health = new Map<string, number>();
  let current: { readonly order: Order; readonly filter: string; readonly rows: readonly FleetRow[] } | undefined;
  const count = ({ row }: Entry, step: number): void => {
    sync.set(row.sync, (sync.get(row.sync) ?? 0) + step);
    health.set(row.health, (health.get(row.health) ?? 0) + step);
  };
  const drop = (key: string): void => {
    const entry = entries.get(key);
    if (!entry) return;
    entries.delete(key);
    count(entry, -1);
    current = undefined;
  };
  const put = (app: Application): void => {
    const entry = entryOf(app);
    const before = entries.get(entry.row.key);
    if (before) count(before, -1);
    entries.set(entry.row.key, entry);
    count(entry, 1);
    current = undefined;
  };
  return {
    put,
    remove: (app) => drop(keyOf(app)),
    replace: (apps) => {
      const keys = new Set(apps.map(keyOf));
      for (const key of [...entries.keys()]) if (!keys.has(key)) drop(key);
      for (const app of apps) put(app);
    },
    entry: (key) => entries.get(key),
    rows: (order, filter) => {
      if (current?.order === order && current.filter === filter) return current.rows;
      const sorted = [...entries.values()].sort(COMPARE[order]);
      const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
      const matches = sorted.filter(({ haystack }) => words.every((word) => haystack.includes(word)));
      current = { order, filter, rows: matches.map(({ row }) => row) };
      return current.rows;
    },
    get total() {
      return entries.size;
    },
    sync,
    health,
  };
}
