// One pass over an operation's tasks: look at what runs, wait for it, or run the next group. Called again until it ends.

import { asHawserError } from '../../core/errors.ts';
import type { SyncTask } from '../../engine/sync/tasks.ts';
import { asksBeforePrune, reasonToKeep } from '../../engine/sync/write.ts';
import type { Health } from '../../model/application.ts';
import type { OperationPhase } from '../../model/operation.ts';
import { applyObject } from './apply.ts';
import type { PassContext } from './context.ts';
import { deleteBeforeCreation, deleteHooks, releaseHooks, withHookFinalizer } from './hooks.ts';
import { deleteObject } from './remove.ts';
import type { Results, TaskOutcome } from './results.ts';

export interface PassOutcome {
  readonly phase: OperationPhase;
  readonly message: string;
  /** The next wave waits so long, so that controllers can react to this one. */
  readonly againAfter?: number;
  /** Nothing goes on until a person has confirmed it. */
  readonly needsConfirmation?: true;
}

const WAVE_DELAY_MS = 2000;
const AT_ONCE = 20;

/** `results` is changed as tasks are run. */
export async function runPass(all: readonly SyncTask[], results: Results, context: PassContext): Promise<PassOutcome> {
  const main = all.filter((task) => task.phase !== 'SyncFail');
  await context.assessHealth(all.flatMap((task) => context.destination.live.get(task.key) ?? []));
  updateRunning(all, results, context);
  await releaseHooks(all, results, context);
  const several = new Set(main.map(group)).size > 1;
  const running = all.filter((task) => results.stateOf(task) === 'running');
  const hooksRunning = running.filter((task) => task.hook);
  const failed = main.filter((task) => results.stateOf(task) === 'failed');
  const pending = main.filter((task) => results.stateOf(task) === 'pending');
  if (failed.length > 0) return failOperation(all, ended(UNSUCCESSFUL, failed, results), results, context);
  if (hooksRunning.length > 0) return waiting('completion of hook', hooksRunning);
  if (several && pending.length > 0 && running.length > 0) return waiting('healthy state of', running);
  const terminating = main.filter((task) => isTerminating(task, results, context));
  if (pending.length > 0 && terminating.length > 0) return waiting('deletion of', terminating);
  const first = pending[0];
  if (!first) {
    if (several && running.length > 0 && main.some((task) => task.hook)) return waiting('healthy state of', running);
    await deleteHooks(all, results, context, 'HookSucceeded');
    return { phase: 'Succeeded', message: 'successfully synced (no more tasks)' };
  }
  const next = pending.filter((task) => group(task) === group(first));
  const outcome = await runGroup(next, pending.length === next.length, results, context);
  // Where some went through, the next pass looks what becomes of them.
  if (next.every((task) => results.stateOf(task) === 'failed') && main.length === all.length)
    return failOperation(all, ended(NOT_APPLIED, next, results), results, context);
  if (outcome.phase === 'Succeeded') await deleteHooks(all, results, context, 'HookSucceeded');
  return outcome;
}

async function runGroup(
  tasks: readonly SyncTask[],
  isLast: boolean,
  results: Results,
  context: PassContext,
): Promise<PassOutcome> {
  const unconfirmed = tasks.filter((task) => needsConfirmation(task, context));
  if (unconfirmed.length > 0) return { ...waiting('pruning confirmation of', unconfirmed), needsConfirmation: true };
  const recreated = await deleteBeforeCreation(tasks, context);
  if (recreated.length > 0) return waiting('deletion of hook', recreated);
  const prunes = tasks.filter((task) => !task.target);
  const applies = tasks.filter((task) => task.target);
  await runEach(prunes, results, context);
  if (!(await runEach(applies, results, context))) return { phase: 'Running', message: 'one or more tasks failed' };
  if (isLast && !context.dryRun && !tasks.some((task) => task.hook)) {
    return { phase: 'Succeeded', message: 'successfully synced (all tasks run)' };
  }
  if (context.dryRun) return { phase: 'Running', message: 'dry run' };
  return {
    ...waiting(tasks.some((task) => task.hook) ? 'completion of hook' : 'healthy state of', tasks),
    againAfter: WAVE_DELAY_MS,
  };
}

const group = (task: SyncTask): string => `${task.phase} ${task.wave}`;

function updateRunning(tasks: readonly SyncTask[], results: Results, context: PassContext): void {
  if (context.dryRun) return;
  for (const task of tasks) {
    if (results.stateOf(task) !== 'running' || !task.target) continue;
    const live = context.destination.live.get(task.key);
    if (!live) {
      const message = `Resource ${describe(task)} is missing, it might have been deleted`;
      results.record(task, { status: 'SyncFailed', message, hookPhase: 'Error' });
      continue;
    }
    const health = context.healthOf(live);
    const hookPhase = phaseOf(task, health);
    const message = task.hook && health?.message ? health.message : results.messageOf(task);
    if (hookPhase !== 'Running') {
      results.record(task, {
        status: 'Synced',
        message,
        hookPhase,
      });
    }
  }
}

function phaseOf(task: SyncTask, health: Health | undefined): 'Running' | 'Succeeded' | 'Failed' {
  if (!health || health.status === 'Healthy') return 'Succeeded';
  if (health.status === 'Degraded') return 'Failed';
  if (health.status === 'Unknown' && task.hook) return 'Failed';
  return task.hook && health.status === 'Missing' ? 'Succeeded' : 'Running';
}

/** Runs tasks in their order, those of one kind beside each other; false when one failed. */
async function runEach(tasks: readonly SyncTask[], results: Results, context: PassContext): Promise<boolean> {
  let fine = true;
  for (const beside of inBatches(tasks)) {
    const outcomes = await Promise.all(
      beside.map(async (task) => ({
        task,
        outcome: await (task.target ? runApply(task, context) : runPrune(task, context)),
      })),
    );
    for (const { task, outcome } of outcomes) {
      results.record(task, outcome);
      fine = fine && outcome.status !== 'SyncFailed';
    }
  }
  return fine;
}

function inBatches(tasks: readonly SyncTask[]): SyncTask[][] {
  const batches: SyncTask[][] = [];
  for (const task of tasks) {
    const last = batches.at(-1);
    const [first] = last ?? [];
    const isAlike = first?.key.kind === task.key.kind && (first.target === undefined) === (task.target === undefined);
    if (last && isAlike && last.length < AT_ONCE) last.push(task);
    else batches.push([task]);
  }
  return batches;
}

async function runApply(task: SyncTask, context: PassContext): Promise<TaskOutcome> {
  const { target } = task;
  if (!target) return { status: '', message: '', hookPhase: 'Succeeded' };
  try {
    const said = await applyObject(task.hook ? withHookFinalizer(target) : target, context);
    // Hooks are created as they are, and named without their kind.
    const message = task.hook && said.endsWith(' created') ? `${target.metadata.name ?? ''} created` : said;
    if (target.kind === 'CustomResourceDefinition' && !context.dryRun) context.destination.cluster.forget();
    const hookPhase = context.dryRun ? 'Succeeded' : 'Running';
    return { status: task.hook ? '' : 'Synced', message, hookPhase };
  } catch (thrown) {
    return refusedTask(thrown);
  }
}

const refusedTask = (thrown: unknown): TaskOutcome => ({
  status: 'SyncFailed',
  message: asHawserError(thrown).message,
  hookPhase: 'Failed',
});

function needsConfirmation(task: SyncTask, context: PassContext): boolean {
  if (task.target || context.dryRun || context.pruneConfirmed) return false;
  return asksBeforePrune(task.live, context.syncOptions) && reasonToKeep(task.live, context) === undefined;
}

async function runPrune(task: SyncTask, context: PassContext): Promise<TaskOutcome> {
  const reason = reasonToKeep(task.live, context);
  if (reason !== undefined) return { status: 'PruneSkipped', message: reason, hookPhase: 'Succeeded' };
  try {
    if (task.live) await deleteObject(task.live, context);
    return { status: 'Pruned', message: context.dryRun ? 'pruned (dry run)' : 'pruned', hookPhase: 'Succeeded' };
  } catch (thrown) {
    return refusedTask(thrown);
  }
}

function isTerminating(task: SyncTask, results: Results, context: PassContext): boolean {
  if (task.target || results.stateOf(task) !== 'succeeded' || context.dryRun || !context.prune) return false;
  return context.destination.live.get(task.key)?.metadata.deletionTimestamp !== undefined;
}

const UNSUCCESSFUL = 'one or more synchronization tasks completed unsuccessfully';
const NOT_APPLIED = 'one or more objects failed to apply';

/** How an operation ends, with what the cluster refused. A hook that was made and failed says it in its own result. */
function ended(how: string, failed: readonly SyncTask[], results: Results): string {
  const reasons = failed.map((task) => results.refusalOf(task)).filter((message) => message !== '');
  return reasons.length > 0 ? `${how}, reason: ${reasons.join(',')}` : how;
}

async function failOperation(
  all: readonly SyncTask[],
  message: string,
  results: Results,
  context: PassContext,
): Promise<PassOutcome> {
  await deleteHooks(all, results, context, 'HookFailed');
  const rescue = all.filter((task) => task.phase === 'SyncFail');
  const pending = rescue.filter((task) => results.stateOf(task) === 'pending');
  if (pending.length > 0) {
    await runEach(pending, results, context);
    return { phase: 'Running', message };
  }
  if (rescue.some((task) => results.stateOf(task) === 'running')) return { phase: 'Running', message };
  const broken = rescue.filter((task) => results.stateOf(task) === 'failed').map((task) => results.messageOf(task));
  if (broken.length === 0) return { phase: 'Failed', message };
  return { phase: 'Failed', message: `${message}\none or more SyncFail hooks failed, reason: ${broken.join(',')}` };
}

/** What an operation waits for, and what several of it are called. */
const AWAITED = {
  'completion of hook': 'hooks',
  'deletion of hook': 'hooks',
  'healthy state of': 'resources',
  'deletion of': 'resources',
  'pruning confirmation of': 'resources',
} as const;

function waiting(what: keyof typeof AWAITED, tasks: readonly SyncTask[]): PassOutcome {
  const [first] = tasks;
  const more = tasks.length > 1 ? ` and ${tasks.length - 1} more ${AWAITED[what]}` : '';
  return { phase: 'Running', message: `waiting for ${what} ${first ? describe(first) : ''}${more}` };
}

function describe(task: SyncTask): string {
  const { group: apiGroup, kind, name } = task.key;
  return `${apiGroup}/${kind}/${name}`;
}
