// What a revision of an application holds: its manifests, its commit or chart.

import type {
  ChartDetails,
  GetManifests,
  RenderedManifests,
  RevisionMetadata,
  RevisionQuery,
} from '../../../api/applications.ts';
import { timestamp } from '../../../core/time.ts';
import { type Application, sourcesOf } from '../../../model/application.ts';
import type { ApplicationSource } from '../../../model/source.ts';
import type { ServerPorts } from '../../ports.ts';

export async function manifests(ports: ServerPorts, app: Application, query: GetManifests): Promise<RenderedManifests> {
  const revisions = await manifestRevisions(ports, app, query);
  const objects = await ports.inspector.manifests(app, { revisions, noCache: query.noCache ?? false });
  return { manifests: objects.map((object) => JSON.stringify(object)), revision: revisions[0] };
}

export async function metadata(ports: ServerPorts, app: Application, query: RevisionQuery): Promise<RevisionMetadata> {
  const source = sourceOf(app, query);
  const { author, date, tags, message } = await ports.repositories.metadata(source, query.revision);
  return { author, date: timestamp(Date.parse(date)), ...(tags.length > 0 ? { tags } : {}), message };
}

export async function chart(ports: ServerPorts, app: Application, query: RevisionQuery): Promise<ChartDetails> {
  return ports.repositories.chart(sourceOf(app, query), query.revision);
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
