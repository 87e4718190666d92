import type { Command } from 'commander';
import { getApplication, updateApplicationSpec } from '../../../api/applications.ts';
import { HawserError } from '../../../core/errors.ts';
import { parse } from '../../../core/shape.ts';
import { parseYaml } from '../../../core/yaml.ts';
import { type ApplicationSpec, applicationSpec } from '../../../model/application.ts';
import type { Context } from '../../context.ts';
import { applicationPicker } from '../../input/application-picker.ts';
import { checkFields } from '../../input/check-fields.ts';
import { defineCommand } from '../../input/command.ts';
import { editSpec } from '../../input/edit-spec.ts';
import type { Flag, OptionsOf } from '../../input/flags.ts';
import { NAMESPACE_FLAG, targetOf } from '../../input/target.ts';

const EDIT_FLAGS = [NAMESPACE_FLAG] as const satisfies readonly Flag[];

export type EditOptions = OptionsOf<typeof EDIT_FLAGS> & { readonly name: string };

export function editCommand(context: Context, run = runEdit): Command {
  return defineCommand(
    {
      name: 'edit',
      description: 'Edits the spec of an application in $EDITOR.',
      arguments: ['<appname>'],
      asks: applicationPicker(context),
      flags: EDIT_FLAGS,
      examples: [
        { about: 'Edit the spec in $EDITOR', line: 'hawser app edit shop' },
        { about: 'Edit it in another editor', line: 'EDITOR="code --wait" hawser app edit shop' },
        { about: 'Edit an application of another namespace', line: 'hawser app edit shop -N team-a' },
      ],
    },
    (options, name) => run({ name, ...options }, context),
  );
}

async function runEdit(options: EditOptions, context: Context): Promise<void> {
  if (!context.io.input.terminal || !context.io.out.terminal) context.policy.own.refuse(withoutTerminal(options.name));
  const { client } = await context.connect();
  const target = targetOf(options.name, options.appNamespace);
  const { spec } = await client.call(getApplication, target);
  const save = async (text: string, file: string): Promise<unknown> => {
    await checkFields({ text, source: 'spec', kind: 'ApplicationSpec', before: spec }, context);
    return client.call(updateApplicationSpec, { ...target, spec: readSpec(text, file), validate: false });
  };
  await editSpec({ what: 'application', fileName: `${target.name}-edit.yaml`, spec, save }, context);
}

const withoutTerminal = (name: string): HawserError =>
  new HawserError('usage', 'app edit needs a terminal', {
    hint: `hawser app patch ${name} --patch … changes fields, hawser app apply -f FILE the whole of it`,
  });

function readSpec(text: string, file: string): ApplicationSpec {
  return parse(applicationSpec, parseYaml(text, file), 'spec');
}
