// The flags that describe an application: the same for create, set and add-source.

import { type Flag, type OptionsOf, ofGroup, typedFlag } from '../../../input/flags.ts';

type Block = 'source' | 'destination' | 'sync' | 'helm' | 'kustomize' | 'directory' | 'plugin' | 'hydrator';

interface TextFlag<Name> {
  readonly name: Name;
  readonly type: 'string';
  readonly value: string;
  readonly summary: string;
}

interface ListFlag<Name> extends Omit<TextFlag<Name>, 'type'> {
  readonly type: 'stringArray';
}

interface BoolFlag<Name> {
  readonly name: Name;
  readonly type: 'bool';
  readonly summary: string;
}

const text = <const Name extends string>(name: Name, summary: string, value = 'text'): TextFlag<Name> => ({
  name,
  type: 'string',
  value,
  summary,
});

const many = <const Name extends string>(name: Name, summary: string, value = 'text'): ListFlag<Name> => ({
  name,
  type: 'stringArray',
  value,
  summary,
});

const flag = <const Name extends string>(name: Name, summary: string): BoolFlag<Name> => ({
  name,
  type: 'bool',
  summary,
});

/** The flags, each with the part of the spec that it describes. */
const ofBlock = <const Flags extends readonly Flag[]>(
  block: Block,
  flags: Flags,
): readonly (Flags[number] & { readonly block: Block })[] => flags.map((one: Flags[number]) => ({ ...one, block }));

const SOURCE = ofBlock('source', [
  text('repo', 'repository: a Git or Helm URL, or the absolute path of a local folder', 'url'),
  text('path', 'folder in the repository', 'path'),
  text('revision', 'branch, tag, commit, or chart version', 'revision'),
  text('helm-chart', 'name of the chart in a Helm repository', 'name'),
  text('ref', 'name that other sources use to refer to files of this one', 'name'),
  text('source-name', 'name of this source', 'name'),
  text('tag-prefix', 'prefix of the tags that a version range considers', 'prefix'),
  text('env', 'accepted, no effect'),
]);

const DESTINATION = ofBlock('destination', [
  text('dest-server', 'URL of the cluster to deploy to', 'url'),
  text('dest-name', 'name of the cluster to deploy to', 'name'),
  text('dest-namespace', 'namespace to deploy to', 'namespace'),
  text('project', 'project of the application', 'name'),
  {
    name: 'revision-history-limit',
    type: 'int',
    default: 10,
    typedOnly: true,
    summary: 'number of deployments to keep in the history',
  },
]);

const SYNC = ofBlock('sync', [
  {
    ...text('sync-policy', 'manual (or none), automated (or auto, automatic)', 'policy'),
    suggestions: ['automated', 'manual', 'none'],
  },
  flag('auto-prune', 'with automated: prune resources that Git no longer has'),
  flag('self-heal', 'with automated: revert changes made in the cluster'),
  flag('allow-empty', 'with automated: allow Git to have no resources at all'),
  many('sync-option', 'sync option like Prune=false; prefix with ! to remove it', 'option'),
  { name: 'sync-retry-limit', type: 'int', summary: 'number of retries of a failed sync' },
  {
    name: 'sync-retry-backoff-duration',
    type: 'duration',
    default: '5s',
    typedOnly: true,
    summary: 'initial delay between retries',
  },
  {
    name: 'sync-retry-backoff-factor',
    type: 'int',
    default: 2,
    typedOnly: true,
    summary: 'factor by which the delay grows',
  },
  {
    name: 'sync-retry-backoff-max-duration',
    type: 'duration',
    default: '3m0s',
    typedOnly: true,
    summary: 'maximum delay between retries',
  },
  flag('sync-retry-refresh', 'use the latest commit for each retry'),
]);

const HELM = ofBlock('helm', [
  many('values', 'values file in the repository (repeatable)', 'file'),
  text('values-literal-file', 'values from a local file or a URL', 'file'),
  { ...many('parameter', 'Helm parameter name=value (repeatable)', 'name=value'), short: 'p' },
  many('helm-set', 'Helm value name=value (repeatable)', 'name=value'),
  many('helm-set-string', 'Helm value name=value, always a string', 'name=value'),
  many('helm-set-file', 'Helm value name=path, read from a file in the repository', 'name=path'),
  text('release-name', 'Helm release name', 'name'),
  text('helm-version', 'Helm version', 'version'),
  text('helm-namespace', 'namespace to render for', 'namespace'),
  text('helm-kube-version', 'Kubernetes version to render for', 'version'),
  many('helm-api-versions', 'API version to render for (repeatable)', 'version'),
  flag('helm-pass-credentials', 'pass credentials to all domains of a chart'),
  flag('helm-skip-crds', 'skip the CRDs of a chart'),
  flag('helm-skip-schema-validation', "skip validation of values against the chart's schema"),
  flag('helm-skip-tests', 'skip the tests of a chart'),
  flag('ignore-missing-value-files', 'ignore missing values files'),
]);

const KUSTOMIZE = ofBlock('kustomize', [
  text('nameprefix', 'Kustomize name prefix'),
  text('namesuffix', 'Kustomize name suffix'),
  many('kustomize-image', 'image override [old=]new[:tag] (repeatable)', 'image'),
  many('kustomize-replica', 'replica override name=count (repeatable)', 'name=count'),
  many('kustomize-common-label', 'label to add to all resources (repeatable)', 'name=value'),
  many('kustomize-common-annotation', 'annotation to add to all resources (repeatable)', 'name=value'),
  flag('kustomize-force-common-label', 'overwrite existing labels'),
  flag('kustomize-force-common-annotation', 'overwrite existing annotations'),
  flag('kustomize-label-without-selector', 'do not add the labels to selectors'),
  flag('kustomize-label-include-templates', 'also add the labels to pod templates'),
  text('kustomize-namespace', 'namespace to set on all resources', 'namespace'),
  text('kustomize-version', 'Kustomize version', 'version'),
  text('kustomize-kube-version', 'Kubernetes version to render for', 'version'),
  many('kustomize-api-versions', 'API version to render for (repeatable)', 'version'),
  flag('ignore-missing-components', 'ignore missing components'),
]);

const DIRECTORY = ofBlock('directory', [
  flag('directory-recurse', 'also read subfolders'),
  text('directory-include', 'include only files that match this glob', 'glob'),
  text('directory-exclude', 'exclude files that match this glob', 'glob'),
  many('jsonnet-tla-str', 'Jsonnet top-level argument (string)', 'name=value'),
  many('jsonnet-tla-code', 'Jsonnet top-level argument (code)', 'name=value'),
  many('jsonnet-ext-var-str', 'Jsonnet external variable (string)', 'name=value'),
  many('jsonnet-ext-var-code', 'Jsonnet external variable (code)', 'name=value'),
  many('jsonnet-libs', 'Jsonnet library folder', 'path'),
]);

const PLUGIN = ofBlock('plugin', [
  text('config-management-plugin', 'name of the plugin that renders the source', 'name'),
  many('plugin-env', 'environment variable for the plugin', 'name=value'),
]);

export const HYDRATOR_FLAGS = ofBlock('hydrator', [
  text('dry-source-repo', 'repository of the dry source', 'url'),
  text('dry-source-path', 'folder of the dry source', 'path'),
  text('dry-source-revision', 'revision of the dry source', 'revision'),
  text('sync-source-branch', 'branch of hydrated manifests to sync from', 'branch'),
  text('sync-source-path', 'folder of hydrated manifests to sync from', 'path'),
  text('hydrate-to-branch', 'branch to hydrate to', 'branch'),
]);

/** How a source is rendered, wherever it comes from. */
export const RENDER_FLAGS = [...HELM, ...KUSTOMIZE, ...DIRECTORY, ...PLUGIN] as const satisfies readonly Flag[];

export const SPEC_FLAGS = [
  ...SOURCE,
  ...DESTINATION,
  ...SYNC,
  ...RENDER_FLAGS,
  ...HYDRATOR_FLAGS,
] as const satisfies readonly Flag[];

/** Of the application itself, beside its spec. */
export const APPLICATION_FLAGS = ofGroup('Application', [
  {
    name: 'label',
    short: 'l',
    type: 'stringArray',
    value: 'name=value',
    summary: 'label of the application (repeatable)',
  },
  {
    name: 'annotations',
    type: 'stringArray',
    value: 'name=value',
    summary: 'annotation of the application (repeatable)',
  },
  { name: 'set-finalizer', type: 'bool', summary: 'set the finalizer: deleting the application deletes its resources' },
]);

/** What was typed; absent means not typed. */
export type SpecFlags = OptionsOf<typeof SPEC_FLAGS>;

export type ApplicationFlags = SpecFlags &
  OptionsOf<typeof APPLICATION_FLAGS> & { readonly appname?: string; readonly appNamespace?: string };

const NO_SOURCE: readonly string[] = ['destination', 'sync'];

const SOURCE_FLAGS = SPEC_FLAGS.filter(({ block }) => !NO_SOURCE.includes(block));

/** The first typed flag that describes a source, '--helm-set'; undefined where none does. */
export function sourceFlagIn(options: object): string | undefined {
  const sourceFlag = typedFlag(SOURCE_FLAGS, options);
  return sourceFlag && `--${sourceFlag.name}`;
}
