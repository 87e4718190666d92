import type { Command } from 'commander';
import type { Context } from '../../../../context.ts';
import { defineCommand } from '../../../../input/command.ts';
import type { Flag } from '../../../../input/flags.ts';
import { RESULT_FLAG } from '../../../../output/result.ts';
import { showIgnoredFields } from '../shared/ignored-fields.ts';
import { readOverrideSource, SETTINGS_FLAGS } from '../shared/override-source.ts';

const FLAGS = [
  ...SETTINGS_FLAGS,
  {
    name: 'ignore-normalizer-jq-execution-timeout',
    type: 'duration',
    default: '1s',
    hidden: true,
    summary: 'timeout of one jq expression',
  },
  RESULT_FLAG,
] as const satisfies readonly Flag[];

export function overrideUpdatesCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'ignore-resource-updates',
      description: 'Shows in which fields of the object in a file an update starts no refresh.',
      arguments: ['<file>'],
      flags: FLAGS,
      examples: [
        {
          about: 'Which fields of this Deployment?',
          line: 'hawser admin settings resource-overrides ignore-resource-updates deployment.yaml --argocd-cm-path argocd-cm.yaml',
        },
      ],
    },
    async (options, file) => {
      const source = await readOverrideSource(file, options, context);
      context.policy.wording.remark('Using diffing customizations to ignore resource updates', context);
      await showIgnoredFields(source, { setting: 'ignoreResourceUpdates', output: options.output }, context);
    },
  );
}
