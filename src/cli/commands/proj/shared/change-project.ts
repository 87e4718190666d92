// A project is changed by reading it, changing its specification here and writing it back. Where somebody else was faster,
// it is read again.

import { updateProject } from '../../../../api/projects.ts';
import { HawserError } from '../../../../core/errors.ts';
import type { Project, ProjectSpec } from '../../../../model/project.ts';
import type { Context } from '../../../context.ts';
import { confirmIfAsked, endDeclined } from '../../../input/confirm.ts';
import { writeResult } from '../../../output/result.ts';
import { readProject } from './read-project.ts';

/** What becomes of a project. */
export interface Edit {
  /** As it is to be; undefined: nothing is to be changed. */
  readonly spec?: ProjectSpec;
  /** What was done, or why nothing was: "role 'ci' created". */
  readonly says: string;
  /** What the reference writes to stdout, and to stderr. */
  readonly referenceOut?: string;
  readonly referenceErr?: string;
  /** Asked before the change, where the configuration wants such questions. */
  readonly question?: Question;
}

interface Question {
  readonly message: string;
  /** In the words of the reference, as is what follows a no. */
  readonly line: string;
  readonly cancelled: string;
}

export interface Change {
  readonly project: string;
  readonly output: string | undefined;
  readonly edit: (project: Project) => Edit | Promise<Edit>;
}

/** So often somebody else may be faster. */
const ATTEMPTS = 5;

export async function changeProject(change: Change, context: Context): Promise<void> {
  const { edit, result, spec } = await attempt(change, context, ATTEMPTS);
  const { policy, io } = context;
  const text = (): void => {
    const own =
      result === 'cancelled'
        ? `cancelled: project '${change.project}' stays as it is`
        : `project '${change.project}' ${result}: ${edit.says}`;
    const reference = result === 'cancelled' ? (edit.question?.cancelled ?? '') : (edit.referenceOut ?? '');
    policy.wording.tellChange({ own, reference }, { io });
    if (result !== 'cancelled' && edit.referenceErr) policy.wording.caution(edit.referenceErr, { io });
  };
  await writeResult({ project: change.project, result, spec }, { output: change.output, text }, context);
  if (result === 'cancelled') endDeclined(context);
}

interface Outcome {
  readonly edit: Edit;
  readonly result: 'updated' | 'unchanged' | 'cancelled';
  readonly spec: ProjectSpec;
}

async function attempt(change: Change, context: Context, attempts: number, isAgreed = false): Promise<Outcome> {
  const project = await readProject(change.project, context);
  const edit = await change.edit(project);
  if (!edit.spec) return { edit, result: 'unchanged', spec: project.spec };
  if (edit.question && !isAgreed && !(await confirmIfAsked(edit.question, context)))
    return { edit, result: 'cancelled', spec: project.spec };
  const request = { 'project.metadata.name': change.project, project: { ...project, spec: edit.spec } };
  try {
    const { client } = await context.connect();
    const { spec } = await client.call(updateProject, request);
    return { edit, result: 'updated', spec };
  } catch (thrown) {
    const isStale = thrown instanceof HawserError && thrown.code === 'conflict';
    if (!isStale || attempts <= 1) throw thrown;
    return attempt(change, context, attempts - 1, true);
  }
}
