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
import type { KubeObject } from '../../objects/object.ts';
import { applicationRoute, type Call, type Route, route } from '../http/route.ts';
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
import { type ApplicationEventReason, recordEvent } from './record-event.ts';

const APPLICATION_OBJECT = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application' } as const;

type Answer<Input, Output> = (application: KubeObject, input: Input, call: Call) => Promise<Output>;

export function applicationRoutes(ports: ServerPorts): Route[] {
  /** The same answer, and an event beside the application that says who did it. */
  const told =
    <Input, Output>(
      event: { readonly reason: ApplicationEventReason; readonly message: string },
      answer: Answer<Input, Output>,
    ): Answer<Input, Output> =>
    async (application, input, call) => {
      const output = await answer(application, input, call);
      await recordEvent(ports, call.caller, application, event);
      return output;
    };
  const updated = { reason: 'ResourceUpdated', message: 'updated application' } as const;
  return [
    route(listApplications, (query, call) => list(ports, query, call)),
    route(watchApplications, (query, call) => watch(ports, query, call)),
    applicationRoute(getApplication, (application, query, call) => get(ports, application, query, call)),
    route(createApplication, async (request, call) => {
      const app = await create(ports, request, call);
      const event = { reason: 'ResourceCreated', message: 'created application' } as const;
      await recordEvent(ports, call.caller, { ...APPLICATION_OBJECT, metadata: app.metadata }, event);
      return app;
    }),
    applicationRoute(
      updateApplication,
      told(updated, (application, request, call) => update(ports, application, request, call)),
    ),
    applicationRoute(
      updateApplicationSpec,
      told(updated, (application, request, call) => updateSpec(ports, application, request, call)),
    ),
    applicationRoute(
      patchApplication,
      told(updated, (application, request, call) => patch(ports, application, request, call)),
    ),
    applicationRoute(
      deleteApplication,
      told({ reason: 'ResourceDeleted', message: 'deleted application' }, (application, query) =>
        remove(ports, application, query),
      ),
    ),
    applicationRoute(
      syncApplication,
      told({ reason: 'OperationStarted', message: 'initiated sync' }, (application, request, call) =>
        sync(ports, application, request, call),
      ),
    ),
    applicationRoute(
      rollbackApplication,
      told({ reason: 'OperationStarted', message: 'initiated rollback' }, (application, request, call) =>
        rollback(ports, application, request, call),
      ),
    ),
    applicationRoute(
      terminateOperation,
      told({ reason: 'ResourceUpdated', message: 'terminated running operation' }, (application) =>
        terminate(ports, application),
      ),
    ),
    applicationRoute(syncWindows, (application) => syncWindowsOf(ports, applicationResponse(application))),
    applicationRoute(managedResources, async (application, query) =>
      listManaged(ports, applicationResponse(await catchUp(ports, application, query.project)), query),
    ),
    applicationRoute(resourceTree, async (application, { project }) => {
      const app = applicationResponse(await catchUp(ports, application, project));
      return { nodes: await ports.inspector.tree(app) };
    }),
    applicationRoute(watchResourceTree, (application, _query, call) =>
      watchTree(ports, applicationResponse(application), call),
    ),
  ];
}
