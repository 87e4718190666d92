import {
  chartDetails,
  createApplication,
  deleteApplication,
  getApplication,
  getManifests,
  listApplications,
  managedResources,
  patchApplication,
  resourceTree,
  revisionMetadata,
  rollbackApplication,
  syncApplication,
  terminateOperation,
  updateApplication,
  updateApplicationSpec,
  watchApplications,
  watchResourceTree,
} from '../../api/applications.ts';
import { type Route, route } from '../http/dispatch.ts';
import type { ServerPorts } from '../ports.ts';
import { remove } from './applications/delete.ts';
import { findApplication, findCurrent } from './applications/find.ts';
import { get } from './applications/get.ts';
import { list } from './applications/list.ts';
import { rollback, sync, terminate } from './applications/operations.ts';
import { chart, manifests, metadata } from './applications/revisions.ts';
import { listManaged, watchTree } from './applications/tree.ts';
import { watch } from './applications/watch.ts';
import { applicationObject, applyPatch, create, normalSpec, replace } from './applications/write.ts';
import { jsonObject } from './json.ts';

export function applicationRoutes(ports: ServerPorts): Route[] {
  return [
    route(listApplications, (query) => list(ports, query)),
    route(watchApplications, (query, call) => watch(ports, query, call)),
    route(getApplication, (query, call) => get(ports, query, call)),
    route(createApplication, (request) => create(ports, request)),
    route(updateApplication, async ({ application, validate, project, 'application.metadata.name': name }) => {
      const found = await findApplication(ports, { name, project, appNamespace: application.metadata.namespace });
      return replace(ports, found, applicationObject(ports, application), validate ?? true);
    }),
    route(updateApplicationSpec, async ({ spec, validate, ...target }) => {
      const found = await findApplication(ports, target);
      const { spec: stored } = await replace(
        ports,
        found,
        { ...found, spec: jsonObject(normalSpec(spec)) },
        validate ?? true,
      );
      return stored;
    }),
    route(patchApplication, async (request) => {
      const found = await findApplication(ports, request);
      return replace(ports, found, applyPatch(found, request), true);
    }),
    route(deleteApplication, async (query) => remove(ports, await findApplication(ports, query), query)),
    route(syncApplication, (request, call) => sync(ports, request, call)),
    route(rollbackApplication, (request, call) => rollback(ports, request, call)),
    route(terminateOperation, async (query) => terminate(ports, await findApplication(ports, query))),
    route(managedResources, (query) => listManaged(ports, query)),
    route(resourceTree, async (query) => ({
      nodes: await ports.inspector.tree(await findCurrent(ports, query)),
      shardsCount: 1,
    })),
    route(watchResourceTree, (query, call) => watchTree(ports, query.applicationName, call)),
    route(getManifests, (query) => manifests(ports, query)),
    route(revisionMetadata, (query) => metadata(ports, query)),
    route(chartDetails, (query) => chart(ports, query)),
  ];
}
