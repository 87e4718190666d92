import type { Command } from 'commander';
import { getApplication, patchApplication } from '../../../api/applications.ts';
import { NO_PAUSE, type Pause, pauseOf } from '../../../model/pause.ts';
import type { Context } from '../../context.ts';
import { defineCommand } from '../../input/command.ts';
import type { OptionsOf } from '../../input/flags.ts';
import { CHOICE_FLAGS } from './shared/choice-flags.ts';
import { changeEach } from './shared/each-application.ts';

export type ResumeOptions = OptionsOf<typeof CHOICE_FLAGS> & { readonly names: readonly string[] };

export function resumeCommand(context: Context, run = runResume): Command {
  return defineCommand(
    {
      name: 'resume',
      description: 'Ends a pause: automated sync runs again as it did before.',
      arguments: ['[appname...]'],
      flags: CHOICE_FLAGS,
      examples: [
        { about: 'Resume an application', line: 'hawser app resume shop' },
        { about: 'Resume everything of a team', line: 'hawser app resume -l team=shop' },
        { about: 'Show whether it is paused', line: 'hawser app get shop' },
      ],
    },
    (options, names) => run({ names, ...options }, context),
  );
}

async function runResume(options: ResumeOptions, context: Context): Promise<void> {
  const { names, selector, project, appNamespace, output } = options;
  const { client } = await context.connect();
  await changeEach(
    {
      selection: { names, selector, project, appNamespace },
      output,
      done: 'resumed',
      command: 'resume',
      change: async ({ target }) => {
        const pause = pauseOf(await client.call(getApplication, target));
        if (!pause) return { text: 'is not paused', facts: { result: 'unchanged' } };
        await client.call(patchApplication, { ...target, patch: patchOf(pause), patchType: 'merge' });
        return { text: 'resumed', facts: {} };
      },
    },
    context,
  );
}

function patchOf({ automated }: Pause): string {
  const on = automated === undefined ? {} : { spec: { syncPolicy: { automated } } };
  return JSON.stringify({ metadata: { annotations: NO_PAUSE }, ...on });
}
