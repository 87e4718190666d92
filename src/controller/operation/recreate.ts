// An object that cannot be changed into what Git says is deleted and created again, with the option for it.

import { HawserError } from '../../core/errors.ts';
import { FIELD_MANAGER } from '../../engine/diff/predict.ts';
import type { WriteOptions } from '../../objects/cluster.ts';
import type { KubeObject } from '../../objects/object.ts';
import { type ApplyContext, referenceOf } from './context.ts';

const LONGEST_WAIT_MS = 60_000;
const GLANCE_MS = 50;

export interface Recreation {
  readonly desired: KubeObject;
  readonly live: KubeObject;
  readonly options: WriteOptions;
}

/** Throws before anything is deleted when the new object would be refused; puts the old one back when it is refused after all. */
export async function recreate({ desired, live, options }: Recreation, context: ApplyContext): Promise<void> {
  const { cluster, live: cache } = context.destination;
  await checkNew(desired, options, context);
  await cluster.delete(referenceOf(live), { propagation: 'Background', gracePeriodSeconds: 0 });
  await untilGone(live, context);
  try {
    cache.put(await cluster.create(desired, options));
  } catch (thrown) {
    const former = await cluster.create(withoutIdentity(live), { fieldManager: FIELD_MANAGER }).catch(() => undefined);
    if (former) cache.put(former);
    throw thrown;
  }
}

/** An object that is valid is refused because its name is taken: validation comes before that. */
async function checkNew(desired: KubeObject, options: WriteOptions, { destination }: ApplyContext): Promise<void> {
  try {
    await destination.cluster.create(desired, { ...options, dryRun: true });
  } catch (thrown) {
    const code = thrown instanceof HawserError ? thrown.code : '';
    if (code !== 'already-exists' && code !== 'conflict') throw thrown;
  }
}

async function untilGone(live: KubeObject, { destination, clock }: ApplyContext): Promise<void> {
  const end = clock.now() + LONGEST_WAIT_MS;
  while (clock.now() < end) {
    const remaining = await destination.cluster.get(referenceOf(live));
    if (!remaining || remaining.metadata.uid !== live.metadata.uid) return;
    await clock.sleep(GLANCE_MS);
  }
  const { finalizers = [], name = '' } = live.metadata;
  const held = finalizers.length > 0 ? `, held by ${finalizers.join(', ')}` : '';
  throw new HawserError('timed-out', `${live.kind} '${name}' is still being deleted${held}`);
}

function withoutIdentity(object: KubeObject): KubeObject {
  const { status: _status, ...rest } = object;
  const {
    uid: _uid,
    resourceVersion: _version,
    creationTimestamp: _created,
    generation: _generation,
    managedFields: _fields,
    deletionTimestamp: _deleted,
    deletionGracePeriodSeconds: _grace,
    ...metadata
  } = object.metadata;
  return { ...rest, apiVersion: object.apiVersion, kind: object.kind, metadata };
}
