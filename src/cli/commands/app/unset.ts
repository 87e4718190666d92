import { Command } from 'commander';
import { getApplication, updateApplicationSpec } from '../../../api/applications.ts';
import { HawserError } from '../../../core/errors.ts';
import { isObject, sameJson } from '../../../core/json.ts';
import { type ApplicationSpec, hasMultipleSources, sourcesOf } from '../../../model/application.ts';
import type { ApplicationSource } from '../../../model/source.ts';
import type { Context } from '../../context.ts';
import { askIfWanted } from '../../input/confirm.ts';
import { withFlags } from '../../input/flags.ts';
import { NAMESPACE_FLAG, targetOf } from './shared/target.ts';
import { chosenSource, SOURCE_NAME, SOURCE_POSITION } from './spec/source-choice.ts';

export interface UnsetFlags {
  readonly ignoreMissingComponents?: boolean;
  readonly ignoreMissingValueFiles?: boolean;
  readonly kustomizeImage?: readonly string[];
  readonly kustomizeNamespace?: boolean;
  readonly kustomizeReplica?: readonly string[];
  readonly kustomizeVersion?: boolean;
  readonly nameprefix?: boolean;
  readonly namesuffix?: boolean;
  readonly parameter?: readonly string[];
  readonly passCredentials?: boolean;
  readonly pluginEnv?: readonly string[];
  readonly ref?: boolean;
  readonly values?: readonly string[];
  readonly valuesLiteral?: boolean;
}

export interface UnsetOptions extends UnsetFlags {
  readonly appname: string;
  readonly appNamespace?: string;
  readonly sourceName?: string;
  readonly sourcePosition?: number;
}

export function unsetCommand(context: Context, run = runUnset): Command {
  const command = new Command('unset')
    .description('Takes parameters of the source of an application away.')
    .argument('<appname>')
    .action((appname: string, flags: Omit<UnsetOptions, 'appname'>) => run({ ...flags, appname }, context));
  return withFlags(command, [
    NAMESPACE_FLAG,
    SOURCE_NAME,
    SOURCE_POSITION,
    { name: 'parameter', short: 'p', type: 'stringArray', value: 'name', summary: 'Helm parameter (repeatable)' },
    { name: 'values', type: 'stringArray', value: 'file', summary: 'Helm values file (repeatable)' },
    { name: 'values-literal', type: 'bool', summary: 'the literal Helm values' },
    { name: 'ignore-missing-value-files', type: 'bool', summary: 'that missing values files are ignored' },
    { name: 'pass-credentials', type: 'bool', summary: 'that Helm sends credentials to all domains' },
    { name: 'nameprefix', type: 'bool', summary: 'the Kustomize name prefix' },
    { name: 'namesuffix', type: 'bool', summary: 'the Kustomize name suffix' },
    { name: 'kustomize-version', type: 'bool', summary: 'the Kustomize version' },
    { name: 'kustomize-namespace', type: 'bool', summary: 'the Kustomize namespace' },
    { name: 'kustomize-image', type: 'stringArray', value: 'name', summary: 'image override (repeatable)' },
    { name: 'kustomize-replica', type: 'stringArray', value: 'name', summary: 'replica override (repeatable)' },
    { name: 'ignore-missing-components', type: 'bool', summary: 'that missing components are ignored' },
    { name: 'plugin-env', type: 'stringArray', value: 'name', summary: 'variable of the plugin (repeatable)' },
    { name: 'ref', type: 'bool', summary: 'the name other sources use for this one' },
  ]);
}

async function runUnset(options: UnsetOptions, context: Context): Promise<void> {
  const { client } = await context.connect();
  const target = targetOf(options.appname, options.appNamespace);
  const { spec } = await client.call(getApplication, target);
  const index = chosenSource(spec, options);
  refuseNothing(sourcesOf(spec)[index ?? 0], options);
  const next = specWithout(spec, options, index);
  if (isObject(spec) && isObject(next) && sameJson(spec, next)) return;
  const message = `Take the parameters of '${options.appname}' away?`;
  const argocd = 'Are you sure you want to unset the parameters? [y/n]';
  if (!(await askIfWanted({ message, argocd }, context))) {
    context.io.out.write('The command to unset the parameters has been cancelled.\n');
    return;
  }
  await client.call(updateApplicationSpec, { ...target, spec: next, validate: false });
}

const OF_BLOCK = {
  helm: ['parameter', 'values', 'valuesLiteral', 'ignoreMissingValueFiles', 'passCredentials'],
  kustomize: [
    'nameprefix',
    'namesuffix',
    'kustomizeVersion',
    'kustomizeNamespace',
    'kustomizeImage',
    'kustomizeReplica',
    'ignoreMissingComponents',
  ],
  plugin: ['pluginEnv'],
} as const satisfies Readonly<Record<string, readonly (keyof UnsetFlags)[]>>;

/** A source that has a block wants a flag of that block: else nothing was said to be taken away. */
function refuseNothing(source: ApplicationSource | undefined, flags: UnsetFlags): void {
  if (flags.ref) return;
  const named = (names: readonly (keyof UnsetFlags)[]): boolean => names.some((name) => flags[name] !== undefined);
  const isNamed =
    (source?.kustomize && named(OF_BLOCK.kustomize)) ||
    (source?.helm && named(OF_BLOCK.helm)) ||
    (source?.plugin && named(OF_BLOCK.plugin));
  const hasBlock = source?.kustomize ?? source?.helm ?? source?.plugin;
  const isAny = Object.values(OF_BLOCK).some(named);
  if (hasBlock ? isNamed : isAny) return;
  throw new HawserError('usage', 'app unset needs a flag that says what to take away', {
    hint: 'hawser app unset --help',
    details: { argocdLine: '' },
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
  const named = (names: readonly string[] | undefined) => (item: { readonly name?: string }) =>
    !names?.includes(item.name ?? '');
  return compact({
    ...rest,
    ref: flags.ref ? undefined : ref,
    helm:
      helm &&
      compact({
        ...helm,
        parameters: helm.parameters?.filter(named(flags.parameter)),
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
        replicas: kustomize.replicas?.filter(named(flags.kustomizeReplica)),
        ignoreMissingComponents: flags.ignoreMissingComponents ? undefined : kustomize.ignoreMissingComponents,
      }),
    plugin: plugin && compact({ ...plugin, env: plugin.env?.filter(named(flags.pluginEnv)) }),
  });
}

/** Without what is undefined, and without lists and blocks that hold nothing. */
function compact<T extends object>(value: T): T {
  const kept = { ...value };
  for (const key in kept) {
    const field: unknown = kept[key];
    const isEmpty = typeof field === 'object' && field !== null && Object.keys(field).length === 0;
    if (field === undefined || isEmpty) delete kept[key];
  }
  return kept;
}
