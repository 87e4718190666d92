import { anything, flag, list, object, optional, record, type Shape, text } from '../core/shape.ts';

/** Where manifests come from: a folder of a Git repository, a chart, or a $ref for another source. */
export interface ApplicationSource {
  readonly repoURL: string;
  readonly path?: string;
  readonly targetRevision?: string;
  readonly helm?: HelmOptions;
  readonly kustomize?: KustomizeOptions;
  readonly directory?: DirectoryOptions;
  readonly plugin?: PluginOptions;
  readonly chart?: string;
  readonly ref?: string;
  readonly name?: string;
  readonly tagPrefix?: string;
}

export interface HelmOptions {
  readonly valueFiles?: readonly string[];
  readonly parameters?: readonly HelmParameter[];
  readonly releaseName?: string;
  readonly values?: string;
  readonly fileParameters?: readonly HelmFileParameter[];
  readonly version?: string;
  readonly passCredentials?: boolean;
  readonly ignoreMissingValueFiles?: boolean;
  readonly skipCrds?: boolean;
  /** Wins over `values`. */
  readonly valuesObject?: unknown;
  readonly namespace?: string;
  readonly kubeVersion?: string;
  readonly apiVersions?: readonly string[];
  readonly skipTests?: boolean;
  readonly skipSchemaValidation?: boolean;
}

export interface HelmParameter {
  readonly name?: string;
  readonly value?: string;
  readonly forceString?: boolean;
}

export interface HelmFileParameter {
  readonly name?: string;
  readonly path?: string;
}

export interface KustomizeOptions {
  readonly namePrefix?: string;
  readonly nameSuffix?: string;
  /** '[old=]new[:tag|@digest]' */
  readonly images?: readonly string[];
  readonly commonLabels?: Readonly<Record<string, string>>;
  readonly version?: string;
  readonly commonAnnotations?: Readonly<Record<string, string>>;
  readonly forceCommonLabels?: boolean;
  readonly forceCommonAnnotations?: boolean;
  readonly namespace?: string;
  readonly commonAnnotationsEnvsubst?: boolean;
  readonly replicas?: readonly KustomizeReplica[];
  readonly patches?: readonly KustomizePatch[];
  readonly components?: readonly string[];
  readonly labelWithoutSelector?: boolean;
  readonly kubeVersion?: string;
  readonly apiVersions?: readonly string[];
  readonly ignoreMissingComponents?: boolean;
  readonly labelIncludeTemplates?: boolean;
}

export interface KustomizeReplica {
  readonly name: string;
  /** A number, or a text that holds one. */
  readonly count: unknown;
}

export interface KustomizePatch {
  readonly path?: string;
  readonly patch?: string;
  readonly target?: unknown;
  readonly options?: Readonly<Record<string, boolean>>;
}

export interface DirectoryOptions {
  readonly recurse?: boolean;
  readonly jsonnet?: JsonnetOptions;
  readonly exclude?: string;
  readonly include?: string;
}

export interface JsonnetOptions {
  readonly extVars?: readonly JsonnetVariable[];
  readonly tlas?: readonly JsonnetVariable[];
  readonly libs?: readonly string[];
}

export interface JsonnetVariable {
  readonly name: string;
  readonly value: string;
  readonly code?: boolean;
}

export interface PluginOptions {
  readonly name?: string;
  readonly env?: readonly NamedValue[];
  readonly parameters?: readonly PluginParameter[];
}

export interface PluginParameter {
  readonly name?: string;
  readonly string?: string;
  readonly map?: Readonly<Record<string, string>>;
  readonly array?: readonly string[];
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
