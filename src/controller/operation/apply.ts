// One object brought to what Git says, or removed. Messages are kubectl's, which the reference passes on.

import { HawserError } from '../../core/errors.ts';
import { isObject, type JsonObject } from '../../core/json.ts';
import type { KindTypes } from '../../engine/diff/kind-types.ts';
import { LAST_APPLIED_ANNOTATION } from '../../engine/diff/normalise.ts';
import { FIELD_MANAGER, predictApply } from '../../engine/diff/predict.ts';
import { hasOption, optionValue } from '../../engine/sync/options.ts';
import type { ObjectReference, WriteOptions } from '../../objects/cluster.ts';
import { mergePatchBetween } from '../../objects/merge-patch.ts';
import { groupOf, type KubeObject, versionOf, withAnnotations } from '../../objects/object.ts';
import type { Destination } from '../ports.ts';

const CONFLICT_TRIES = 5;

export interface ApplyContext {
  readonly destination: Destination;
  readonly types: KindTypes;
  readonly syncOptions: readonly string[];
  readonly dryRun: boolean;
  readonly force: boolean;
}

/** Applies a target; returns kubectl's sentence. Throws what the API server says. */
export async function applyObject(target: KubeObject, context: ApplyContext): Promise<string> {
  const { destination, syncOptions, dryRun } = context;
  const name = `${resourceName(target)}/${target.metadata.name ?? ''}`;
  const suffix = dryRun ? ' (dry run)' : '';
  const options: WriteOptions = { fieldManager: FIELD_MANAGER, dryRun };
  const replaces = hasOption(syncOptions, target, 'Replace=true');
  const serverSide = hasOption(syncOptions, target, 'ServerSideApply=true') && !replaces;
  if (serverSide && !dryRun) {
    const written = await destination.cluster.patch(
      referenceOf(target),
      { type: 'apply', body: target },
      { ...options, force: true },
    );
    destination.live.put(written);
    return `${name} serverside-applied`;
  }
  const desired = replaces ? target : withLastApplied(target);
  for (let tries = 1; ; tries += 1) {
    const live = await destination.cluster.get(referenceOf(target));
    try {
      if (!live) {
        keep(context, await destination.cluster.create(desired, options));
        return `${name} created${suffix}`;
      }
      return `${name} ${await changeLive(desired, live, context, replaces)}${suffix}`;
    } catch (thrown) {
      const code = thrown instanceof HawserError ? thrown.code : '';
      if (tries < CONFLICT_TRIES && (code === 'conflict' || code === 'already-exists')) continue;
      if (live && !dryRun && (context.force || hasOption(syncOptions, target, 'Force=true')))
        return recreate(desired, context, name);
      throw thrown;
    }
  }
}

async function changeLive(
  desired: KubeObject,
  live: KubeObject,
  context: ApplyContext,
  replaces: boolean,
): Promise<'configured' | 'unchanged' | 'replaced'> {
  const { cluster } = context.destination;
  const options: WriteOptions = { fieldManager: FIELD_MANAGER, dryRun: context.dryRun };
  if (replaces) {
    const metadata = { ...desired.metadata, resourceVersion: live.metadata.resourceVersion ?? '' };
    keep(context, await cluster.update({ ...desired, metadata }, options));
    return 'replaced';
  }
  const patch = mergePatchBetween(live, predictApply(live, desired, context.types));
  if (!patch) return 'unchanged';
  const guarded: JsonObject = {
    ...patch,
    metadata: {
      ...(isObject(patch['metadata']) ? patch['metadata'] : {}),
      resourceVersion: live.metadata.resourceVersion,
    },
  };
  const written = await cluster.patch(referenceOf(desired), { type: 'merge', body: guarded }, options);
  keep(context, written);
  return written.metadata.resourceVersion === live.metadata.resourceVersion && !context.dryRun
    ? 'unchanged'
    : 'configured';
}

async function recreate(desired: KubeObject, context: ApplyContext, name: string): Promise<string> {
  const { cluster } = context.destination;
  await cluster.delete(referenceOf(desired), { propagation: 'Background', gracePeriodSeconds: 0 });
  keep(context, await cluster.create(desired, { fieldManager: FIELD_MANAGER }));
  return `${name} replaced`;
}

/** Deletes a live object with the propagation that the application asks for. */
export async function deleteObject(live: KubeObject, context: ApplyContext): Promise<void> {
  const asked = optionValue(context.syncOptions, 'PrunePropagationPolicy') ?? 'foreground';
  const propagation = ({ background: 'Background', orphan: 'Orphan' } as const)[asked] ?? 'Foreground';
  const { uid } = live.metadata;
  try {
    await context.destination.cluster.delete(referenceOf(live), {
      propagation,
      dryRun: context.dryRun,
      ...(uid ? { uid } : {}),
    });
  } catch (thrown) {
    if (!(thrown instanceof HawserError) || thrown.code !== 'not-found') throw thrown;
  }
}

function keep(context: ApplyContext, written: KubeObject): void {
  if (!context.dryRun) context.destination.live.put(written);
}

export function referenceOf(object: KubeObject): ObjectReference {
  return {
    group: groupOf(object.apiVersion),
    version: versionOf(object.apiVersion),
    kind: object.kind,
    namespace: object.metadata.namespace ?? '',
    name: object.metadata.name ?? '',
  };
}

/** 'deployment.apps', as kubectl names a kind. */
function resourceName(object: KubeObject): string {
  const group = groupOf(object.apiVersion);
  return group ? `${object.kind.toLowerCase()}.${group}` : object.kind.toLowerCase();
}

function withLastApplied(target: KubeObject): KubeObject {
  const plain = withAnnotations(target, { [LAST_APPLIED_ANNOTATION]: undefined });
  return withAnnotations(target, { [LAST_APPLIED_ANNOTATION]: `${JSON.stringify(plain)}\n` });
}
