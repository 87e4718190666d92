import type { Command } from 'commander';
import { getApplication, updateApplicationSpec } from '../../../api/applications.ts';
import { LINE_QUESTIONS } from '../../compat/questions.ts';
import type { Context } from '../../context.ts';
import { defineCommand } from '../../input/command.ts';
import { confirmIfAsked, endDeclined } from '../../input/confirm.ts';
import type { Flag, OptionsOf } from '../../input/flags.ts';
import { NAMESPACE_FLAG, targetOf } from '../../input/target.ts';
import { RESULT_FLAG, writeResult } from '../../output/result.ts';
import { refused } from './shared/refuse-source.ts';
import { chosenSource, refuseNameAndPosition, SOURCE_NAME, SOURCE_POSITION } from './spec/source-choice.ts';

const REMOVE_SOURCE_FLAGS = [
  NAMESPACE_FLAG,
  SOURCE_NAME,
  SOURCE_POSITION,
  RESULT_FLAG,
] as const satisfies readonly Flag[];

export type RemoveSourceOptions = OptionsOf<typeof REMOVE_SOURCE_FLAGS> & { readonly appname: string };

export function removeSourceCommand(context: Context, run = runRemove): Command {
  return defineCommand(
    {
      name: 'remove-source',
      description: 'Removes a source from an application with multiple sources.',
      arguments: ['<appname>'],
      flags: REMOVE_SOURCE_FLAGS,
      examples: [
        { about: 'Remove the second source', line: 'hawser app remove-source shop --source-position 2' },
        { about: 'Remove a source by its name', line: 'hawser app remove-source shop --source-name monitoring' },
        { about: 'Show the positions of the sources', line: 'hawser app get shop' },
      ],
    },
    (options, appname) => run({ ...options, appname }, context),
  );
}

async function runRemove(options: RemoveSourceOptions, context: Context): Promise<void> {
  const { sourceName, sourcePosition, output } = options;
  refuseNameAndPosition(sourceName !== undefined, sourcePosition !== -1);
  if (sourceName === undefined && sourcePosition <= 0) {
    throw refused('Value of source-position must be greater than 0');
  }
  const { client } = await context.connect();
  const target = targetOf(options.appname, options.appNamespace);
  const { spec } = await client.call(getApplication, target);
  const sources = spec.sources ?? [];
  if (sources.length === 0) throw refused('Application does not have multiple sources configured');
  if (sources.length === 1) throw refused('Cannot remove the only source remaining in the app');
  if (sourceName === undefined && sourcePosition > sources.length) {
    throw refused(`Application does not have source at ${sourcePosition}`, '\n');
  }
  const index = chosenSource(spec, options);
  const message = `Take source ${(index ?? 0) + 1} of '${options.appname}' away?`;
  if (!(await confirmIfAsked({ message, line: LINE_QUESTIONS.deleteSource() }, context))) {
    const cancelled = (): void => context.io.out.write('The command to delete the source was cancelled\n');
    await writeResult({ name: target.name, result: 'cancelled', spec }, { output, text: cancelled }, context);
    return endDeclined(context);
  }
  const next = { ...spec, sources: sources.filter((_, at) => at !== index) };
  const saved = await client.call(updateApplicationSpec, { ...target, spec: next });
  const text = (): void => context.io.out.write(`Application '${options.appname}' updated successfully\n`);
  await writeResult({ name: target.name, result: 'updated', spec: saved }, { output, text }, context);
}
