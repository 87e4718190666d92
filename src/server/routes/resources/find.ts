import type { ResourceTarget } from '../../../api/resources.ts';
import { HawserError } from '../../../core/errors.ts';
import type { Application } from '../../../model/application.ts';
import type { ServerPorts } from '../../ports.ts';
import type { LocatedResource } from './actions.ts';

/** Throws `invalid` for a resource that is not in the tree of the application. */
export async function findResource(
  ports: ServerPorts,
  app: Application,
  query: ResourceTarget,
): Promise<LocatedResource> {
  const tree = await ports.inspector.tree(app);
  const nodes = [...tree.nodes, ...tree.orphanedNodes];
  const node = nodes.find(
    (each) =>
      (each.group ?? '') === (query.group ?? '') &&
      each.kind === query.kind &&
      each.name === query.resourceName &&
      (each.namespace ?? '') === (query.namespace ?? '') &&
      each.uid !== undefined,
  );
  if (!node && !wasThere(app, query)) {
    const what = [query.kind, query.group ?? '', query.resourceName].join(' ');
    throw new HawserError('invalid', `${what} not found as part of application ${query.name}`);
  }
  const { group = '', kind, namespace = '', resourceName, version } = query;
  return {
    cluster: await ports.cluster(app.spec.destination),
    reference: { group, kind, version, namespace, name: resourceName },
  };
}

/** Whether it was there when the application was compared last: the cluster then says itself that it is gone. */
function wasThere(
  { status }: Application,
  { group = '', kind, namespace = '', resourceName }: ResourceTarget,
): boolean {
  return (status?.resources ?? []).some(
    (one) =>
      (one.group ?? '') === group &&
      one.kind === kind &&
      (one.namespace ?? '') === namespace &&
      one.name === resourceName &&
      one.status === 'Synced' &&
      one.health?.status !== 'Missing',
  );
}
