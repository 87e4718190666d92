import { type ApplicationTarget, getApplication, listApplications } from '../../api/applications.ts';
import { watchApplication } from '../../client/watch.ts';
import { asHawserError, HawserError } from '../../core/errors.ts';
import type { Application } from '../../model/application.ts';
import { keyOf, resourceStates } from '../../render/states.ts';
import type { Context } from '../context.ts';
import { type Conditions, operationRuns, outstanding } from './conditions.ts';
import { createProgress, type Progress } from './progress.ts';
import { matchesFilters } from './resource-filter.ts';

export interface Wait {
  readonly target: ApplicationTarget;
  /** As it was last seen; a wait that is over at once asks nobody. */
  readonly application: Application;
  readonly conditions: Conditions | 'deleted';
  /** Milliseconds; 0 is for ever. */
  readonly deadline: number;
  readonly output: string;
}

export type Outcome =
  | { readonly ended: 'reached' | 'timed-out' | 'deleted'; readonly application: Application }
  | {
      readonly ended: 'degraded';
      readonly application: Application;
      readonly resource: string;
      readonly from: string;
    };

/** Follows an application until the conditions hold, the time is up, or a resource breaks. */
export async function waitFor(wait: Wait, context: Context): Promise<Outcome> {
  if (wait.conditions !== 'deleted' && outstanding(wait.application, wait.conditions).length === 0) {
    return { ended: 'reached', application: wait.application };
  }
  const late = new AbortController();
  const done = new AbortController();
  if (wait.deadline > 0) {
    void context.clock.sleep(wait.deadline, done.signal).then(
      () => late.abort(),
      () => undefined,
    );
  }
  const progress = await createProgress(wait.output, context);
  try {
    return await follow(wait, context, {
      progress,
      signal: AbortSignal.any([context.signal, late.signal, done.signal]),
      late,
    });
  } finally {
    done.abort();
    progress.end();
  }
}

interface Following {
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly late: AbortController;
}

async function follow(wait: Wait, context: Context, { progress, signal, late }: Following): Promise<Outcome> {
  const { client } = await context.connect();
  const { name, appNamespace } = wait.target;
  let latest = wait.application;
  const watched = watchApplication(
    client,
    { name, appNamespace, resourceVersion: latest.metadata.resourceVersion },
    { signal, clock: context.clock, onDrop: context.say },
  );
  const broken = degradations();
  try {
    if (wait.conditions === 'deleted') return await untilGone(wait, context, signal);
    for await (const { type, application } of watched) {
      if (type === 'DELETED') return { ended: 'deleted', application: latest };
      latest = application;
      if (outstanding(latest, wait.conditions).length === 0) return { ended: 'reached', application: latest };
      const { resources, health } = wait.conditions;
      const states = resourceStates(latest).filter((state) => matchesFilters(state, resources));
      progress.show(latest, states);
      const fallen = broken(states);
      if (health && fallen) return { ended: 'degraded', application: latest, ...fallen };
    }
  } catch (thrown) {
    if (late.signal.aborted) return { ended: 'timed-out', application: latest };
    if (context.signal.aborted) throw await stopped(latest, context);
    throw thrown;
  }
  // A stream in this process ends quietly when it is told to.
  if (context.signal.aborted && !late.signal.aborted) throw await stopped(latest, context);
  return { ended: 'timed-out', application: latest };
}

const GLANCE = 500;

/** A deletion that was missed is never told again, so this looks at the list instead of listening. */
async function untilGone(wait: Wait, context: Context, signal: AbortSignal): Promise<Outcome> {
  const { client } = await context.connect();
  const { name, appNamespace } = wait.target;
  for (;;) {
    const { items } = await client.call(listApplications, { name, appNamespace }, { signal });
    if (!items?.some((app) => app.metadata.name === name)) return { ended: 'deleted', application: wait.application };
    await context.clock.sleep(GLANCE, signal);
  }
}

/** A resource that falls from a known state to Degraded; how it was at first sight does not count. */
function degradations() {
  const known = new Map<string, string>();
  return (states: ReturnType<typeof resourceStates>): { resource: string; from: string } | undefined => {
    for (const state of states) {
      const key = keyOf(state);
      const before = known.get(key);
      if (state.health !== '') known.set(key, state.health);
      const isFall =
        state.health === 'Degraded' && before !== undefined && !['', 'Unknown', 'Degraded'].includes(before);
      if (isFall) return { resource: `${state.kind} ${state.name}`, from: before };
    }
    return undefined;
  };
}

/** Ctrl-C ends the waiting, not what is waited for. */
async function stopped(app: Application, context: Context): Promise<HawserError> {
  const reason = asHawserError(context.signal.reason);
  const { name } = app.metadata;
  if (!operationRuns(app)) {
    return new HawserError(reason.code, `stopped waiting for '${name}': nothing was changed`, {
      hint: `hawser app wait ${name}`,
    });
  }
  // Without a server of its own the local system rests between two commands.
  const { local } = await context.connect();
  const when = local ? '; without a hawser server it rests until the next command' : '';
  return new HawserError(reason.code, `stopped waiting: the sync of '${name}' goes on`, {
    hint: `hawser app wait ${name} to wait again, hawser app terminate-op ${name} to end it${when}`,
  });
}

/** The application once more, compared anew when an operation was still running: the end of a wait shows its result. */
export async function settledState(wait: Wait, outcome: Outcome, context: Context): Promise<Application> {
  const ran = operationRuns(wait.application);
  if (outcome.ended !== 'reached' || !ran) return outcome.application;
  const { client } = await context.connect();
  return client.call(getApplication, { ...wait.target, refresh: 'normal' });
}
