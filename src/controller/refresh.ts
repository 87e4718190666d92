// One refresh: compare, decide on an automatic sync, write the status.

import { isList, isObject, type Json, sameJson, toJson } from '../core/json.ts';
import { compareText } from '../core/order.ts';
import { timestamp } from '../core/time.ts';
import { mergeConditions } from '../engine/conditions.ts';
import { ownerApplication } from '../engine/resource/tracking.ts';
import { type AutoSyncWindow, decideAutoSync } from '../engine/sync/auto-sync.ts';
import { isDeleteHookOnly, waveOf } from '../engine/sync/hooks.ts';
import { hasOption, hasOwnOption } from '../engine/sync/options.ts';
import {
  type Application,
  type ApplicationCondition,
  type ApplicationStatus,
  hasMultipleSources,
  isAutomated,
  type ResourceIgnoreDifferences,
  type ResourceStatus,
} from '../model/application.ts';
import { isApplicationKind } from '../model/application-key.ts';
import type { Operation } from '../model/operation.ts';
import { activePause, pauseSentence } from '../model/pause.ts';
import { REFRESH_ANNOTATION } from '../model/refresh.ts';
import { assignedWindows } from '../model/sync-windows.ts';
import { versionOf } from '../objects/object.ts';
import { changeApplication } from './applications.ts';
import { type CompareResult, compareApplication } from './compare.ts';
import type { ComparedResource } from './compare-pair.ts';
import { finalizersFor } from './delete-hooks.ts';
import type { ControllerPorts } from './ports.ts';

/** How much is asked anew: `resolve` also asks the repository again, `hard` renders again too. */
export type RefreshLevel = 'recent' | 'latest' | 'resolve' | 'hard';
const LEVELS = ['recent', 'latest', 'resolve', 'hard'] as const;

export function higherLevel(a: RefreshLevel, b: RefreshLevel): RefreshLevel {
  return LEVELS.indexOf(a) >= LEVELS.indexOf(b) ? a : b;
}

export interface Refreshed {
  readonly app: Application;
  readonly result: CompareResult;
  /** Look again after so many milliseconds: a self-heal is backing off. */
  readonly againAfter: number | undefined;
}

const PAUSED = 'SyncPaused';

const EVALUATED = [
  'InvalidSpecError',
  'UnknownError',
  'ComparisonError',
  'SharedResourceWarning',
  'RepeatedResourceWarning',
  'ExcludedResourceWarning',
  'OrphanedResourceWarning',
  PAUSED,
];

export async function refreshApplication(
  ports: ControllerPorts,
  app: Application,
  level: RefreshLevel,
): Promise<Refreshed> {
  const compared = await compareApplication(ports, app, {
    forceResolve: level === 'resolve' || level === 'hard',
    noCache: level === 'hard',
    ...(level === 'recent' ? recentRevisions(app) : {}),
  });
  const result =
    changesNamespace(app) && compared.syncStatus === 'Synced'
      ? { ...compared, syncStatus: 'OutOfSync' as const }
      : compared;
  const decision = result.conditions.some((condition) => condition.type.endsWith('Error'))
    ? { nothing: 'the comparison failed' }
    : decideAutoSync(app, driftOf(app, result), ports.clock.now(), await autoSyncWindow(ports, app));
  const conditions = conditionsAfter(ports, app, result, 'refused' in decision ? decision.refused : undefined);
  const status = statusAfter(ports, app, { result, conditions, level });
  const refresh = app.metadata.annotations?.[REFRESH_ANNOTATION];
  const operation: Operation | undefined = 'sync' in decision ? decision.sync : undefined;
  const isKnown = result.syncStatus !== 'Unknown' && !app.metadata.deletionTimestamp;
  const finalizers = isKnown ? finalizersFor(app, result.hooks) : undefined;
  const changed = await changeApplication(ports, app, {
    // An operation begins without the end of the last one, which could be taken for its own.
    status: operation ? { ...status, operationState: undefined } : status,
    ...(finalizers ? { finalizers } : {}),
    ...(refresh === undefined ? {} : { annotations: { [REFRESH_ANNOTATION]: null } }),
    ...(operation ? { operation } : {}),
  });
  const later = 'later' in decision ? Math.min(decision.later, DAY_MS) : undefined;
  return { app: changed, result, againAfter: later ?? pauseEnd(app, ports.clock.now()) };
}

/** Asked only where automated sync could run, and schedules are read only where there are windows. */
async function autoSyncWindow(ports: ControllerPorts, app: Application): Promise<AutoSyncWindow> {
  if (!isAutomated(app.spec)) return { isOpen: true };
  const project = await ports.project(app.spec.project || 'default');
  const windows = assignedWindows(project?.spec.syncWindows ?? [], app);
  if (windows.length === 0) return { isOpen: true };
  const { judgeWindows, nextAllowed } = await import('../model/window-schedule.ts');
  const now = ports.clock.now();
  if (judgeWindows(windows, now).automatic) return { isOpen: true };
  return { isOpen: false, opensAt: nextAllowed(windows, now, 'automatic') };
}

const DAY_MS = 24 * 3_600_000;

/** In so many milliseconds a pause is over: what it held back is decided then. */
function pauseEnd(app: Application, now: number): number | undefined {
  const until = activePause(app, now)?.until;
  return until === undefined ? undefined : Math.min(until - now, DAY_MS);
}

/** Whether the namespace that the application makes for itself is to get other metadata than the last sync gave it. */
function changesNamespace({ spec, status }: Application): boolean {
  const metadata = spec.syncPolicy?.managedNamespaceMetadata;
  const lastSync = status?.operationState?.syncResult;
  if (!metadata || !lastSync) return false;
  return !sameApartFromNulls(metadata, lastSync.managedNamespaceMetadata ?? {});
}

/** Re-uses what was compared last, where the specification still asks for the same sources. */
function recentRevisions(app: Application): { readonly revisions?: readonly string[] } {
  const sync = app.status?.sync;
  const revisions = hasMultipleSources(app.spec) ? sync?.revisions : sync?.revision ? [sync.revision] : undefined;
  return revisions && revisions.length > 0 && comparesSpec(app) ? { revisions } : {};
}

/** Whether the last comparison was of the sources and the destination that the specification names now. */
export function comparesSpec(app: Application): boolean {
  const compared = app.status?.sync?.comparedTo;
  if (!compared) return false;
  return sameApartFromNulls(compared, comparedTo(app));
}

/** An object of the cluster may have nulls where a parsed one has nothing. */
function sameApartFromNulls(a: unknown, b: unknown): boolean {
  return sameJson(withoutNulls(toJson(a)), withoutNulls(toJson(b)));
}

function withoutNulls(value: Json): Json {
  if (isList(value)) return value.map(withoutNulls);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).flatMap(([key, item]) =>
    item === undefined || item === null ? [] : [[key, withoutNulls(item)] as const],
  );
  return Object.fromEntries(entries);
}

function comparedTo(app: Application): NonNullable<NonNullable<ApplicationStatus['sync']>['comparedTo']> {
  const { spec } = app;
  const sources = hasMultipleSources(spec) ? { sources: spec.sources } : { source: spec.source };
  const ignored = spec.ignoreDifferences?.length ? { ignoreDifferences: spec.ignoreDifferences.map(withoutCore) } : {};
  return { ...sources, destination: spec.destination, ...ignored };
}

/** The core group is written as none. */
const withoutCore = ({ group, ...rest }: ResourceIgnoreDifferences): ResourceIgnoreDifferences =>
  group ? { group, ...rest } : rest;

function driftOf(app: Application, result: CompareResult): Parameters<typeof decideAutoSync>[1] {
  return {
    status: result.syncStatus,
    revision: result.revisions[0] ?? '',
    revisions: hasMultipleSources(app.spec) ? result.revisions : [],
    resources: result.resources.map((resource) => resource.status),
  };
}

function conditionsAfter(
  ports: ControllerPorts,
  app: Application,
  result: CompareResult,
  refused: string | undefined,
): readonly ApplicationCondition[] {
  const lastTransitionTime = timestamp(ports.clock.now());
  const conditions = result.conditions.map((condition) => ({ ...condition, lastTransitionTime }));
  const pause = activePause(app, ports.clock.now());
  if (pause) conditions.push({ type: PAUSED, message: pauseSentence(pause), lastTransitionTime });
  if (refused !== undefined) conditions.push({ type: 'SyncError', message: refused, lastTransitionTime });
  const evaluated = isAutomated(app.spec) || result.syncStatus === 'Synced' ? [...EVALUATED, 'SyncError'] : EVALUATED;
  return mergeConditions(app.status?.conditions ?? [], evaluated, conditions);
}

interface Evaluation {
  readonly result: CompareResult;
  readonly conditions: readonly ApplicationCondition[];
  readonly level: RefreshLevel;
}

function statusAfter(
  ports: ControllerPorts,
  app: Application,
  { result, conditions, level }: Evaluation,
): ApplicationStatus {
  const before = app.status ?? {};
  const now = timestamp(ports.clock.now());
  const sameHealth = before.health?.status === result.health;
  const health = {
    status: result.health,
    lastTransitionTime: (sameHealth && before.health?.lastTransitionTime) || now,
  };
  // Nothing was compared: what was found last stays.
  if (!result.destination)
    return { ...before, sync: { ...before.sync, status: result.syncStatus }, health, conditions, reconciledAt: now };
  const multiple = hasMultipleSources(app.spec);
  const { resources: _resources, conditions: _conditions, sourceType: _type, sourceTypes: _types, ...others } = before;
  const isKnown = result.syncStatus !== 'Unknown';
  const revision = isKnown
    ? multiple
      ? { revisions: result.revisions }
      : { revision: result.revisions[0] ?? '' }
    : {};
  const statuses = result.resources.map((resource) => resourceStatus(app, resource));
  const { images, externalURLs } = result.summary;
  return {
    ...others,
    ...(statuses.length > 0 ? { resources: [...statuses, ...liveHooks(result)].sort(byKind) } : {}),
    sync: { status: result.syncStatus, comparedTo: comparedTo(app), ...revision },
    health,
    ...(conditions.length > 0 ? { conditions } : {}),
    ...(isKnown ? (multiple ? { sourceTypes: result.sourceTypes } : { sourceType: result.sourceTypes[0] ?? '' }) : {}),
    summary: {
      ...(externalURLs.length > 0 ? { externalURLs } : {}),
      ...(images.length > 0 ? { images } : {}),
      ...appOfApps(result),
    },
    reconciledAt: level === 'recent' && before.reconciledAt ? before.reconciledAt : now,
    resourceHealthSource: 'appTree',
    controllerNamespace: ports.namespace,
  };
}

/** The health of a resource is not stored in the application: it is read from the tree. */
function resourceStatus(app: Application, resource: ComparedResource): ResourceStatus {
  const { health: _health, ...rest } = resource.status;
  return needsConfirmation(app, resource) ? { ...rest, requiresDeletionConfirmation: true } : rest;
}

/** Whether a person has to confirm the deletion of a resource, by pruning or with the application. */
function needsConfirmation(app: Application, { target, live }: ComparedResource): boolean {
  const options = app.spec.syncPolicy?.syncOptions ?? [];
  return ['Prune=confirm', 'Delete=confirm'].some(
    (option) => hasOption(options, target, option) || hasOwnOption(live, option),
  );
}

/** Hooks that are still in the cluster: they go with the next sync. */
function liveHooks(result: CompareResult): ResourceStatus[] {
  return result.hooks.flatMap(({ key, live }) => {
    if (!live || isDeleteHookOnly(live)) return [];
    const { group, kind, namespace, name } = key;
    const status = { group, version: versionOf(live.apiVersion), kind, namespace, name };
    const wave = waveOf(live);
    // One whose name was made up is of the run that made it, and no part of what Git says.
    const isOwn = ownerApplication(live) !== undefined && !live.metadata.generateName;
    return [
      {
        ...status,
        hook: true,
        ...(result.syncStatus === 'Unknown' ? { status: result.syncStatus } : {}),
        ...(isOwn ? { requiresPruning: true } : {}),
        ...(wave === 0 ? {} : { syncWave: wave }),
      },
    ];
  });
}

function byKind(a: ResourceStatus, b: ResourceStatus): number {
  return (
    compareText(a.group ?? '', b.group ?? '') ||
    compareText(a.kind, b.kind) ||
    compareText(a.namespace ?? '', b.namespace ?? '') ||
    compareText(a.name, b.name)
  );
}

function appOfApps(result: CompareResult): { readonly isAppOfApps?: boolean } {
  const holds = result.resources.some(({ key }) => isApplicationKind(key));
  return holds ? { isAppOfApps: true } : {};
}
