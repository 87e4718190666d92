// A history with what stands elsewhere: the commits' authors and subjects, how long it took, the operation that came last.

import type { ApplicationTarget } from '../../../../api/applications.ts';
import { type RevisionMetadata, revisionMetadata } from '../../../../api/revisions.ts';
import type { Application, RevisionHistory } from '../../../../model/application.ts';
import type { Deployed, Deployment } from '../../../../render/deployments.ts';
import type { Context } from '../../../context.ts';

/** More commits than a person looks at are not asked for: the latest say most. */
const MOST_COMMITS = 20;
const AT_ONCE = 4;

export async function deploymentsOf(
  app: Application,
  target: ApplicationTarget,
  context: Context,
): Promise<readonly Deployment[]> {
  const entries = (app.status?.history ?? []).map((entry) => ({ entry, sources: sourcesOf(entry) }));
  const requests = entries.flatMap(({ entry, sources }) =>
    sources.flatMap(({ source, revision }, sourceIndex) =>
      revision === '' || source.chart ? [] : [{ source, revision, sourceIndex, versionId: entry.id }],
    ),
  );
  const commits = await readCommits(requests, target, context);
  const deployments = entries.map(({ entry, sources }) => ({
    ...entry,
    phase: 'Succeeded',
    seconds: secondsBetween(entry.deployStartedAt, entry.deployedAt),
    deployed: sources.map((one) => ({ ...one, commit: commits.get(commitKey(one)) })),
  }));
  return [...deployments, ...unfinished(app)];
}

function sourcesOf(entry: RevisionHistory): Deployed[] {
  if (entry.sources && entry.sources.length > 0) {
    return entry.sources.map((source, index) => ({ source, revision: entry.revisions?.[index] ?? '' }));
  }
  return entry.source ? [{ source: entry.source, revision: entry.revision ?? '' }] : [];
}

const commitKey = ({ source, revision }: Deployed): string => `${source.repoURL} ${revision}`;

interface RevisionRequest extends Deployed {
  readonly sourceIndex: number;
  readonly versionId: number;
}

/** Each commit once, the latest first, a few at a time; one that cannot be read is left out. */
async function readCommits(
  requests: readonly RevisionRequest[],
  target: ApplicationTarget,
  context: Context,
): Promise<ReadonlyMap<string, RevisionMetadata>> {
  const { client } = await context.connect();
  const latest = new Map([...requests].reverse().map((one) => [commitKey(one), one]));
  const queue = [...latest].slice(0, MOST_COMMITS);
  const metadata = new Map<string, RevisionMetadata>();
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const [key, { revision, sourceIndex, versionId }] = next;
      const query = { ...target, revision, sourceIndex, versionId };
      const commit = await client.call(revisionMetadata, query, { signal: context.signal }).catch(() => undefined);
      if (commit) metadata.set(key, commit);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return metadata;
}

/** The last operation, where it came to no entry of its own: it runs, or it failed. */
function unfinished({ status }: Application): Deployment[] {
  const state = status?.operationState;
  const last = status?.history?.at(-1)?.deployedAt;
  if (!state || state.phase === 'Succeeded' || !state.syncResult) return [];
  if (last !== undefined && Date.parse(state.startedAt ?? last) < Date.parse(last)) return [];
  const { source, sources, revision, revisions } = state.syncResult;
  const deployed = sources?.length
    ? sources.map((one, index) => ({ source: one, revision: revisions?.[index] ?? '' }))
    : source
      ? [{ source, revision: revision ?? '' }]
      : [];
  return [
    {
      deployedAt: state.finishedAt ?? state.startedAt,
      initiatedBy: state.operation?.initiatedBy,
      phase: state.phase,
      seconds: secondsBetween(state.startedAt, state.finishedAt),
      message: state.message,
      deployed,
    },
  ];
}

function secondsBetween(from: string | undefined, to: string | undefined): number | undefined {
  const seconds = (Date.parse(to ?? '') - Date.parse(from ?? '')) / 1000;
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds);
}
