// One application of `app wait`, and of the applications that a synced one deploys.

import { type ApplicationTarget, getApplication } from '../../../../api/applications.ts';
import type { Client } from '../../../../client/client.ts';
import type { Application } from '../../../../model/application.ts';
import type { Context } from '../../../context.ts';
import type { Flag, OptionsOf } from '../../../input/flags.ts';
import { NAMESPACE_FLAG } from '../../../input/target.ts';
import { waitFailure } from '../../../waiting/conclude.ts';
import type { Conditions } from '../../../waiting/conditions.ts';
import type { Deadline } from '../../../waiting/deadline.ts';
import { degradedGrace, MANY_FLAGS, PATIENCE_FLAGS, STATE_OUTPUT_FLAG, TIMEOUT_FLAG } from '../../../waiting/flags.ts';
import type { Ended, Share } from '../../../waiting/many.ts';
import { parseResourceFilter } from '../../../waiting/resource-filter.ts';
import { createRevisionCheck, type RevisionCheck } from '../../../waiting/revision.ts';
import type { Chosen } from '../../../waiting/selection.ts';
import { tooLate } from '../../../waiting/too-late.ts';
import { settledState, type Wait, waitFor } from '../../../waiting/wait.ts';

export const WAIT_FLAGS = [
  NAMESPACE_FLAG,
  { name: 'sync', type: 'bool', summary: 'wait for Synced' },
  { name: 'health', type: 'bool', summary: 'wait for Healthy' },
  { name: 'operation', type: 'bool', summary: 'wait until no operation is running' },
  { name: 'suspended', type: 'bool', summary: 'wait for Suspended' },
  { name: 'degraded', type: 'bool', summary: 'wait for Degraded' },
  { name: 'hydrated', type: 'bool', summary: 'wait until manifests are hydrated' },
  { name: 'delete', type: 'bool', summary: 'wait until the application is deleted' },
  {
    name: 'resource',
    type: 'stringArray',
    value: 'group:kind:name',
    summary: 'wait only for these resources; prefix with ! to exclude',
  },
  {
    name: 'selector',
    short: 'l',
    type: 'string',
    syntax: 'selector',
    value: 'labels',
    summary: 'wait for applications with these labels',
  },
  {
    name: 'project',
    type: 'stringArray',
    value: 'name',
    own: true,
    summary: 'wait for the applications of this project',
  },
  TIMEOUT_FLAG,
  ...PATIENCE_FLAGS,
  ...MANY_FLAGS,
  {
    name: 'revision',
    type: 'string',
    value: 'revision',
    own: true,
    summary: 'wait until this commit, or a later one, is deployed',
  },
  STATE_OUTPUT_FLAG,
] as const satisfies readonly Flag[];

export type WaitOptions = OptionsOf<typeof WAIT_FLAGS> & { readonly names: readonly string[] };

/** What the flags say to wait for; synced, healthy and without an operation where they say nothing. */
export function conditionsOf(options: WaitOptions, revision: RevisionCheck | undefined): Conditions {
  const { sync, health, operation, suspended, degraded, hydrated } = options;
  const isBare = ![sync, health, operation, suspended, degraded, hydrated].some(Boolean);
  return {
    // What a revision is waited for must be deployed, and looked at after that.
    sync: sync ?? (isBare || revision !== undefined),
    health: health ?? isBare,
    operation: operation ?? (isBare || revision !== undefined),
    suspended: suspended ?? false,
    degraded: degraded ?? false,
    hydrated: hydrated ?? false,
    resources: (options.resource ?? []).map(parseResourceFilter),
    revision,
  };
}

/** Waits for one application; Git is looked at first where a revision is waited for. */
export async function waitForOne(
  { target, label: shown }: Chosen,
  options: WaitOptions,
  context: Context,
  share: Share,
): Promise<Ended> {
  const { client } = await context.connect();
  const application = await firstLook(client, target, { options, deadline: share.deadline });
  const revision = options.revision && (await createRevisionCheck(client, target, options.revision));
  const conditions = conditionsOf(options, revision || undefined);
  const wait: Wait = {
    target,
    application,
    conditions,
    revision: revision || undefined,
    grace: degradedGrace(options.onDegraded),
    ...share,
  };
  const outcome = await waitFor(wait, context);
  const late = outcome.ended === 'timed-out' ? await tooLate(wait, options, context) : {};
  const failure = await waitFailure(wait, outcome, context);
  const { operation } = conditions;
  return { application: await settledState(wait, outcome, context), label: shown, operation, failure, ...late };
}

interface Look {
  readonly options: WaitOptions;
  readonly deadline: Deadline;
}

/** The application, compared anew where a revision is waited for; as it is known where that takes longer than the wait may. */
async function firstLook(client: Client, target: ApplicationTarget, look: Look): Promise<Application> {
  const { options, deadline } = look;
  if (options.revision === undefined) return client.call(getApplication, target);
  try {
    return await client.call(getApplication, { ...target, refresh: 'normal' }, { signal: deadline.signal });
  } catch (thrown) {
    if (!deadline.signal.aborted) throw thrown;
    return client.call(getApplication, target);
  }
}
