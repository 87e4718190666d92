// The end of an operation, or its next try.

import { timestamp } from '../../core/time.ts';
import { retryDelay } from '../../engine/sync/retry.ts';
import { type Application, hasMultipleSources, type RevisionHistory } from '../../model/application.ts';
import type { OperationPhase, OperationState } from '../../model/operation.ts';
import { changeApplication } from '../applications.ts';
import type { CompareResult } from '../compare.ts';
import type { ControllerPorts, Step } from '../ports.ts';

const DEFAULT_HISTORY = 10;

export interface Ending {
  readonly state: OperationState;
  readonly outcome: { readonly phase: OperationPhase; readonly message: string };
  readonly compared: CompareResult;
}

/** Writes how it ended; resolves to when to try again, where the operation may and should. */
export async function finish(
  ports: ControllerPorts,
  app: Application,
  { state, outcome, compared }: Ending,
): Promise<Step & { readonly app: Application }> {
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
      rests: true,
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
    // One of several sources has its place all the same, empty.
    source: multiple ? { repoURL: '' } : compared.sources[0],
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
