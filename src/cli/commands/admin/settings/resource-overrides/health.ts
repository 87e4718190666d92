import type { Command } from 'commander';
import type { Context } from '../../../../context.ts';
import { defineCommand } from '../../../../input/command.ts';
import type { Flag, OptionsOf } from '../../../../input/flags.ts';
import { RESULT_FLAG, writeResult } from '../../../../output/result.ts';
import { readOverrideSource, SETTINGS_FLAGS } from '../shared/override-source.ts';

const FLAGS = [...SETTINGS_FLAGS, RESULT_FLAG] as const satisfies readonly Flag[];

export function overrideHealthCommand(context: Context, run = runHealth): Command {
  return defineCommand(
    {
      name: 'health',
      description: 'Shows the health of the object in a file.',
      arguments: ['<file>'],
      flags: FLAGS,
      examples: [
        {
          about: 'How healthy is this Deployment?',
          line: 'hawser admin settings resource-overrides health deployment.yaml --argocd-cm-path argocd-cm.yaml',
        },
      ],
    },
    (options, file) => run(file, options, context),
  );
}

async function runHealth(file: string, options: OptionsOf<typeof FLAGS>, context: Context): Promise<void> {
  const { tools, config, object, kind } = await readOverrideSource(file, options, context);
  const health = await tools.health(config, object);
  const text = (): void =>
    context.io.out.write(
      health
        ? `STATUS: ${health.status}\nMESSAGE: ${health.message}\n`
        : `Health script is not configured for '${kind}'\n`,
    );
  await writeResult({ kind, health: health ?? null }, { output: options.output, text }, context);
}
