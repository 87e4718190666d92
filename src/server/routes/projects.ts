import { getDetailedProject, getProject, listProjects } from '../../api/projects.ts';
import { HawserError } from '../../core/errors.ts';
import { parse } from '../../core/shape.ts';
import { PROJECT_TYPE, type Project, project } from '../../model/project.ts';
import type { KubeObject } from '../../objects/object.ts';
import { type Route, route } from '../http/route.ts';
import type { ServerPorts } from '../ports.ts';

export function projectRoutes(ports: ServerPorts): Route[] {
  const find = async (name: string): Promise<Project> => {
    if (name === '') throw new HawserError('internal', 'resource name may not be empty');
    const object = await ports.home.get({ ...PROJECT_TYPE, namespace: ports.namespace, name });
    if (!object) throw new HawserError('not-found', `appprojects.argoproj.io "${name}" not found`);
    return projectResponse(object);
  };
  return [
    route(listProjects, async (_input, { may }) => {
      const { items } = await ports.home.list(PROJECT_TYPE, { namespace: ports.namespace });
      const isVisible = ({ metadata }: KubeObject): boolean =>
        may({ resource: 'projects', action: 'get', object: metadata.name ?? '' });
      return { items: items.filter(isVisible).map(projectResponse) };
    }),
    route(getProject, ({ name }) => find(name)),
    route(getDetailedProject, async ({ name }) => ({ project: await find(name) })),
  ];
}

function projectResponse(object: KubeObject): Project {
  const { apiVersion: _version, kind: _kind, metadata, spec, status } = object;
  return parse(project, { metadata, spec: spec ?? {}, status: status ?? {} }, `project '${metadata.name ?? ''}'`);
}
