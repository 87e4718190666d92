// Target against live: what Git says, what the cluster says, and what follows for the application.

import { asHawserError, HawserError } from '../core/errors.ts';
import { compareText } from '../core/order.ts';
import { applicationHealth } from '../engine/health/aggregate.ts';
import { permitsKind, permitsNamespace, specProblems } from '../engine/project.ts';
import { matchResources, type ResourcePair } from '../engine/resource/match.ts';
import { prepareTargets, type ScopeOf } from '../engine/resource/targets.ts';
import { ownerApplication, track } from '../engine/resource/tracking.ts';
import { hasCompareOption } from '../engine/sync/options.ts';
import {
  type Application,
  type ApplicationSpec,
  HEALTH_STATUSES,
  type Health,
  type HealthStatus,
  qualifiedName,
  sourcesOf,
} from '../model/application.ts';
import { APPLICATION_TYPE, applicationKey, instanceName } from '../model/application-key.ts';
import { isExcluded } from '../model/comparison-settings.ts';
import type { Project } from '../model/project.ts';
import type { ResourceNode } from '../model/resource.ts';
import type { ApplicationSource } from '../model/source.ts';
import type { Cluster } from '../objects/cluster.ts';
import { type KubeObject, keyOf, versionOf } from '../objects/object.ts';
import { type ComparedResource, comparePair } from './compare-pair.ts';
import { type ComparisonRules, comparisonRules } from './comparison-rules.ts';
import { checkIntegrity, type Integrity } from './integrity.ts';
import { findOrphans } from './orphans.ts';
import type { ControllerPorts, Destination } from './ports.ts';
import { type CompareRequest, type RenderedSources, renderSources } from './rendering.ts';
import { type Summary, summaryOf } from './summary.ts';

export interface CompareResult {
  readonly syncStatus: 'Synced' | 'OutOfSync' | 'Unknown';
  readonly health: HealthStatus;
  /** One for each source. */
  readonly revisions: readonly string[];
  readonly sourceTypes: readonly string[];
  readonly sources: readonly ApplicationSource[];
  readonly resources: readonly ComparedResource[];
  readonly hooks: readonly ResourcePair[];
  readonly summary: Summary;
  /** Where the project has them looked for. */
  readonly orphans: readonly ResourceNode[];
  readonly conditions: readonly { readonly type: string; readonly message: string }[];
  /** The manifests depend on the folders of their sources alone. */
  readonly selfContained: boolean;
  readonly destination: Destination | undefined;
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
  let destination: Destination;
  try {
    destination = ports.destinations.open(spec.destination);
  } catch (thrown) {
    return unknown(sources, [{ type: 'InvalidSpecError', message: asHawserError(thrown).message }], 'Unknown');
  }
  const { server, name } = destination;
  const resolved = { ...spec.destination, server, name };
  const invalid = specProblems({ ...spec, source: sources[0], destination: resolved }, project, destination.project);
  const { namespace = ports.namespace } = app.metadata;
  if (project && namespace !== ports.namespace && !permitsNamespace(project, namespace))
    invalid.push(
      `application '${app.metadata.name}' in namespace '${namespace}' is not permitted to use project '${project.metadata.name}'`,
    );
  if (!project || invalid.length > 0) {
    const conditions = invalid.map((message) => ({ type: 'InvalidSpecError', message }));
    return unknown(sources, conditions, 'Unknown');
  }
  try {
    await destination.live.ready();
    const rules = await comparisonRules(ports, spec, destination);
    const scope = { app, project, destination, rules, sources };
    const rendered = await renderSources(ports, app, destination, request).catch(asHawserError);
    if (rendered instanceof HawserError)
      return withoutTargets(await compareTargets(ports, { ...scope, rendered: NOTHING }), rendered);
    const { revisions } = rendered;
    const integrity = await checkIntegrity(ports, { project, sources, revisions }, request);
    const result = await compareTargets(ports, { ...scope, rendered });
    return integrity.isDemanded ? withIntegrity(result, integrity) : result;
  } catch (thrown) {
    const error = asHawserError(thrown);
    if (error.code === 'internal' && error.cause !== undefined)
      ports.log(`${applicationKey(app.metadata)}: ${stackOf(error.cause)}`);
    return { ...unknown(sources, [{ type: 'ComparisonError', message: error.message }], 'Healthy'), destination };
  }
}

const NOTHING: RenderedSources = { manifests: [], revisions: [], sourceTypes: [], selfContained: false };

/** Git could not be read: of what is live nothing can be said but how well it is. */
const withoutTargets = (result: CompareResult, { message }: HawserError): CompareResult => ({
  ...result,
  syncStatus: 'Unknown',
  resources: result.resources.map((resource) => ({ ...resource, status: { ...resource.status, status: 'Unknown' } })),
  conditions: [{ type: 'ComparisonError', message: `Failed to load target state: ${message}` }, ...result.conditions],
});

/** Commits that touch none of its files have to be proved, too. */
const withIntegrity = (result: CompareResult, { problems }: Integrity): CompareResult => ({
  ...result,
  conditions: [...problems.map((message) => ({ type: 'ComparisonError', message })), ...result.conditions],
  selfContained: false,
});

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
  const instance = instanceName(app.metadata, ports.namespace);
  const namespace = app.spec.destination.namespace ?? '';
  const scopeOf = await scopes(destination.cluster);
  const targets = prepareTargets(rendered.manifests, { instance, namespace, scopeOf });
  const settings = ports.comparisonSettings();
  const isOut = (object: KubeObject): boolean => isExcluded(settings, { ...keyOf(object), server: destination.server });
  const excluded = targets.objects.filter(isOut);
  const included = targets.objects.filter((object) => !excluded.includes(object));
  // What is excluded, or not permitted, is neither compared nor pruned.
  const live = liveOf(destination, included, instance).filter(
    (object) =>
      !isOut(object) && permitsKind(project, { ...keyOf(object), namespaced: keyOf(object).namespace !== '' }),
  );
  const managed = withManagedNamespace(included, live, { spec: app.spec, instance });
  const matched = matchResources(managed, live, { instance, application: qualifiedName(app) });
  const resources = await Promise.all(
    matched.pairs.map((pair) => comparePair(ports, { app, instance, destination, rules }, pair)),
  );
  const managedKeys = [...resources, ...matched.hooks].map(({ key }) => key);
  await ports.assessHealth(matched.hooks.flatMap((hook) => hook.live ?? []));
  const orphans = await findOrphans(ports, { app, project, destination, managed: managedKeys, isOut });
  const conditions = [
    ...included.flatMap((object) => homelessness(object, scopeOf)),
    ...targets.repeated.map((message) => ({ type: 'RepeatedResourceWarning', message })),
    ...excluded.map((object) => ({ type: 'ExcludedResourceWarning', message: exclusionOf(object) })),
    ...matched.shared.map((message) => ({ type: 'SharedResourceWarning', message })),
    ...orphans.conditions,
  ];
  return {
    syncStatus: resources.some(countsAsDifferent) ? 'OutOfSync' : 'Synced',
    health: healthOfAll(resources, app),
    revisions: rendered.revisions,
    sourceTypes: rendered.sourceTypes,
    sources,
    resources: resources.map((resource) => withoutVerdict(resource, { project, scopeOf })).sort(byKey),
    hooks: matched.hooks,
    selfContained: rendered.selfContained,
    summary: summaryOf(
      destination,
      [...resources, ...matched.hooks].flatMap(({ live }) => live ?? []),
    ),
    orphans: orphans.nodes,
    conditions,
    destination,
  };
}

/** Of what the project does not permit nothing is said. */
function withoutVerdict(
  resource: ComparedResource,
  { project, scopeOf }: { readonly project: Project; readonly scopeOf: ScopeOf },
): ComparedResource {
  const { key, status } = resource;
  const namespaced = scopeOf(key.group, key.kind) ?? false;
  if (status.status === undefined || permitsKind(project, { ...key, namespaced })) return resource;
  return { ...resource, status: { ...status, status: 'Unknown' } };
}

/** What lives in a namespace, and is told none by Git or by the application, can go nowhere. */
function homelessness(object: KubeObject, scopeOf: ScopeOf): CompareResult['conditions'] {
  const { group, kind, namespace, name } = keyOf(object);
  if (namespace || !scopeOf(group, kind)) return [];
  const type = `${group}/${versionOf(object.apiVersion)}, Kind=${kind}`;
  return [{ type: 'InvalidSpecError', message: `Namespace for ${name} ${type} is missing.` }];
}

function exclusionOf(object: KubeObject): string {
  const { group, kind, name } = keyOf(object);
  return `Resource ${group}/${kind} ${name} is excluded in the settings`;
}

/** The namespace that the application has made stays its own where Git does not speak of it. */
function withManagedNamespace(
  targets: readonly KubeObject[],
  live: readonly KubeObject[],
  { spec, instance }: { readonly spec: ApplicationSpec; readonly instance: string },
): readonly KubeObject[] {
  const managed = spec.syncPolicy?.managedNamespaceMetadata;
  const isManaged = (object: KubeObject): boolean =>
    object.kind === 'Namespace' && object.apiVersion === 'v1' && object.metadata.name === spec.destination.namespace;
  const own = live.find((object) => isManaged(object) && ownerApplication(object) === instance);
  if (!managed || !own || targets.some(isManaged)) return targets;
  const { labels = {}, annotations = {} } = managed;
  const metadata = { name: spec.destination.namespace ?? '', labels, annotations };
  const target: KubeObject = { apiVersion: 'v1', kind: 'Namespace', metadata };
  return [...targets, track(target, instance, metadata.name)];
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
    summary: { images: [], externalURLs: [] },
    orphans: [],
    conditions,
    selfContained: false,
    destination: undefined,
  };
}

async function scopes(cluster: Cluster): Promise<ScopeOf> {
  const types = new Map((await cluster.types()).map((type) => [`${type.group}/${type.kind}`, type.namespaced]));
  return (group, kind) => types.get(`${group}/${kind}`);
}

/** What the application owns and nothing else does, and whatever has the key of a target. */
function liveOf(destination: Destination, targets: readonly KubeObject[], instance: string): KubeObject[] {
  const objects = new Set<KubeObject>();
  for (const object of destination.live.ofApplication(instance)) {
    if ((object.metadata.ownerReferences ?? []).length === 0) objects.add(object);
  }
  for (const target of targets) {
    const object = destination.live.get(keyOf(target));
    if (object) objects.add(object);
  }
  return [...objects];
}

/** An extra object may say that it is none of Git's business. */
function countsAsDifferent(resource: ComparedResource): boolean {
  if (resource.status.status !== 'OutOfSync') return false;
  return resource.target !== undefined || !hasCompareOption(resource.live, 'IgnoreExtraneous');
}

function healthOfAll(resources: readonly ComparedResource[], app: Application): HealthStatus {
  const assessed = resources.map((resource) => ({
    key: resource.key,
    target: resource.target,
    live: resource.live,
    health: resource.live ? asResourceHealth(resource.health) : undefined,
  }));
  const { namespace = '', name } = app.metadata;
  return applicationHealth(assessed, { ...APPLICATION_TYPE, namespace, name });
}

function asResourceHealth(health: Health | undefined): { status: HealthStatus; message?: string } | undefined {
  const status = HEALTH_STATUSES.find((candidate) => candidate === health?.status);
  if (!status) return undefined;
  return health?.message ? { status, message: health.message } : { status };
}

function byKey(a: ComparedResource, b: ComparedResource): number {
  return (
    compareText(a.key.group, b.key.group) ||
    compareText(a.key.kind, b.key.kind) ||
    compareText(a.key.namespace, b.key.namespace) ||
    compareText(a.key.name, b.key.name)
  );
}

/** What made the state unknown, each with its type; empty where it is known. */
export function errorsOf({ conditions }: Pick<CompareResult, 'conditions'>): string {
  const errors = conditions.filter(({ type }) => type.endsWith('Error'));
  return errors.map(({ type, message }) => `${type}: ${message}`).join(';');
}

/** For callers that need the answer or an error. */
export function failOnConditions(result: CompareResult): void {
  const errors = errorsOf(result);
  if (errors !== '') throw new HawserError('invalid', errors, { details: { grpc: 2 } });
}
