import type { Command } from 'commander';
import { columnTable } from '../../../../../render/table.ts';
import type { Context } from '../../../../context.ts';
import { defineCommand } from '../../../../input/command.ts';
import type { Flag, OptionsOf } from '../../../../input/flags.ts';
import { RESULT_FLAG, writeResult } from '../../../../output/result.ts';
import { readOverrideSource, SETTINGS_FLAGS } from '../shared/override-source.ts';

const FLAGS = [...SETTINGS_FLAGS, RESULT_FLAG] as const satisfies readonly Flag[];

export function listActionsCommand(context: Context, run = runListActions): Command {
  return defineCommand(
    {
      name: 'list-actions',
      description: 'Lists the actions of the object in a file.',
      arguments: ['<file>'],
      flags: FLAGS,
      examples: [
        {
          about: 'What can be done with this Deployment?',
          line: 'hawser admin settings resource-overrides list-actions deployment.yaml --argocd-cm-path argocd-cm.yaml',
        },
      ],
    },
    (options, file) => run(file, options, context),
  );
}

async function runListActions(file: string, options: OptionsOf<typeof FLAGS>, context: Context): Promise<void> {
  const { tools, config, object, kind } = await readOverrideSource(file, options, context);
  const actions = await tools.actions(config, object);
  const { style } = await context.view();
  const rows = actions.map(({ name, disabled }) => [name, String(disabled)]);
  const text = (): void =>
    context.io.out.write(
      actions.length > 0
        ? columnTable({ head: ['NAME', 'DISABLED'], rows }, style)
        : `Actions are not configured for '${kind}'\n`,
    );
  await writeResult(actions, { output: options.output, text }, context);
}
