import { getProject, listProjects } from '../../../../api/projects.ts';
import type { Project } from '../../../../model/project.ts';
import type { Context } from '../../../context.ts';
import { refuseMissing } from '../../../input/missing-name.ts';

export async function readProject(name: string, context: Context): Promise<Project> {
  const { client } = await context.connect();
  return client.call(getProject, { name }).catch((thrown: unknown) => refuseMissingProject(thrown, name, context));
}

export async function refuseMissingProject(thrown: unknown, name: string, context: Context): Promise<never> {
  const { client } = await context.connect();
  const names = async (): Promise<readonly string[]> =>
    ((await client.call(listProjects, {})).items ?? []).map(({ metadata }) => metadata.name);
  return refuseMissing(thrown, { what: 'project', name, names, list: 'hawser proj list' }, context);
}
