import { HawserError } from '../core/errors.ts';
import { anything, flag, list, type Of, object, optional, record, text } from '../core/shape.ts';

export type SourceType = 'Helm' | 'Kustomize' | 'Directory' | 'Plugin';

export const namedValue = object({ name: text, value: text });

const helmParameter = object({ name: optional(text), value: optional(text), forceString: optional(flag) });

export interface HelmParameter extends Of<typeof helmParameter> {}

const helmFileParameter = object({ name: optional(text), path: optional(text) });

const helm = object({
  valueFiles: optional(list(text)),
  parameters: optional(list(helmParameter)),
  releaseName: optional(text),
  values: optional(text),
  fileParameters: optional(list(helmFileParameter)),
  version: optional(text),
  passCredentials: optional(flag),
  ignoreMissingValueFiles: optional(flag),
  skipCrds: optional(flag),
  /** Wins over `values`. */
  valuesObject: anything,
  namespace: optional(text),
  kubeVersion: optional(text),
  apiVersions: optional(list(text)),
  skipTests: optional(flag),
  skipSchemaValidation: optional(flag),
});

export interface HelmOptions extends Of<typeof helm> {}

const kustomizeReplica = object({
  name: text,
  /** A number, or a text that holds one. */
  count: anything,
});

export interface KustomizeReplica extends Of<typeof kustomizeReplica> {}

const kustomizePatch = object({
  path: optional(text),
  patch: optional(text),
  target: anything,
  options: optional(record(flag)),
});

export interface KustomizePatch extends Of<typeof kustomizePatch> {}

const kustomize = object({
  namePrefix: optional(text),
  nameSuffix: optional(text),
  /** '[old=]new[:tag|@digest]' */
  images: optional(list(text)),
  commonLabels: optional(record(text)),
  version: optional(text),
  commonAnnotations: optional(record(text)),
  forceCommonLabels: optional(flag),
  forceCommonAnnotations: optional(flag),
  namespace: optional(text),
  commonAnnotationsEnvsubst: optional(flag),
  replicas: optional(list(kustomizeReplica)),
  patches: optional(list(kustomizePatch)),
  components: optional(list(text)),
  labelWithoutSelector: optional(flag),
  kubeVersion: optional(text),
  apiVersions: optional(list(text)),
  ignoreMissingComponents: optional(flag),
  labelIncludeTemplates: optional(flag),
});

export interface KustomizeOptions extends Of<typeof kustomize> {}

const variable = object({ name: text, value: text, code: optional(flag) });

export interface JsonnetVariable extends Of<typeof variable> {}

const jsonnetOptions = object({
  extVars: optional(list(variable)),
  tlas: optional(list(variable)),
  libs: optional(list(text)),
});

const directory = object({
  recurse: optional(flag),
  jsonnet: optional(jsonnetOptions),
  exclude: optional(text),
  include: optional(text),
});

export interface DirectoryOptions extends Of<typeof directory> {}

const pluginParameter = object({
  name: optional(text),
  string: optional(text),
  map: optional(record(text)),
  array: optional(list(text)),
});

const plugin = object({
  name: optional(text),
  env: optional(list(namedValue)),
  parameters: optional(list(pluginParameter)),
});

export interface PluginOptions extends Of<typeof plugin> {}

export const applicationSource = object({
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

/** Where manifests come from: a folder of a Git repository, a chart, or a $ref for another source. */
export interface ApplicationSource extends Of<typeof applicationSource> {}

/** Which tool a source's own options name; undefined leaves it to what lies in the folder; throws where two are named. */
export function explicitSourceType(source: ApplicationSource): SourceType | undefined {
  const named = SOURCE_TOOLS.filter(([field]) => source[field]).map(([, type]) => type);
  if (named.length < 2) return named[0];
  throw new HawserError('invalid', `multiple application sources defined: ${named.join()}`, {
    hint: 'keep the options of one tool',
  });
}

const SOURCE_TOOLS = [
  ['kustomize', 'Kustomize'],
  ['helm', 'Helm'],
  ['directory', 'Directory'],
  ['plugin', 'Plugin'],
] as const;

/** The replicas of a Kustomize override as a number, undefined when it is none. */
export function replicaCount(replica: KustomizeReplica): number | undefined {
  const count = typeof replica.count === 'string' ? Number(replica.count) : replica.count;
  return typeof count === 'number' && Number.isInteger(count) ? count : undefined;
}
