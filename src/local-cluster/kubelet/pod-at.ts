// A Pod over time: init containers one after the other, then all the others; its phase follows from theirs.

import { type ContainerView, containerAt, type Moment, type Script, waitingFor } from './container.ts';

export interface PodPlan {
  /** When its volumes are there and its containers can begin. */
  readonly begin: number;
  readonly init: readonly InitScript[];
  readonly containers: readonly Script[];
  readonly restartPolicy: string;
}

export interface InitScript extends Script {
  /** Runs beside the containers from then on. */
  readonly isSidecar: boolean;
}

export interface PodView {
  readonly phase: 'Pending' | 'Running' | 'Succeeded' | 'Failed';
  readonly init: readonly ContainerView[];
  readonly containers: readonly ContainerView[];
  /** All init containers are through. */
  readonly isInitialized: boolean;
  /** When it will be another; infinite where it stays. */
  readonly next: number;
}

export function podAt(plan: PodPlan, moment: Moment): PodView {
  if (moment.now < plan.begin) return podBeforeStart(plan, plan.begin);
  const { init, from, hasFailed } = initAt(plan, moment);
  const creating = { reason: 'PodInitializing', message: '' };
  const containers = plan.containers.map((script) =>
    from === undefined ? waitingFor(creating, Number.POSITIVE_INFINITY) : containerAt(script, from, moment),
  );
  const phase = hasFailed ? 'Failed' : from === undefined ? 'Pending' : phaseOf(containers, plan.restartPolicy);
  const next = Math.min(...init.map((view) => view.next), ...containers.map((view) => view.next));
  const isOver = phase === 'Succeeded' || phase === 'Failed';
  return {
    phase,
    init: isOver ? init.map((view) => (view.state.is === 'running' ? ended(view, moment.now) : view)) : init,
    containers,
    isInitialized: from !== undefined,
    next: isOver ? Number.POSITIVE_INFINITY : next,
  };
}

/** The state of a Pod whose containers cannot begin yet. */
export function podBeforeStart(plan: Pick<PodPlan, 'init' | 'containers'>, next: number): PodView {
  const reason = plan.init.length > 0 ? 'PodInitializing' : 'ContainerCreating';
  const view = waitingFor({ reason, message: '' }, next);
  return {
    phase: 'Pending',
    init: plan.init.map(() => view),
    containers: plan.containers.map(() => view),
    isInitialized: plan.init.length === 0,
    next,
  };
}

interface InitState {
  readonly init: readonly ContainerView[];
  /** When the last of them was through. */
  readonly from: number | undefined;
  readonly hasFailed: boolean;
}

function initAt({ begin, init: scripts }: PodPlan, moment: Moment): InitState {
  let from: number | undefined = begin;
  let hasFailed = false;
  const init: ContainerView[] = [];
  for (const script of scripts) {
    if (from === undefined) {
      init.push(waitingFor({ reason: 'PodInitializing', message: '' }, Number.POSITIVE_INFINITY));
      continue;
    }
    const view = containerAt(script, from, moment);
    init.push(view);
    const { state }: ContainerView = view;
    const isThrough: boolean = state.is === 'terminated' && view.isDone && state.ended.exitCode === 0;
    if (state.is === 'terminated' && isThrough) from = state.ended.to;
    else if (state.is === 'running' && script.isSidecar) from = state.from;
    else {
      hasFailed = view.isDone;
      from = undefined;
    }
  }
  return { init, from, hasFailed };
}

/** As kubelets decide: one that waits and never ran keeps the Pod pending. */
function phaseOf(containers: readonly ContainerView[], restartPolicy: string): PodView['phase'] {
  if (containers.some(({ state, last }) => state.is === 'waiting' && !last)) return 'Pending';
  if (restartPolicy === 'Always' || containers.some(({ isDone }) => !isDone)) return 'Running';
  return containers.every(({ state }) => state.is === 'terminated' && state.ended.exitCode === 0)
    ? 'Succeeded'
    : 'Failed';
}

/** A sidecar ends with its Pod. */
function ended(view: ContainerView, now: number): ContainerView {
  const from = view.state.is === 'running' ? view.state.from : now;
  const state = { is: 'terminated', ended: { exitCode: 0, reason: 'Completed', from, to: now } } as const;
  return { ...view, state, ready: false, isDone: true, next: Number.POSITIVE_INFINITY };
}
