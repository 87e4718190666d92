import { anything, flag, list, object, optional, record, type Shape, text } from '../core/shape.ts';

/** Where manifests come from: a folder of a Git repository, a chart, or a $ref for another source. */
export interface ApplicationSource {
  readonly repoURL: string;
  readonly path?: string | undefined;
  readonly targetRevision?: string | undefined;
  readonly helm?: HelmOptions | undefined;
  readonly kustomize?: KustomizeOptions | undefined;
  readonly directory?: DirectoryOptions | undefined;
  readonly plugin?: PluginOptions | undefined;
  readonly chart?: string | undefined;
  readonly ref?: string | undefined;
  readonly name?: string | undefined;
  readonly tagPrefix?: string | undefined;
}

export interface HelmOptions {
  readonly valueFiles?: readonly string[] | undefined;
  readonly parameters?: readonly HelmParameter[] | undefined;
  readonly releaseName?: string | undefined;
  readonly values?: string | undefined;
  readonly fileParameters?: readonly HelmFileParameter[] | undefined;
  readonly version?: string | undefined;
  readonly passCredentials?: boolean | undefined;
  readonly ignoreMissingValueFiles?: boolean | undefined;
  readonly skipCrds?: boolean | undefined;
  /** Wins over `values`. */
  readonly valuesObject?: unknown;
  readonly namespace?: string | undefined;
  readonly kubeVersion?: string | undefined;
  readonly apiVersions?: readonly string[] | undefined;
  readonly skipTests?: boolean | undefined;
  readonly skipSchemaValidation?: boolean | undefined;
}

export interface HelmParameter {
  readonly name?: string | undefined;
  readonly value?: string | undefined;
  readonly forceString?: boolean | undefined;
}

export interface HelmFileParameter {
  readonly name?: string | undefined;
  readonly path?: string | undefined;
}

export interface KustomizeOptions {
  readonly namePrefix?: string | undefined;
  readonly nameSuffix?: string | undefined;
  /** '[old=]new[:tag|@digest]' */
  readonly images?: readonly string[] | undefined;
  readonly commonLabels?: Readonly<Record<string, string>> | undefined;
  readonly version?: string | undefined;
  readonly commonAnnotations?: Readonly<Record<string, string>> | undefined;
  readonly forceCommonLabels?: boolean | undefined;
  readonly forceCommonAnnotations?: boolean | undefined;
  readonly namespace?: string | undefined;
  readonly commonAnnotationsEnvsubst?: boolean | undefined;
  readonly replicas?: readonly KustomizeReplica[] | undefined;
  readonly patches?: readonly KustomizePatch[] | undefined;
  readonly components?: readonly string[] | undefined;
  readonly labelWithoutSelector?: boolean | undefined;
  readonly kubeVersion?: string | undefined;
  readonly apiVersions?: readonly string[] | undefined;
  readonly ignoreMissingComponents?: boolean | undefined;
  readonly labelIncludeTemplates?: boolean | undefined;
}

export interface KustomizeReplica {
  readonly name: string;
  /** A number, or a text that holds one. */
  readonly count: unknown;
}

export interface KustomizePatch {
  readonly path?: string | undefined;
  readonly patch?: string | undefined;
  readonly target?: unknown;
  readonly options?: Readonly<Record<string, boolean>> | undefined;
}

export interface DirectoryOptions {
  readonly recurse?: boolean | undefined;
  readonly jsonnet?: JsonnetOptions | undefined;
  readonly exclude?: string | undefined;
  readonly include?: string | undefined;
}

export interface JsonnetOptions {
  readonly extVars?: readonly JsonnetVariable[] | undefined;
  readonly tlas?: readonly JsonnetVariable[] | undefined;
  readonly libs?: readonly string[] | undefined;
}

export interface JsonnetVariable {
  readonly name: string;
  readonly value: string;
  readonly code?: boolean | undefined;
}

export interface PluginOptions {
  readonly name?: string | undefined;
  readonly env?: readonly NamedValue[] | undefined;
  readonly parameters?: readonly PluginParameter[] | undefined;
}

export interface PluginParameter {
  readonly name?: string | undefined;
  readonly string?: string | undefined;
  readonly map?: Readonly<Record<string, string>> | undefined;
  readonly array?: readonly string[] | undefined;
}

export interface NamedValue {
  readonly name: string;
  readonly value: string;
}

export type SourceType = 'Helm' | 'Kustomize' | 'Directory' | 'Plugin';

export const namedValue: Shape<NamedValue> = object<NamedValue>({ name: text, value: text });

const helm = object<HelmOptions>({
  valueFiles: optional(list(text)),
  parameters: optional(
    list(object<HelmParameter>({ name: optional(text), value: optional(text), forceString: optional(flag) })),
  ),
  releaseName: optional(text),
  values: optional(text),
  fileParameters: optional(list(object<HelmFileParameter>({ name: optional(text), path: optional(text) }))),
  version: optional(text),
  passCredentials: optional(flag),
  ignoreMissingValueFiles: optional(flag),
  skipCrds: optional(flag),
  valuesObject: anything,
  namespace: optional(text),
  kubeVersion: optional(text),
  apiVersions: optional(list(text)),
  skipTests: optional(flag),
  skipSchemaValidation: optional(flag),
});

const kustomize = object<KustomizeOptions>({
  namePrefix: optional(text),
  nameSuffix: optional(text),
  images: optional(list(text)),
  commonLabels: optional(record(text)),
  version: optional(text),
  commonAnnotations: optional(record(text)),
  forceCommonLabels: optional(flag),
  forceCommonAnnotations: optional(flag),
  namespace: optional(text),
  commonAnnotationsEnvsubst: optional(flag),
  replicas: optional(list(object<KustomizeReplica>({ name: text, count: anything }))),
  patches: optional(
    list(
      object<KustomizePatch>({
        path: optional(text),
        patch: optional(text),
        target: anything,
        options: optional(record(flag)),
      }),
    ),
  ),
  components: optional(list(text)),
  labelWithoutSelector: optional(flag),
  kubeVersion: optional(text),
  apiVersions: optional(list(text)),
  ignoreMissingComponents: optional(flag),
  labelIncludeTemplates: optional(flag),
});

const variable = object<JsonnetVariable>({ name: text, value: text, code: optional(flag) });

const directory = object<DirectoryOptions>({
  recurse: optional(flag),
  jsonnet: optional(
    object<JsonnetOptions>({
      extVars: optional(list(variable)),
      tlas: optional(list(variable)),
      libs: optional(list(text)),
    }),
  ),
  exclude: optional(text),
  include: optional(text),
});

const plugin = object<PluginOptions>({
  name: optional(text),
  env: optional(list(namedValue)),
  parameters: optional(
    list(
      object<PluginParameter>({
        name: optional(text),
        string: optional(text),
        map: optional(record(text)),
        array: optional(list(text)),
      }),
    ),
  ),
});

export const applicationSource: Shape<ApplicationSource> = object<ApplicationSource>({
  repoURL: text,
  path: optional(text),
  targetRevision: optional(text),
  helm: optional(helm),
  kustomize: optional(kustomize),
  directory: optional(directory),
  plugin: optional(plugin),
  chart: optional(text),
  ref: optional(text),
  name: optional(text),
  tagPrefix: optional(text),
});

/** Which tool a source's own options name; undefined leaves it to what lies in the folder. */
export function explicitSourceType(source: ApplicationSource): SourceType | undefined {
  if (source.kustomize) return 'Kustomize';
  if (source.helm) return 'Helm';
  if (source.directory) return 'Directory';
  return source.plugin ? 'Plugin' : undefined;
}

/** The replicas of a Kustomize override as a number, undefined when it is none. */
export function replicaCount(replica: KustomizeReplica): number | undefined {
  const count = typeof replica.count === 'string' ? Number(replica.count) : replica.count;
  return typeof count === 'number' && Number.isInteger(count) ? count : undefined;
}
