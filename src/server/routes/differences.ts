import { computeDifferences } from '../../api/differences.ts';
import { type Route, route } from '../http/dispatch.ts';
import type { ServerPorts } from '../ports.ts';
import { findCurrent } from './applications/find.ts';
import { manifestRevisions } from './applications/revisions.ts';

export function differenceRoutes(ports: ServerPorts): Route[] {
  return [
    route(computeDifferences, async ({ files, dryRun = false, ...query }) => {
      const app = await findCurrent(ports, query);
      const namesRevision = query.revision !== undefined || query.revisions !== undefined;
      const revisions = namesRevision ? await manifestRevisions(ports, app, query) : undefined;
      return { items: await ports.inspector.differences(app, { revisions, files, dryRun }) };
    }),
  ];
}
