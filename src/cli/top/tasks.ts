// What a key asks of the server, and the result in words or in lines.

import { type ApplicationTarget, getApplication, syncApplication } from '../../api/applications.ts';
import type { Client } from '../../client/client.ts';
import { asHawserError } from '../../core/errors.ts';
import type { Application } from '../../model/application.ts';
import { causeLines } from '../../render/causes.ts';
import { findCauses } from '../causes/find.ts';

export interface TaskSetting {
  readonly client: Client;
  readonly signal: AbortSignal;
}

/** What was done, or why not, in a sentence; and the application, where the server told how it is now. */
export interface Report {
  readonly text: string;
  readonly application?: Application;
}

/** Asks for a sync by the options of the application, without pruning. */
export function requestSync(name: string, target: ApplicationTarget, setting: TaskSetting): Promise<Report> {
  const request = { ...target, dryRun: false, prune: false, strategy: { hook: {} } };
  return reported(`cannot sync ${name}`, async () => {
    const application = await setting.client.call(syncApplication, request, setting);
    return { text: `sync of ${name} requested`, application };
  });
}

export function requestRefresh(
  name: string,
  { target, refresh }: { readonly target: ApplicationTarget; readonly refresh: 'normal' | 'hard' },
  setting: TaskSetting,
): Promise<Report> {
  return reported(`cannot refresh ${name}`, async () => {
    const application = await setting.client.call(getApplication, { ...target, refresh }, setting);
    const { sync, health } = application.status ?? {};
    return { text: `${name} refreshed: ${sync?.status ?? 'Unknown'}, ${health?.status ?? 'Unknown'}`, application };
  });
}

export const fetchOne = (target: ApplicationTarget, setting: TaskSetting): Promise<Application> =>
  setting.client.call(getApplication, target, setting);

/** What is to blame, down to its Pods; none where all is well. */
export async function causesOf(application: Application, setting: TaskSetting): Promise<readonly string[]> {
  if ((application.status?.health?.status ?? 'Healthy') === 'Healthy') return [];
  const causes = await findCauses(application, setting).catch(() => []);
  return causeLines([], causes);
}

export const failureText = (thrown: unknown): string => {
  const { message, hint } = asHawserError(thrown);
  return hint === undefined ? message : `${message} (${hint})`;
};

async function reported(lead: string, work: () => Promise<Report>): Promise<Report> {
  try {
    return await work();
  } catch (thrown) {
    return { text: `${lead}: ${failureText(thrown)}` };
  }
}
