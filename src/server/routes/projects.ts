import {
  createProject as createEndpoint,
  deleteProject as deleteEndpoint,
  getDetailedProject,
  getProject,
  listActiveWindows,
  listGlobalProjects,
  listProjectEvents,
  listProjectLinks,
  listProjects,
  updateProject as updateEndpoint,
} from '../../api/projects.ts';
import { HawserError } from '../../core/errors.ts';
import { toJson } from '../../core/json.ts';
import { withTokensInBoth } from '../../engine/project/role-tokens.ts';
import { withGlobalProjects } from '../../engine/project/virtual.ts';
import { type DetailedProject, PROJECT_TYPE, type Project, type SyncWindow } from '../../model/project.ts';
import type { KubeObject } from '../../objects/object.ts';
import { type Route, route } from '../http/route.ts';
import type { ServerPorts } from '../ports.ts';
import { clustersOfProject } from './clusters.ts';
import { eventsOf } from './events.ts';
import { linksOf } from './links.ts';
import { findProject, globalProjectsOf, projectReference, projectResponse } from './projects/find.ts';
import { createProject, deleteProject, updateProject } from './projects/write.ts';
import { repositoriesOfProject } from './repositories.ts';

export function projectRoutes(ports: ServerPorts): Route[] {
  const read = async (name: string): Promise<Project> => projectResponse(await findProject(ports, name));
  return [
    route(listProjects, async (_input, { may }) => {
      const { items } = await ports.home.list(PROJECT_TYPE, { namespace: ports.namespace });
      const isVisible = ({ metadata }: KubeObject): boolean =>
        may({ resource: 'projects', action: 'get', object: metadata.name ?? '' });
      return { items: items.filter(isVisible).map(projectResponse) };
    }),
    route(getProject, async ({ name }) => withTokensInBoth(await read(name))),
    route(createEndpoint, (input, call) => createProject(ports, input, call)),
    route(updateEndpoint, (input, call) => updateProject(ports, input, call)),
    route(deleteEndpoint, (input, call) => deleteProject(ports, input, call)),
    route(getDetailedProject, ({ name }) => detailed(ports, name)),
    route(listGlobalProjects, async ({ name }) => ({
      items: nonEmpty(await globalProjectsOf(ports, await read(name))),
    })),
    route(listProjectEvents, async ({ name }) =>
      eventsOf(ports.home, ports.namespace, (await findProject(ports, name)).metadata),
    ),
    route(listProjectLinks, async ({ name }) =>
      linksOf(ports, 'project.links', async () => ({ project: toJson(await findProject(ports, name)) })),
    ),
    route(listActiveWindows, async ({ name }) => {
      const windows = (await read(name)).spec.syncWindows ?? [];
      return { windows: nonEmpty(await activeWindows(windows, ports.clock.now())) };
    }),
  ];
}

/** Schedules are read only where there are windows. */
async function activeWindows(windows: readonly SyncWindow[], now: number): Promise<readonly SyncWindow[]> {
  if (windows.length === 0) return [];
  const { judgeWindows } = await import('../../model/window-schedule.ts');
  return judgeWindows(windows, now).active;
}

/** The reference leaves out a list of nothing. */
const nonEmpty = <T>(items: readonly T[]): readonly T[] | undefined => (items.length > 0 ? items : undefined);

async function detailed(ports: ServerPorts, name: string): Promise<DetailedProject> {
  const object = await ports.home.get(projectReference(ports, name));
  if (!object) {
    const missing = `appproject.argoproj.io "${name}" not found`;
    throw new HawserError('not-found', `error getting app project "${name}": ${missing}`);
  }
  const own = projectResponse(object);
  const globalProjects = await globalProjectsOf(ports, own);
  const [repositories, clusters] = await Promise.all([
    repositoriesOfProject(ports, name),
    clustersOfProject(ports, name),
  ]);
  return {
    project: withGlobalProjects(own, globalProjects),
    globalProjects: nonEmpty(globalProjects),
    repositories: nonEmpty(repositories),
    clusters: nonEmpty(clusters),
  };
}
