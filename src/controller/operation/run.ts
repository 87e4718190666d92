// An operation from its request to its end, a pass at a time. All that a pass knows is in the application, so that
// another process can take up where this one stopped.

import { parse } from '../../core/shape.ts';
import { timestamp } from '../../core/time.ts';
import type { ResourcePair } from '../../engine/resource/match.ts';
import { retryDelay } from '../../engine/sync/retry.ts';
import { planTasks, type SyncTask } from '../../engine/sync/tasks.ts';
import { type Application, hasMultipleSources, type RevisionHistory, sourcesOf } from '../../model/application.ts';
import {
  type Operation,
  type OperationPhase,
  type OperationState,
  operation as operationShape,
  type SyncOperation,
} from '../../model/operation.ts';
import type { ApplicationSource } from '../../model/source.ts';
import { isKubeObject, type KubeObject } from '../../objects/object.ts';
import { changeApplication } from '../applications.ts';
import { type CompareResult, compareApplication } from '../compare.ts';
import { kindTypesIn } from '../comparison-rules.ts';
import type { ControllerPorts, Destination } from '../ports.ts';
import { checkTasks } from './check.ts';
import { withNamespace } from './namespace.ts';
import { type PassContext, type PassOutcome, runPass, terminateHooks } from './pass.ts';
import { createResults, type Results } from './results.ts';

export interface OperationStep {
  readonly app: Application;
  /** Go on after so many milliseconds; undefined when the operation has ended. */
  readonly againAfter: number | undefined;
}

const POLL_MS = 250;
const DEFAULT_HISTORY = 10;

/** One step of the application's operation. */
export async function stepOperation(ports: ControllerPorts, app: Application): Promise<OperationStep> {
  const { operation } = app;
  if (!operation) return { app, againAfter: undefined };
  const state = currentState(ports, app, operation);
  if (state.finishedAt !== undefined && state.phase === 'Running') {
    const wait = retryWait(state) + Date.parse(state.finishedAt) - ports.clock.now();
    if (wait > 0) return { app, againAfter: wait };
  }
  return step(ports, app, { ...state, finishedAt: undefined });
}

/** The state to go on from; an operation that was just asked for begins now. */
function currentState(ports: ControllerPorts, app: Application, operation: Operation): OperationState {
  const state = app.status?.operationState;
  const going = state && (state.phase === 'Running' || state.phase === 'Terminating');
  if (going) return state;
  return {
    operation: parse(operationShape, operation, 'operation'),
    phase: 'Running',
    startedAt: timestamp(ports.clock.now()),
  };
}

function retryWait(state: OperationState): number {
  return retryDelay(state.operation?.retry, Math.max(0, (state.retryCount ?? 1) - 1)) ?? 0;
}

async function step(ports: ControllerPorts, app: Application, state: OperationState): Promise<OperationStep> {
  const sync = state.operation?.sync ?? {};
  const sources = operationSources(app, sync);
  const compared = await compareApplication(ports, app, {
    sources,
    revisions: state.syncResult ? resultRevisions(state) : await requestedRevisions(ports, app, sync, sources),
    forceResolve: !state.syncResult,
    noCache: false,
    ...(sync.manifests?.length ? { manifests: localManifests(sync.manifests) } : {}),
  });
  const errors = compared.conditions.filter((condition) => condition.type.endsWith('Error'));
  const results = createResults(state.syncResult?.resources ?? []);
  if (errors.length > 0 || !compared.destination) {
    const message = errors.map((condition) => condition.message).join('; ');
    return finish(ports, app, withResult(app, state, compared, results), { phase: 'Error', message }, compared);
  }
  const context = await passContext(ports, sync, compared.destination);
  const tasks = await tasksOf(ports, app, state, compared, context);
  const outcome = await runTasks(ports, app, state, { tasks, results, context });
  const next = withResult(app, state, compared, results);
  if (outcome.phase !== 'Running') return finish(ports, app, next, outcome, compared);
  const changed = await changeApplication(ports, app, {
    status: { ...app.status, operationState: { ...next, phase: 'Running', message: outcome.message } },
  });
  return { app: changed, againAfter: context.dryRun ? 1 : (outcome.againAfter ?? POLL_MS) };
}

interface TaskRun {
  readonly tasks: readonly SyncTask[];
  readonly results: Results;
  readonly context: PassContext;
}

async function runTasks(
  ports: ControllerPorts,
  app: Application,
  state: OperationState,
  run: TaskRun,
): Promise<PassOutcome> {
  const { tasks, results, context } = run;
  if (state.phase === 'Terminating') {
    await terminateHooks(tasks, results, context);
    return { phase: 'Failed', message: 'Operation terminated' };
  }
  const project = await ports.project(app.spec.project || 'default');
  if (results.list().length === 0 && project) {
    const problem = await checkTasks(tasks, results, context, project);
    if (problem !== undefined) return { phase: 'Failed', message: problem };
  }
  return runPass(tasks, results, context);
}

function operationSources(app: Application, sync: SyncOperation): readonly ApplicationSource[] {
  if (sync.sources && sync.sources.length > 0) return sync.sources;
  return sync.source ? [sync.source] : sourcesOf(app.spec);
}

async function requestedRevisions(
  ports: ControllerPorts,
  app: Application,
  sync: SyncOperation,
  sources: readonly ApplicationSource[],
): Promise<readonly string[]> {
  const asked = sync.revisions && sync.revisions.length > 0 ? sync.revisions : sync.revision ? [sync.revision] : [];
  const project = app.spec.project || 'default';
  try {
    return await Promise.all(
      sources.map((source, index) =>
        ports.renderer.resolve(
          { ...source, targetRevision: asked[index] || source.targetRevision },
          { project, force: true },
        ),
      ),
    );
  } catch {
    // The comparison asks again, and its error becomes the operation's.
    return [];
  }
}

function resultRevisions(state: OperationState): readonly string[] {
  const { revision, revisions } = state.syncResult ?? {};
  return revisions && revisions.length > 0 ? revisions : revision ? [revision] : [];
}

function localManifests(texts: readonly string[]): KubeObject[] {
  return texts.flatMap((text) => {
    const parsed: unknown = JSON.parse(text);
    return isKubeObject(parsed) ? [parsed] : [];
  });
}

async function passContext(
  ports: ControllerPorts,
  sync: SyncOperation,
  destination: Destination,
): Promise<PassContext> {
  const strategy = sync.syncStrategy;
  return {
    destination,
    types: await kindTypesIn(destination),
    syncOptions: sync.syncOptions ?? [],
    dryRun: sync.dryRun ?? false,
    force: strategy?.apply?.force ?? strategy?.hook?.force ?? false,
    prune: sync.prune ?? false,
    healthOf: (object) => ports.healthOf(object),
  };
}

async function tasksOf(
  ports: ControllerPorts,
  app: Application,
  state: OperationState,
  compared: CompareResult,
  context: PassContext,
): Promise<SyncTask[]> {
  const sync = state.operation?.sync ?? {};
  const selected = compared.resources.filter((resource) => isSelected(resource, sync));
  const chosen = context.syncOptions.includes('ApplyOutOfSyncOnly=true')
    ? selected.filter((resource) => resource.status.status !== 'Synced')
    : selected;
  const tasks = planTasks(chosen, compared.hooks, {
    syncOptions: context.syncOptions,
    hooks: !sync.resources?.length && !sync.syncStrategy?.apply,
    revision: compared.revisions[0] ?? '',
    startedAt: Date.parse(state.startedAt ?? '') || ports.clock.now(),
  });
  return withNamespace(tasks, app, context);
}

/** Group, kind and name must be equal; a request without a namespace means every one. */
function isSelected({ key }: ResourcePair, sync: SyncOperation): boolean {
  if (!sync.resources || sync.resources.length === 0) return true;
  return sync.resources.some(
    (wanted) =>
      (wanted.group ?? '') === key.group &&
      wanted.kind === key.kind &&
      wanted.name === key.name &&
      (!wanted.namespace || wanted.namespace === key.namespace),
  );
}

function withResult(
  app: Application,
  state: OperationState,
  compared: CompareResult,
  results: Results,
): OperationState {
  const revisions = compared.revisions.length > 0 ? compared.revisions : resultRevisions(state);
  const multiple = hasMultipleSources(app.spec);
  const resources = results.list();
  return {
    ...state,
    syncResult: {
      ...(resources.length > 0 ? { resources } : {}),
      revision: multiple ? '' : (revisions[0] ?? ''),
      ...(multiple ? { sources: compared.sources, revisions } : { source: compared.sources[0] }),
    },
  };
}

async function finish(
  ports: ControllerPorts,
  app: Application,
  state: OperationState,
  outcome: { readonly phase: OperationPhase; readonly message: string },
  compared: CompareResult,
): Promise<OperationStep> {
  const finishedAt = timestamp(ports.clock.now());
  const failed = outcome.phase === 'Failed' || outcome.phase === 'Error';
  const delay =
    failed && state.phase !== 'Terminating' ? retryDelay(state.operation?.retry, state.retryCount ?? 0) : undefined;
  if (delay !== undefined) {
    const retryCount = (state.retryCount ?? 0) + 1;
    const message = `${outcome.message}. Retrying attempt #${retryCount} at ${clockText(ports.clock.now() + delay)}.`;
    const { syncResult: _result, ...again } = state;
    const operationState: OperationState = { ...again, phase: 'Running', message, finishedAt, retryCount };
    return {
      app: await changeApplication(ports, app, { status: { ...app.status, operationState } }),
      againAfter: delay,
    };
  }
  const message =
    failed && state.retryCount ? `${outcome.message} (retried ${state.retryCount} times).` : outcome.message;
  const operationState: OperationState = { ...state, phase: outcome.phase, message, finishedAt };
  const history = outcome.phase === 'Succeeded' ? historyAfter(app, state, compared, finishedAt) : app.status?.history;
  const changed = await changeApplication(ports, app, {
    operation: null,
    status: { ...app.status, operationState, ...(history ? { history } : {}) },
  });
  return { app: changed, againAfter: undefined };
}

/** Partial and dry syncs leave no entry. */
function historyAfter(
  app: Application,
  state: OperationState,
  compared: CompareResult,
  deployedAt: string,
): readonly RevisionHistory[] | undefined {
  const before = app.status?.history ?? [];
  const sync = state.operation?.sync;
  if (!sync || sync.dryRun || (sync.resources?.length ?? 0) > 0) return app.status?.history;
  const multiple = hasMultipleSources(app.spec);
  const entry: RevisionHistory = {
    ...(multiple ? {} : { revision: compared.revisions[0] ?? '' }),
    deployedAt,
    id: (before.at(-1)?.id ?? -1) + 1,
    ...(multiple ? {} : { source: compared.sources[0] }),
    deployStartedAt: state.startedAt,
    ...(multiple ? { sources: compared.sources, revisions: compared.revisions } : {}),
    initiatedBy: state.operation?.initiatedBy ?? {},
  };
  const limit = app.spec.revisionHistoryLimit ?? DEFAULT_HISTORY;
  return limit === 0 ? [] : [...before, entry].slice(-limit);
}

/** '3:04PM' in UTC, as the reference writes the time of a retry. */
function clockText(milliseconds: number): string {
  const time = new Date(milliseconds);
  const hours = time.getUTCHours();
  return `${hours % 12 || 12}:${String(time.getUTCMinutes()).padStart(2, '0')}${hours < 12 ? 'AM' : 'PM'}`;
}
