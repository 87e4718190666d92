// What an operation is to do: its tasks, and what they are run with.

import { withNamespace } from '../../engine/sync/namespace.ts';
import { isSelected } from '../../engine/sync/selection.ts';
import { planTasks, type SyncTask } from '../../engine/sync/tasks.ts';
import type { Application } from '../../model/application.ts';
import { instanceName } from '../../model/application-key.ts';
import type { OperationState } from '../../model/operation.ts';
import { annotationsOf, keyText } from '../../objects/object.ts';
import { isConfirmed } from '../applications.ts';
import type { CompareResult } from '../compare.ts';
import { comparisonRules } from '../comparison-rules.ts';
import type { ControllerPorts, Destination } from '../ports.ts';
import type { PassContext } from './context.ts';
import { respectIgnored } from './respect.ts';
import type { Results } from './results.ts';

const MIGRATION_ANNOTATION = 'argocd.argoproj.io/client-side-apply-migration-manager';

export async function passContext(
  ports: ControllerPorts,
  app: Application,
  state: OperationState,
  destination: Destination,
): Promise<PassContext> {
  const sync = state.operation?.sync ?? {};
  const strategy = sync.syncStrategy;
  return {
    destination,
    instance: instanceName(app.metadata, ports.namespace),
    ...(await comparisonRules(ports, app.spec, destination)),
    clock: ports.clock,
    syncOptions: sync.syncOptions ?? [],
    dryRun: sync.dryRun ?? false,
    force: strategy?.apply?.force ?? strategy?.hook?.force ?? false,
    migratesFrom: [annotationsOf(app)[MIGRATION_ANNOTATION] ?? ''].filter((name) => name !== ''),
    prune: sync.prune ?? false,
    pruneConfirmed: isConfirmed(app, state.startedAt),
    healthOf: (object) => ports.healthOf(object),
    assessHealth: (objects) => ports.assessHealth(objects),
  };
}

export interface Planning {
  readonly state: OperationState;
  readonly compared: CompareResult;
  readonly context: PassContext;
  /** Of the earlier passes. */
  readonly results: Results;
}

export async function tasksOf(
  app: Application,
  { state, compared, context, results }: Planning,
): Promise<readonly SyncTask[]> {
  const sync = state.operation?.sync ?? {};
  const selected = compared.resources.filter(({ key }) => isSelected(key, sync.resources));
  const respects = context.syncOptions.includes('RespectIgnoreDifferences=true');
  const pairs = respects ? await Promise.all(selected.map((pair) => respectIgnored(pair, context))) : selected;
  const tasks = planTasks(pairs, compared.hooks, {
    syncOptions: context.syncOptions,
    hooks: !sync.resources?.length && !sync.syncStrategy?.apply,
    naming: {
      instance: context.instance,
      destinationNamespace: app.spec.destination.namespace ?? '',
      revision: compared.revisions[0] ?? '',
      startedAt: Date.parse(state.startedAt ?? '') || context.clock.now(),
    },
  });
  const { live } = context.destination;
  const all = withNamespace(tasks, app, { syncOptions: context.syncOptions, liveOf: (key) => live.get(key) });
  if (!context.syncOptions.includes('ApplyOutOfSyncOnly=true')) return all;
  // What this operation has brought in sync is still waited for.
  const synced = new Set(selected.filter(({ status }) => status.status === 'Synced').map(({ key }) => keyText(key)));
  return all.filter((task) => task.hook || !synced.has(keyText(task.key)) || results.stateOf(task) !== 'pending');
}
