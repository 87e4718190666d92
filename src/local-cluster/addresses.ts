// Free addresses of a range: the next one after the last that was given, from the beginning again at the end.

import type { Store } from './store/store.ts';

export interface AddressRange {
  readonly resource: string;
  /** The first half of each address. */
  readonly prefix: string;
  readonly first: number;
  readonly size: number;
}

const positions = new WeakMap<Store, Map<string, number>>();

/** The store again, from which addresses are given as from it now: it is not moved on by those that are tried. */
export function tryingStore(store: Store): Store {
  const trying = { ...store };
  positions.set(trying, new Map(positions.get(store)));
  return trying;
}

/** Undefined where none is left. */
export function freeAddress(store: Store, { resource, prefix, first, size }: AddressRange): string | undefined {
  const ofStore = positions.get(store) ?? new Map<string, number>();
  positions.set(store, ofStore);
  let next = ofStore.get(resource) ?? first;
  for (let tries = first; tries < size; tries += 1) {
    const address = `${prefix}.${Math.floor(next / 250)}.${(next % 250) + 1}`;
    next = next + 1 < size ? next + 1 : first;
    if (store.isHeld(resource, address)) continue;
    ofStore.set(resource, next);
    return address;
  }
  return undefined;
}
