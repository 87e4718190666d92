import type { Command } from 'commander';
import { getApplication, updateApplicationSpec } from '../../../api/applications.ts';
import { HawserError, messageOf } from '../../../core/errors.ts';
import { parse } from '../../../core/shape.ts';
import { formatYaml, parseYaml } from '../../../core/yaml.ts';
import { type ApplicationSpec, applicationSpec } from '../../../model/application.ts';
import type { Context } from '../../context.ts';
import { applicationPicker } from '../../input/application-picker.ts';
import { defineCommand } from '../../input/command.ts';
import { openEditor } from '../../input/edit-text.ts';
import type { Flag, OptionsOf } from '../../input/flags.ts';
import { NAMESPACE_FLAG, targetOf } from '../../input/target.ts';
import { withTemporaryFolder } from '../../input/temporary-folder.ts';

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

const HEADER = [
  '# The spec of the application. Lines that begin with # are left out;',
  '# an empty file, or one without a change, changes nothing.',
];

async function runEdit(options: EditOptions, context: Context): Promise<void> {
  if (!context.io.input.terminal || !context.io.out.terminal) context.policy.own.refuse(withoutTerminal(options.name));
  const { client } = await context.connect();
  const target = targetOf(options.name, options.appNamespace);
  const { spec } = await client.call(getApplication, target);
  const before = formatYaml(spec, { sortKeys: true });
  const name = `${target.name}-edit.yaml`;
  await withTemporaryFolder('hawser-edit-', async (folder) => {
    let text = before;
    let complaint: readonly string[] = [];
    for (;;) {
      const file = await folder.write(name, `${[...HEADER, ...complaint].join('\n')}\n${text}`);
      await openEditor(file, context);
      const edited = withoutComments(await folder.read(name));
      if (edited.trim() === '' || edited === before || edited === text) throw nothingSaved(complaint);
      try {
        await client.call(updateApplicationSpec, { ...target, spec: readSpec(edited, file), validate: false });
        return;
      } catch (thrown) {
        complaint = [
          '#',
          ...messageOf(thrown)
            .split('\n')
            .map((line) => `# error: ${line}`),
        ];
        text = edited;
      }
    }
  });
}

const withoutTerminal = (name: string): HawserError =>
  new HawserError('usage', 'app edit needs a terminal', {
    hint: `hawser app patch ${name} --patch … changes fields, hawser app apply -f FILE the whole of it`,
  });

function readSpec(text: string, file: string): ApplicationSpec {
  return parse(applicationSpec, parseYaml(text, file), 'spec');
}

const withoutComments = (text: string): string =>
  text
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n');

const nothingSaved = (complaint: readonly string[]): HawserError =>
  new HawserError('invalid', 'edit cancelled, no valid changes were saved', {
    hint: complaint.length > 1 ? complaint.slice(1).join(' ').replaceAll('# ', '') : 'nothing was changed',
  });
