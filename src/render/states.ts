// What `get`, `sync` and `wait` say of each resource: what became of it in the last operation, beside how it is now.

import type { Application, ResourceStatus } from '../model/application.ts';
import type { ResourceResult } from '../model/operation.ts';
import { type Row, stateCell, type Table } from './table.ts';
import type { View } from './view.ts';

export interface ResourceState {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly status: string;
  readonly health: string;
  readonly hook: string;
  readonly message: string;
  /** Why the health is what it is, where the cluster says so. */
  readonly reason: string;
}

export const stateKey = (state: Pick<ResourceState, 'group' | 'kind' | 'namespace' | 'name'>): string =>
  [state.group, state.kind, state.namespace, state.name].join('/');

/** The results of the last operation in their order, then what else belongs to the application, sorted. Each has one row. */
export function resourceStates(app: Application): ResourceState[] {
  const current = new Map((app.status?.resources ?? []).map((resource) => [stateKey(refOf(resource)), resource]));
  const states: ResourceState[] = [];
  for (const result of app.status?.operationState?.syncResult?.resources ?? []) {
    const key = keyAmong(current, refOf(result), app);
    const now = current.get(key);
    const isHook = (result.hookType ?? '') !== '';
    current.delete(key);
    states.push(now && !isHook ? { ...stateOf(now), message: result.message ?? '' } : outcome(result));
  }
  const rest = [...current].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, resource]) => stateOf(resource));
  return [...states, ...rest];
}

/** 'Kind namespace/name' of the result of an operation; without the namespace where it belongs to none. */
export function resultName(result: ResourceResult, app: Application): string {
  const present = new Set((app.status?.resources ?? []).map((resource) => stateKey(refOf(resource))));
  const ref = refOf(result);
  const isBare = ref.namespace === '' || keyAmong(present, ref, app) === stateKey({ ...ref, namespace: '' });
  return `${ref.kind} ${isBare ? '' : `${ref.namespace}/`}${ref.name}`;
}

/** What belongs to no namespace has the destination's in the results of an operation. */
function keyAmong(
  current: Pick<ReadonlySet<string>, 'has'>,
  ref: ReturnType<typeof refOf>,
  { spec }: Application,
): string {
  const [own, bare] = [stateKey(ref), stateKey({ ...ref, namespace: '' })];
  return !current.has(own) && ref.namespace === spec.destination.namespace && current.has(bare) ? bare : own;
}

function stateOf(resource: ResourceStatus): ResourceState {
  return {
    ...refOf(resource),
    status: resource.status ?? '',
    health: resource.health?.status ?? '',
    hook: '',
    message: '',
    reason: resource.health?.message ?? '',
  };
}

function outcome(result: ResourceResult): ResourceState {
  return {
    ...refOf(result),
    status: result.hookPhase ?? '',
    health: result.status ?? '',
    hook: result.hookType ?? '',
    message: result.message ?? '',
    reason: '',
  };
}

interface Named {
  readonly group?: string;
  readonly kind?: string;
  readonly namespace?: string;
  readonly name?: string;
}

function refOf({ group = '', kind = '', namespace = '', name = '' }: Named): {
  group: string;
  kind: string;
  namespace: string;
  name: string;
} {
  return { group, kind, namespace, name };
}

export const STATE_HEAD = ['GROUP', 'KIND', 'NAMESPACE', 'NAME', 'STATUS', 'HEALTH', 'HOOK', 'MESSAGE'] as const;

/** A line a resource; where facts are grouped, what is not well says why rather than what the last sync did to it. */
export function stateTable(states: readonly ResourceState[], facts: View['facts']): Table {
  const explains = facts === 'grouped';
  const rows = states.map((state) => stateRow(explains ? { ...state, message: whyOf(state) } : state));
  return { head: STATE_HEAD, rows, spare: ['GROUP', 'NAMESPACE'], note: 'MESSAGE' };
}

const whyOf = ({ health, message, reason }: ResourceState): string =>
  reason !== '' && health !== 'Healthy' ? reason : message;

function stateRow(state: ResourceState): Row {
  return [
    state.group,
    state.kind,
    state.namespace,
    state.name,
    stateCell(state.status),
    stateCell(state.health),
    state.hook,
    state.message,
  ];
}
