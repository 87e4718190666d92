// What `proj create` asks a person: the name, and what its applications may use.

import { listClusters } from '../../../../api/clusters.ts';
import { listProjects } from '../../../../api/projects.ts';
import { listRepositories } from '../../../../api/repositories.ts';
import { HawserError } from '../../../../core/errors.ts';
import { IN_CLUSTER } from '../../../../model/cluster.ts';
import type { Project } from '../../../../model/project.ts';
import type { Context } from '../../../context.ts';
import { type ProjectOptions, withProjectFlags } from '../../../input/project-flags.ts';

const NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const OTHER = '';

/** Asks for what the flags do not say, and whether it is right. */
export async function askForProject(
  given: string | undefined,
  options: ProjectOptions,
  context: Context,
): Promise<Project> {
  const name = given ?? (await askName(context));
  const src = options.src ?? [await askRepository(context)];
  const dest = options.dest ?? [await askDestination(name, context)];
  const description = options.description ?? (await context.prompt.text({ message: 'Description, may be empty' }));
  const answers = { ...options, src, dest, ...(description.trim() === '' ? {} : { description: description.trim() }) };
  const project = { metadata: { name }, spec: withProjectFlags({}, answers, context.policy) };
  const message = `Create project '${name}' for ${src.join(', ')} at ${dest.join(', ')}?`;
  if (await context.prompt.confirm({ message, preset: true })) return project;
  throw new HawserError('differs', 'cancelled');
}

async function askName(context: Context): Promise<string> {
  const { client } = await context.connect();
  const { items } = await client.call(listProjects, {}).catch(() => ({ items: [] }));
  const names = (items ?? []).map(({ metadata }) => metadata.name);
  return context.prompt.text({
    message: 'Name',
    check: (name) => {
      if (!NAME.test(name)) return 'lower-case letters, digits, - and . only, like shop';
      return names.includes(name) ? `a project '${name}' exists already` : true;
    },
  });
}

async function askRepository(context: Context): Promise<string> {
  const { client } = await context.connect();
  const { items } = await client.call(listRepositories, {}).catch(() => ({ items: [] }));
  const choices = [
    { name: 'every repository', value: '*' },
    ...(items ?? []).map(({ repo }) => ({ name: repo, value: repo })),
    { name: 'another one', value: OTHER },
  ];
  const choice = await context.prompt.search({ message: 'Repositories', choices });
  if (choice !== OTHER) return choice;
  const check = (url: string): string | true => (url.trim() === '' ? 'a URL, or a glob of URLs' : true);
  return (await context.prompt.text({ message: 'Repository (URL or glob)', check })).trim();
}

async function askDestination(name: string, context: Context): Promise<string> {
  const { client } = await context.connect();
  const { items } = await client.call(listClusters, {}).catch(() => ({ items: [] }));
  const clusters = (items ?? []).map(({ server, name: title }) => ({
    name: title ? `${title}  ${server}` : server,
    value: server,
  }));
  const choices = [...clusters, { name: 'every cluster', value: '*' }];
  const server =
    clusters.length === 0 ? IN_CLUSTER.server : await context.prompt.search({ message: 'Cluster', choices });
  const check = (namespace: string): string | true =>
    /^[^\s,]+$/.test(namespace) ? true : 'the name of a namespace, a glob, or *';
  return `${server},${await context.prompt.text({ message: 'Namespace (or glob)', preset: name, check })}`;
}
