// Addresses of Pods.

import { freeAddress } from '../addresses.ts';
import type { ReconcilerClient } from './reconciler.ts';

const ADDRESSES = { resource: '/pods', prefix: '10.244', first: 2, size: 250 * 256 } as const;

export function podAddress({ api }: ReconcilerClient): string {
  const address = freeAddress(api.store, ADDRESSES);
  if (address === undefined) throw new Error('no address is free');
  return address;
}
