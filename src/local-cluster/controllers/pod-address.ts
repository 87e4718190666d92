// Addresses of Pods: the next free one, without a look at all Pods for each.

import { textAt } from '../../core/json.ts';
import type { Store } from '../store/store.ts';
import type { ReconcilerClient } from './reconciler.ts';

interface Range {
  readonly used: Set<string>;
  next: number;
}

const ranges = new WeakMap<Store, Range>();
/** 10.244.0.0/16, with 250 addresses in each /24. */
const FIRST = 2;
const SIZE = 250 * 256;

export function freeAddress(client: ReconcilerClient): string {
  const { store } = client.api;
  let range = ranges.get(store) ?? rangeOf(client);
  ranges.set(store, range);
  for (let tries = 0; tries <= 2 * SIZE; tries += 1) {
    // What has become free since is given again when the end is reached.
    if (range.next >= SIZE) {
      range = rangeOf(client);
      ranges.set(store, range);
    }
    const address = `10.244.${Math.floor(range.next / 250)}.${(range.next % 250) + 1}`;
    range.next += 1;
    if (range.used.has(address)) continue;
    range.used.add(address);
    return address;
  }
  throw new Error('no address is free');
}

const rangeOf = (client: ReconcilerClient): Range => ({
  used: new Set(client.list('/pods').map((pod) => textAt(pod, 'status', 'podIP'))),
  next: FIRST,
});
