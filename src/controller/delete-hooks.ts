// Hooks of a deletion: PreDelete ones run before the resources go, PostDelete ones after.

import { HawserError } from '../core/errors.ts';
import { FIELD_MANAGER } from '../engine/diff/predict.ts';
import {
  DELETE_HOOK_FINALIZERS,
  type DeleteHookType,
  deletePolicies,
  hookTypes,
  isDeleteHookFinalizer,
  waveOf,
} from '../engine/sync/hooks.ts';
import { withName } from '../engine/sync/tasks.ts';
import type { Application } from '../model/application.ts';
import { instanceName } from '../model/application-key.ts';
import { type KubeObject, keyOf } from '../objects/object.ts';
import { type CompareResult, compareApplication, failOnConditions } from './compare.ts';
import { releaseHook, withHookFinalizer } from './operation/hooks.ts';
import { removeObject } from './operation/remove.ts';
import type { ControllerPorts, Destination } from './ports.ts';

/** How far a stage has come in one pass. */
export type StageProgress = 'done' | 'waiting' | 'unconfirmed';

export interface DeletionContext {
  readonly ports: ControllerPorts;
  readonly app: Application;
  readonly destination: Destination;
}

/** The finalizers of an application with these hooks; undefined when it has them already. */
export function finalizersFor(app: Application, hooks: CompareResult['hooks']): readonly string[] | undefined {
  const before = app.metadata.finalizers ?? [];
  const types = new Set(hooks.flatMap(({ target }) => (target ? hookTypes(target) : [])));
  const pending = (['PreDelete', 'PostDelete'] as const)
    .filter((type) => types.has(type))
    .flatMap((type) => Object.values(DELETE_HOOK_FINALIZERS[type]));
  const after = [...before.filter((name) => !isDeleteHookFinalizer(name)), ...pending];
  return after.length === before.length && after.every((name) => before.includes(name)) ? undefined : after;
}

/** Creates the hooks, a wave after the other, and waits until each is healthy. Throws when one failed; it runs again then. */
export async function runDeleteHooks(type: DeleteHookType, context: DeletionContext): Promise<StageProgress> {
  const hooks = await hooksOf(type, context);
  const waves = [...new Set(hooks.map(waveOf))].sort((a, b) => a - b);
  for (const wave of waves) {
    const ofWave = hooks.filter((hook) => waveOf(hook) === wave);
    if (!(await runWave(type, ofWave, context))) return 'waiting';
  }
  // Until all have run a finalizer keeps each: one that ends and goes by itself would run again.
  const { destination } = context;
  const remaining = hooks.flatMap((hook) => destination.live.get(keyOf(hook)) ?? []);
  await Promise.all(remaining.map((live) => releaseHook(live, destination)));
  return 'done';
}

async function hooksOf(type: DeleteHookType, { ports, app }: DeletionContext): Promise<readonly KubeObject[]> {
  const compared = await compareApplication(ports, app, { forceResolve: false, noCache: false });
  failOnConditions(compared);
  const naming = {
    instance: instanceName(app.metadata, ports.namespace),
    destinationNamespace: app.spec.destination.namespace ?? '',
    revision: compared.revisions[0] ?? '',
    startedAt: Date.parse(app.metadata.deletionTimestamp ?? ''),
  };
  return compared.hooks.flatMap(({ target }) =>
    target && hookTypes(target).includes(type) ? [withName(target, type, naming)] : [],
  );
}

/** Whether all hooks of a wave have run. */
async function runWave(type: DeleteHookType, hooks: readonly KubeObject[], context: DeletionContext): Promise<boolean> {
  const { ports, destination } = context;
  const states = await Promise.all(hooks.map((hook) => begin(hook, context)));
  await ports.assessHealth(states.flatMap((live) => live ?? []));
  const failed = states.flatMap((live) => (live && ports.healthOf(live)?.status === 'Degraded' ? [live] : []));
  if (failed.length > 0) {
    await Promise.all(failed.map((live) => discard(live, destination)));
    const names = failed.map(({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name ?? ''}`).join(', ');
    throw new HawserError('sync-failed', `${type} hook(s) failed: ${names}`);
  }
  return states.every((live) => live !== undefined && !isRunning(live, ports));
}

const isRunning = (live: KubeObject, ports: ControllerPorts): boolean =>
  ['Progressing', 'Suspended'].includes(ports.healthOf(live)?.status ?? '');

/** The live hook of this deletion, undefined when it is not there yet. What an earlier run has left makes way for it. */
async function begin(hook: KubeObject, { ports, app, destination }: DeletionContext): Promise<KubeObject | undefined> {
  const { cluster, live: cache } = destination;
  const live = cache.get(keyOf(hook));
  if (!live) {
    cache.put(await cluster.create(withHookFinalizer(hook), { fieldManager: FIELD_MANAGER }));
    return undefined;
  }
  await ports.assessHealth([live]);
  const created = Date.parse(live.metadata.creationTimestamp ?? '');
  const isOfThisRun = created >= Date.parse(app.metadata.deletionTimestamp ?? '');
  const isStopped = live.metadata.deletionTimestamp !== undefined && isRunning(live, ports);
  if (isOfThisRun && !isStopped) return live;
  await discard(live, destination);
  return undefined;
}

async function discard(live: KubeObject, destination: Destination): Promise<void> {
  await releaseHook(live, destination);
  await removeObject(live, destination);
}

/** Deletes the hooks whose policy says so. */
export async function cleanUpDeleteHooks(type: DeleteHookType, context: DeletionContext): Promise<StageProgress> {
  const { ports, app, destination } = context;
  const hooks = [...destination.live.ofApplication(instanceName(app.metadata, ports.namespace))].filter((object) =>
    hookTypes(object).includes(type),
  );
  await ports.assessHealth(hooks);
  const hasFailed = hooks.some((object) => ports.healthOf(object)?.status === 'Degraded');
  const policy = hasFailed ? 'HookFailed' : 'HookSucceeded';
  const leaving = hooks.filter((object) => deletePolicies(object).includes(policy));
  if (leaving.length === 0) return 'done';
  const staying = leaving.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  await Promise.all(staying.map((object) => removeObject(object, destination)));
  return 'waiting';
}
