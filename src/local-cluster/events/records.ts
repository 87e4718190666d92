// The events that are there, found by what they tell: nobody may look at all of them for each new one.

import { textAt } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import type { Store } from '../store/store.ts';
import { COMBINED, type Correlator, createCorrelator } from './correlate.ts';
import { EVENTS } from './event.ts';

export interface Records {
  readonly correlator: Correlator;
  find(key: string): KubeObject | undefined;
  put(event: KubeObject): void;
  /** The one that was made first, where there are more than so many. */
  oldestBeyond(most: number): KubeObject | undefined;
  /** Another number each time. */
  turn(): number;
}

export const sourceKey = (component: string, host: string, object: string): string => `${component} ${host} ${object}`;
export const groupKey = (source: string, fieldPath: string, reason: string): string =>
  `${source} ${fieldPath} ${reason}`;
export const wordsKey = (group: string, message: string): string => `${group} ${message}`;

/** What many that differ in their words alone became. */
export const combinedKey = (group: string): string => `${group} combined`;

const known = new WeakMap<Store, Records>();

export function recordsOf(store: Store): Records {
  const records = known.get(store) ?? createRecords(store);
  known.set(store, records);
  return records;
}

function createRecords(store: Store): Records {
  /** By namespace and name, the oldest first. */
  const keys = new Map<string, readonly string[]>();
  const names = new Map<string, string>();
  let turns = 0;

  function put(event: KubeObject): void {
    const name = nameOf(event);
    const group = groupIn(event);
    const message = textAt(event, 'message');
    const own = message.startsWith(COMBINED) ? [combinedKey(group)] : [group, wordsKey(group, message)];
    for (const key of keys.get(name) ?? []) if (names.get(key) === name) names.delete(key);
    for (const key of own) names.set(key, name);
    keys.set(name, own);
  }

  function drop(name: string): void {
    for (const key of keys.get(name) ?? []) if (names.get(key) === name) names.delete(key);
    keys.delete(name);
  }

  const at = (name: string): KubeObject | undefined => {
    const slash = name.indexOf('/');
    return store.get(EVENTS, name.slice(0, slash), name.slice(slash + 1));
  };

  for (const event of [...store.list(EVENTS)].sort(byTime)) put(event);
  store.subscribe(({ resource, namespace, name, object }) => {
    if (resource === EVENTS && !object) drop(`${namespace}/${name}`);
  });
  return {
    correlator: createCorrelator(),
    find: (key) => {
      const name = names.get(key);
      return name === undefined ? undefined : at(name);
    },
    put,
    oldestBeyond: (most) => {
      const [oldest] = keys.size > most ? keys.keys() : [];
      if (oldest === undefined) return undefined;
      const event = at(oldest);
      drop(oldest);
      return event;
    },
    turn: () => {
      turns += 1;
      return turns;
    },
  };
}

const nameOf = ({ metadata }: KubeObject): string => `${metadata.namespace ?? ''}/${metadata.name ?? ''}`;

function groupIn(event: KubeObject): string {
  const about = (field: string): string => textAt(event, 'involvedObject', field);
  const component = textAt(event, 'reportingComponent') || textAt(event, 'source', 'component');
  const source = sourceKey(
    component,
    textAt(event, 'source', 'host'),
    about('uid') || `${about('kind')}/${about('name')}`,
  );
  return groupKey(source, about('fieldPath'), textAt(event, 'reason'));
}

const byTime = (a: KubeObject, b: KubeObject): number =>
  (a.metadata.creationTimestamp ?? '').localeCompare(b.metadata.creationTimestamp ?? '');
