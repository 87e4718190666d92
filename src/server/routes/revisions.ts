import {
  chartDetails,
  getManifests,
  type RevisionQuery,
  resolveRevisions,
  revisionMetadata,
} from '../../api/revisions.ts';
import { HawserError } from '../../core/errors.ts';
import { timestamp } from '../../core/time.ts';
import { type Application, sourcesOf } from '../../model/application.ts';
import type { ApplicationSource } from '../../model/source.ts';
import { applicationRoute, type Route } from '../http/route.ts';
import type { ServerPorts } from '../ports.ts';
import { applicationResponse } from './applications/response.ts';
import { ofRepository } from './repository-failure.ts';

export function revisionRoutes(ports: ServerPorts): Route[] {
  return [
    applicationRoute(getManifests, async (application, query) => {
      const app = applicationResponse(application);
      const revisions = await ofRepository(manifestRevisions(ports, app, query));
      const noCache = query.noCache ?? false;
      const objects = await ofRepository(ports.inspector.manifests(app, { revisions, noCache }));
      return { manifests: objects.map((object) => JSON.stringify(object)) };
    }),
    applicationRoute(resolveRevisions, async (application, query) => ({
      revisions: await manifestRevisions(ports, applicationResponse(application), query),
    })),
    applicationRoute(revisionMetadata, async (application, query) => {
      const app = applicationResponse(application);
      const at = { revision: resolvedRevision(query), project: projectOf(app) };
      const facts = ofRepository(ports.repositories.metadata(sourceOf(app, query), at));
      const { author, date, tags, message } = await facts;
      return { author, date: timestamp(Date.parse(date)), ...(tags.length > 0 ? { tags } : {}), message };
    }),
    applicationRoute(chartDetails, async (application, query) => {
      const app = applicationResponse(application);
      const source = sourceOf(app, query);
      const at = { revision: query.revision, project: projectOf(app) };
      if (source.chart) return ofRepository(ports.repositories.chart(source, at));
      throw unknown(`no chart found for application: ${query.name}`);
    }),
  ];
}

/** Metadata is that of a commit: a branch or tag is refused, as the reference does. */
function resolvedRevision({ revision }: RevisionQuery): string {
  if (/^[0-9a-f]{7,40}$/i.test(revision)) return revision;
  throw unknown(`revision ${revision} must be resolved`);
}

const unknown = (message: string): HawserError => new HawserError('invalid', message, { details: { grpc: 2 } });

const projectOf = ({ spec }: Application): string => spec.project || 'default';

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
