import type { Command } from 'commander';
import { type ApplicationTarget, getApplication } from '../../../api/applications.ts';
import type { Client } from '../../../client/client.ts';
import { HawserError } from '../../../core/errors.ts';
import type { Application } from '../../../model/application.ts';
import type { Context } from '../../context.ts';
import { defineCommand } from '../../input/command.ts';
import type { Flag, OptionsOf } from '../../input/flags.ts';
import { checkFormat } from '../../output/document.ts';
import { conclude, WAIT_FORMATS, waitFailure } from '../../waiting/conclude.ts';
import type { Conditions } from '../../waiting/conditions.ts';
import { type Deadline, startDeadline } from '../../waiting/deadline.ts';
import { degradedGrace, MANY_FLAGS, PATIENCE_FLAGS, TIMEOUT_FLAG } from '../../waiting/flags.ts';
import { doToEach, type Ended, type Share } from '../../waiting/many.ts';
import { parseResourceFilter } from '../../waiting/resource-filter.ts';
import { createRevisionCheck, type RevisionCheck } from '../../waiting/revision.ts';
import { type Chosen, chosenApplications } from '../../waiting/selection.ts';
import { tooLate } from '../../waiting/too-late.ts';
import { settledState, type Wait, waitFor } from '../../waiting/wait.ts';
import { NAMESPACE_FLAG } from './shared/target.ts';

const WAIT_FLAGS = [
  NAMESPACE_FLAG,
  { name: 'sync', type: 'bool', summary: 'wait for Synced' },
  { name: 'health', type: 'bool', summary: 'wait for Healthy' },
  { name: 'operation', type: 'bool', summary: 'wait for the end of operations' },
  { name: 'suspended', type: 'bool', summary: 'wait for Suspended' },
  { name: 'degraded', type: 'bool', summary: 'wait for Degraded' },
  { name: 'hydrated', type: 'bool', summary: 'wait for the hydrator' },
  { name: 'delete', type: 'bool', summary: 'wait until the application is gone' },
  {
    name: 'resource',
    type: 'stringArray',
    value: 'group:kind:name',
    summary: 'judge these resources only; ! before one leaves it out',
  },
  {
    name: 'selector',
    short: 'l',
    type: 'string',
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
    summary: 'wait until this commit, or one after it, is what is deployed',
  },
  {
    name: 'output',
    short: 'o',
    type: 'string',
    default: 'wide',
    value: 'format',
    summary: 'wide, tree, tree=detailed, json or yaml',
  },
] as const satisfies readonly Flag[];

export type WaitOptions = OptionsOf<typeof WAIT_FLAGS> & { readonly names: readonly string[] };

export function waitCommand(context: Context, run = runWait): Command {
  return defineCommand(
    {
      name: 'wait',
      description:
        'Waits until applications are synced and healthy and no operation runs, or for what the flags say. After ten minutes it gives up (code 7) and says what was missing.',
      arguments: ['[appname...]'],
      flags: WAIT_FLAGS,
    },
    (options, names) => run({ ...options, names }, context),
  );
}

async function runWait(options: WaitOptions, context: Context): Promise<void> {
  checkFormat(options.output, WAIT_FORMATS);
  const { names, selector, project } = options;
  if (names.length === 0 && selector === undefined && !project?.length) {
    throw new HawserError('usage', 'app wait needs APPNAME, -l or --project', {
      hint: 'hawser app list',
      reason: { kind: 'incomplete-command' },
    });
  }
  conditionsOf(options, undefined);
  const chosen = await chosenApplications(options, context);
  if (options.delete) {
    for (const one of chosen) await waitUntilGone(one, options, context);
    return;
  }
  const deed = (one: Chosen, share: Share): Promise<Ended> => waitForOne(one, options, context, share);
  await doToEach({ chosen, flags: options, deed, toChildren: deed }, context);
}

function conditionsOf(options: WaitOptions, revision: RevisionCheck | undefined): Conditions {
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
  { target, shown }: Chosen,
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
    output: options.output,
    ...share,
  };
  const outcome = await waitFor(wait, context);
  const late = outcome.ended === 'timed-out' ? await tooLate(wait, options, context) : {};
  const failure = await waitFailure(wait, outcome, context);
  const { operation } = conditions;
  return { application: await settledState(wait, outcome, context), shown, operation, failure, ...late };
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

async function waitUntilGone({ target, shown }: Chosen, options: WaitOptions, context: Context): Promise<void> {
  const { client } = await context.connect();
  const application = await client.call(getApplication, target);
  const deadline = startDeadline(options.timeout, context);
  const wait: Wait = { target, application, conditions: 'deleted', deadline, grace: 0, output: options.output };
  const outcome = await waitFor(wait, context);
  deadline.end();
  if (outcome.ended === 'deleted') {
    const name = context.policy.summarises ? shown : `${application.metadata.namespace ?? ''}/${target.name}`;
    context.io.out.write(`Application '${name}' deleted\n`);
    return;
  }
  const failure = await waitFailure(wait, outcome, context);
  const lead = context.policy.lateLead;
  await conclude(
    { application: outcome.application, output: options.output, shown, operation: false, lead, failure },
    context,
  );
}
