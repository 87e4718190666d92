// One resource of an application: read, patched, deleted; its logs and events.

import {
  deleteResource,
  getResource,
  listResourceActions,
  onePodLogs,
  patchResource,
  podLogs,
  type ResourceTarget,
  type RunResourceAction,
  resourceEvents,
  runNamedAction,
  runResourceAction,
} from '../../api/resources.ts';
import { HawserError } from '../../core/errors.ts';
import { isObject, parseJson } from '../../core/json.ts';
import { maskSecrets } from '../../engine/diff/secrets.ts';
import { applicationKey } from '../../model/application-key.ts';
import type { Patch } from '../../objects/cluster.ts';
import type { KubeObject } from '../../objects/object.ts';
import { applicationRoute, type Route } from '../http/route.ts';
import type { ServerPorts } from '../ports.ts';
import { applicationResponse } from './applications/response.ts';
import { listActions, runAction } from './resources/actions.ts';
import { events } from './resources/events.ts';
import { findResource } from './resources/find.ts';
import { logs } from './resources/logs.ts';

const PATCH_TYPES: Readonly<Record<string, Patch['type']>> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
};

export function resourceRoutes(ports: ServerPorts): Route[] {
  return [
    applicationRoute(getResource, async (application, query) => {
      const { cluster, reference } = await findResource(ports, applicationResponse(application), query);
      return manifestOf(await cluster.get(reference), query);
    }),
    applicationRoute(patchResource, async (application, query) => {
      const { cluster, reference } = await findResource(ports, applicationResponse(application), query);
      const patched = await cluster.patch(reference, patchOf(query.patchType, query.patch), {
        fieldManager: 'argocd-server',
      });
      await ports.run();
      ports.touch(applicationKey(application.metadata));
      return manifestOf(patched, query);
    }),
    applicationRoute(deleteResource, async (application, query) => {
      const { cluster, reference } = await findResource(ports, applicationResponse(application), query);
      await ports.run();
      ports.touch(applicationKey(application.metadata));
      const propagation = query.orphan ? 'Orphan' : query.force ? 'Background' : 'Foreground';
      await cluster.delete(reference, {
        propagation,
        ...(query.force && !query.orphan ? { gracePeriodSeconds: 0 } : {}),
      });
      return {};
    }),
    applicationRoute(listResourceActions, async (application, query) => {
      const located = await findResource(ports, applicationResponse(application), query);
      return { actions: await listActions(ports, located) };
    }),
    applicationRoute(runResourceAction, (application, request) => run(ports, application, request)),
    applicationRoute(runNamedAction, (application, request) => run(ports, application, request)),
    ...[podLogs, onePodLogs].map((endpoint) =>
      applicationRoute(endpoint, (application, query, call) =>
        logs(ports, applicationResponse(application), query, call),
      ),
    ),
    applicationRoute(resourceEvents, (application, query) => events(ports, applicationResponse(application), query)),
  ];
}

async function run(ports: ServerPorts, application: KubeObject, request: RunResourceAction): Promise<unknown> {
  const app = applicationResponse(application);
  const located = await findResource(ports, app, request);
  await runAction(ports, app, { ...located, request });
  await ports.run();
  ports.touch(applicationKey(application.metadata));
  return {};
}

function manifestOf(object: KubeObject | undefined, query: ResourceTarget): { readonly manifest: string } {
  const [masked] = maskSecrets([object]);
  if (masked) return { manifest: JSON.stringify(masked) };
  throw new HawserError('not-found', `${query.kind} "${query.resourceName}" not found`);
}

function patchOf(type: string, text: string): Patch {
  const kind = PATCH_TYPES[type];
  const body = parseJson(text);
  if (kind === 'json' && Array.isArray(body)) return { type: 'json', body };
  if ((kind === 'merge' || kind === 'strategic') && isObject(body)) return { type: kind, body };
  throw new HawserError('invalid', `the patch is not of type ${type}`);
}
