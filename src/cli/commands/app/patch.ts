import type { Command } from 'commander';
import { patchApplication } from '../../../api/applications.ts';
import { HawserError, messageOf } from '../../../core/errors.ts';
import { isList, isObject } from '../../../core/json.ts';
import { formatYaml } from '../../../core/yaml.ts';
import type { Context } from '../../context.ts';
import { checkFields } from '../../input/check-fields.ts';
import { defineCommand } from '../../input/command.ts';
import type { Flag, OptionsOf } from '../../input/flags.ts';
import { NAMESPACE_FLAG, targetOf } from '../../input/target.ts';
import { RESULT_FLAG, writeResult } from '../../output/result.ts';

const PATCH_FLAGS = [
  NAMESPACE_FLAG,
  { name: 'patch', type: 'string', value: 'json', summary: 'the patch' },
  {
    name: 'type',
    type: 'string',
    default: 'json',
    value: 'type',
    suggestions: ['json', 'merge'],
    summary: 'patch type: json or merge',
  },
  RESULT_FLAG,
] as const satisfies readonly Flag[];

export type PatchOptions = OptionsOf<typeof PATCH_FLAGS> & { readonly name: string };

export function patchCommand(context: Context, run = runPatch): Command {
  return defineCommand(
    {
      name: 'patch',
      description: 'Updates an application with a JSON patch or a merge patch, and prints it.',
      arguments: ['<appname>'],
      flags: PATCH_FLAGS,
      examples: [
        {
          about: 'Turn off automated sync by a JSON patch',
          line: `hawser app patch shop --patch '[{"op":"remove","path":"/spec/syncPolicy"}]'`,
        },
        {
          about: 'Change the revision by a merge patch',
          line: `hawser app patch shop --type merge --patch '{"spec":{"source":{"targetRevision":"v2"}}}'`,
        },
        { about: 'Apply a patch from a file', line: 'hawser app patch shop --type merge --patch "$(cat patch.json)"' },
      ],
    },
    (options, name) => run({ name, ...options }, context),
  );
}

async function runPatch(options: PatchOptions, context: Context): Promise<void> {
  const { patch = '', type, output } = options;
  if (patch === '') context.policy.own.refuse(missingPatch());
  const fault = patchFault(patch, type);
  if (fault) context.policy.own.refuse(fault);
  else await checkFields({ patch: JSON.parse(patch), kind: 'Application' }, context);
  const { client } = await context.connect();
  const target = targetOf(options.name, options.appNamespace);
  const app = await client.call(patchApplication, { ...target, patch, patchType: type });
  const text = (): void => context.io.out.write(`${formatYaml(app, { sortKeys: true })}\n`);
  await writeResult(app, { output, text }, context);
}

const missingPatch = (): HawserError =>
  new HawserError('usage', '--patch is missing', { hint: `--type merge --patch '{"spec":{"project":"default"}}'` });

/** What would be refused whatever the application is. */
function patchFault(patch: string, type: string): HawserError | undefined {
  const isMerge = type === 'merge';
  try {
    const value: unknown = JSON.parse(patch);
    if (isMerge ? isObject(value) : isList(value)) return undefined;
  } catch (thrown) {
    return new HawserError('usage', `--patch is not JSON: ${messageOf(thrown)}`, { hint: 'put it in single quotes' });
  }
  return new HawserError(
    'usage',
    isMerge ? '--patch is not a JSON object' : '--patch is not a list of JSON patch operations',
    {
      hint: isMerge ? '--type json is for a list of operations' : '--type merge is for an object',
    },
  );
}
