// From flags to a source. A flag that was not typed changes nothing; false and empty values never clear a field.

import { HawserError } from '../../../../core/errors.ts';
import { omitUndefined } from '../../../../core/omit-undefined.ts';
import type {
  ApplicationSource,
  DirectoryOptions,
  HelmOptions,
  JsonnetVariable,
  KustomizeOptions,
  PluginOptions,
} from '../../../../model/source.ts';
import type { SpecFlags } from './flags.ts';

/** The source with what the flags say; `values` is the content of --values-literal-file. */
export function applySourceFlags(source: ApplicationSource, flags: SpecFlags, values?: unknown): ApplicationSource {
  const next = {
    ...source,
    ...omitUndefined({
      repoURL: flags.repo,
      path: flags.path,
      targetRevision: flags.revision,
      chart: flags.helmChart,
      ref: flags.ref,
      name: flags.sourceName,
      tagPrefix: flags.tagPrefix,
    }),
    helm: filled(helmWith(source.helm ?? {}, flags, values)),
    kustomize: filled(kustomizeWith(source.kustomize ?? {}, flags)),
    directory: filled(directoryWith(source.directory ?? {}, flags)),
    plugin: filled(pluginWith(source.plugin ?? {}, flags)),
  };
  return { ...omitUndefined(next), repoURL: next.repoURL };
}

/** A block of options, or nothing where all of it is empty. */
function filled<T extends object>(block: T): T | undefined {
  const isEmpty = (value: unknown): boolean =>
    value === undefined || value === '' || value === false || (Array.isArray(value) && value.length === 0);
  return Object.values(block).every(isEmpty) ? undefined : block;
}

const on = (flag: boolean | undefined, before: boolean | undefined): boolean | undefined => flag || before;

function helmWith(helm: HelmOptions, flags: SpecFlags, values: unknown): HelmOptions {
  const parameterFlags = [
    ...(flags.parameter ?? []).map((text) => pair(text, '--parameter')),
    ...(flags.helmSet ?? []).map((text) => pair(text, '--helm-set')),
  ];
  const texts = (flags.helmSetString ?? []).map((text) => ({ ...pair(text, '--helm-set-string'), forceString: true }));
  const files = (flags.helmSetFile ?? []).map((text) => pair(text, '--helm-set-file'));
  const parameters = [
    ...parameterFlags.map((parameter) => ({ ...parameter, value: escapeCommas(parameter.value) })),
    ...texts,
  ];
  return {
    ...helm,
    ...omitUndefined({
      valueFiles: flags.values,
      valuesObject: values,
      releaseName: flags.releaseName,
      version: flags.helmVersion,
      namespace: flags.helmNamespace,
      kubeVersion: flags.helmKubeVersion,
      apiVersions: flags.helmApiVersions,
      parameters: parameters.length > 0 ? merged(helm.parameters ?? [], parameters) : undefined,
      fileParameters:
        files.length > 0
          ? merged(
              helm.fileParameters ?? [],
              files.map(({ name, value }) => ({ name, path: value })),
            )
          : undefined,
      passCredentials: on(flags.helmPassCredentials, helm.passCredentials),
      skipCrds: on(flags.helmSkipCrds, helm.skipCrds),
      skipSchemaValidation: on(flags.helmSkipSchemaValidation, helm.skipSchemaValidation),
      skipTests: on(flags.helmSkipTests, helm.skipTests),
      ignoreMissingValueFiles: on(flags.ignoreMissingValueFiles, helm.ignoreMissingValueFiles),
    }),
  };
}

/** Helm splits values at commas: one that is not escaped was meant as it stands, except in a list in braces. */
const escapeCommas = (value: string): string =>
  /^\{[\s\S]*\}$/.test(value) ? value : value.replace(/(?<!\\),/g, '\\,');

/** Of what is given twice the last counts. */
function merged<T extends { readonly name?: string }>(existing: readonly T[], added: readonly T[]): T[] {
  const last = [...new Map(added.map((item) => [item.name, item])).values()];
  const updated = existing.map((item) => last.find((other) => other.name === item.name) ?? item);
  return [...updated, ...last.filter((item) => !existing.some((other) => other.name === item.name))];
}

function pair(text: string, flag: string): { readonly name: string; readonly value: string } {
  const equals = text.indexOf('=');
  if (equals < 1) {
    throw new HawserError('usage', `${flag} takes name=value, not '${text}'`, {
      hint: `write it like ${flag} name=value`,
      reason: { kind: 'invalid-helm-parameter', text },
    });
  }
  return { name: text.slice(0, equals), value: text.slice(equals + 1) };
}

function kustomizeWith(kustomize: KustomizeOptions, flags: SpecFlags): KustomizeOptions {
  return {
    ...kustomize,
    ...omitUndefined({
      namePrefix: flags.nameprefix,
      nameSuffix: flags.namesuffix,
      images: flags.kustomizeImage && mergeImages(kustomize.images ?? [], flags.kustomizeImage),
      replicas: flags.kustomizeReplica && mergeReplicas(kustomize.replicas ?? [], flags.kustomizeReplica),
      commonLabels: flags.kustomizeCommonLabel && pairs(flags.kustomizeCommonLabel, 'labels'),
      commonAnnotations: flags.kustomizeCommonAnnotation && pairs(flags.kustomizeCommonAnnotation, 'annotations'),
      forceCommonLabels: on(flags.kustomizeForceCommonLabel, kustomize.forceCommonLabels),
      forceCommonAnnotations: on(flags.kustomizeForceCommonAnnotation, kustomize.forceCommonAnnotations),
      labelWithoutSelector: on(flags.kustomizeLabelWithoutSelector, kustomize.labelWithoutSelector),
      labelIncludeTemplates: on(flags.kustomizeLabelIncludeTemplates, kustomize.labelIncludeTemplates),
      namespace: flags.kustomizeNamespace,
      version: flags.kustomizeVersion,
      kubeVersion: flags.kustomizeKubeVersion,
      apiVersions: flags.kustomizeApiVersions,
      ignoreMissingComponents: on(flags.ignoreMissingComponents, kustomize.ignoreMissingComponents),
    }),
  };
}

const imageName = (image: string): string => image.split(/[=:@]/)[0] ?? image;

function mergeImages(existing: readonly string[], added: readonly string[]): string[] {
  const images = [...existing];
  for (const image of added) {
    const index = images.findIndex((other) => imageName(other) === imageName(image));
    if (index < 0) images.push(image);
    else images[index] = image;
  }
  return images;
}

function mergeReplicas(
  existing: NonNullable<KustomizeOptions['replicas']>,
  entries: readonly string[],
): NonNullable<KustomizeOptions['replicas']> {
  const replicas = entries.map((text) => {
    const { name, value } = pair(text, '--kustomize-replica');
    if (!/^\d+$/.test(value)) {
      throw new HawserError('usage', `--kustomize-replica takes name=count, not '${text}'`, {
        hint: 'write it like --kustomize-replica name=3',
      });
    }
    return { name, count: Number(value) };
  });
  return [
    ...existing.map((item) => replicas.find((other) => other.name === item.name) ?? item),
    ...replicas.filter((item) => !existing.some((other) => other.name === item.name)),
  ];
}

/** Exactly one `=` in each, as the reference wants it. */
export function pairs(texts: readonly string[], what: string): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const text of texts) {
    const [name, value, ...more] = text.split('=');
    if (name === undefined || value === undefined || more.length > 0) {
      throw new HawserError('usage', `${what} should have key=value, but instead got: ${text}`, {
        reason: { kind: 'invalid-argument' },
      });
    }
    fields[name] = value;
  }
  return fields;
}

function directoryWith(directory: DirectoryOptions, flags: SpecFlags): DirectoryOptions {
  const jsonnet = {
    ...directory.jsonnet,
    ...omitUndefined({
      tlas: variables(directory.jsonnet?.tlas, flags.jsonnetTlaStr, flags.jsonnetTlaCode),
      extVars: variables(directory.jsonnet?.extVars, flags.jsonnetExtVarStr, flags.jsonnetExtVarCode),
      libs: flags.jsonnetLibs && [...(directory.jsonnet?.libs ?? []), ...flags.jsonnetLibs],
    }),
  };
  return {
    ...directory,
    ...omitUndefined({
      recurse: on(flags.directoryRecurse, directory.recurse),
      include: flags.directoryInclude,
      exclude: flags.directoryExclude,
      jsonnet: filled(jsonnet),
    }),
  };
}

function variables(
  existing: readonly JsonnetVariable[] | undefined,
  texts: readonly string[] | undefined,
  code: readonly string[] | undefined,
): readonly JsonnetVariable[] | undefined {
  if (!texts && !code) return existing;
  const read = (text: string): { name: string; value: string } => {
    const equals = text.indexOf('=');
    return equals < 0 ? { name: text, value: '' } : { name: text.slice(0, equals), value: text.slice(equals + 1) };
  };
  return [
    ...(existing ?? []),
    ...(texts ?? []).map(read),
    ...(code ?? []).map((text) => ({ ...read(text), code: true })),
  ];
}

function pluginWith(plugin: PluginOptions, flags: SpecFlags): PluginOptions {
  const env = (flags.pluginEnv ?? []).map((text) => pair(text, '--plugin-env'));
  return {
    ...plugin,
    ...omitUndefined({
      name: flags.configManagementPlugin,
      env: env.length > 0 ? merged(plugin.env ?? [], env) : undefined,
    }),
  };
}
