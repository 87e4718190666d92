import { Command } from 'commander';
import { getApplication, listApplications } from '../../../api/applications.ts';
import { HawserError } from '../../../core/errors.ts';
import type { Context } from '../../context.ts';
import { withFlags } from '../../flags.ts';
import { checkFormat } from '../../output.ts';
import { conclude, WAIT_FORMATS, waitFailure } from '../../waiting/conclude.ts';
import type { Conditions } from '../../waiting/conditions.ts';
import { parseResourceFilter } from '../../waiting/resource-filter.ts';
import { settledState, type Wait, waitFor } from '../../waiting/wait.ts';
import { NAMESPACE_FLAG, shownName, targetOf } from './target.ts';

export interface WaitOptions {
  readonly names: readonly string[];
  readonly appNamespace?: string;
  readonly degraded?: boolean;
  readonly delete?: boolean;
  readonly health?: boolean;
  readonly hydrated?: boolean;
  readonly operation?: boolean;
  readonly output: string;
  readonly resource?: readonly string[];
  readonly revision?: string;
  readonly selector?: string;
  readonly suspended?: boolean;
  readonly sync?: boolean;
  readonly timeout?: number;
}

export function waitCommand(context: Context, run = runWait): Command {
  const command = new Command('wait')
    .description(
      'Waits until applications are synced and healthy and no operation runs, or for what the flags say. After ten minutes it gives up (code 7) and says what was missing.',
    )
    .argument('[appname...]')
    .action((names: readonly string[], flags: Omit<WaitOptions, 'names'>) => run({ ...flags, names }, context));
  return withFlags(command, [
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
      name: 'timeout',
      type: 'uint',
      value: 'seconds',
      summary: 'give up after this time; 0 waits for ever (default: 600)',
    },
    {
      name: 'revision',
      type: 'string',
      value: 'commit',
      own: true,
      summary: 'wait until this commit is what is deployed',
    },
    {
      name: 'output',
      short: 'o',
      type: 'string',
      default: 'wide',
      value: 'format',
      summary: 'wide, tree, tree=detailed, json or yaml',
    },
  ]);
}

async function runWait(options: WaitOptions, context: Context): Promise<void> {
  checkFormat(options.output, WAIT_FORMATS);
  const conditions = options.delete ? ('deleted' as const) : conditionsOf(options);
  const deadline = options.timeout === undefined ? context.policy.deadline : options.timeout * 1000;
  for (const name of await namesOf(options, context)) {
    await waitForOne(name, { options, conditions, deadline }, context);
  }
}

async function namesOf({ names, selector }: WaitOptions, context: Context): Promise<readonly string[]> {
  if (selector === undefined && names.length === 0) {
    throw new HawserError('usage', 'app wait needs APPNAME or -l', {
      hint: 'hawser app list',
      details: { argocdLine: '' },
    });
  }
  if (selector === undefined) return names;
  const { client } = await context.connect();
  const { items } = await client.call(listApplications, { selector });
  return [...names, ...(items ?? []).map(({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name}`)];
}

function conditionsOf(options: WaitOptions): Conditions {
  const { sync, health, operation, suspended, degraded, hydrated } = options;
  const isBare = ![sync, health, operation, suspended, degraded, hydrated].some(Boolean);
  return {
    sync: sync ?? isBare,
    health: health ?? isBare,
    operation: operation ?? isBare,
    suspended: suspended ?? false,
    degraded: degraded ?? false,
    hydrated: hydrated ?? false,
    resources: (options.resource ?? []).map(parseResourceFilter),
    revision: options.revision,
  };
}

interface Plan {
  readonly options: WaitOptions;
  readonly conditions: Conditions | 'deleted';
  readonly deadline: number;
}

async function waitForOne(name: string, plan: Plan, context: Context): Promise<void> {
  const { client } = await context.connect();
  const { options, conditions, deadline } = plan;
  const target = targetOf(name, options.appNamespace);
  const application = await client.call(getApplication, target);
  const wait: Wait = { target, application, conditions, deadline, output: options.output };
  const outcome = await waitFor(wait, context);
  if (conditions === 'deleted' && outcome.ended === 'deleted') {
    context.io.out.write(`Application '${name}' deleted\n`);
    return;
  }
  const failure = waitFailure(wait, outcome);
  if (outcome.ended === 'timed-out' && context.policy.progress === 'rows') {
    const lead = 'This is the state of the app after wait timed out:';
    context.io.out.write(`\n${lead}\n\nThe command timed out waiting for the conditions to be met.\n`);
  }
  await conclude(
    {
      application: await settledState(wait, outcome, context),
      output: options.output,
      shown: name.includes('/') ? name : shownName(target),
      operation: conditions !== 'deleted' && conditions.operation,
      failure,
    },
    context,
  );
}
