// An operation from its request to its end, a pass at a time. All that a pass knows is in the application, so that
// another process can take up where this one stopped.

import { parseJson } from '../../core/json.ts';
import { parse } from '../../core/shape.ts';
import { timestamp } from '../../core/time.ts';
import { retryDelay } from '../../engine/sync/retry.ts';
import type { SyncTask } from '../../engine/sync/tasks.ts';
import { type Application, hasMultipleSources, sourcesOf } from '../../model/application.ts';
import {
  type Operation,
  type OperationState,
  operation as operationShape,
  type SyncOperation,
} from '../../model/operation.ts';
import type { ApplicationSource } from '../../model/source.ts';
import { isKubeObject, type KubeObject } from '../../objects/object.ts';
import { changeApplication } from '../applications.ts';
import { type CompareResult, compareApplication, errorsOf } from '../compare.ts';
import type { ControllerPorts, Step } from '../ports.ts';
import { checkTasks } from './check.ts';
import type { PassContext } from './context.ts';
import { finish } from './finish.ts';
import { terminateHooks } from './hooks.ts';
import { impersonate } from './impersonate.ts';
import { type PassOutcome, runPass } from './pass.ts';
import { passContext, tasksOf } from './plan.ts';
import { createResults, type Results } from './results.ts';
import { BLOCKED_BY_WINDOW, isBlockedByWindow } from './window.ts';

export interface OperationStep extends Step {
  readonly app: Application;
}

const POLL_MS = 250;
const CONFIRMATION_POLL_MS = 5000;
const WINDOW_POLL_MS = 10_000;

/** One step of the application's operation. */
export async function stepOperation(ports: ControllerPorts, app: Application): Promise<OperationStep> {
  const { operation } = app;
  if (!operation) return { app, againAfter: undefined };
  const state = currentState(ports, app, operation);
  if (state.finishedAt !== undefined && state.phase === 'Running') {
    const wait = retryWait(state) + Date.parse(state.finishedAt) - ports.clock.now();
    if (wait > 0) return { app, againAfter: wait, rests: true };
  }
  if (await isBlockedByWindow(ports, app, state)) return waitForWindow(ports, app, state);
  return step(ports, app, { ...state, finishedAt: undefined });
}

/** It goes on when the window lets it, or a person ends it. */
async function waitForWindow(ports: ControllerPorts, app: Application, state: OperationState): Promise<OperationStep> {
  const blocked: OperationState = { ...state, message: BLOCKED_BY_WINDOW };
  const isTold = app.status?.operationState?.message === BLOCKED_BY_WINDOW;
  const status = { ...app.status, operationState: blocked };
  const changed = isTold ? app : await changeApplication(ports, app, { status });
  return { app: changed, againAfter: WINDOW_POLL_MS, rests: true };
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
    ...(state.syncResult ? { revisions: resultRevisions(state) } : { targetRevisions: askedRevisions(state) }),
    forceResolve: !state.syncResult,
    noCache: false,
    ...(sync.manifests?.length ? { manifests: localManifests(sync.manifests) } : {}),
  });
  const results = createResults(state.syncResult?.resources ?? [], app.spec.destination.namespace ?? '');
  const refused = reasonToRefuse(compared, sync);
  if (refused || !compared.destination) {
    const outcome = state.phase === 'Terminating' ? TERMINATED : (refused ?? NO_DESTINATION);
    return finish(ports, app, { state: withResult(app, state, compared, results), outcome, compared });
  }
  const acting = await impersonate(ports, app, compared.destination);
  if ('failure' in acting) {
    return finish(ports, app, {
      state: withResult(app, state, compared, results),
      outcome: acting.failure,
      compared,
    });
  }
  const context = await passContext(ports, app, state, acting.destination);
  const tasks = await tasksOf(app, { state, compared, context, results });
  const outcome = await runTasks(ports, app, state, { tasks, results, context });
  const next = withResult(app, state, compared, results);
  if (outcome.phase !== 'Running') return finish(ports, app, { state: next, outcome, compared });
  const changed = await changeApplication(ports, app, {
    status: { ...app.status, operationState: { ...next, phase: 'Running', message: outcome.message } },
  });
  if (outcome.needsConfirmation) return { app: changed, againAfter: CONFIRMATION_POLL_MS, rests: true };
  return { app: changed, againAfter: context.dryRun ? 1 : (outcome.againAfter ?? POLL_MS) };
}

const TERMINATED: PassOutcome = { phase: 'Failed', message: 'Operation terminated' };
const NO_DESTINATION: PassOutcome = { phase: 'Error', message: 'the destination is not known' };

/** What ends an operation before it has begun. */
function reasonToRefuse(compared: CompareResult, sync: SyncOperation): PassOutcome | undefined {
  const errors = errorsOf(compared);
  if (errors !== '') return { phase: 'Error', message: errors };
  const shared = compared.conditions.find(({ type }) => type === 'SharedResourceWarning');
  if (!shared || !sync.syncOptions?.includes('FailOnSharedResource=true')) return undefined;
  return { phase: 'Failed', message: `Shared resource found: ${shared.message}` };
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
    return TERMINATED;
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

function resultRevisions(state: OperationState): readonly string[] {
  const { revision, revisions } = state.syncResult ?? {};
  return revisions && revisions.length > 0 ? revisions : revision ? [revision] : [];
}

function localManifests(texts: readonly string[]): KubeObject[] {
  return texts.flatMap((text) => {
    const parsed = parseJson(text);
    return isKubeObject(parsed) ? [parsed] : [];
  });
}

function withResult(
  app: Application,
  state: OperationState,
  compared: CompareResult,
  results: Results,
): OperationState {
  const known = compared.revisions.length > 0 ? compared.revisions : resultRevisions(state);
  const revisions = known.length > 0 ? known : askedRevisions(state);
  const multiple = hasMultipleSources(app.spec);
  const resources = results.list();
  return {
    ...state,
    syncResult: {
      ...(resources.length > 0 ? { resources } : {}),
      revision: multiple ? '' : (revisions[0] ?? ''),
      // Sources that the operation names leave the place of the one empty.
      source: state.operation?.sync?.sources ? { repoURL: '' } : compared.sources[0],
      ...(multiple ? { sources: compared.sources, revisions } : {}),
      ...(app.spec.syncPolicy?.managedNamespaceMetadata
        ? { managedNamespaceMetadata: app.spec.syncPolicy.managedNamespaceMetadata }
        : {}),
    },
  };
}

/** What the request names in place of what the application follows. */
function askedRevisions({ operation }: OperationState): readonly string[] {
  const { revision, revisions } = operation?.sync ?? {};
  return revisions && revisions.length > 0 ? revisions : revision ? [revision] : [];
}
