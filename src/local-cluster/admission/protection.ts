// What is in use stays as long as it is: volumes that are bound, claims of Pods that have a node.

import type { Draft } from '../../objects/draft.ts';
import { within } from '../../objects/draft.ts';
import type { Store } from '../store/store.ts';

export const CLAIM_PROTECTION = 'kubernetes.io/pvc-protection';
export const VOLUME_PROTECTION = 'kubernetes.io/pv-protection';

export const protect =
  (finalizer: string) =>
  (_store: Store, object: Draft): void => {
    const metadata = within(object, 'metadata');
    const before = Array.isArray(metadata['finalizers']) ? metadata['finalizers'] : [];
    if (!before.includes(finalizer)) metadata['finalizers'] = [...before, finalizer];
  };
