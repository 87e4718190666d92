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
import { type KubeObject, keyOf } from '../objects/object.ts';
import { type CompareResult, compareApplication, failOnConditions } from './compare.ts';
import { removeObject } from './operation/remove.ts';
import type { ControllerPorts, Destination } from './ports.ts';

/** How far a stage has come in one pass. */
export type Progress = 'done' | 'waiting' | 'unconfirmed';

export interface DeletionContext {
  readonly ports: ControllerPorts;
  readonly app: Application;
  readonly destination: Destination;
}

/** The finalizers of an application with these hooks; undefined when it has them already. */
export function finalizersFor(app: Application, hooks: CompareResult['hooks']): readonly string[] | undefined {
  const before = app.metadata.finalizers ?? [];
  const types = new Set(hooks.flatMap(({ target }) => (target ? hookTypes(target) : [])));
  const wanted = (['PreDelete', 'PostDelete'] as const)
    .filter((type) => types.has(type))
    .flatMap((type) => Object.values(DELETE_HOOK_FINALIZERS[type]));
  const after = [...before.filter((name) => !isDeleteHookFinalizer(name)), ...wanted];
  return after.length === before.length && after.every((name) => before.includes(name)) ? undefined : after;
}

/** Creates the hooks, a wave after the other, and waits until each is healthy. Throws when one failed; it runs again then. */
export async function runDeleteHooks(type: DeleteHookType, context: DeletionContext): Promise<Progress> {
  const hooks = await hooksOf(type, context);
  const waves = [...new Set(hooks.map(waveOf))].sort((a, b) => a - b);
  for (const wave of waves) {
    const progress = await runWave(
      type,
      hooks.filter((hook) => waveOf(hook) === wave),
      context,
    );
    if (progress !== 'done') return progress;
  }
  return 'done';
}

async function hooksOf(type: DeleteHookType, { ports, app }: DeletionContext): Promise<readonly KubeObject[]> {
  const compared = await compareApplication(ports, app, { forceResolve: false, noCache: false });
  failOnConditions(compared);
  const naming = {
    application: app.metadata.name,
    destinationNamespace: app.spec.destination.namespace ?? '',
    revision: compared.revisions[0] ?? '',
    startedAt: Date.parse(app.metadata.deletionTimestamp ?? ''),
  };
  return compared.hooks.flatMap(({ target }) =>
    target && hookTypes(target).includes(type) ? [withName(target, type, naming)] : [],
  );
}

async function runWave(
  type: DeleteHookType,
  hooks: readonly KubeObject[],
  context: DeletionContext,
): Promise<Progress> {
  const { ports, destination } = context;
  const states = await Promise.all(hooks.map((hook) => begin(hook, context)));
  const failed = states.flatMap((live) => (live && ports.healthOf(live)?.status === 'Degraded' ? [live] : []));
  if (failed.length > 0) {
    await Promise.all(failed.map((live) => removeObject(live, destination)));
    const names = failed.map(({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name ?? ''}`).join(', ');
    throw new HawserError('sync-failed', `${type} hook(s) failed: ${names}`);
  }
  const isDone = (live: KubeObject | undefined): boolean =>
    live !== undefined && !['Progressing', 'Suspended'].includes(ports.healthOf(live)?.status ?? '');
  return states.every(isDone) ? 'done' : 'waiting';
}

/** The live hook of this deletion, undefined when it is not there yet. What an earlier run has left makes way for it. */
async function begin(hook: KubeObject, { app, destination }: DeletionContext): Promise<KubeObject | undefined> {
  const { cluster, live: cache } = destination;
  const live = cache.get(keyOf(hook));
  if (!live) {
    cache.put(await cluster.create(hook, { fieldManager: FIELD_MANAGER }));
    return undefined;
  }
  if (live.metadata.deletionTimestamp !== undefined) return undefined;
  const created = Date.parse(live.metadata.creationTimestamp ?? '');
  if (created >= Date.parse(app.metadata.deletionTimestamp ?? '')) return live;
  await removeObject(live, destination);
  return undefined;
}

/** Deletes the hooks whose policy says so. */
export async function cleanUpDeleteHooks(type: DeleteHookType, context: DeletionContext): Promise<Progress> {
  const { ports, app, destination } = context;
  const hooks = [...destination.live.ofApplication(app.metadata.name)].filter((object) =>
    hookTypes(object).includes(type),
  );
  const hasFailed = hooks.some((object) => ports.healthOf(object)?.status === 'Degraded');
  const policy = hasFailed ? 'HookFailed' : 'HookSucceeded';
  const leaving = hooks.filter((object) => deletePolicies(object).includes(policy));
  if (leaving.length === 0) return 'done';
  const staying = leaving.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  await Promise.all(staying.map((object) => removeObject(object, destination)));
  return 'waiting';
}
