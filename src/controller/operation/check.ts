// What fails an operation before anything is applied.

import { textAt } from '../../core/json.ts';
import { resourceProblem } from '../../engine/project.ts';
import { hasOption } from '../../engine/sync/options.ts';
import type { SyncTask } from '../../engine/sync/tasks.ts';
import type { Project } from '../../model/project.ts';
import { type KubeObject, versionOf } from '../../objects/object.ts';
import type { ApplyContext } from './context.ts';
import type { Results } from './results.ts';

/**
 * Checks every task by discovery and project; returns the operation's failure, and records which task it was. The cluster is not
 * asked to try: what must be made anew, or is too large for an annotation, would be refused there and is right all the same.
 */
export async function checkTasks(
  tasks: readonly SyncTask[],
  results: Results,
  context: ApplyContext,
  project: Project,
): Promise<string | undefined> {
  const problems = new Set<string>();
  for (const task of tasks) {
    const problem = await taskProblem(task, tasks, context, project);
    if (problem === undefined) continue;
    problems.add(problem);
    results.record(task, { status: 'SyncFailed', message: problem });
  }
  if (problems.size === 0) return undefined;
  return `one or more synchronization tasks are not valid: ${[...problems].sort().join('; ')}`;
}

async function taskProblem(
  task: SyncTask,
  tasks: readonly SyncTask[],
  context: ApplyContext,
  project: Project,
): Promise<string | undefined> {
  const object = task.target;
  if (!object) return undefined;
  const version = versionOf(object.apiVersion);
  const { group, kind, namespace, name } = task.key;
  const type = await context.destination.cluster.type(group, kind, version);
  if (!type) {
    const mayWait =
      hasOption(context.syncOptions, object, 'SkipDryRunOnMissingResource=true') || definesKind(tasks, task);
    if (mayWait) return undefined;
    return `The Kubernetes API could not find version "${version}" of ${describe(task)} for requested resource ${namespace}/${name}. Make sure the "${kind}" CRD is installed on the destination cluster.`;
  }
  if (type.namespaced && namespace === '') return `Namespace for ${name} ${group}/${version}, Kind=${kind} is missing.`;
  const { server, name: cluster } = context.destination;
  const destination = { server, name: cluster };
  return resourceProblem(project, { key: task.key, namespaced: type.namespaced, destination });
}

const describe = (task: SyncTask): string => `${task.key.group}/${task.key.kind}`;

function definesKind(tasks: readonly SyncTask[], task: SyncTask): boolean {
  return tasks.some((other) => other.target !== undefined && defines(other.target, task));
}

function defines(object: KubeObject, task: SyncTask): boolean {
  if (object.kind !== 'CustomResourceDefinition') return false;
  const isOfGroup = textAt(object, 'spec', 'group') === task.key.group;
  return isOfGroup && textAt(object, 'spec', 'names', 'kind') === task.key.kind;
}
