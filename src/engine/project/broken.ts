// What a change of a project does to the applications that are in it.

import type { ApplicationSpec } from '../../model/application.ts';
import { sourcesOf } from '../../model/application.ts';
import type { Project } from '../../model/project.ts';
import { permitsDestination, permitsSource } from '../project.ts';

/** Undefined where every application may go on as it did; else how many may not, in the reference's words. */
export function brokenApplications(
  specs: readonly ApplicationSpec[],
  before: Project,
  after: Project,
): string | undefined {
  const breaks = (permits: (project: Project, spec: ApplicationSpec) => boolean): number =>
    specs.filter((spec) => permits(before, spec) && !permits(after, spec)).length;
  const counts = [
    [breaks((project, spec) => sourcesOf(spec).every(({ repoURL }) => permitsSource(project, repoURL))), 'source'],
    [breaks((project, { destination }) => permitsDestination(project, destination)), 'destination'],
  ] as const;
  const parts = counts
    .filter(([count]) => count > 0)
    .map(([count, what]) => `${count} applications ${what} became invalid`);
  return parts.length > 0 ? `as a result of project update ${parts.join(' and ')}` : undefined;
}
