// The results of an operation: what became of each task, kept in the application so that another process can go on.

import { hookTypes } from '../../engine/sync/hooks.ts';
import type { SyncTask } from '../../engine/sync/tasks.ts';
import type { ResourceResult } from '../../model/operation.ts';
import { runningImagesOf, versionOf } from '../../objects/object.ts';

export type TaskState = 'pending' | 'running' | 'succeeded' | 'failed';

export interface TaskOutcome {
  readonly status: '' | 'Synced' | 'SyncFailed' | 'Pruned' | 'PruneSkipped';
  readonly message: string;
  /** Absent: it was refused before it was tried. */
  readonly hookPhase?: 'Running' | 'Succeeded' | 'Failed' | 'Error';
}

export interface Results {
  stateOf(task: SyncTask): TaskState;
  messageOf(task: SyncTask): string;
  /** What was said where the cluster refused it, '' where it did not. */
  refusalOf(task: SyncTask): string;
  record(task: SyncTask, outcome: TaskOutcome): void;
  list(): readonly ResourceResult[];
}

/**
 * Results in first-touched order, beginning with those of the earlier passes. What is applied to no namespace is told with that
 * of the destination, as the reference does.
 */
export function createResults(before: readonly ResourceResult[], destination: string): Results {
  const results = new Map(before.map((result) => [idOfResult(result), result]));
  const namespaceOf = ({ key, target, madeFirst }: SyncTask): string =>
    key.namespace || (target && !madeFirst ? destination : '');
  const idOf = (task: SyncTask): string =>
    idOfResult({ ...task.key, syncPhase: task.phase, namespace: namespaceOf(task) });
  const find = (task: SyncTask): ResourceResult | undefined => results.get(idOf(task));
  return {
    stateOf: (task) => {
      const result = find(task);
      if (!result) return 'pending';
      if (result.status === 'SyncFailed') return 'failed';
      if (result.hookPhase === 'Running') return 'running';
      return result.hookPhase === 'Succeeded' ? 'succeeded' : 'failed';
    },
    messageOf: (task) => find(task)?.message ?? '',
    refusalOf: (task) => (find(task)?.status === 'SyncFailed' ? (find(task)?.message ?? '') : ''),
    record: (task, outcome) => {
      results.set(idOf(task), { ...resultOf(task, outcome), namespace: namespaceOf(task) });
    },
    list: () => [...results.values()],
  };
}

function resultOf(task: SyncTask, outcome: TaskOutcome): ResourceResult {
  const object = task.target ?? task.live;
  const images = object ? runningImagesOf(object) : [];
  return {
    group: task.key.group,
    version: object ? versionOf(object.apiVersion) : '',
    kind: task.key.kind,
    namespace: task.key.namespace,
    name: task.key.name,
    ...(outcome.status ? { status: outcome.status } : {}),
    ...(outcome.message ? { message: outcome.message } : {}),
    ...(task.hook && task.target
      ? { hookType: hookTypes(task.target).find((type) => type === task.phase) ?? task.phase }
      : {}),
    ...(outcome.hookPhase ? { hookPhase: outcome.hookPhase } : {}),
    syncPhase: task.phase,
    ...(images.length > 0 ? { images } : {}),
  };
}

function idOfResult(result: Pick<ResourceResult, 'syncPhase' | 'group' | 'kind' | 'namespace' | 'name'>): string {
  return `${result.syncPhase ?? ''} ${result.group ?? ''}/${result.kind}/${result.namespace}/${result.name}`;
}
