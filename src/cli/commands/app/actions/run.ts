import type { Command } from 'commander';
import { runResourceAction } from '../../../../api/resources.ts';
import { HawserError } from '../../../../core/errors.ts';
import type { Context } from '../../../context.ts';
import { defineCommand } from '../../../input/command.ts';
import type { Flag, OptionsOf } from '../../../input/flags.ts';
import { NAMESPACE_FLAG, targetOf } from '../../../input/target.ts';
import { RESULT_FLAG, writeResult } from '../../../output/result.ts';
import { DEGRADED_FLAG, degradedGrace, PROGRESS_FLAG, TIMEOUT_FLAG } from '../../../waiting/flags.ts';
import { ALL_FLAG, chosenObjects, OBJECT_FLAGS, resourceResult } from '../shared/live-objects.ts';
import { waitForHealth } from '../shared/wait-for-health.ts';

const ACTION_RUN_FLAGS = [
  NAMESPACE_FLAG,
  ...OBJECT_FLAGS,
  ALL_FLAG,
  { name: 'wait', type: 'bool', own: true, summary: 'wait until the application is healthy afterwards' },
  { ...TIMEOUT_FLAG, own: true },
  DEGRADED_FLAG,
  PROGRESS_FLAG,
  RESULT_FLAG,
] as const satisfies readonly Flag[];

export type ActionRunOptions = OptionsOf<typeof ACTION_RUN_FLAGS> & {
  readonly appname: string;
  readonly action: string;
};

export function actionRunCommand(context: Context, run = runAction): Command {
  return defineCommand(
    {
      name: 'run',
      description: 'Runs an action on a resource of an application: restart, scale, resume …',
      arguments: ['<appname>', '<action>'],
      flags: ACTION_RUN_FLAGS,
      examples: [
        {
          about: 'Restart a Deployment, and wait until it is healthy',
          line: 'hawser app actions run shop restart --kind Deployment --resource-name web --wait',
        },
        { about: 'Restart all Deployments', line: 'hawser app actions run shop restart --kind Deployment --all' },
        {
          about: 'Suspend a CronJob',
          line: 'hawser app actions run shop suspend --kind CronJob --resource-name report',
        },
      ],
    },
    (options, appname, action) => run({ ...options, appname, action }, context),
  );
}

async function runAction(options: ActionRunOptions, context: Context): Promise<void> {
  const grace = degradedGrace(options.onDegraded);
  const { client } = await context.connect();
  const objects = await chosenObjects(options, 'run action on', context);
  if (new Set(objects.map(({ group }) => group)).size > 1) {
    throw new HawserError('usage', 'Ambiguous resource group. Use flag --group to specify resource group explicitly.');
  }
  for (const object of objects) await client.call(runResourceAction, { ...object, action: options.action });
  const { output } = options;
  const resources = objects.map((object) => resourceResult(object, 'run'));
  const write = (): Promise<void> =>
    writeResult({ action: options.action, resources }, { output, text: () => undefined }, context);
  if (!options.wait) return write();
  await waitForHealth(
    {
      target: targetOf(options.appname, options.appNamespace),
      grace,
      timeout: options.timeout,
      mode: options.progress,
    },
    context,
  );
  await write();
}
