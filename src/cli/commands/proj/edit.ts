import type { Command } from 'commander';
import { updateProject } from '../../../api/projects.ts';
import { HawserError } from '../../../core/errors.ts';
import { parse } from '../../../core/shape.ts';
import { parseYaml } from '../../../core/yaml.ts';
import { type ProjectSpec, projectSpec } from '../../../model/project.ts';
import type { Context } from '../../context.ts';
import { checkFields } from '../../input/check-fields.ts';
import { defineCommand } from '../../input/command.ts';
import { editSpec } from '../../input/edit-spec.ts';
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

async function runEdit(name: string, context: Context): Promise<void> {
  if (!context.io.input.terminal || !context.io.out.terminal) context.policy.own.refuse(withoutTerminal(name));
  const { spec } = await readProject(name, context);
  const save = async (text: string, file: string): Promise<void> => {
    await checkFields({ text, source: 'spec', kind: 'AppProjectSpec', before: spec }, context);
    await saveSpec(name, readSpec(text, file), context);
  };
  await editSpec({ what: 'project', fileName: `${name}-edit.yaml`, spec, save }, context);
  context.policy.wording.tellChange({ own: `project '${name}' updated`, reference: '' }, context);
}

/** Read again: an editor is open for a long time. */
async function saveSpec(name: string, spec: ProjectSpec, context: Context): Promise<void> {
  const { client } = await context.connect();
  const project = await readProject(name, context);
  await client.call(updateProject, { 'project.metadata.name': name, project: { ...project, spec } });
}

const withoutTerminal = (name: string): HawserError =>
  new HawserError('usage', 'proj edit needs a terminal', {
    hint: `hawser proj set ${name} … changes fields, hawser proj create -f FILE --upsert the whole of it`,
  });

const readSpec = (text: string, file: string): ProjectSpec => parse(projectSpec, parseYaml(text, file), 'spec');
