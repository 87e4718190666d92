// Which revisions satisfy `--revision`: the one that was typed, and every one after it.

import type { ApplicationTarget } from '../../api/applications.ts';
import { revisionMetadata } from '../../api/revisions.ts';
import type { Client } from '../../client/client.ts';
import { resolvedRevisions } from '../../client/resolved-revisions.ts';
import type { Application } from '../../model/application.ts';

export interface RevisionCheck {
  /** As it was typed. */
  readonly requested: string;
  /** Asks the server about what is deployed now, where it was not asked before. */
  learn(app: Application): Promise<void>;
  accepts(app: Application): boolean;
}

const COMMIT = /^[0-9a-f]{7,40}$/i;

/** A branch or tag is resolved once, at the beginning: what it points to later is after it. */
export async function createRevisionCheck(
  client: Client,
  target: ApplicationTarget,
  requested: string,
): Promise<RevisionCheck> {
  const commit = COMMIT.test(requested) ? requested.toLowerCase() : await resolve(client, target, requested);
  const answers = new Map<string, boolean>();
  const dateOf = async (revision: string): Promise<number> => {
    const { date } = await client.call(revisionMetadata, { ...target, revision });
    return new Date(date ?? '').getTime();
  };

  const isLater = async (app: Application, revision: string): Promise<boolean> => {
    if (revision.startsWith(commit)) return true;
    const deployed = (app.status?.history ?? []).map((entry) => entry.revision ?? '');
    const before = deployed.findIndex((entry) => entry.startsWith(commit));
    if (before >= 0) return deployed.lastIndexOf(revision) > before;
    // A commit that was passed over was never deployed: its time tells whether this one is after it.
    const times = await Promise.all([dateOf(commit), dateOf(revision)]).catch(() => [Number.NaN, Number.NaN]);
    return (times[1] ?? Number.NaN) > (times[0] ?? Number.NaN);
  };

  return {
    requested: requested,
    learn: async (app) => {
      for (const revision of syncedRevisions(app)) {
        if (!answers.has(revision)) answers.set(revision, await isLater(app, revision));
      }
    },
    accepts: (app) => syncedRevisions(app).some((revision) => answers.get(revision)),
  };
}

async function resolve(client: Client, target: ApplicationTarget, requested: string): Promise<string> {
  const [revision] = await resolvedRevisions(client, { ...target, revision: requested });
  return revision || requested;
}

function syncedRevisions(app: Application): string[] {
  const { revision, revisions = [] } = app.status?.sync ?? {};
  return [revision ?? '', ...revisions].filter((sha) => sha !== '');
}
