// What a sync would do now, from what the API of any server tells.

import { type ApplicationTarget, syncWindows } from '../../../../api/applications.ts';
import { computeDifferences, isHawser } from '../../../../api/differences.ts';
import { getDetailedProject } from '../../../../api/projects.ts';
import { type GetManifests, getManifests, type RenderedManifests } from '../../../../api/revisions.ts';
import { getVersion } from '../../../../api/sessions.ts';
import { resolvedRevisions } from '../../../../client/resolved-revisions.ts';
import { HawserError } from '../../../../core/errors.ts';
import { isObject, type JsonObject, parseJson } from '../../../../core/json.ts';
import { type Application, hasMultipleSources, qualifiedName, sourcesOf } from '../../../../model/application.ts';
import type { SyncOperation } from '../../../../model/operation.ts';
import { DEFAULT_PROJECT, type Project } from '../../../../model/project.ts';
import type { ManagedResource } from '../../../../model/resource.ts';
import type { PlanStep, SyncPlan } from '../../../../model/sync-plan.ts';
import { briefMessage } from '../../../../render/brief.ts';
import type { Context } from '../../../context.ts';
import { managedBy } from './managed.ts';
import type { PlannedRequest } from './sync-request.ts';

export interface PlanSubject {
  readonly application: Application;
  readonly request: PlannedRequest;
}

/** A plan with what it was made from. */
export interface MadePlan extends PlanSubject {
  readonly plan: SyncPlan;
  readonly manifests: readonly string[];
  readonly resources: readonly ManagedResource[];
}

export async function makePlan(subject: PlanSubject, context: Context): Promise<MadePlan> {
  const { application, request } = subject;
  const { manifests, revisions } = await targetState(subject, context);
  const { resources, areCompared } = await liveState(subject, revisions, context);
  const project = await projectOf(application, context);
  const steps = await context.planSync({
    application,
    operation: operationOf(subject),
    resources,
    manifests: manifests.flatMap(readObject),
    areCompared,
    revision: revisions[0] ?? '',
    project,
    now: context.clock.now(),
  });
  const { name, appNamespace } = request;
  const notes = [
    ...(await obstacles(application, { name, appNamespace }, context)),
    ...(steps.some(({ problem }) => problem !== undefined) ? [REFUSED] : []),
    ...(project ? [] : ['the project could not be read: whether it permits the resources is not known']),
    ...(areCompared ? [] : unknowns(steps)),
  ];
  const plan = { application: qualifiedName(application), revisions, steps, notes };
  return { application, request, plan, manifests, resources };
}

function readObject(text: string): JsonObject[] {
  const object = parseJson(text);
  return isObject(object) ? [object] : [];
}

/** As the server would run it. */
function operationOf({ application, request }: PlanSubject): SyncOperation {
  const { prune, strategy, resources, syncOptions } = request;
  const options = syncOptions?.items ?? application.spec.syncPolicy?.syncOptions ?? [];
  return { prune, syncStrategy: strategy, resources, syncOptions: options };
}

interface TargetState {
  readonly manifests: readonly string[];
  /** One for each source; empty where a server does not tell them. */
  readonly revisions: readonly string[];
}

async function targetState({ application, request }: PlanSubject, context: Context): Promise<TargetState> {
  const compared = comparedRevisions(application);
  if (request.manifests) return { manifests: request.manifests, revisions: compared };
  const { client } = await context.connect();
  const resolved = await resolvedRevisions(client, manifestsQuery(request));
  if (resolved.length > 0) {
    const pinned = await renderedBy(pinnedRequest(request, application, resolved), context);
    return { manifests: pinned.manifests ?? [], revisions: resolved };
  }
  const { manifests = [] } = await renderedBy(request, context);
  // Where a server does not tell the commits, they are those that were asked for, or those compared last.
  const revisions = sourcesOf(application.spec).map(
    (_, index) => askedRevision(request, index) ?? compared[index] ?? '',
  );
  if (revisions.includes('')) return { manifests, revisions: [] };
  const pinned = await renderedBy(pinnedRequest(request, application, revisions), context);
  return { manifests, revisions: JSON.stringify(pinned.manifests) === JSON.stringify(manifests) ? revisions : [] };
}

/** The commit that was asked for; '' for a name, whose commit nobody tells. */
function askedRevision(request: PlannedRequest, index: number): string | undefined {
  const { revision, revisions = [], sourcePositions = [] } = request;
  const position = sourcePositions.indexOf(index + 1);
  const asked = position >= 0 ? revisions[position] : index === 0 ? revision : undefined;
  return asked === undefined || /^[0-9a-f]{40}$/i.test(asked) ? asked : '';
}

export async function renderedBy(request: PlannedRequest, context: Context): Promise<RenderedManifests> {
  const { client } = await context.connect();
  return client.call(getManifests, manifestsQuery(request));
}

function manifestsQuery({ name, appNamespace, revision, revisions, sourcePositions }: PlannedRequest): GetManifests {
  return { name, appNamespace, revision, revisions, sourcePositions };
}

/** The same request for these revisions and no later ones. */
export function pinnedRequest(
  { revision: _revision, revisions: _revisions, sourcePositions: _positions, ...request }: PlannedRequest,
  { spec }: Application,
  revisions: readonly string[],
): PlannedRequest {
  if (!hasMultipleSources(spec)) return { ...request, revision: revisions[0] ?? '' };
  return { ...request, revisions, sourcePositions: revisions.map((_, index) => index + 1) };
}

function comparedRevisions({ spec, status }: Application): readonly string[] {
  const { revision = '', revisions = [] } = status?.sync ?? {};
  if (hasMultipleSources(spec)) return revisions;
  return revision === '' ? [] : [revision];
}

interface LiveState {
  readonly resources: readonly ManagedResource[];
  readonly areCompared: boolean;
}

/** A server of ours compares with any revision; another one tells only what it compared last. */
async function liveState(
  { application, request }: PlanSubject,
  revisions: readonly string[],
  context: Context,
): Promise<LiveState> {
  const { client } = await context.connect();
  const { name: applicationName, appNamespace } = request;
  const isLast = revisions.length > 0 && JSON.stringify(revisions) === JSON.stringify(comparedRevisions(application));
  if (!isLast && revisions.length > 0 && !request.manifests) {
    const { Version: version } = await client.call(getVersion, {});
    if (isHawser(version)) {
      const { revision, revisions: pinned, sourcePositions } = pinnedRequest(request, application, revisions);
      const query = { applicationName, appNamespace, revision, revisions: pinned, sourcePositions };
      const { items } = await client.call(computeDifferences, query);
      return { resources: items ?? [], areCompared: true };
    }
  }
  const items = await managedBy({ applicationName, appNamespace }, context);
  return { resources: items, areCompared: isLast && !request.manifests };
}

/** What would keep a sync from starting, or from its end. */
async function obstacles(
  { operation, status, metadata }: Application,
  target: ApplicationTarget,
  context: Context,
): Promise<readonly string[]> {
  const { client } = await context.connect();
  const windows = await client.call(syncWindows, target).catch(() => undefined);
  const errors = (status?.conditions ?? []).filter(({ type }) => type.endsWith('Error'));
  return [
    ...(metadata.deletionTimestamp ? ['the application is being deleted'] : []),
    ...(operation ? ['another operation is running: a sync is refused until it ends'] : []),
    ...(windows?.canSync === false ? ['a sync window does not allow a sync now'] : []),
    ...errors.map(({ type, message }) => `${type}: ${briefMessage(message)}`),
  ];
}

const REFUSED = 'the sync fails before anything is applied: its project does not permit every resource';

/** With the rules of global projects. Undefined for one who may not see it. */
async function projectOf({ spec }: Application, context: Context): Promise<Project | undefined> {
  const { client } = await context.connect();
  try {
    return (await client.call(getDetailedProject, { name: spec.project || DEFAULT_PROJECT })).project;
  } catch (thrown) {
    if (thrown instanceof HawserError && UNSEEN.has(thrown.code)) return undefined;
    throw thrown;
  }
}

const UNSEEN: ReadonlySet<string> = new Set(['not-allowed', 'not-found']);

const unknowns = (steps: readonly PlanStep[]): readonly string[] =>
  steps.some(({ action }) => action === 'create')
    ? ['the server does not tell whether resources to create are in the cluster already']
    : [];
