// The application that a command is for, where a person named none: picked from those of the server.

import { sentFields } from '../../api/application-fields.ts';
import { listApplications } from '../../api/applications.ts';
import { HawserError } from '../../core/errors.ts';
import { repositoryName } from '../../core/url.ts';
import { type Application, qualifiedName, sourcesOf } from '../../model/application.ts';
import type { Context } from '../context.ts';
import { type GitFolder, gitFolder } from './git-folder.ts';

const FIELDS = sentFields('status.sync.status', 'status.health');

/** Asks which one; those of the repository that one stands in come first. */
export async function pickApplication(context: Context): Promise<string> {
  const { client } = await context.connect();
  const [{ items }, folder] = await Promise.all([
    client.call(listApplications, { fields: FIELDS }),
    gitFolder('.', context).catch(() => undefined),
  ]);
  const applications = items ?? [];
  if (applications.length === 0) {
    throw new HawserError('not-found', 'there are no applications yet', { hint: 'hawser app create' });
  }
  const ranked = applications
    .map((app) => ({ app, rank: folder ? nearness(app, folder) : 0 }))
    .sort((a, b) => b.rank - a.rank || (qualifiedName(a.app) < qualifiedName(b.app) ? -1 : 1));
  const choices = ranked.map(({ app, rank }) => ({ name: lineOf(app, rank > 0), value: qualifiedName(app) }));
  return context.prompt.search({ message: 'Application', choices });
}

function lineOf(app: Application, isHere: boolean): string {
  const states = [app.status?.sync?.status, app.status?.health?.status, isHere ? 'of this repository' : undefined];
  return [app.metadata.name, ...states.filter((state) => state)].join('  ');
}

/** 0: of another repository; else the more, the closer its path is to where one stands. */
function nearness(app: Application, { root, url, path }: GitFolder): number {
  const ranks = sourcesOf(app.spec).map((source) => {
    const isHere = isSameRepository(source.repoURL, url) || isSameRepository(source.repoURL, root);
    if (!isHere) return 0;
    return path === source.path || `${path}/`.startsWith(`${source.path}/`) ? 2 : 1;
  });
  return Math.max(0, ...ranks);
}

/** Whether two addresses mean one repository, by https or by ssh. */
export const isSameRepository = (one: string, other: string | undefined): boolean =>
  other !== undefined && repositoryName(one) === repositoryName(other);
