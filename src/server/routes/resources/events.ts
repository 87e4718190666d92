import { type ResourceEventList, type ResourceEvents, resourceEvents } from '../../../api/resources.ts';
import { HawserError } from '../../../core/errors.ts';
import { textAt } from '../../../core/json.ts';
import { parse } from '../../../core/shape.ts';
import type { Application } from '../../../model/application.ts';
import type { KubeObject } from '../../../objects/object.ts';
import type { ServerPorts } from '../../ports.ts';

const EVENT = { group: '', version: 'v1', kind: 'Event' } as const;

/** Of the application itself, or of one of its resources. */
export async function events(ports: ServerPorts, app: Application, query: ResourceEvents): Promise<ResourceEventList> {
  const { resourceName, resourceNamespace = '', resourceUID: uid = '' } = query;
  if (resourceName === undefined)
    return eventsOf(await ports.home.list(EVENT, { namespace: ports.namespace }), app.metadata);
  const tree = await ports.inspector.tree(app);
  const nodes = [...tree.nodes, ...tree.orphanedNodes];
  const isThere = nodes.some(
    (node) => node.name === resourceName && (node.namespace ?? '') === resourceNamespace && node.uid === uid,
  );
  if (!isThere) throw new HawserError('invalid', `${resourceName} not found as part of application ${query.name}`);
  const cluster = await ports.cluster(app.spec.destination);
  const list = await cluster.list(EVENT, resourceNamespace === '' ? {} : { namespace: resourceNamespace });
  return eventsOf(list, { name: resourceName, uid });
}

interface EventObjects {
  readonly items: readonly KubeObject[];
  readonly resourceVersion: string;
}

function eventsOf(
  { items, resourceVersion }: EventObjects,
  about: { readonly name: string; readonly uid?: string },
): ResourceEventList {
  const isAbout = (event: KubeObject): boolean =>
    textAt(event, 'involvedObject', 'name') === about.name &&
    textAt(event, 'involvedObject', 'uid') === (about.uid ?? '');
  return parse(resourceEvents.output, { metadata: { resourceVersion }, items: items.filter(isAbout) }, 'events');
}
