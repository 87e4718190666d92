import {
  createApplication,
  deleteApplication,
  getApplication,
  listApplications,
  managedResources,
  patchApplication,
  resourceTree,
  rollbackApplication,
  type SyncApplication,
  syncApplication,
  syncWindows,
  terminateOperation,
  updateApplication,
  updateApplicationSpec,
  watchApplications,
  watchResourceTree,
} from '../../api/applications.ts';
import type { Application } from '../../model/application.ts';
import { APPLICATION_OBJECT } from '../../model/application-key.ts';
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
import { type ObjectEvent, recordEvent } from './events.ts';

export function applicationRoutes(ports: ServerPorts): Route[] {
  return [...readingRoutes(ports), ...changingRoutes(ports)];
}

function readingRoutes(ports: ServerPorts): Route[] {
  return [
    route(listApplications, (query, call) => list(ports, query, call)),
    route(watchApplications, (query, call) => watch(ports, query, call)),
    applicationRoute(getApplication, (application, query, call) => get(ports, application, query, call)),
    applicationRoute(syncWindows, (application) => syncWindowsOf(ports, applicationResponse(application))),
    applicationRoute(managedResources, async (application, query) =>
      listManaged(ports, applicationResponse(await catchUp(ports, application, query.project)), query),
    ),
    applicationRoute(resourceTree, async (application, { project }) => {
      const app = applicationResponse(await catchUp(ports, application, project));
      return ports.inspector.tree(app);
    }),
    applicationRoute(watchResourceTree, (application, _query, call) =>
      watchTree(ports, applicationResponse(application), call),
    ),
  ];
}

type Answer<Input, Output> = (application: KubeObject, input: Input, call: Call) => Promise<Output>;

type Told = Omit<ObjectEvent, 'caller'>;

const CREATED: Told = { reason: 'ResourceCreated', message: 'created application' };
const UPDATED: Told = { reason: 'ResourceUpdated', message: 'updated application spec' };
const DELETED: Told = { reason: 'ResourceDeleted', message: 'deleted application' };
const ROLLED_BACK: Told = { reason: 'OperationStarted', message: 'initiated rollback' };
const TERMINATED: Told = { reason: 'ResourceUpdated', message: 'terminated running operation' };

/** What was asked for, and what it is. */
function syncBegun({ revision = '', resources = [] }: SyncApplication, { operation }: Application): Told {
  const { revision: one = '', revisions = [one] } = operation?.sync ?? {};
  const what = resources.length > 0 ? 'partial sync' : 'sync';
  return { reason: 'OperationStarted', message: `initiated ${what} to ${revision} (${revisions.join(', ')})` };
}

function changingRoutes(ports: ServerPorts): Route[] {
  /** The same answer, and an event beside the application that says who did it. */
  const told =
    <Input, Output>(
      event: Told | ((input: Input, output: Output) => Told),
      answer: Answer<Input, Output>,
    ): Answer<Input, Output> =>
    async (application, input, call) => {
      const output = await answer(application, input, call);
      const what = typeof event === 'function' ? event(input, output) : event;
      await recordEvent(ports, application, { ...what, caller: call.caller });
      return output;
    };
  return [
    route(createApplication, async (request, call) => {
      const app = await create(ports, request, call);
      await recordEvent(
        ports,
        { ...APPLICATION_OBJECT, metadata: app.metadata, spec: app.spec },
        { ...CREATED, caller: call.caller },
      );
      return app;
    }),
    applicationRoute(
      updateApplication,
      told(UPDATED, (application, request, call) => update(ports, application, request, call)),
    ),
    applicationRoute(
      updateApplicationSpec,
      told(UPDATED, (application, request, call) => updateSpec(ports, application, request, call)),
    ),
    applicationRoute(
      patchApplication,
      told(UPDATED, (application, request, call) => patch(ports, application, request, call)),
    ),
    applicationRoute(
      deleteApplication,
      told(DELETED, (application, query) => remove(ports, application, query)),
    ),
    applicationRoute(
      syncApplication,
      told(syncBegun, (application, request, call) => sync(ports, application, request, call)),
    ),
    applicationRoute(
      rollbackApplication,
      told(ROLLED_BACK, (application, request, call) => rollback(ports, application, request, call)),
    ),
    applicationRoute(
      terminateOperation,
      told(TERMINATED, (application) => terminate(ports, application)),
    ),
  ];
}
