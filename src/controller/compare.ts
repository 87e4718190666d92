// Target against live: what Git says, what the cluster says, and what follows for the application.

import { asHawserError, HawserError } from '../core/errors.ts';
import { type Comparison, compareStates } from '../engine/diff/compare.ts';
import { applicationHealth } from '../engine/health/aggregate.ts';
import { permitsKind, specProblems } from '../engine/project.ts';
import { matchResources, type ResourcePair } from '../engine/resource/match.ts';
import { prepareTargets, type ScopeOf } from '../engine/resource/targets.ts';
import { ownerApplication, track } from '../engine/resource/tracking.ts';
import { isSkipped } from '../engine/sync/hooks.ts';
import { hasCompareOption, hasOption, isOn } from '../engine/sync/options.ts';
import {
  type Application,
  HEALTH_STATUSES,
  type Health,
  type HealthStatus,
  type ResourceStatus,
  sourcesOf,
} from '../model/application.ts';
import { isExcluded } from '../model/comparison-settings.ts';
import type { Project } from '../model/project.ts';
import type { SentFiles } from '../model/sent-files.ts';
import type { ApplicationSource } from '../model/source.ts';
import type { Cluster } from '../objects/cluster.ts';
import { imagesOf, type KubeObject, keyOf, versionOf } from '../objects/object.ts';
import { applicationKey } from './applications.ts';
import { type ComparisonRules, comparisonRules } from './comparison-rules.ts';
import type { ControllerPorts, Destination } from './ports.ts';

export interface ComparedResource extends ResourcePair {
  readonly comparison: Comparison;
  readonly status: ResourceStatus;
  readonly health: Health | undefined;
}

export interface CompareResult {
  readonly syncStatus: 'Synced' | 'OutOfSync' | 'Unknown';
  readonly health: HealthStatus;
  /** One for each source. */
  readonly revisions: readonly string[];
  readonly sourceTypes: readonly string[];
  readonly sources: readonly ApplicationSource[];
  readonly resources: readonly ComparedResource[];
  readonly hooks: readonly ResourcePair[];
  readonly images: readonly string[];
  readonly conditions: readonly { readonly type: string; readonly message: string }[];
  /** The manifests depend on the folders of their sources alone. */
  readonly selfContained: boolean;
  readonly destination: Destination | undefined;
}

export interface CompareRequest {
  /** Instead of the specification's, as an operation may ask for. */
  readonly sources?: readonly ApplicationSource[];
  /** Resolved ones to use instead of asking again. */
  readonly revisions?: readonly string[];
  /** Instead of rendering, for a sync of local manifests. */
  readonly manifests?: readonly KubeObject[];
  /** Rendered in place of the one source's. */
  readonly files?: SentFiles | undefined;
  readonly forceResolve: boolean;
  readonly noCache: boolean;
}

/** Never throws for what is wrong with the application: that becomes conditions, and the state Unknown. */
export async function compareApplication(
  ports: ControllerPorts,
  app: Application,
  request: CompareRequest,
): Promise<CompareResult> {
  const { spec } = app;
  const sources = request.sources ?? sourcesOf(spec);
  const project = await ports.project(spec.project || 'default');
  const invalid = specProblems({ ...spec, source: sources[0], sources: spec.sources }, project);
  let destination: Destination;
  try {
    destination = await ports.destination(spec.destination);
  } catch (thrown) {
    return unknown(sources, [{ type: 'InvalidSpecError', message: asHawserError(thrown).message }], 'Unknown');
  }
  if (!project || invalid.length > 0) {
    const conditions = invalid.map((message) => ({ type: 'InvalidSpecError', message }));
    return unknown(sources, conditions, 'Unknown');
  }
  try {
    await destination.live.ready();
    const rules = await comparisonRules(ports, spec, destination);
    const rendered = await renderSources(ports, app, sources, request, destination.cluster).catch((thrown: unknown) => {
      throw new HawserError('invalid', `Failed to load target state: ${asHawserError(thrown).message}`, {
        cause: thrown,
      });
    });
    return await compareTargets(ports, { app, project, destination, rules, sources, rendered });
  } catch (thrown) {
    const error = asHawserError(thrown);
    if (error.code === 'internal' && error.cause !== undefined)
      ports.log(`${app.metadata.name}: ${stackOf(error.cause)}`);
    return { ...unknown(sources, [{ type: 'ComparisonError', message: error.message }], 'Healthy'), destination };
  }
}

interface Targets {
  readonly app: Application;
  readonly project: Project;
  readonly destination: Destination;
  readonly rules: ComparisonRules;
  readonly sources: readonly ApplicationSource[];
  readonly rendered: RenderedSources;
}

async function compareTargets(
  ports: ControllerPorts,
  { app, project, destination, rules, sources, rendered }: Targets,
): Promise<CompareResult> {
  const application = app.metadata.name;
  const namespace = app.spec.destination.namespace ?? '';
  const scopeOf = await scopes(destination.cluster);
  const targets = prepareTargets(rendered.manifests, { application, namespace, scopeOf });
  const settings = ports.comparisonSettings();
  const server = app.spec.destination.server ?? '';
  const leavesOut = (object: KubeObject): boolean => isExcluded(settings, { ...keyOf(object), server });
  const excluded = targets.objects.filter(leavesOut);
  const included = targets.objects.filter((object) => !excluded.includes(object));
  // What is left out must not look as if Git had it no more, or it would be pruned.
  const live = liveOf(destination, included, application).filter(
    (object) =>
      !leavesOut(object) && permitsKind(project, { ...keyOf(object), namespaced: keyOf(object).namespace !== '' }),
  );
  const matched = matchResources(withManagedNamespace(included, live, app), live, application);
  const resources = await Promise.all(
    matched.pairs.map((pair) => comparePair(ports, { app, destination, rules }, pair)),
  );
  const conditions = [
    ...targets.repeated.map((message) => ({ type: 'RepeatedResourceWarning', message })),
    ...excluded.map((object) => ({ type: 'ExcludedResourceWarning', message: exclusionOf(object) })),
    ...matched.shared.map((message) => ({ type: 'SharedResourceWarning', message })),
  ];
  return {
    syncStatus: resources.some(countsAsDifferent) ? 'OutOfSync' : 'Synced',
    health: healthOfAll(resources, app, ports.namespace),
    revisions: rendered.revisions,
    sourceTypes: rendered.sourceTypes,
    sources,
    resources: resources.sort(byKey),
    hooks: matched.hooks,
    selfContained: rendered.selfContained,
    images: imagesIn(destination, resources),
    conditions,
    destination,
  };
}

function exclusionOf(object: KubeObject): string {
  const { group, kind, name } = keyOf(object);
  return `Resource ${group}/${kind} ${name} is excluded in the settings`;
}

/** The namespace that the application has made stays its own where Git does not speak of it. */
function withManagedNamespace(
  targets: readonly KubeObject[],
  live: readonly KubeObject[],
  { spec, metadata: { name: application } }: Application,
): readonly KubeObject[] {
  const wanted = spec.syncPolicy?.managedNamespaceMetadata;
  const isManaged = (object: KubeObject): boolean =>
    object.kind === 'Namespace' && object.apiVersion === 'v1' && object.metadata.name === spec.destination.namespace;
  const own = live.find((object) => isManaged(object) && ownerApplication(object) === application);
  if (!wanted || !own || targets.some(isManaged)) return targets;
  const { labels = {}, annotations = {} } = wanted;
  const metadata = { name: spec.destination.namespace ?? '', labels, annotations };
  const target: KubeObject = { apiVersion: 'v1', kind: 'Namespace', metadata };
  return [...targets, track(target, application, metadata.name)];
}

const stackOf = (thrown: unknown): string =>
  thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);

function unknown(
  sources: readonly ApplicationSource[],
  conditions: CompareResult['conditions'],
  health: HealthStatus,
): CompareResult {
  return {
    syncStatus: 'Unknown',
    health,
    revisions: [],
    sourceTypes: [],
    sources,
    resources: [],
    hooks: [],
    images: [],
    conditions,
    selfContained: false,
    destination: undefined,
  };
}

export interface RenderedSources {
  readonly manifests: readonly KubeObject[];
  readonly revisions: readonly string[];
  readonly sourceTypes: readonly string[];
  readonly selfContained: boolean;
}

/** The manifests of all sources, in their order; throws what keeps one of them from being rendered. */
export async function renderSources(
  ports: ControllerPorts,
  app: Application,
  sources: readonly ApplicationSource[],
  request: CompareRequest,
  cluster: Cluster,
): Promise<RenderedSources> {
  const project = app.spec.project || 'default';
  const revisions = await Promise.all(
    sources.map((source, index) => {
      const known = request.revisions?.[index];
      return known || ports.renderer.resolve(source, { project, force: request.forceResolve });
    }),
  );
  if (request.manifests) return { manifests: request.manifests, revisions, sourceTypes: [], selfContained: false };
  const references = sources.flatMap((source, index) =>
    source.ref ? [{ source, revision: revisions[index] ?? '' }] : [],
  );
  const [kubeVersion, types] = await Promise.all([cluster.version(), cluster.types()]);
  const apiVersions = types.flatMap((type) => {
    const version = type.group ? `${type.group}/${type.version}` : type.version;
    return [version, `${version}/${type.kind}`];
  });
  const rendered = await Promise.all(
    sources.map((source, index) =>
      source.ref && !source.path && !source.chart
        ? { manifests: [], sourceType: '', isOwn: false }
        : ports.renderer.render({
            source,
            revision: revisions[index] ?? '',
            application: { name: app.metadata.name, namespace: app.metadata.namespace ?? ports.namespace, project },
            destinationNamespace: app.spec.destination.namespace ?? '',
            kubeVersion,
            apiVersions: [...new Set(apiVersions)].sort(),
            references,
            noCache: request.noCache,
            files: request.files,
          }),
    ),
  );
  return {
    manifests: rendered.flatMap((one) => one.manifests),
    revisions,
    sourceTypes: rendered.map((one) => one.sourceType),
    selfContained: rendered.every((one) => one.isOwn),
  };
}

/** What Git says, stamped with its application and otherwise as it was rendered. */
export async function renderApplication(
  ports: ControllerPorts,
  app: Application,
  request: CompareRequest,
): Promise<readonly KubeObject[]> {
  const { cluster } = await ports.destination(app.spec.destination);
  const { manifests } = await renderSources(ports, app, sourcesOf(app.spec), request, cluster);
  return manifests.map((manifest) => track(manifest, app.metadata.name, app.spec.destination.namespace ?? ''));
}

async function scopes(cluster: Cluster): Promise<ScopeOf> {
  const types = new Map((await cluster.types()).map((type) => [`${type.group}/${type.kind}`, type.namespaced]));
  return (group, kind) => types.get(`${group}/${kind}`);
}

/** What the application owns and nothing else does, and whatever has the key of a target. */
function liveOf(destination: Destination, targets: readonly KubeObject[], application: string): KubeObject[] {
  const found = new Set<KubeObject>();
  for (const object of destination.live.ofApplication(application)) {
    if ((object.metadata.ownerReferences ?? []).length === 0) found.add(object);
  }
  for (const target of targets) {
    const object = destination.live.get(keyOf(target));
    if (object) found.add(object);
  }
  return [...found];
}

interface PairContext {
  readonly app: Application;
  readonly destination: Destination;
  readonly rules: ComparisonRules;
}

async function comparePair(
  ports: ControllerPorts,
  { app, destination, rules }: PairContext,
  pair: ResourcePair,
): Promise<ComparedResource> {
  const live = await inVersionOf(pair, destination);
  const options = app.spec.syncPolicy?.syncOptions ?? [];
  const serverSide = isOn(options, pair.target, 'ServerSideApply') && !isOn(options, pair.target, 'Replace');
  const comparison = await compareStates(pair.target, live, { ...rules, serverSide });
  const health = pair.live ? ports.healthOf(pair.live) : { status: 'Missing' };
  return { ...pair, live, comparison, health, status: statusOf(app, { ...pair, live }, comparison, health) };
}

/** The live object in the version that Git writes; the live state knows the preferred one. */
async function inVersionOf(
  { target, live, key }: ResourcePair,
  { cluster }: Destination,
): Promise<KubeObject | undefined> {
  if (!target || !live || target.apiVersion === live.apiVersion) return live;
  const version = versionOf(target.apiVersion);
  const served = await cluster.type(key.group, key.kind, version);
  return served ? ((await cluster.get({ ...key, version })) ?? live) : live;
}

function statusOf(
  app: Application,
  { key, target, live }: ResourcePair,
  comparison: Comparison,
  health: Health | undefined,
): ResourceStatus {
  const object = target ?? live;
  const owner = live ? ownerApplication(live) : undefined;
  const isOwn = live !== undefined && owner === app.metadata.name;
  const different = comparison.modified || !target || !live;
  const hasStatus = target ? !isSkipped(target) : isOwn;
  const options = app.spec.syncPolicy?.syncOptions ?? [];
  const asksFirst = ['Delete=confirm', 'Prune=confirm'].some((option) =>
    [target, live].some((side) => hasOption(options, side, option)),
  );
  return {
    ...(key.group ? { group: key.group } : {}),
    version: object ? versionOf(object.apiVersion) : '',
    kind: key.kind,
    ...(key.namespace ? { namespace: key.namespace } : {}),
    name: key.name,
    ...(hasStatus ? { status: different ? 'OutOfSync' : 'Synced' } : {}),
    ...(health ? { health } : {}),
    ...(!target && isOwn ? { requiresPruning: true } : {}),
    ...(asksFirst ? { requiresDeletionConfirmation: true } : {}),
  };
}

/** An extra object may say that it is none of Git's business. */
function countsAsDifferent(resource: ComparedResource): boolean {
  if (resource.status.status !== 'OutOfSync') return false;
  return resource.target !== undefined || !hasCompareOption(resource.live, 'IgnoreExtraneous');
}

function healthOfAll(resources: readonly ComparedResource[], app: Application, namespace: string): HealthStatus {
  const assessed = resources.map((resource) => ({
    key: resource.key,
    target: resource.target,
    live: resource.live,
    health: resource.live ? asResourceHealth(resource.health) : undefined,
  }));
  return applicationHealth(assessed, applicationKey(app.metadata.namespace ?? namespace, app.metadata.name));
}

function asResourceHealth(health: Health | undefined): { status: HealthStatus; message?: string } | undefined {
  const status = HEALTH_STATUSES.find((known) => known === health?.status);
  if (!status) return undefined;
  return health?.message ? { status, message: health.message } : { status };
}

/** The images of what is live, children included. */
function imagesIn(destination: Destination, resources: readonly ComparedResource[]): string[] {
  const images = new Set(resources.flatMap((resource) => (resource.live ? imagesOf(resource.live) : [])));
  for (const { live } of resources) {
    for (const child of destination.live.ownedBy(live?.metadata.uid ?? '')) {
      for (const image of imagesOf(child)) images.add(image);
    }
  }
  return [...images].sort();
}

function byKey(a: ComparedResource, b: ComparedResource): number {
  return (
    compareText(a.key.group, b.key.group) ||
    compareText(a.key.kind, b.key.kind) ||
    compareText(a.key.namespace, b.key.namespace) ||
    compareText(a.key.name, b.key.name)
  );
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** For callers that need the answer or an error: the first condition that made the state unknown. */
export function failOnConditions(result: CompareResult): void {
  const errors = result.conditions.filter((condition) => condition.type.endsWith('Error'));
  if (errors.length === 0) return;
  throw new HawserError('invalid', errors.map((condition) => `${condition.type}: ${condition.message}`).join(';'), {
    details: { grpc: 2 },
  });
}
