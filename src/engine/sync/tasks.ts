// An operation as tasks: one for each resource and phase, in the order in which they run.

import { textAt } from '../../core/json.ts';
import { compareText } from '../../core/order.ts';
import { SYNC_PHASES, type SyncPhaseName } from '../../model/sync-plan.ts';
import type { KubeObject, ObjectKey } from '../../objects/object.ts';
import type { ResourcePair } from '../resource/match.ts';
import { track } from '../resource/tracking.ts';
import { hookTypes, waveOf } from './hooks.ts';
import { kindWeight } from './kind-order.ts';
import { hasOption } from './options.ts';

export interface SyncTask {
  readonly key: ObjectKey;
  readonly phase: SyncPhaseName;
  readonly wave: number;
  readonly hook: boolean;
  /** Undefined: the task prunes. */
  readonly target: KubeObject | undefined;
  readonly live: KubeObject | undefined;
  /** The namespace of the destination, which Git does not have. */
  readonly madeFirst?: boolean;
}

export interface TaskContext {
  readonly syncOptions: readonly string[];
  /** Hooks run only with the hook strategy and when the whole application is synced. */
  readonly hooks: boolean;
  readonly naming: HookNaming;
}

/** What the name of a hook that has only a generateName is made of, and whose it is then. */
export interface HookNaming {
  /** What the tracking annotation calls the application. */
  readonly instance: string;
  readonly destinationNamespace: string;
  readonly revision: string;
  readonly startedAt: number;
}

/** The tasks of an operation, sorted by phase, wave, kind and name; prune tasks run in the reverse of their waves. */
export function planTasks(
  pairs: readonly ResourcePair[],
  hooks: readonly ResourcePair[],
  context: TaskContext,
): SyncTask[] {
  const plain = pairs.map((pair): SyncTask => ({ ...pair, phase: 'Sync', wave: waveOfPair(pair), hook: false }));
  const hookTasks = context.hooks ? hooks.flatMap((pair) => tasksOfHook(pair, context)) : [];
  const tasks = mirrorPruneWaves([...plain, ...hookTasks]);
  return dependenciesFirst(pruneLast(tasks, context.syncOptions).sort(compareTasks));
}

function waveOfPair(pair: ResourcePair): number {
  const object = pair.target ?? pair.live;
  return object ? waveOf(object) : 0;
}

function tasksOfHook(pair: ResourcePair, context: TaskContext): SyncTask[] {
  const { target } = pair;
  if (!target) return [];
  const types = hookTypes(target);
  return SYNC_PHASES.filter((phase) => types.includes(phase)).map((phase) => {
    const namedTarget = withName(target, phase, context.naming);
    const key = { ...pair.key, name: namedTarget.metadata.name ?? '' };
    return { key, phase, wave: waveOf(target), hook: true, target: namedTarget, live: pair.live };
  });
}

/** A hook with a name of its own in this run. It is stamped anew: the stamp names the object that carries it. */
export function withName(hook: KubeObject, phase: string, naming: HookNaming): KubeObject {
  const { generateName, name } = hook.metadata;
  if (name || !generateName) return hook;
  const copy = { ...hook, metadata: { ...hook.metadata, name: `${generateName}${suffixOf(phase, naming)}` } };
  return track(copy, naming.instance, naming.destinationNamespace);
}

/** What a name that a run makes ends with. */
export function suffixOf(phase: string, { revision, startedAt }: Pick<HookNaming, 'revision' | 'startedAt'>): string {
  const short = revision.length >= 8 ? revision.slice(0, 7) : revision;
  return `${short}-${phase}-${Math.floor(startedAt / 1000)}`.toLowerCase();
}

function mirrorPruneWaves(tasks: readonly SyncTask[]): SyncTask[] {
  const waves = [...new Set(tasks.filter(prunes).map((task) => task.wave))].sort((a, b) => a - b);
  const mirrored = new Map(waves.map((wave, index) => [wave, waves[waves.length - 1 - index] ?? wave]));
  return tasks.map((task) => (prunes(task) ? { ...task, wave: mirrored.get(task.wave) ?? task.wave } : task));
}

function pruneLast(tasks: readonly SyncTask[], syncOptions: readonly string[]): SyncTask[] {
  const last = Math.max(0, ...tasks.filter((task) => task.phase === 'Sync').map((task) => task.wave)) + 1;
  return tasks.map((task) =>
    prunes(task) && hasOption(syncOptions, task.live, 'PruneLast=true') ? { ...task, wave: last } : task,
  );
}

const prunes = (task: SyncTask): boolean => task.target === undefined;

function compareTasks(a: SyncTask, b: SyncTask): number {
  return (
    SYNC_PHASES.indexOf(a.phase) - SYNC_PHASES.indexOf(b.phase) ||
    a.wave - b.wave ||
    kindWeight(a.key.kind) - kindWeight(b.key.kind) ||
    compareText(a.key.name, b.key.name)
  );
}

/** A Namespace runs before the first task inside it, a custom resource definition before its first object. */
function dependenciesFirst(tasks: readonly SyncTask[]): SyncTask[] {
  const sorted = [...tasks];
  for (const task of tasks) {
    const needs = neededBy(task);
    if (!needs) continue;
    const from = sorted.indexOf(task);
    const to = sorted.findIndex((other) => other !== task && needs(other));
    const first = sorted[to];
    if (first === undefined || to > from) continue;
    sorted.splice(from, 1);
    sorted.splice(to, 0, { ...task, phase: first.phase, wave: first.wave });
  }
  return sorted;
}

function neededBy(task: SyncTask): ((other: SyncTask) => boolean) | undefined {
  if (!task.target) return undefined;
  if (task.key.group === '' && task.key.kind === 'Namespace') return (other) => other.key.namespace === task.key.name;
  if (task.key.kind !== 'CustomResourceDefinition') return undefined;
  const group = textAt(task.target, 'spec', 'group');
  const kind = textAt(task.target, 'spec', 'names', 'kind');
  return (other) => other.key.group === group && other.key.kind === kind;
}
