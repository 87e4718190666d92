import type { Command } from 'commander';
import { updateProject } from '../../../api/projects.ts';
import { HawserError, messageOf } from '../../../core/errors.ts';
import { parse } from '../../../core/shape.ts';
import { formatYaml, parseYaml } from '../../../core/yaml.ts';
import { type ProjectSpec, projectSpec } from '../../../model/project.ts';
import type { Context } from '../../context.ts';
import { defineCommand } from '../../input/command.ts';
import { openEditor } from '../../input/edit-text.ts';
import { withTemporaryFolder } from '../../input/temporary-folder.ts';
import { readProject } from './shared/read-project.ts';

export function editProjectCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'edit',
      description: 'Edits the spec of a project in $EDITOR.',
      arguments: ['<project>'],
      examples: [
        { about: 'Edit the spec in $EDITOR', line: 'hawser proj edit shop' },
        { about: 'Edit it in another editor', line: 'EDITOR="code --wait" hawser proj edit shop' },
      ],
    },
    (_options, name) => runEdit(name, context),
  );
}

const HEADER = [
  '# The spec of the project. Lines that begin with # are left out;',
  '# an empty file, or one without a change, changes nothing.',
];

async function runEdit(name: string, context: Context): Promise<void> {
  if (!context.io.input.terminal || !context.io.out.terminal) context.policy.own.refuse(withoutTerminal(name));
  const { spec } = await readProject(name, context);
  const before = formatYaml(spec, { sortKeys: true });
  const fileName = `${name}-edit.yaml`;
  await withTemporaryFolder('hawser-edit-', async (folder) => {
    let text = before;
    let complaint: readonly string[] = [];
    for (;;) {
      const file = await folder.write(fileName, `${[...HEADER, ...complaint].join('\n')}\n${text}`);
      await openEditor(file, context);
      const edited = withoutComments(await folder.read(fileName));
      if (edited.trim() === '' || edited === before || edited === text) throw nothingSaved(complaint);
      try {
        await save(name, readSpec(edited, file), context);
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
  context.policy.wording.tellChange({ own: `project '${name}' updated`, reference: '' }, context);
}

/** Read again: an editor is open for a long time. */
async function save(name: string, spec: ProjectSpec, context: Context): Promise<void> {
  const { client } = await context.connect();
  const project = await readProject(name, context);
  await client.call(updateProject, { 'project.metadata.name': name, project: { ...project, spec } });
}

const withoutTerminal = (name: string): HawserError =>
  new HawserError('usage', 'proj edit needs a terminal', {
    hint: `hawser proj set ${name} … changes fields, hawser proj create -f FILE --upsert the whole of it`,
  });

const readSpec = (text: string, file: string): ProjectSpec => parse(projectSpec, parseYaml(text, file), 'spec');

const withoutComments = (text: string): string =>
  text
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n');

const nothingSaved = (complaint: readonly string[]): HawserError =>
  new HawserError('invalid', 'edit cancelled, no valid changes were saved', {
    hint: complaint.length > 1 ? complaint.slice(1).join(' ').replaceAll('# ', '') : 'nothing was changed',
  });
