// Whether a difference that was found is synced at once, and with which operation.

import { sameJson, toJson } from '../../core/json.ts';
import { type Application, isAutomated, type ResourceStatus, sourcesOf } from '../../model/application.ts';
import type { Operation, SyncOperationResource } from '../../model/operation.ts';
import { activePause, pauseSentence } from '../../model/pause.ts';

export type AutoSyncDecision =
  | { readonly sync: Operation }
  /** Looked at again after so many milliseconds. */
  | { readonly later: number }
  /** Becomes the SyncError condition. */
  | { readonly refused: string }
  | { readonly nothing: string };

/** What was compared: the states Git and the cluster are in now. */
export interface Drift {
  readonly status: string;
  readonly revision: string;
  readonly revisions: readonly string[];
  readonly resources: readonly ResourceStatus[];
}

/** What the sync windows say of automated sync. */
export type AutoSyncWindow =
  | { readonly isOpen: true }
  | { readonly isOpen: false; readonly opensAt: number | undefined };

const SELF_HEAL_BASE_MS = 2000;
const SELF_HEAL_FACTOR = 3;
const SELF_HEAL_CAP_MS = 300_000;
const DEFAULT_RETRY = { limit: 5 } as const;

export function decideAutoSync(
  app: Application,
  drift: Drift,
  now: number,
  window: AutoSyncWindow = { isOpen: true },
): AutoSyncDecision {
  const policy = app.spec.syncPolicy?.automated;
  if (!policy || !isAutomated(app.spec)) return { nothing: 'automated sync is off' };
  if (app.operation) return { nothing: 'another operation is in progress' };
  if (app.metadata.deletionTimestamp) return { nothing: 'the application is being deleted' };
  if (drift.status !== 'OutOfSync') return { nothing: `the application is ${drift.status}` };
  const pause = activePause(app, now);
  if (pause) return { nothing: pauseSentence(pause) };
  if (!window.isOpen) return blocked(window.opensAt, now);
  const different = drift.resources.filter((resource) => resource.status !== 'Synced' && !resource.hook);
  if (!policy.prune && different.every((resource) => resource.requiresPruning)) {
    return { nothing: 'what differs only needs pruning, and pruning is off' };
  }
  if (attempted(app, drift)) return selfHeal(app, drift, different, now);
  if (policy.prune && !policy.allowEmpty && drift.resources.every((resource) => resource.requiresPruning)) {
    return { refused: `Skipping sync attempt to [${drift.revision}]: auto-sync will wipe out all resources` };
  }
  return { sync: operationOf(app, drift, undefined) };
}

/** Decided again when the windows change. */
const blocked = (opensAt: number | undefined, now: number): AutoSyncDecision =>
  opensAt === undefined ? { nothing: 'no sync window will allow it' } : { later: opensAt - now };

/** Whether the last operation already tried these revisions of these sources. */
function attempted(app: Application, drift: Drift): boolean {
  const state = app.status?.operationState;
  if (!state) return false;
  const result = state.syncResult;
  if (!result) return state.phase !== 'Running' && state.phase !== 'Terminating';
  const sources = result.sources && result.sources.length > 0 ? result.sources : result.source ? [result.source] : [];
  const sameSources = sameJson(toJson(sources), toJson(sourcesOf(app.spec)));
  const sameRevision =
    drift.revisions.length > 0
      ? sameJson([...(result.revisions ?? [])], [...drift.revisions])
      : result.revision === drift.revision;
  return sameSources && sameRevision;
}

function selfHeal(app: Application, drift: Drift, different: readonly ResourceStatus[], now: number): AutoSyncDecision {
  const state = app.status?.operationState;
  if (state && state.phase !== 'Succeeded') {
    return { refused: `Failed last sync attempt to [${drift.revision}]: ${state.message ?? ''}` };
  }
  if (!app.spec.syncPolicy?.automated?.selfHeal) return { nothing: 'this revision was synced, and self-heal is off' };
  const attempts = state?.operation?.sync?.autoHealAttemptsCount ?? 0;
  const finished = state?.finishedAt ? Date.parse(state.finishedAt) : 0;
  const wait = finished + selfHealDelay(attempts) - now;
  if (wait > 0) return { later: wait };
  const resources = different.map((resource) => ({
    ...(resource.group ? { group: resource.group } : {}),
    kind: resource.kind ?? '',
    name: resource.name ?? '',
  }));
  return { sync: operationOf(app, drift, { attempts: attempts + 1, resources }) };
}

/** 0 for the first healing after a sync, then 2, 6, 18 … seconds, at most 5 minutes. */
function selfHealDelay(attempts: number): number {
  return attempts === 0 ? 0 : Math.min(SELF_HEAL_CAP_MS, SELF_HEAL_BASE_MS * SELF_HEAL_FACTOR ** (attempts - 1));
}

interface Healing {
  readonly attempts: number;
  readonly resources: readonly SyncOperationResource[];
}

function operationOf(app: Application, drift: Drift, healing: Healing | undefined): Operation {
  const { spec } = app;
  const multiple = (spec.sources?.length ?? 0) > 0;
  return {
    sync: {
      ...(multiple
        ? { revisions: drift.revisions, sources: spec.sources }
        : { revision: drift.revision, source: spec.source }),
      ...(spec.syncPolicy?.automated?.prune ? { prune: true } : {}),
      ...(spec.syncPolicy?.syncOptions ? { syncOptions: spec.syncPolicy.syncOptions } : {}),
      ...(healing ? { resources: healing.resources, autoHealAttemptsCount: healing.attempts } : {}),
    },
    initiatedBy: { automated: true },
    retry: spec.syncPolicy?.retry ?? DEFAULT_RETRY,
  };
}
