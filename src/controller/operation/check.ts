// What fails an operation before anything is applied.

import { asHawserError } from '../../core/errors.ts';
import { permitsKind } from '../../engine/project.ts';
import { hasOption } from '../../engine/sync/options.ts';
import type { SyncTask } from '../../engine/sync/tasks.ts';
import type { Project } from '../../model/project.ts';
import { type KubeObject, versionOf } from '../../objects/object.ts';
import { type ApplyContext, applyObject } from './apply.ts';
import type { Results } from './results.ts';

/** Checks every task by discovery, project and a dry run; returns the operation's failure, and records which task it was. */
export async function checkTasks(
  tasks: readonly SyncTask[],
  results: Results,
  context: ApplyContext,
  project: Project,
): Promise<string | undefined> {
  const problems = new Set<string>();
  const known: SyncTask[] = [];
  for (const task of tasks) {
    const { problem, skip } = await taskProblem(task, tasks, context, project);
    if (problem !== undefined) {
      problems.add(problem);
      results.record(task, { status: 'SyncFailed', message: problem, hookPhase: 'Failed' });
    } else if (!skip) known.push(task);
  }
  if (problems.size > 0) {
    return `one or more synchronization tasks are not valid: ${[...problems].sort().join('; ')}`;
  }
  return dryRun(known, results, context);
}

async function dryRun(
  tasks: readonly SyncTask[],
  results: Results,
  context: ApplyContext,
): Promise<string | undefined> {
  const created = new Set(tasks.filter((task) => task.key.kind === 'Namespace').map((task) => task.key.name));
  let failed = false;
  for (const task of tasks) {
    // What lies in a namespace that this very operation makes cannot be tried before it is there.
    if (!task.target || (created.has(task.key.namespace) && !task.live)) continue;
    try {
      await applyObject(task.target, { ...context, dryRun: true });
    } catch (thrown) {
      failed = true;
      results.record(task, { status: 'SyncFailed', message: asHawserError(thrown).message, hookPhase: 'Failed' });
    }
  }
  return failed ? 'one or more objects failed to apply (dry run)' : undefined;
}

interface TaskProblem {
  readonly problem?: string;
  /** Cannot be tried yet. */
  readonly skip?: boolean;
}

async function taskProblem(
  task: SyncTask,
  tasks: readonly SyncTask[],
  context: ApplyContext,
  project: Project,
): Promise<TaskProblem> {
  const object = task.target;
  if (!object) return {};
  const version = versionOf(object.apiVersion);
  const type = await context.destination.cluster.type(task.key.group, task.key.kind, version);
  if (!type) {
    if (hasOption(context.syncOptions, object, 'SkipDryRunOnMissingResource=true') || definesKind(tasks, task)) {
      return { skip: true };
    }
    return {
      problem: `The Kubernetes API could not find version "${version}" of ${describe(task)} for requested resource ${task.key.namespace}/${task.key.name}. Make sure the "${task.key.kind}" CRD is installed on the destination cluster.`,
    };
  }
  if (!permitsKind(project, { ...task.key, namespaced: type.namespaced })) {
    return {
      problem: `resource ${task.key.group}:${task.key.kind} is not permitted in project ${project.metadata.name}`,
    };
  }
  return {};
}

const describe = (task: SyncTask): string => `${task.key.group}/${task.key.kind}`;

function definesKind(tasks: readonly SyncTask[], task: SyncTask): boolean {
  return tasks.some((other) => other.target !== undefined && defines(other.target, task));
}

function defines(object: KubeObject, task: SyncTask): boolean {
  if (object.kind !== 'CustomResourceDefinition') return false;
  const text = JSON.stringify(object['spec'] ?? {});
  return text.includes(`"group":"${task.key.group}"`) && text.includes(`"kind":"${task.key.kind}"`);
}
