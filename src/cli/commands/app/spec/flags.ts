// The flags that describe an application: the same for create, set and add-source.

import type { Flag } from '../../../input/flags.ts';

/** What was typed; absent means not typed. */
export interface SpecFlags {
  readonly allowEmpty?: boolean;
  readonly autoPrune?: boolean;
  readonly configManagementPlugin?: string;
  readonly destName?: string;
  readonly destNamespace?: string;
  readonly destServer?: string;
  readonly directoryExclude?: string;
  readonly directoryInclude?: string;
  readonly directoryRecurse?: boolean;
  readonly drySourcePath?: string;
  readonly drySourceRepo?: string;
  readonly drySourceRevision?: string;
  readonly helmApiVersions?: readonly string[];
  readonly helmChart?: string;
  readonly helmKubeVersion?: string;
  readonly helmNamespace?: string;
  readonly helmPassCredentials?: boolean;
  readonly helmSet?: readonly string[];
  readonly helmSetFile?: readonly string[];
  readonly helmSetString?: readonly string[];
  readonly helmSkipCrds?: boolean;
  readonly helmSkipSchemaValidation?: boolean;
  readonly helmSkipTests?: boolean;
  readonly helmVersion?: string;
  readonly hydrateToBranch?: string;
  readonly ignoreMissingComponents?: boolean;
  readonly ignoreMissingValueFiles?: boolean;
  readonly jsonnetExtVarCode?: readonly string[];
  readonly jsonnetExtVarStr?: readonly string[];
  readonly jsonnetLibs?: readonly string[];
  readonly jsonnetTlaCode?: readonly string[];
  readonly jsonnetTlaStr?: readonly string[];
  readonly kustomizeApiVersions?: readonly string[];
  readonly kustomizeCommonAnnotation?: readonly string[];
  readonly kustomizeCommonLabel?: readonly string[];
  readonly kustomizeForceCommonAnnotation?: boolean;
  readonly kustomizeForceCommonLabel?: boolean;
  readonly kustomizeImage?: readonly string[];
  readonly kustomizeKubeVersion?: string;
  readonly kustomizeLabelIncludeTemplates?: boolean;
  readonly kustomizeLabelWithoutSelector?: boolean;
  readonly kustomizeNamespace?: string;
  readonly kustomizeReplica?: readonly string[];
  readonly kustomizeVersion?: string;
  readonly nameprefix?: string;
  readonly namesuffix?: string;
  readonly parameter?: readonly string[];
  readonly path?: string;
  readonly pluginEnv?: readonly string[];
  readonly project?: string;
  readonly ref?: string;
  readonly releaseName?: string;
  readonly repo?: string;
  readonly revision?: string;
  readonly revisionHistoryLimit?: number;
  readonly selfHeal?: boolean;
  readonly sourceName?: string;
  readonly syncOption?: readonly string[];
  readonly syncPolicy?: string;
  readonly syncRetryBackoffDuration?: string;
  readonly syncRetryBackoffFactor?: number;
  readonly syncRetryBackoffMaxDuration?: string;
  readonly syncRetryLimit?: number;
  readonly syncRetryRefresh?: boolean;
  readonly syncSourceBranch?: string;
  readonly syncSourcePath?: string;
  readonly tagPrefix?: string;
  readonly values?: readonly string[];
  readonly valuesLiteralFile?: string;
}

const text = (name: string, summary: string, value = 'text'): Flag => ({ name, type: 'string', value, summary });
const many = (name: string, summary: string, value = 'text'): Flag => ({ name, type: 'stringArray', value, summary });
const flag = (name: string, summary: string): Flag => ({ name, type: 'bool', summary });

const SOURCE: readonly Flag[] = [
  text('repo', 'repository: a Git or Helm URL, or a folder', 'url'),
  text('path', 'folder in the repository', 'path'),
  text('revision', 'branch, tag, commit, or chart version', 'revision'),
  text('helm-chart', 'chart of a Helm repository', 'name'),
  text('ref', 'name by which other sources use the files of this one', 'name'),
  text('source-name', 'name of this source', 'name'),
  text('tag-prefix', 'only tags that begin so count for a version range', 'prefix'),
  text('env', 'accepted and ignored, as the reference does'),
];

const DESTINATION: readonly Flag[] = [
  text('dest-server', 'address of the cluster to deploy to', 'url'),
  text('dest-name', 'name of the cluster to deploy to', 'name'),
  text('dest-namespace', 'namespace to deploy to', 'namespace'),
  text('project', 'project of the application', 'name'),
  {
    name: 'revision-history-limit',
    type: 'int',
    default: 10,
    typedOnly: true,
    summary: 'how many deployments are remembered',
  },
];

const SYNC: readonly Flag[] = [
  text('sync-policy', 'manual (or none), automated (or auto, automatic)', 'policy'),
  flag('auto-prune', 'with automated: remove what Git no longer has'),
  flag('self-heal', 'with automated: undo changes made in the cluster'),
  flag('allow-empty', 'with automated: go on when Git has nothing at all'),
  many('sync-option', 'add an option like Prune=false, or remove it with ! before it', 'option'),
  { name: 'sync-retry-limit', type: 'int', summary: 'how often a failed sync is tried again' },
  { name: 'sync-retry-backoff-duration', type: 'duration', default: '5s', typedOnly: true, summary: 'first pause' },
  { name: 'sync-retry-backoff-factor', type: 'int', default: 2, typedOnly: true, summary: 'growth of the pause' },
  {
    name: 'sync-retry-backoff-max-duration',
    type: 'duration',
    default: '3m0s',
    typedOnly: true,
    summary: 'longest pause',
  },
  flag('sync-retry-refresh', 'look at the newest commit before each retry'),
];

const HELM: readonly Flag[] = [
  many('values', 'values file in the repository (repeatable)', 'file'),
  text('values-literal-file', 'values from a file here, or a URL', 'file'),
  { ...many('parameter', 'Helm parameter name=value (repeatable)', 'name=value'), short: 'p' },
  many('helm-set', 'Helm value name=value (repeatable)', 'name=value'),
  many('helm-set-string', 'Helm value name=value, always a text', 'name=value'),
  many('helm-set-file', 'Helm value from a file of the repository', 'name=path'),
  text('release-name', 'Helm release name', 'name'),
  text('helm-version', 'Helm version', 'version'),
  text('helm-namespace', 'namespace that Helm renders for', 'namespace'),
  text('helm-kube-version', 'Kubernetes version that Helm renders for', 'version'),
  many('helm-api-versions', 'API version that Helm renders for (repeatable)', 'version'),
  flag('helm-pass-credentials', 'send credentials to all domains of a chart'),
  flag('helm-skip-crds', 'leave the CRDs of a chart out'),
  flag('helm-skip-schema-validation', 'do not check values against the schema of a chart'),
  flag('helm-skip-tests', 'leave the tests of a chart out'),
  flag('ignore-missing-value-files', 'go on without values files that are not there'),
];

const KUSTOMIZE: readonly Flag[] = [
  text('nameprefix', 'Kustomize name prefix'),
  text('namesuffix', 'Kustomize name suffix'),
  many('kustomize-image', 'image override [old=]new[:tag] (repeatable)', 'image'),
  many('kustomize-replica', 'replica override name=count (repeatable)', 'name=count'),
  many('kustomize-common-label', 'label for all (repeatable)', 'name=value'),
  many('kustomize-common-annotation', 'annotation for all (repeatable)', 'name=value'),
  flag('kustomize-force-common-label', 'labels win over those that are there'),
  flag('kustomize-force-common-annotation', 'annotations win over those that are there'),
  flag('kustomize-label-without-selector', 'leave selectors without the labels'),
  flag('kustomize-label-include-templates', 'put the labels into templates too'),
  text('kustomize-namespace', 'namespace that Kustomize sets', 'namespace'),
  text('kustomize-version', 'Kustomize version', 'version'),
  text('kustomize-kube-version', 'Kubernetes version that Kustomize renders for', 'version'),
  many('kustomize-api-versions', 'API version that Kustomize renders for (repeatable)', 'version'),
  flag('ignore-missing-components', 'go on without components that are not there'),
];

const DIRECTORY: readonly Flag[] = [
  flag('directory-recurse', 'read sub-folders too'),
  text('directory-include', 'only files that fit this glob', 'glob'),
  text('directory-exclude', 'no files that fit this glob', 'glob'),
  many('jsonnet-tla-str', 'Jsonnet top-level argument', 'name=value'),
  many('jsonnet-tla-code', 'Jsonnet top-level argument, as code', 'name=value'),
  many('jsonnet-ext-var-str', 'Jsonnet external variable', 'name=value'),
  many('jsonnet-ext-var-code', 'Jsonnet external variable, as code', 'name=value'),
  many('jsonnet-libs', 'Jsonnet library folder', 'path'),
  text('config-management-plugin', 'plugin that renders the source', 'name'),
  many('plugin-env', 'variable for the plugin', 'name=value'),
];

const HYDRATOR: readonly Flag[] = [
  text('dry-source-repo', 'repository of the dry source', 'url'),
  text('dry-source-path', 'folder of the dry source', 'path'),
  text('dry-source-revision', 'revision of the dry source', 'revision'),
  text('sync-source-branch', 'branch of hydrated manifests to sync from', 'branch'),
  text('sync-source-path', 'folder of hydrated manifests to sync from', 'path'),
  text('hydrate-to-branch', 'branch to hydrate to', 'branch'),
];

export const SPEC_FLAGS: readonly Flag[] = [
  ...SOURCE,
  ...DESTINATION,
  ...SYNC,
  ...HELM,
  ...KUSTOMIZE,
  ...DIRECTORY,
  ...HYDRATOR,
];

/** The first typed flag that describes a source, '--helm-set'; undefined where none does. */
export function sourceFlagIn(typed: object): string | undefined {
  const names = [...SOURCE, ...HELM, ...KUSTOMIZE, ...DIRECTORY, ...HYDRATOR].map(({ name }) => name);
  const key = (name: string): string => name.replace(/-(\w)/g, (_dash, letter: string) => letter.toUpperCase());
  const name = names.find((one) => Object.hasOwn(typed, key(one)));
  return name === undefined ? undefined : `--${name}`;
}
