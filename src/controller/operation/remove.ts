// A live object deleted; one that is gone already is no failure.

import { HawserError } from '../../core/errors.ts';
import { optionValue } from '../../engine/sync/options.ts';
import type { KubeObject } from '../../objects/object.ts';
import type { Destination } from '../ports.ts';
import { type ApplyContext, referenceOf } from './context.ts';

type Propagation = 'Foreground' | 'Background' | 'Orphan';

/** Deletes this very object: another one that has got its name since is left alone. */
export async function removeObject(
  live: KubeObject,
  { cluster }: Destination,
  propagation: Propagation = 'Foreground',
): Promise<void> {
  const { uid } = live.metadata;
  try {
    await cluster.delete(referenceOf(live), { propagation, ...(uid ? { uid } : {}) });
  } catch (thrown) {
    if (!(thrown instanceof HawserError) || thrown.code !== 'not-found') throw thrown;
  }
}

/** Deletes a live object with the propagation that the application asks for. */
export async function deleteObject(live: KubeObject, context: ApplyContext): Promise<void> {
  if (context.dryRun) return;
  const policy = optionValue(context.syncOptions, 'PrunePropagationPolicy') ?? 'foreground';
  const propagation = ({ background: 'Background', orphan: 'Orphan' } as const)[policy] ?? 'Foreground';
  await removeObject(live, context.destination, propagation);
}
