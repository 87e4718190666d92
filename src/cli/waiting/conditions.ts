// When a wait is over: pure questions about one application.

import { at, isObject, sameJson } from '../../core/json.ts';
import { type Application, isAutomated } from '../../model/application.ts';
import { type ResourceState, resourceStates } from '../../render/states.ts';
import { matchesFilters, type ResourceFilter } from './resource-filter.ts';
import type { RevisionCheck } from './revision.ts';

export interface Conditions {
  readonly sync: boolean;
  readonly health: boolean;
  readonly operation: boolean;
  readonly suspended: boolean;
  readonly degraded: boolean;
  readonly hydrated: boolean;
  readonly resources: readonly ResourceFilter[];
  /** Which revisions may be what is deployed. */
  readonly revision?: RevisionCheck;
}

/** An operation is over when it is taken off the object, has an end, and what it did has been compared. */
export function operationRuns(app: Application): boolean {
  const state = app.status?.operationState;
  if (app.operation) return true;
  if (!state) return false;
  if (!state.finishedAt) return true;
  if (state.operation?.sync?.dryRun) return false;
  const compared = app.status?.reconciledAt;
  return compared === undefined || new Date(compared) < new Date(state.finishedAt);
}

/** Whether an application is Degraded, and nothing is under way that could change it: no operation, no sync that comes by itself. */
export function nothingRepairs(app: Application, { resources, revision }: Conditions): boolean {
  if (operationRuns(app) || (revision && !revision.accepts(app))) return false;
  // A resource may be Degraded without its application, where its health is left out.
  if (resources.length === 0 && app.status?.health?.status !== 'Degraded') return false;
  const phase = app.status?.operationState?.phase;
  const hasFailed = phase === 'Failed' || phase === 'Error';
  return !isAutomated(app.spec) || app.status?.sync?.status !== 'OutOfSync' || hasFailed;
}

export interface Outstanding {
  readonly what: string;
  readonly is: string;
  readonly why: string;
}

/** What still stands between the application and the conditions; nothing means reached. */
export function outstanding(app: Application, conditions: Conditions): Outstanding[] {
  return [...ofOperation(app, conditions), ...ofRevision(app, conditions), ...ofStates(app, conditions)];
}

function ofOperation(app: Application, conditions: Conditions): Outstanding[] {
  const outstanding: Outstanding[] = [];
  if (conditions.operation && operationRuns(app)) {
    const state = app.status?.operationState;
    outstanding.push({ what: 'operation', is: state?.phase ?? 'Pending', why: state?.message ?? '' });
  }
  if (conditions.hydrated && !isHydrated(app)) outstanding.push({ what: 'hydration', is: 'unfinished', why: '' });
  return outstanding;
}

function ofRevision(app: Application, { revision }: Conditions): Outstanding[] {
  if (revision === undefined || revision.accepts(app)) return [];
  const synced = app.status?.sync?.revision ?? app.status?.sync?.revisions?.join(', ') ?? '';
  return [{ what: 'revision', is: synced, why: `wanted ${revision.requested}, or one after it` }];
}

function ofStates(app: Application, conditions: Conditions): Outstanding[] {
  const states = resourceStates(app);
  if (conditions.resources.length > 0) {
    return states
      .filter((state) => matchesFilters(state, conditions.resources))
      .filter((state) => !meets(state.status, state.health, conditions))
      .map(outstandingState);
  }
  const sync = app.status?.sync?.status ?? '';
  const health = app.status?.health?.status ?? '';
  if (meets(sync, health, conditions)) return [];
  const guilty = states.filter((state) => state.hook === '' && !holds(state, conditions));
  const whole = { what: 'application', is: [sync, health].filter(Boolean).join(', '), why: conditionText(app) };
  return [whole, ...guilty.map(outstandingState)];
}

/** Most kinds have no health: there it is no question. */
function holds({ status, health }: ResourceState, conditions: Conditions): boolean {
  if (health !== '') return meets(status, health, conditions);
  return !conditions.sync || status === 'Synced';
}

const outstandingState = (state: ResourceState): Outstanding => ({
  what: `${state.kind} ${state.namespace ? `${state.namespace}/` : ''}${state.name}`,
  is: [state.status, state.health].filter(Boolean).join(', '),
  why: state.reason || state.message,
});

const conditionText = (app: Application): string =>
  (app.status?.conditions ?? []).map(({ type, message }) => `${type}: ${message}`).join('; ');

/** Health, suspended and degraded are alternatives; sync stands beside them. */
function meets(sync: string, health: string, conditions: Conditions): boolean {
  const expected = [
    conditions.health ? 'Healthy' : '',
    conditions.suspended ? 'Suspended' : '',
    conditions.degraded ? 'Degraded' : '',
  ].filter(Boolean);
  const isHealthFine =
    expected.length === 0 || expected.includes(health) || (conditions.resources.length > 0 && health === '');
  return isHealthFine && (!conditions.sync || sync === 'Synced');
}

function isHydrated(app: Application): boolean {
  const hydrator = app.status?.sourceHydrator;
  const current = at(hydrator, 'currentOperation');
  const last = at(hydrator, 'lastSuccessfulOperation');
  if (!isObject(current) || current['phase'] !== 'Hydrated' || !isObject(last)) return false;
  return current['drySHA'] === last['drySHA'] && sameJson(current['sourceHydrator'], last['sourceHydrator']);
}
