import { chartDetails, getManifests, type RevisionQuery, revisionMetadata } from '../../api/revisions.ts';
import { timestamp } from '../../core/time.ts';
import { type Application, sourcesOf } from '../../model/application.ts';
import type { ApplicationSource } from '../../model/source.ts';
import { applicationRoute, type Route } from '../http/route.ts';
import type { ServerPorts } from '../ports.ts';
import { applicationResponse } from './applications/response.ts';

export function revisionRoutes(ports: ServerPorts): Route[] {
  return [
    applicationRoute(getManifests, async (application, query) => {
      const app = applicationResponse(application);
      const revisions = await manifestRevisions(ports, app, query);
      const objects = await ports.inspector.manifests(app, { revisions, noCache: query.noCache ?? false });
      return { manifests: objects.map((object) => JSON.stringify(object)), revision: revisions[0] };
    }),
    applicationRoute(revisionMetadata, async (application, query) => {
      const source = sourceOf(applicationResponse(application), query);
      const { author, date, tags, message } = await ports.repositories.metadata(source, query.revision);
      return { author, date: timestamp(Date.parse(date)), ...(tags.length > 0 ? { tags } : {}), message };
    }),
    applicationRoute(chartDetails, async (application, query) =>
      ports.repositories.chart(sourceOf(applicationResponse(application), query), query.revision),
    ),
  ];
}

/** The source that a question about a revision means: of a history entry if it names one, else of the specification. */
function sourceOf(app: Application, query: RevisionQuery): ApplicationSource {
  const entry = app.status?.history?.find((one) => one.id === query.versionId);
  const sources = entry?.sources ?? (entry?.source ? [entry.source] : sourcesOf(app.spec));
  return sources[query.sourceIndex ?? 0] ?? { repoURL: '' };
}

/** The revision of each source that a question about manifests means. */
export async function manifestRevisions(
  ports: ServerPorts,
  app: Application,
  query: {
    readonly revision?: string;
    readonly revisions?: readonly string[];
    readonly sourcePositions?: readonly number[];
  },
): Promise<readonly string[]> {
  const project = app.spec.project || 'default';
  return Promise.all(
    sourcesOf(app.spec).map((source, index) => {
      const position = query.sourcePositions?.indexOf(index + 1) ?? -1;
      const targetRevision = position >= 0 ? query.revisions?.[position] : index === 0 ? query.revision : undefined;
      return ports.repositories.resolve(targetRevision ? { ...source, targetRevision } : source, {
        project,
        force: true,
      });
    }),
  );
}
