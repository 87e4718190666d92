import type { Command } from 'commander';
import { HawserError } from '../../../../../core/errors.ts';
import { normalDiff } from '../../../../../render/normal-diff.ts';
import type { Context } from '../../../../context.ts';
import { defineCommand } from '../../../../input/command.ts';
import type { Flag, OptionsOf } from '../../../../input/flags.ts';
import { RESULT_FLAG, writeResult } from '../../../../output/result.ts';
import { yamlOf } from '../shared/ignored-fields.ts';
import { readOverrideSource, SETTINGS_FLAGS } from '../shared/override-source.ts';

const FLAGS = [
  {
    name: 'param',
    type: 'stringArray',
    value: 'name=value',
    summary: 'parameter of the action',
  },
  ...SETTINGS_FLAGS,
  RESULT_FLAG,
] as const satisfies readonly Flag[];

type RunActionOptions = OptionsOf<typeof FLAGS>;

export function overrideActionCommand(context: Context, run = runAction): Command {
  return defineCommand(
    {
      name: 'run-action',
      description: 'Shows what an action makes of the object in a file. Nothing is sent.',
      arguments: ['<file>', '<action>'],
      flags: FLAGS,
      examples: [
        {
          about: 'What does the action change?',
          line: 'hawser admin settings resource-overrides run-action deployment.yaml restart --argocd-cm-path argocd-cm.yaml',
        },
      ],
    },
    (options, file, action) => run({ file, action }, options, context),
  );
}

async function runAction(
  { file, action: name }: { readonly file: string; readonly action: string },
  options: RunActionOptions,
  context: Context,
): Promise<void> {
  const parameters = Object.fromEntries((options.param ?? []).map(parameterIn));
  const { tools, config, object } = await readOverrideSource(file, options, context);
  const { changed, created } = await tools.run(config, object, { name, parameters, now: context.clock.now() });
  const diff = normalDiff(yamlOf(object), yamlOf(changed));
  const text = (): void => {
    if (created) context.io.out.write(`Following resource is created:\n\n${yamlOf(created)}`);
    else if (diff === '') context.io.out.write('No fields had been changed by action\n');
    else context.io.out.write(`Following fields have been changed:\n\n${diff}`);
  };
  await writeResult(created ?? changed, { output: options.output, text }, context);
}

function parameterIn(text: string): readonly [string, string] {
  const equals = text.indexOf('=');
  if (equals > 0) return [text.slice(0, equals), text.slice(equals + 1)];
  throw new HawserError('usage', `'${text}' is no parameter`, { hint: 'write it as NAME=VALUE' });
}
