import type { Command } from 'commander';
import { getApplication, updateApplicationSpec } from '../../../api/applications.ts';
import { HawserError } from '../../../core/errors.ts';
import { isObject, sameJson } from '../../../core/json.ts';
import { type ApplicationSpec, hasMultipleSources, sourcesOf } from '../../../model/application.ts';
import type { ApplicationSource } from '../../../model/source.ts';
import { LINE_QUESTIONS } from '../../compat/questions.ts';
import type { Context } from '../../context.ts';
import { defineCommand } from '../../input/command.ts';
import { confirmIfAsked, endDeclined } from '../../input/confirm.ts';
import { type Flag, type OptionsOf, typedFlag } from '../../input/flags.ts';
import { NAMESPACE_FLAG, targetOf } from '../../input/target.ts';
import { RESULT_FLAG, writeResult } from '../../output/result.ts';
import { chosenSource, SOURCE_NAME, SOURCE_POSITION } from './spec/source-choice.ts';

const PARAMETERS = [
  {
    name: 'parameter',
    block: 'helm',
    short: 'p',
    type: 'stringArray',
    value: 'name',
    summary: 'Helm parameter (repeatable)',
  },
  { name: 'values', block: 'helm', type: 'stringArray', value: 'file', summary: 'Helm values file (repeatable)' },
  { name: 'values-literal', block: 'helm', type: 'bool', summary: 'literal Helm values' },
  {
    name: 'ignore-missing-value-files',
    block: 'helm',
    type: 'bool',
    summary: 'the setting that ignores missing values files',
  },
  {
    name: 'pass-credentials',
    block: 'helm',
    type: 'bool',
    summary: 'the setting that passes credentials to all domains',
  },
  { name: 'nameprefix', block: 'kustomize', type: 'bool', summary: 'Kustomize name prefix' },
  { name: 'namesuffix', block: 'kustomize', type: 'bool', summary: 'Kustomize name suffix' },
  { name: 'kustomize-version', block: 'kustomize', type: 'bool', summary: 'Kustomize version' },
  { name: 'kustomize-namespace', block: 'kustomize', type: 'bool', summary: 'Kustomize namespace' },
  {
    name: 'kustomize-image',
    block: 'kustomize',
    type: 'stringArray',
    value: 'name',
    summary: 'image override (repeatable)',
  },
  {
    name: 'kustomize-replica',
    block: 'kustomize',
    type: 'stringArray',
    value: 'name',
    summary: 'replica override (repeatable)',
  },
  {
    name: 'ignore-missing-components',
    block: 'kustomize',
    type: 'bool',
    summary: 'the setting that ignores missing components',
  },
  {
    name: 'plugin-env',
    block: 'plugin',
    type: 'stringArray',
    value: 'name',
    summary: 'environment variable of the plugin (repeatable)',
  },
  { name: 'ref', block: 'source', type: 'bool', summary: 'reference name of the source' },
] as const satisfies readonly Flag[];

type UnsetFlags = OptionsOf<typeof PARAMETERS>;

const UNSET_FLAGS = [
  NAMESPACE_FLAG,
  SOURCE_NAME,
  SOURCE_POSITION,
  ...PARAMETERS,
  RESULT_FLAG,
] as const satisfies readonly Flag[];

export type UnsetOptions = OptionsOf<typeof UNSET_FLAGS> & { readonly appname: string };

export function unsetCommand(context: Context, run = runUnset): Command {
  return defineCommand(
    {
      name: 'unset',
      description: 'Removes parameters from the source of an application.',
      arguments: ['<appname>'],
      flags: UNSET_FLAGS,
      examples: [
        { about: 'Remove a Helm parameter', line: 'hawser app unset shop -p image.tag' },
        { about: 'Remove an image override', line: 'hawser app unset shop --kustomize-image web' },
        {
          about: 'Remove the name prefix of the second source',
          line: 'hawser app unset shop --nameprefix --source-position 2',
        },
      ],
    },
    (options, appname) => run({ ...options, appname }, context),
  );
}

async function runUnset(options: UnsetOptions, context: Context): Promise<void> {
  const { client } = await context.connect();
  const target = targetOf(options.appname, options.appNamespace);
  const { spec } = await client.call(getApplication, target);
  const index = chosenSource(spec, options);
  refuseNothing(sourcesOf(spec)[index ?? 0], options);
  const next = specWithout(spec, options, index);
  const { output } = options;
  const write = (result: string, saved: ApplicationSpec, text: () => void): Promise<void> =>
    writeResult({ name: target.name, result, spec: saved }, { output, text }, context);
  if (isObject(spec) && isObject(next) && sameJson(spec, next)) return write('unchanged', spec, NOTHING);
  const message = `Take the parameters of '${options.appname}' away?`;
  if (!(await confirmIfAsked({ message, line: LINE_QUESTIONS.unsetParameters() }, context))) {
    const text = 'The command to unset the parameters has been cancelled.\n';
    await write('cancelled', spec, () => context.io.out.write(text));
    return endDeclined(context);
  }
  await write('updated', await client.call(updateApplicationSpec, { ...target, spec: next, validate: false }), NOTHING);
}

/** The reference says nothing either. */
const NOTHING = (): void => undefined;

/** A source that has a block wants a flag of that block: else nothing was said to be taken away. */
function refuseNothing(source: ApplicationSource | undefined, flags: UnsetFlags): void {
  if (flags.ref) return;
  const isNamed = (block: string): boolean =>
    typedFlag(
      PARAMETERS.filter((flag) => flag.block === block),
      flags,
    ) !== undefined;
  const blocks = (['kustomize', 'helm', 'plugin'] as const).filter((block) => source?.[block]);
  if (blocks.length > 0 ? blocks.some(isNamed) : typedFlag(PARAMETERS, flags)) return;
  throw new HawserError('usage', 'app unset needs a flag that says what to remove', {
    hint: 'hawser app unset --help',
    reason: { kind: 'incomplete-command' },
  });
}

function specWithout(spec: ApplicationSpec, flags: UnsetFlags, index: number | undefined): ApplicationSpec {
  if (hasMultipleSources(spec)) {
    return {
      ...spec,
      sources: spec.sources?.map((source, at) => (at === index ? sourceWithout(source, flags) : source)),
    };
  }
  if (!spec.source) throw new HawserError('invalid', 'the application has no source');
  return { ...spec, source: sourceWithout(spec.source, flags) };
}

/** The source without what the flags name; blocks that end up empty go too. */
export function sourceWithout(source: ApplicationSource, flags: UnsetFlags): ApplicationSource {
  const { helm, kustomize, plugin, ref, ...rest } = source;
  const unnamed = (names: readonly string[] | undefined) => (item: { readonly name?: string }) =>
    !names?.includes(item.name ?? '');
  return compact({
    ...rest,
    ref: flags.ref ? undefined : ref,
    helm:
      helm &&
      compact({
        ...helm,
        parameters: helm.parameters?.filter(unnamed(flags.parameter)),
        valueFiles: helm.valueFiles?.filter((file) => !flags.values?.includes(file)),
        values: flags.valuesLiteral ? undefined : helm.values,
        valuesObject: flags.valuesLiteral ? undefined : helm.valuesObject,
        ignoreMissingValueFiles: flags.ignoreMissingValueFiles ? undefined : helm.ignoreMissingValueFiles,
        passCredentials: flags.passCredentials ? undefined : helm.passCredentials,
      }),
    kustomize:
      kustomize &&
      compact({
        ...kustomize,
        namePrefix: flags.nameprefix ? undefined : kustomize.namePrefix,
        nameSuffix: flags.namesuffix ? undefined : kustomize.nameSuffix,
        version: flags.kustomizeVersion ? undefined : kustomize.version,
        namespace: flags.kustomizeNamespace ? undefined : kustomize.namespace,
        images: kustomize.images?.filter((image) => !flags.kustomizeImage?.includes(image.split(/[=:@]/)[0] ?? '')),
        replicas: kustomize.replicas?.filter(unnamed(flags.kustomizeReplica)),
        ignoreMissingComponents: flags.ignoreMissingComponents ? undefined : kustomize.ignoreMissingComponents,
      }),
    plugin: plugin && compact({ ...plugin, env: plugin.env?.filter(unnamed(flags.pluginEnv)) }),
  });
}

/** Without what is undefined, and without lists and blocks that hold nothing. */
function compact<T extends object>(value: T): T {
  const rest = { ...value };
  for (const key in rest) {
    const field: unknown = rest[key];
    const isEmpty = typeof field === 'object' && field !== null && Object.keys(field).length === 0;
    if (field === undefined || isEmpty) delete rest[key];
  }
  return rest;
}
