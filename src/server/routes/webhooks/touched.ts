// The applications that a delivery touches, asked to refresh.

import { createLimit } from '../../../core/concurrency.ts';
import { HawserError } from '../../../core/errors.ts';
import type { Application } from '../../../model/application.ts';
import { APPLICATION_TYPE } from '../../../model/application-key.ts';
import { verdictOfAll } from '../../../webhooks/affected.ts';
import type { WebhookEvent } from '../../../webhooks/event.ts';
import type { ServerPorts } from '../../ports.ts';
import { requestRefresh } from '../applications/refresh.ts';
import { applicationResponse } from '../applications/response.ts';

type Home = Pick<ServerPorts, 'home' | 'namespace'>;

/** Writes that come together are stored together. */
const MOST_WRITES = 32;

/** How many were asked. One that is deleted meanwhile needs no refresh; throws when another could not be asked, after all others. */
export async function refreshTouched(ports: Home, events: readonly WebhookEvent[]): Promise<number> {
  const verdicts = (await listApplications(ports)).map((app) => ({ app, ...verdictOfAll(app, events) }));
  const touched = verdicts.filter(({ refreshes }) => refreshes);
  const limited = createLimit(MOST_WRITES);
  const outcomes = await Promise.allSettled(
    touched.map(({ app, hydrates }) =>
      limited(() => requestRefresh(ports, app.metadata, { level: 'normal', hydrates })),
    ),
  );
  const failed = outcomes.filter((outcome) => outcome.status === 'rejected' && !isDeleted(outcome.reason)).length;
  if (failed > 0)
    throw new HawserError('internal', `${failed} of ${touched.length} applications could not be refreshed`);
  return outcomes.filter(({ status }) => status === 'fulfilled').length;
}

export const listApplications = async ({ home, namespace }: Home): Promise<readonly Application[]> =>
  (await home.list(APPLICATION_TYPE, { namespace })).items.map((object) => applicationResponse(object));

const isDeleted = (thrown: unknown): boolean => thrown instanceof HawserError && thrown.code === 'not-found';
