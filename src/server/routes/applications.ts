import {
  createApplication,
  deleteApplication,
  getApplication,
  listApplications,
  managedResources,
  patchApplication,
  resourceTree,
  rollbackApplication,
  syncApplication,
  syncWindows,
  terminateOperation,
  updateApplication,
  updateApplicationSpec,
  watchApplications,
  watchResourceTree,
} from '../../api/applications.ts';
import { applicationRoute, type Route, route } from '../http/route.ts';
import type { ServerPorts } from '../ports.ts';
import { remove } from './applications/delete.ts';
import { catchUp } from './applications/find.ts';
import { get } from './applications/get.ts';
import { list } from './applications/list.ts';
import { rollback, sync, terminate } from './applications/operations.ts';
import { applicationResponse } from './applications/response.ts';
import { listManaged, watchTree } from './applications/tree.ts';
import { watch } from './applications/watch.ts';
import { syncWindowsOf } from './applications/windows.ts';
import { create, patch, update, updateSpec } from './applications/write.ts';

export function applicationRoutes(ports: ServerPorts): Route[] {
  return [
    route(listApplications, (query, call) => list(ports, query, call)),
    route(watchApplications, (query, call) => watch(ports, query, call)),
    applicationRoute(getApplication, (application, query, call) => get(ports, application, query, call)),
    route(createApplication, (request, call) => create(ports, request, call)),
    applicationRoute(updateApplication, (application, request, call) => update(ports, application, request, call)),
    applicationRoute(updateApplicationSpec, (application, request, call) =>
      updateSpec(ports, application, request, call),
    ),
    applicationRoute(patchApplication, (application, request, call) => patch(ports, application, request, call)),
    applicationRoute(deleteApplication, (application, query) => remove(ports, application, query)),
    applicationRoute(syncApplication, (application, request, call) => sync(ports, application, request, call)),
    applicationRoute(rollbackApplication, (application, request, call) => rollback(ports, application, request, call)),
    applicationRoute(syncWindows, (application) => syncWindowsOf(ports, applicationResponse(application))),
    applicationRoute(terminateOperation, (application) => terminate(ports, application)),
    applicationRoute(managedResources, async (application, query) =>
      listManaged(ports, applicationResponse(await catchUp(ports, application, query.project)), query),
    ),
    applicationRoute(resourceTree, async (application, { project }) => {
      const app = applicationResponse(await catchUp(ports, application, project));
      return { nodes: await ports.inspector.tree(app), shardsCount: 1 };
    }),
    applicationRoute(watchResourceTree, (application, _query, call) =>
      watchTree(ports, applicationResponse(application), call),
    ),
  ];
}
