import type { Command } from 'commander';
import { getApplication } from '../../../api/applications.ts';
import { HawserError } from '../../../core/errors.ts';
import type { Context } from '../../context.ts';
import { defineCommand } from '../../input/command.ts';
import { checkFormat } from '../../output/document.ts';
import { conclude, WAIT_FORMATS, waitFailure } from '../../waiting/conclude.ts';
import { startDeadline } from '../../waiting/deadline.ts';
import { type Ended, runForEach, type Share } from '../../waiting/many.ts';
import { withProgress } from '../../waiting/progress/create.ts';
import { type Chosen, chosenApplications, namesOrPicked } from '../../waiting/selection.ts';
import { waitFor } from '../../waiting/wait.ts';
import { conditionsOf, WAIT_FLAGS, type WaitOptions, waitForOne } from './shared/wait-for-one.ts';

export function waitCommand(context: Context, run = runWait): Command {
  return defineCommand(
    {
      name: 'wait',
      description:
        'Waits until applications are synced and healthy and no operation is running, or for the conditions given by flags. Times out after ten minutes (exit code 7).',
      arguments: ['[appname...]'],
      flags: WAIT_FLAGS,
      examples: [
        { about: 'Wait until an application is synced and healthy', line: 'hawser app wait shop' },
        {
          about: 'Wait until a commit is deployed, at most five minutes',
          line: 'hawser app wait shop --revision "$(git rev-parse HEAD)" --timeout 300',
        },
        {
          about: 'Wait until an application is healthy, whatever its sync status',
          line: 'hawser app wait shop --health',
        },
      ],
    },
    (options, names) => run({ ...options, names }, context),
  );
}

async function runWait(flags: WaitOptions, context: Context): Promise<void> {
  checkFormat(flags.output, WAIT_FORMATS);
  const options = { ...flags, names: await namesOrPicked(flags, context) };
  const { names, selector, project } = options;
  if (names.length === 0 && selector === undefined && !project?.length) {
    throw new HawserError('usage', 'app wait needs APPNAME, -l or --project', {
      hint: 'hawser app list',
      reason: { kind: 'incomplete-command' },
    });
  }
  conditionsOf(options, undefined);
  const applications = await chosenApplications(options, context);
  if (options.delete) {
    for (const one of applications) await waitUntilGone(one, options, context);
    return;
  }
  const run = (one: Chosen, share: Share): Promise<Ended> => waitForOne(one, options, context, share);
  await runForEach({ task: 'wait', members: applications, flags: options, run, toChildren: run }, context);
}

async function waitUntilGone({ target, label: shown }: Chosen, options: WaitOptions, context: Context): Promise<void> {
  const { client } = await context.connect();
  const application = await client.call(getApplication, target);
  const deadline = startDeadline(options.timeout, context);
  const setting = { task: 'wait', output: options.output, mode: options.progress, several: false } as const;
  const outcome = await withProgress(setting, context, (progress) =>
    waitFor({ target, application, conditions: 'deleted', deadline, grace: 0, progress }, context),
  );
  deadline.end();
  if (outcome.ended === 'deleted') {
    const { name, namespace } = application.metadata;
    context.io.out.write(`Application '${context.policy.wording.goneName({ shown, name, namespace })}' deleted\n`);
    return;
  }
  const failure = await waitFailure({ target, conditions: 'deleted', deadline }, outcome, context);
  const lead = context.policy.layout.lateLead;
  await conclude(
    { application: outcome.application, output: options.output, label: shown, operation: false, lead, failure },
    context,
  );
}
