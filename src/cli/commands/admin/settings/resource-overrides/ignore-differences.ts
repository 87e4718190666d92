import type { Command } from 'commander';
import type { Context } from '../../../../context.ts';
import { defineCommand } from '../../../../input/command.ts';
import type { Flag } from '../../../../input/flags.ts';
import { RESULT_FLAG } from '../../../../output/result.ts';
import { showIgnoredFields } from '../shared/ignored-fields.ts';
import { readOverrideSource, SETTINGS_FLAGS } from '../shared/override-source.ts';

const FLAGS = [...SETTINGS_FLAGS, RESULT_FLAG] as const satisfies readonly Flag[];

export function overrideDifferencesCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'ignore-differences',
      description: 'Shows which fields of the object in a file are ignored in comparisons.',
      arguments: ['<file>'],
      flags: FLAGS,
      examples: [
        {
          about: 'Which fields of this Deployment?',
          line: 'hawser admin settings resource-overrides ignore-differences deployment.yaml --argocd-cm-path argocd-cm.yaml',
        },
      ],
    },
    async (options, file) => {
      const source = await readOverrideSource(file, options, context);
      await showIgnoredFields(source, { setting: 'ignoreDifferences', output: options.output }, context);
    },
  );
}
