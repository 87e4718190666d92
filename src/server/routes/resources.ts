// One resource of an application: read, patched, deleted; its logs and events.

import {
  deleteResource,
  getResource,
  listResourceActions,
  patchResource,
  podLogs,
  type ResourceTarget,
  resourceEvents,
  runResourceAction,
} from '../../api/resources.ts';
import { HawserError } from '../../core/errors.ts';
import { isObject, parseJson, textAt } from '../../core/json.ts';
import { parse } from '../../core/shape.ts';
import { maskSecrets } from '../../engine/diff/secrets.ts';
import type { Application } from '../../model/application.ts';
import { applicationKey } from '../../model/application-key.ts';
import type { Patch } from '../../objects/cluster.ts';
import type { KubeObject } from '../../objects/object.ts';
import { applicationRoute, type Route } from '../http/route.ts';
import type { ServerPorts } from '../ports.ts';
import { applicationResponse } from './applications/response.ts';
import { type LocatedResource, listActions, runAction } from './resources/actions.ts';
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
      return { actions: await listActions(located) };
    }),
    applicationRoute(runResourceAction, async (application, request) => {
      const app = applicationResponse(application);
      const located = await findResource(ports, app, request);
      await runAction(ports, app, { ...located, request });
      await ports.run();
      ports.touch(applicationKey(application.metadata));
      return {};
    }),
    applicationRoute(podLogs, (application, query, call) => logs(ports, applicationResponse(application), query, call)),
    applicationRoute(resourceEvents, async (application, query) => {
      const app = applicationResponse(application);
      const cluster = await ports.cluster(app.spec.destination);
      const namespace = query.resourceName ? (query.resourceNamespace ?? '') : ports.namespace;
      const { items } = await cluster.list({ group: '', version: 'v1', kind: 'Event' }, namespace ? { namespace } : {});
      const name = query.resourceName ?? query.name;
      const uid = query.resourceName ? (query.resourceUID ?? '') : (app.metadata.uid ?? '');
      const isAbout = (event: KubeObject): boolean =>
        textAt(event, 'involvedObject', 'name') === name && (!uid || textAt(event, 'involvedObject', 'uid') === uid);
      return parse(resourceEvents.output, { metadata: {}, items: items.filter(isAbout) }, 'events');
    }),
  ];
}

/** Throws `invalid` for a resource that is not in the tree of the application. */
async function findResource(ports: ServerPorts, app: Application, query: ResourceTarget): Promise<LocatedResource> {
  const nodes = await ports.inspector.tree(app);
  const node = nodes.find(
    (each) =>
      (each.group ?? '') === (query.group ?? '') &&
      each.kind === query.kind &&
      each.name === query.resourceName &&
      (each.namespace ?? '') === (query.namespace ?? '') &&
      each.uid !== undefined,
  );
  if (!node) {
    const what = [query.kind, query.group ?? '', query.resourceName].join(' ');
    throw new HawserError('invalid', `${what} not found as part of application ${query.name}`);
  }
  const { group = '', kind, namespace = '', resourceName, version } = query;
  return {
    cluster: await ports.cluster(app.spec.destination),
    reference: { group, kind, version, namespace, name: resourceName },
  };
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
