import type { ApplicationResources } from '../../../api/applications.ts';
import { sameJson } from '../../../core/json.ts';
import type { Application } from '../../../model/application.ts';
import type { ApplicationTree, ManagedResource } from '../../../model/resource.ts';
import type { Call } from '../../http/route.ts';
import type { ServerPorts } from '../../ports.ts';
import { queueChanges } from '../change-queue.ts';
import { jsonObject } from '../json.ts';

/** Changes that come in a burst make one event. */
const BURST_MS = 100;

export async function listManaged(
  ports: ServerPorts,
  app: Application,
  query: ApplicationResources,
): Promise<{ readonly items: readonly ManagedResource[] }> {
  const items = await ports.inspector.managedResources(app);
  const fits = (filter: string | undefined, value: string | undefined): boolean => !filter || filter === (value ?? '');
  return {
    items: items.filter(
      (item) =>
        fits(query.group, item.group) &&
        fits(query.kind, item.kind) &&
        fits(query.namespace, item.namespace) &&
        fits(query.name, item.name),
    ),
  };
}

/** The whole tree each time that it has changed; none at the beginning. */
export async function* watchTree(ports: ServerPorts, app: Application, call: Call): AsyncGenerator<ApplicationTree> {
  await ports.run();
  const queue = queueChanges(ports, call.signal);
  try {
    let last = await ports.inspector.tree(app);
    while (!call.signal.aborted) {
      await queue.wait();
      await ports.clock.sleep(BURST_MS);
      if (call.signal.aborted) return;
      queue.take();
      const tree = await ports.inspector.tree(app);
      if (sameJson(jsonObject(tree), jsonObject(last))) continue;
      last = tree;
      yield tree;
    }
  } finally {
    queue.close();
  }
}
