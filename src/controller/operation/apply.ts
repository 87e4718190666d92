// One object brought to what Git says, or removed. Messages are kubectl's, which the reference passes on.

import { HawserError } from '../../core/errors.ts';
import { canonicalJson, isObject, type JsonObject } from '../../core/json.ts';
import { LAST_APPLIED_ANNOTATION } from '../../engine/diff/normalise.ts';
import { takeOver } from '../../engine/diff/ownership.ts';
import { FIELD_MANAGER, predictApply } from '../../engine/diff/predict.ts';
import { hasOption, isOn } from '../../engine/sync/options.ts';
import { appliesOnServer, isForced, writeMethod } from '../../engine/sync/write.ts';
import type { WriteOptions } from '../../objects/cluster.ts';
import { mergePatchBetween } from '../../objects/merge-patch.ts';
import { groupOf, type KubeObject, withAnnotations } from '../../objects/object.ts';
import { type ApplyContext, referenceOf } from './context.ts';
import { recreate } from './recreate.ts';

const CONFLICT_TRIES = 5;

/** Applies a target; returns kubectl's sentence. Throws what the API server says. */
export async function applyObject(target: KubeObject, context: ApplyContext): Promise<string> {
  if (context.force && appliesOnServer(target, context))
    throw new HawserError('invalid', 'error validating options: --force cannot be used with --server-side');
  const name = `${resourceName(target)}/${target.metadata.name ?? ''}`;
  for (let tries = 1; ; tries += 1) {
    const live = await context.destination.cluster.get(referenceOf(target));
    if (context.dryRun) return `${name} ${wouldBe(target, live, context)} (dry run)`;
    try {
      return `${name} ${await writeTarget(target, live, context)}`;
    } catch (thrown) {
      const code = thrown instanceof HawserError ? thrown.code : '';
      if (tries < CONFLICT_TRIES && (code === 'conflict' || code === 'already-exists')) continue;
      if (!live || !isForced(target, live, context) || !(code === 'conflict' || code === 'invalid')) throw thrown;
      await recreate({ desired: desiredOf(target, context), live, options: writeOptions(target, context) }, context);
      return `${name} configured`;
    }
  }
}

/** kubectl's word for what a write would do, worked out without one. */
function wouldBe(target: KubeObject, live: KubeObject | undefined, context: ApplyContext): string {
  if (!live) return 'created';
  if (isOn(context.syncOptions, target, 'Replace')) return 'replaced';
  return patchFor(desiredOf(target, context), live, context) ? 'configured' : 'unchanged';
}

async function writeTarget(target: KubeObject, live: KubeObject | undefined, context: ApplyContext): Promise<string> {
  const { cluster, live: cache } = context.destination;
  const options = writeOptions(target, context);
  const desired = desiredOf(target, context);
  const method = writeMethod(target, live, context);
  if (live && method === 'recreate') {
    await recreate({ desired, live, options }, context);
    return 'replaced';
  }
  if (method === 'server-side') {
    if (live) await migrate(live, context);
    cache.put(await cluster.patch(referenceOf(target), { type: 'apply', body: target }, { ...options, force: true }));
    return 'serverside-applied';
  }
  if (!live) {
    cache.put(await cluster.create(desired, options));
    return 'created';
  }
  if (method === 'replace') {
    const metadata = { ...desired.metadata, resourceVersion: live.metadata.resourceVersion ?? '' };
    cache.put(await cluster.update({ ...desired, metadata }, options));
    return 'replaced';
  }
  return changeLive(desired, live, context);
}

/** A field that the type does not have would be dropped, and Git's word with it: it is refused, unless validation is off. */
function writeOptions(target: KubeObject, { syncOptions }: ApplyContext): WriteOptions {
  const isOff = hasOption(syncOptions, target, 'Validate=false');
  return { fieldManager: FIELD_MANAGER, fieldValidation: isOff ? 'Ignore' : 'Strict' };
}

/** What is written: an apply on the client's side remembers what it applied. */
function desiredOf(target: KubeObject, context: ApplyContext): KubeObject {
  if (appliesOnServer(target, context) || isOn(context.syncOptions, target, 'Replace')) return target;
  const plain = withAnnotations(target, { [LAST_APPLIED_ANNOTATION]: undefined });
  return withAnnotations(target, { [LAST_APPLIED_ANNOTATION]: `${canonicalJson(plain)}\n` });
}

/** An object that was applied on the client's side is ours in the fields it got then: those that Git drops can go. */
async function migrate(live: KubeObject, context: ApplyContext): Promise<void> {
  if (context.syncOptions.includes('ClientSideApplyMigration=false')) return;
  const managedFields = takeOver(live, FIELD_MANAGER, context.migratesFrom);
  if (!managedFields) return;
  const { resourceVersion = '' } = live.metadata;
  const body = [
    { op: 'replace', path: '/metadata/managedFields', value: managedFields },
    { op: 'replace', path: '/metadata/resourceVersion', value: resourceVersion },
  ];
  const patch = { type: 'json', body } as const;
  context.destination.live.put(
    await context.destination.cluster.patch(referenceOf(live), patch, { fieldManager: FIELD_MANAGER }),
  );
}

async function changeLive(
  desired: KubeObject,
  live: KubeObject,
  context: ApplyContext,
): Promise<'configured' | 'unchanged'> {
  const { cluster, live: cache } = context.destination;
  const patch = patchFor(desired, live, context);
  if (!patch) return 'unchanged';
  const { resourceVersion } = live.metadata;
  const metadata = { ...(isObject(patch['metadata']) ? patch['metadata'] : {}), resourceVersion };
  const body = { ...patch, metadata };
  const written = await cluster.patch(referenceOf(desired), { type: 'merge', body }, writeOptions(desired, context));
  cache.put(written);
  return written.metadata.resourceVersion === resourceVersion ? 'unchanged' : 'configured';
}

function patchFor(desired: KubeObject, live: KubeObject, { types }: ApplyContext): JsonObject | undefined {
  return mergePatchBetween(live, predictApply(live, desired, types));
}

/** 'deployment.apps', as kubectl names a kind. */
function resourceName(object: KubeObject): string {
  const group = groupOf(object.apiVersion);
  return group ? `${object.kind.toLowerCase()}.${group}` : object.kind.toLowerCase();
}
