import type { ResourceEventList, ResourceEvents } from '../../../api/resources.ts';
import { HawserError } from '../../../core/errors.ts';
import type { Application } from '../../../model/application.ts';
import type { ServerPorts } from '../../ports.ts';
import { eventsOf } from '../events.ts';

/** Of the application itself, or of one of its resources. */
export async function events(ports: ServerPorts, app: Application, query: ResourceEvents): Promise<ResourceEventList> {
  const { resourceName, resourceNamespace = '', resourceUID: uid = '' } = query;
  if (resourceName === undefined) return eventsOf(ports.home, ports.namespace, app.metadata);
  const tree = await ports.inspector.tree(app);
  const nodes = [...tree.nodes, ...tree.orphanedNodes];
  const isThere = nodes.some(
    (node) => node.name === resourceName && (node.namespace ?? '') === resourceNamespace && node.uid === uid,
  );
  if (!isThere) throw new HawserError('invalid', `${resourceName} not found as part of application ${query.name}`);
  const cluster = await ports.cluster(app.spec.destination);
  return eventsOf(cluster, resourceNamespace, { name: resourceName, uid });
}
