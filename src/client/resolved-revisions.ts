import { isHawser } from '../api/differences.ts';
import { type GetManifests, resolveRevisions } from '../api/revisions.ts';
import { getVersion } from '../api/sessions.ts';
import type { Client } from './client.ts';

/** The commit or version of each source that a question about manifests means; none where a server does not tell them. */
export async function resolvedRevisions(client: Client, query: GetManifests): Promise<readonly string[]> {
  const { Version: version } = await client.call(getVersion, {});
  if (!isHawser(version)) return [];
  return (await client.call(resolveRevisions, query)).revisions ?? [];
}
