import type { Command } from 'commander';
import { getApplication, updateApplicationSpec } from '../../../api/applications.ts';
import { HawserError } from '../../../core/errors.ts';
import { sameJson, toJson } from '../../../core/json.ts';
import type { Context } from '../../context.ts';
import { defineCommand } from '../../input/command.ts';
import type { Flag, OptionsOf } from '../../input/flags.ts';
import { withReadableRepository } from '../../input/git-folder.ts';
import { readSourceValue } from '../../input/read-source.ts';
import { NAMESPACE_FLAG, targetOf } from '../../input/target.ts';
import { RESULT_FLAG, writeResult } from '../../output/result.ts';
import { validationOf } from './shared/validation.ts';
import { SPEC_FLAGS, sourceFlagIn } from './spec/flags.ts';
import { chosenSource, SOURCE_POSITION } from './spec/source-choice.ts';
import { applySpecFlags } from './spec/spec.ts';

const SET_FLAGS = [
  ...SPEC_FLAGS,
  NAMESPACE_FLAG,
  SOURCE_POSITION,
  { name: 'validate', type: 'bool', default: true, summary: 'validate repository and cluster' },
  RESULT_FLAG,
] as const satisfies readonly Flag[];

export type SetOptions = OptionsOf<typeof SET_FLAGS> & { readonly appname: string };

export function setCommand(context: Context, run = runSet): Command {
  const command: Command = defineCommand(
    {
      name: 'set',
      description: 'Updates only the fields of an application that are given by flags.',
      arguments: ['<appname>'],
      flags: SET_FLAGS,
      examples: [
        { about: 'Deploy another branch', line: 'hawser app set shop --revision release-2' },
        {
          about: 'Turn on automated sync',
          line: 'hawser app set shop --sync-policy automated --auto-prune --self-heal',
        },
        { about: 'Set a Helm parameter', line: 'hawser app set shop -p image.tag=v2' },
        {
          about: 'Override an image of a Kustomize folder',
          line: 'hawser app set shop --kustomize-image web=registry.example.com/web:v2',
        },
      ],
    },
    (options, appname) => {
      const isTyped = Object.keys(options).some((name) => command.getOptionValueSource(name) === 'cli');
      if (!isTyped) throw nothingToSet();
      return run({ ...options, appname }, context);
    },
  );
  return command;
}

const nothingToSet = (): HawserError =>
  new HawserError('usage', 'app set needs a flag that says what to change', {
    hint: 'hawser app set --help',
    reason: { kind: 'nothing-to-set' },
  });

async function runSet(flags: SetOptions, context: Context): Promise<void> {
  const options = await withReadableRepository(flags, context);
  const { client } = await context.connect();
  const target = targetOf(options.appname, options.appNamespace);
  const values = options.valuesLiteralFile && (await readSourceValue(options.valuesLiteralFile, context));
  const { spec } = await client.call(getApplication, target);
  const source = chosenSource(spec, touchesSource(options) ? options : { sourcePosition: 1 });
  const next = applySpecFlags(spec, { flags: options, values, source });
  const saved = await client.call(updateApplicationSpec, { ...target, spec: next, ...validationOf(options, context) });
  const result = sameJson(toJson(spec), toJson(next)) ? 'unchanged' : 'updated';
  const text = (): void => context.policy.wording.advise(`application '${target.name}' ${result}`, context);
  await writeResult({ name: target.name, result, spec: saved }, { output: options.output, text }, context);
}

/** Only who changes a source must say which. */
const touchesSource = (options: SetOptions): boolean =>
  options.sourcePosition !== -1 || sourceFlagIn(options) !== undefined;
