import { computeDifferences } from '../../api/differences.ts';
import { applicationRoute, type Route } from '../http/route.ts';
import type { ServerPorts } from '../ports.ts';
import { catchUp } from './applications/find.ts';
import { applicationResponse } from './applications/response.ts';
import { manifestRevisions } from './revisions.ts';

export function differenceRoutes(ports: ServerPorts): Route[] {
  return [
    applicationRoute(computeDifferences, async (application, { files, dryRun = false, ...query }) => {
      const app = applicationResponse(await catchUp(ports, application, undefined));
      const namesRevision = query.revision !== undefined || query.revisions !== undefined;
      const revisions = namesRevision ? await manifestRevisions(ports, app, query) : undefined;
      return { items: await ports.inspector.differences(app, { revisions, files, dryRun }) };
    }),
  ];
}
