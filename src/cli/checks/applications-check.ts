// Applications by state, and of those that are not well the worst with their reasons.

import { sentFields } from '../../api/application-fields.ts';
import { getApplication, listApplications } from '../../api/applications.ts';
import type { Client } from '../../client/client.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import { shellWord } from '../../core/shell-word.ts';
import { type Application, qualifiedName } from '../../model/application.ts';
import type { Finding } from '../../model/checkup.ts';
import { reasonOf } from '../../render/reason.ts';

/** No more: there may be thousands. */
const FIELDS = sentFields('status.health', 'status.sync.status', 'status.operationState.phase');

const LISTED = 5;

export async function applicationsFinding(client: Client, signal: AbortSignal): Promise<Finding> {
  const { items } = await client.call(listApplications, { fields: FIELDS }, { signal });
  const applications = items ?? [];
  const [first] = applications;
  if (!first) {
    return {
      verdict: 'ok',
      message: 'none yet',
      next: 'hawser app create',
      facts: { total: 0, sync: {}, health: {}, unwell: [] },
    };
  }
  const bySync = countBy(applications, syncOf);
  const byHealth = countBy(applications, healthOf);
  const unwell = applications.filter((app) => rankOf(app) >= 0).sort((a, b) => rankOf(a) - rankOf(b));
  const worst = await Promise.all(unwell.slice(0, LISTED).map((app) => whole(app, client, signal)));
  const facts = {
    total: applications.length,
    sync: bySync,
    health: byHealth,
    unwell: worst.map((app) => ({
      name: qualifiedName(app),
      sync: syncOf(app),
      health: healthOf(app),
      reason: reasonOf(app),
    })),
  };
  const message = `${applications.length}: ${counts(bySync)}; ${counts(byHealth)}`;
  if (worst[0] === undefined) return { verdict: 'ok', message, next: nextOf(applications, first), facts };
  const rest = unwell.length - worst.length;
  const lines = [...worst.map(line), ...(rest > 0 ? [`and ${rest} more`] : [])];
  const next = `hawser app explain ${shellWord(worst[0].metadata.name)}${namespaceOf(worst[0])}`;
  return { verdict: 'warning', message, lines, next, facts };
}

const syncOf = ({ status }: Application): string => status?.sync?.status || 'Unknown';
const healthOf = ({ status }: Application): string => status?.health?.status ?? 'Unknown';

/** What is not well, the worst first. */
const UNWELL: readonly ((app: Application) => boolean)[] = [
  (app) => healthOf(app) === 'Degraded',
  (app) => healthOf(app) === 'Missing' && syncOf(app) !== 'OutOfSync',
  ({ status }) => status?.operationState?.phase === 'Error' || status?.operationState?.phase === 'Failed',
  (app) => syncOf(app) === 'Unknown',
];

/** -1 of what is well. A failed sync counts only while it left something behind. */
const rankOf = (app: Application): number =>
  syncOf(app) === 'Synced' && healthOf(app) === 'Healthy' ? -1 : UNWELL.findIndex((rule) => rule(app));

/** With what the reason needs; the short form where the server does not send it. */
const whole = ({ metadata, ...app }: Application, client: Client, signal: AbortSignal): Promise<Application> =>
  client
    .call(getApplication, { name: metadata.name, ...omitUndefined({ appNamespace: metadata.namespace }) }, { signal })
    .catch(() => ({ metadata, ...app }));

function line(app: Application): string {
  const reason = reasonOf(app);
  return `${qualifiedName(app)} is ${syncOf(app)} and ${healthOf(app)}${reason === '' ? '' : `: ${reason}`}`;
}

function nextOf(applications: readonly Application[], first: Application): string {
  const different = applications.find((app) => syncOf(app) === 'OutOfSync');
  const app = different ?? first;
  const verb = different ? 'diff' : 'get';
  return `hawser app ${verb} ${shellWord(app.metadata.name)}${namespaceOf(app)}`;
}

const namespaceOf = ({ metadata: { namespace = 'argocd' } }: Application): string =>
  namespace === 'argocd' ? '' : ` -N ${namespace}`;

function countBy(applications: readonly Application[], stateOf: (app: Application) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const app of applications) counts[stateOf(app)] = (counts[stateOf(app)] ?? 0) + 1;
  return counts;
}

const counts = (states: Readonly<Record<string, number>>): string =>
  Object.entries(states)
    .sort(([a, first], [b, second]) => second - first || (a < b ? -1 : 1))
    .map(([state, count]) => `${count} ${state}`)
    .join(', ');
