import { getProject, listProjects } from '../../../../api/projects.ts';
import { HawserError } from '../../../../core/errors.ts';
import { nearest } from '../../../../core/nearest.ts';
import type { Project } from '../../../../model/project.ts';
import type { Context } from '../../../context.ts';

export async function readProject(name: string, context: Context): Promise<Project> {
  const { client } = await context.connect();
  return client.call(getProject, { name }).catch((thrown: unknown) => refuseMissing(thrown, name, context));
}

/** A project that is not there is told in our words, with names like its own; the reference says what its server does. */
export async function refuseMissing(thrown: unknown, name: string, context: Context): Promise<never> {
  if (!(thrown instanceof HawserError) || thrown.code !== 'not-found') throw thrown;
  throw await context.policy.own.add(() => notFound(thrown, name, context), Promise.resolve(thrown));
}

async function notFound(thrown: HawserError, name: string, context: Context): Promise<HawserError> {
  const { client } = await context.connect();
  const { items } = await client.call(listProjects, {}).catch(() => ({ items: [] }));
  const near = nearest(
    name,
    (items ?? []).map(({ metadata }) => metadata.name),
  );
  const hint = near.length > 0 ? `did you mean '${near.join("' or '")}'?` : 'hawser proj list';
  return thrown.with({ message: `project '${name}' not found`, hint });
}
