// Hooks as objects: when they are deleted, and the finalizer that keeps one until its result has been read.

import { deletePolicies, HOOK_FINALIZER, type HookDeletePolicy } from '../../engine/sync/hooks.ts';
import type { SyncTask } from '../../engine/sync/tasks.ts';
import type { KubeObject } from '../../objects/object.ts';
import type { Destination } from '../ports.ts';
import { type PassContext, referenceOf } from './context.ts';
import { deleteObject } from './remove.ts';
import type { Results } from './results.ts';

/** Hooks of an earlier run stand in the way of their next one. */
export async function deleteBeforeCreation(tasks: readonly SyncTask[], context: PassContext): Promise<SyncTask[]> {
  const remaining: SyncTask[] = [];
  for (const task of tasks) {
    if (!task.hook || !task.target || context.dryRun) continue;
    const live = context.destination.live.get(task.key);
    if (!live || !deletePolicies(task.target).includes('BeforeHookCreation')) continue;
    await releaseHook(live, context.destination);
    await deleteObject(live, context);
    if (await context.destination.cluster.get(referenceOf(live))) remaining.push(task);
  }
  return remaining;
}

/** Completed hooks let go of their finalizer. */
export async function releaseHooks(tasks: readonly SyncTask[], results: Results, context: PassContext): Promise<void> {
  for (const { task, live } of liveHooks(tasks, context)) {
    if (['succeeded', 'failed'].includes(results.stateOf(task))) await releaseHook(live, context.destination);
  }
}

/** Deletes the hooks of a finished operation whose policy says so; the others let go of their finalizer. */
export async function deleteHooks(
  tasks: readonly SyncTask[],
  results: Results,
  context: PassContext,
  policy: HookDeletePolicy,
): Promise<void> {
  for (const { task, live } of liveHooks(tasks, context)) {
    if (results.stateOf(task) === 'pending') continue;
    await releaseHook(live, context.destination);
    if (deletePolicies(live).includes(policy)) await deleteObject(live, context);
  }
}

/** Ends what a terminated operation left running. */
export async function terminateHooks(
  tasks: readonly SyncTask[],
  results: Results,
  context: PassContext,
): Promise<void> {
  for (const { task, live } of liveHooks(tasks, context)) {
    if (results.stateOf(task) !== 'running') continue;
    await releaseHook(live, context.destination);
    await deleteObject(live, context);
    results.record(task, { status: 'SyncFailed', message: 'Terminated', hookPhase: 'Failed' });
  }
}

interface LiveHook {
  readonly task: SyncTask;
  readonly live: KubeObject;
}

function liveHooks(tasks: readonly SyncTask[], { dryRun, destination }: PassContext): readonly LiveHook[] {
  if (dryRun) return [];
  return tasks.flatMap((task) => {
    const live = task.hook ? destination.live.get(task.key) : undefined;
    return live ? [{ task, live }] : [];
  });
}

export async function releaseHook(live: KubeObject, { cluster, live: cache }: Destination): Promise<void> {
  const finalizers = live.metadata.finalizers ?? [];
  if (!finalizers.includes(HOOK_FINALIZER)) return;
  const rest = finalizers.filter((finalizer) => finalizer !== HOOK_FINALIZER);
  const body = { metadata: { finalizers: rest.length > 0 ? rest : null } };
  cache.put(await cluster.patch(referenceOf(live), { type: 'merge', body }));
}

export function withHookFinalizer(hook: KubeObject): KubeObject {
  const finalizers = [...new Set([...(hook.metadata.finalizers ?? []), HOOK_FINALIZER])];
  return { ...hook, metadata: { ...hook.metadata, finalizers } };
}
