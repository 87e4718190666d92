// A policy is changed like everything else in a project; what comes of it is shown before it is asked about.

import { updateProject } from '../../../../api/projects.ts';
import type { IntegrityPolicy, Project } from '../../../../model/project.ts';
import type { Context } from '../../../context.ts';
import { confirmOrRefuse } from '../../../input/confirm.ts';
import { writeResult } from '../../../output/result.ts';
import { readProject } from '../shared/read-project.ts';
import { policiesIn, trying, withPolicies, writePolicies } from './shared.ts';

export interface PolicyChange {
  readonly project: string;
  readonly output: string | undefined;
  /** The policies as they are to be. */
  readonly edit: (project: Project) => Promise<readonly IntegrityPolicy[]> | readonly IntegrityPolicy[];
  /** What is asked first; undefined where --yes was typed, or nothing is asked. */
  readonly question?: { readonly message: string; readonly line: string } | undefined;
  /** Whether the policies are shown: before the question, or after the change. */
  readonly shows: 'before' | 'after' | 'never';
}

export async function changePolicies(change: PolicyChange, context: Context): Promise<void> {
  const { project: name, output, question, shows } = change;
  const { client } = await context.connect();
  const project = await trying(`failed getting project "${name}"`, () => readProject(name, context));
  const policies = await change.edit(project);
  const show = async (when: typeof shows): Promise<void> => {
    if (shows === when && output === undefined) await writePolicies(policies, context);
  };
  await show('before');
  if (question && !(await confirmOrRefuse({ ...question, flag: '--yes' }, context))) {
    const text = (): void => context.io.out.write('Aborted by user.\n');
    return writeResult(
      { project: name, result: 'cancelled', policies: policiesIn(project.spec) },
      { output, text },
      context,
    );
  }
  const spec = withPolicies(project.spec, policies);
  const request = { 'project.metadata.name': name, project: { ...project, spec } };
  await trying(`failed updating project "${name}"`, () => client.call(updateProject, request));
  await show('after');
  const own = shows === 'never' ? `project '${name}' updated: ${policies.length} policies left` : undefined;
  const text = (): void => {
    if (own !== undefined) context.policy.wording.tellChange({ own, reference: '' }, context);
  };
  await writeResult({ project: name, result: 'updated', policies }, { output, text }, context);
}
