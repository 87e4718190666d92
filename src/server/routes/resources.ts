// One resource of an application: read, patched, deleted; its logs and events.

import {
  deleteResource,
  getResource,
  type LogEntry,
  type PodLogs,
  patchResource,
  podLogs,
  type ResourceTarget,
  resourceEvents,
} from '../../api/resources.ts';
import { HawserError } from '../../core/errors.ts';
import { isObject, parseJson, textAt } from '../../core/json.ts';
import { parse } from '../../core/shape.ts';
import { maskSecrets } from '../../engine/diff/secrets.ts';
import type { Application } from '../../model/application.ts';
import { applicationKey } from '../../model/application-key.ts';
import type { ResourceNode } from '../../model/resource.ts';
import type { Cluster, Patch } from '../../objects/cluster.ts';
import type { KubeObject } from '../../objects/object.ts';
import { permissionDenied } from '../auth/enforcer.ts';
import { applicationRoute, type Call, type Route } from '../http/route.ts';
import type { ServerPorts } from '../ports.ts';
import { applicationResponse } from './applications/response.ts';

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
    applicationRoute(podLogs, (application, query, call) => logs(ports, applicationResponse(application), query, call)),
    applicationRoute(resourceEvents, async (application, query) => {
      const app = applicationResponse(application);
      const cluster = await ports.cluster(app.spec.destination);
      const namespace = query.resourceName ? (query.resourceNamespace ?? '') : ports.namespace;
      const { items } = await cluster.list({ group: '', version: 'v1', kind: 'Event' }, namespace ? { namespace } : {});
      const name = query.resourceName ?? query.name;
      const uid = query.resourceName ? (query.resourceUID ?? '') : (app.metadata.uid ?? '');
      const about = (event: KubeObject): boolean =>
        textAt(event, 'involvedObject', 'name') === name && (!uid || textAt(event, 'involvedObject', 'uid') === uid);
      return parse(resourceEvents.output, { metadata: {}, items: items.filter(about) }, 'events');
    }),
  ];
}

/** Throws `invalid` for what the application does not have in its tree. */
async function findResource(
  ports: ServerPorts,
  app: Application,
  query: ResourceTarget,
): Promise<{ readonly cluster: Cluster; readonly reference: Parameters<Cluster['get']>[0] }> {
  const nodes = await ports.inspector.tree(app);
  const found = nodes.find(
    (node) =>
      (node.group ?? '') === (query.group ?? '') &&
      node.kind === query.kind &&
      node.name === query.resourceName &&
      (node.namespace ?? '') === (query.namespace ?? '') &&
      node.uid !== undefined,
  );
  if (!found) {
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

/** The lines of the chosen Pods, one Pod after the other; the last entry says so. */
async function* logs(ports: ServerPorts, app: Application, query: PodLogs, call: Call): AsyncGenerator<LogEntry> {
  const cluster = await ports.cluster(app.spec.destination);
  const pods = podsOf(await ports.inspector.tree(app), query);
  if (pods.length > 10 && !query.podName)
    throw new HawserError('invalid', 'max pods to view logs are reached. Please provide more granular query');
  const negated = query.filter?.startsWith('!') ?? false;
  const wanted = (query.filter ?? '').replace(/^!/, '');
  const has = (line: string): boolean =>
    query.matchCase ? line.includes(wanted) : line.toLowerCase().includes(wanted.toLowerCase());
  for (const pod of pods) {
    const { namespace = '', name = '' } = pod;
    const lines = cluster.logs(
      { namespace, name },
      {
        timestamps: true,
        signal: call.signal,
        ...(query.container ? { container: query.container } : {}),
        ...(query.follow ? { follow: true } : {}),
        ...(query.previous ? { previous: true } : {}),
        ...(query.tailLines ? { tailLines: query.tailLines } : {}),
        ...(query.sinceSeconds ? { sinceSeconds: query.sinceSeconds } : {}),
      },
    );
    for await (const line of lines) {
      const space = line.indexOf(' ');
      const content = line.slice(space + 1);
      if (wanted !== '' && has(content) === negated) continue;
      const timeStampStr = line.slice(0, Math.max(0, space));
      yield { content, timeStamp: `${timeStampStr.slice(0, 19)}Z`, last: false, timeStampStr, podName: name };
    }
  }
  if (pods.length === 0) return;
  const now = new Date(ports.clock.now()).toISOString();
  yield { content: '', timeStamp: `${now.slice(0, 19)}Z`, last: true, timeStampStr: now, podName: '' };
}

function podsOf(nodes: readonly ResourceNode[], query: PodLogs): ResourceNode[] {
  const pods = nodes.filter((node) => node.kind === 'Pod' && !node.group);
  if (query.podName) {
    const found = pods.filter((pod) => pod.name === query.podName);
    if (found.length === 0) throw permissionDenied();
    return found;
  }
  if (!query.resourceName && !query.kind) return pods;
  const root = nodes.filter(
    (node) =>
      (!query.kind || node.kind === query.kind) &&
      (!query.group || node.group === query.group) &&
      (!query.resourceName || node.name === query.resourceName),
  );
  const wanted = new Set(root.map((node) => node.uid));
  let grew = true;
  while (grew) {
    const size = wanted.size;
    for (const node of nodes)
      if ((node.parentRefs ?? []).some((parent) => wanted.has(parent.uid))) wanted.add(node.uid);
    grew = wanted.size > size;
  }
  return pods.filter((pod) => wanted.has(pod.uid));
}
