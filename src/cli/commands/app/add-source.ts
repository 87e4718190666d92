import type { Command } from 'commander';
import { getApplication, updateApplicationSpec } from '../../../api/applications.ts';
import type { Context } from '../../context.ts';
import { defineCommand } from '../../input/command.ts';
import type { Flag, OptionsOf } from '../../input/flags.ts';
import { withReadableRepository } from '../../input/git-folder.ts';
import { readSourceValue } from '../../input/read-source.ts';
import { NAMESPACE_FLAG, targetOf } from '../../input/target.ts';
import { RESULT_FLAG, writeResult } from '../../output/result.ts';
import { refused } from './shared/refuse-source.ts';
import { validationOf } from './shared/validation.ts';
import { SPEC_FLAGS } from './spec/flags.ts';
import { applySourceFlags } from './spec/source.ts';

const ADD_SOURCE_FLAGS = [
  ...SPEC_FLAGS,
  NAMESPACE_FLAG,
  { name: 'validate', type: 'bool', default: true, summary: 'validate the repository' },
  RESULT_FLAG,
] as const satisfies readonly Flag[];

export type AddSourceOptions = OptionsOf<typeof ADD_SOURCE_FLAGS> & { readonly appname: string };

export function addSourceCommand(context: Context, run = runAdd): Command {
  return defineCommand(
    {
      name: 'add-source',
      description: 'Adds a source to an application with multiple sources.',
      arguments: ['<appname>'],
      flags: ADD_SOURCE_FLAGS,
      examples: [
        {
          about: 'Add a folder of another repository',
          line: 'hawser app add-source shop --repo https://git.example.com/shop/extras.git --path monitoring',
        },
        {
          about: 'Add a Helm chart',
          line: 'hawser app add-source shop --repo https://charts.example.com --helm-chart redis --revision 19.6.0',
        },
        {
          about: 'Add a repository whose values files other sources use',
          line: 'hawser app add-source shop --repo https://git.example.com/shop/values.git --ref values',
        },
      ],
    },
    (options, appname) => run({ ...options, appname }, context),
  );
}

async function runAdd(options: AddSourceOptions, context: Context): Promise<void> {
  const { client } = await context.connect();
  const target = targetOf(options.appname, options.appNamespace);
  const values = options.valuesLiteralFile && (await readSourceValue(options.valuesLiteralFile, context));
  const { spec } = await client.call(getApplication, target);
  if (!spec.sources?.length) {
    throw refused(`Cannot add source: application ${options.appname} does not have spec.sources defined`);
  }
  const source = applySourceFlags({ repoURL: '' }, await withReadableRepository(options, context), values);
  const next = { ...spec, sources: [...spec.sources, source] };
  const saved = await client.call(updateApplicationSpec, { ...target, spec: next, ...validationOf(options, context) });
  const text = (): void => context.io.out.write(`Application '${options.appname}' updated successfully\n`);
  await writeResult({ name: target.name, result: 'updated', spec: saved }, { output: options.output, text }, context);
}
