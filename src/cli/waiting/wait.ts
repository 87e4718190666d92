import { type ApplicationTarget, getApplication, listApplications } from '../../api/applications.ts';
import { watchApplication } from '../../client/watch.ts';
import { asHawserError, HawserError, messageOf } from '../../core/errors.ts';
import type { Application } from '../../model/application.ts';
import { type ResourceState, resourceStates } from '../../render/states.ts';
import type { Context } from '../context.ts';
import { type Breakage, type Breakages, createBreakages } from './breakages.ts';
import { type Conditions, nothingRepairs, operationRuns, outstanding } from './conditions.ts';
import type { Deadline } from './deadline.ts';
import type { Progress } from './progress/progress.ts';
import { matchesFilters } from './resource-filter.ts';
import type { RevisionCheck } from './revision.ts';

export interface Wait {
  readonly target: ApplicationTarget;
  /** As it was last seen; a wait that is over at once asks nobody. */
  readonly application: Application;
  readonly conditions: Conditions | 'deleted';
  readonly deadline: Deadline;
  /** Milliseconds that a resource which breaks may take to recover; 0 ends the wait at once. */
  readonly grace: number;
  /** Learns of each new revision whether it is the one that is waited for, or one after it. */
  readonly revision?: RevisionCheck;
  readonly progress: Progress;
}

export type WaitOutcome =
  | { readonly ended: 'reached' | 'timed-out' | 'deleted'; readonly application: Application }
  | ({ readonly ended: 'degraded'; readonly application: Application } & Breakage);

/** Follows an application until the conditions hold, the time is up, or a resource breaks. */
export async function waitFor(wait: Wait, context: Context): Promise<WaitOutcome> {
  await wait.revision?.learn(wait.application);
  if (wait.conditions !== 'deleted' && outstanding(wait.application, wait.conditions).length === 0) {
    return { ended: 'reached', application: wait.application };
  }
  const done = new AbortController();
  const broken = createBreakages(wait.grace, context, done.signal);
  const { endsOnDegraded } = context.policy.defaults;
  if (endsOnDegraded) lookForBreakages({ wait, app: wait.application, endsOnDegraded }, broken);
  const first = broken.first();
  if (first) return { ended: 'degraded', application: wait.application, ...first };
  wait.progress.begin(wait.application, statesOf(wait.application, wait));
  const gone = wait.conditions === 'deleted' ? lookForAbsence(wait.target, context, done.signal) : NEVER;
  const signal = AbortSignal.any([context.signal, wait.deadline.signal, broken.signal, done.signal, gone]);
  try {
    return await follow(wait, context, { signal, broken, gone });
  } finally {
    done.abort();
  }
}

interface Following {
  readonly signal: AbortSignal;
  readonly broken: Breakages;
  /** Fires when the application is not there any more. */
  readonly gone: AbortSignal;
}

const NEVER = new AbortController().signal;
const GLANCE = 1000;

/** A deletion that was missed is never told again by a stream: the list tells it. */
function lookForAbsence({ name, appNamespace }: ApplicationTarget, context: Context, done: AbortSignal): AbortSignal {
  const gone = new AbortController();
  const look = async (): Promise<void> => {
    const { client } = await context.connect();
    while (!done.aborted) {
      const { items } = await client.call(listApplications, { name, appNamespace }, { signal: done });
      if (!items?.some((app) => app.metadata.name === name)) gone.abort();
      await context.clock.sleep(GLANCE, done);
    }
  };
  look().catch(() => undefined);
  return gone.signal;
}

async function follow(wait: Wait, context: Context, following: Following): Promise<WaitOutcome> {
  const { signal, broken, gone } = following;
  const { progress } = wait;
  const { client } = await context.connect();
  const { endsOnDegraded } = context.policy.defaults;
  const { name, appNamespace } = wait.target;
  let latest = wait.application;
  const query = { name, appNamespace, resourceVersion: latest.metadata.resourceVersion };
  const watched = watchApplication(client, query, { signal, clock: context.clock, onDrop: progress.say });
  try {
    for await (const { type, application } of watched) {
      if (type === 'DELETED') return { ended: 'deleted', application: latest };
      latest = application;
      await wait.revision?.learn(latest);
      const isGone = wait.conditions === 'deleted';
      if (!isGone && outstanding(latest, wait.conditions).length === 0) {
        return { ended: 'reached', application: latest };
      }
      progress.show(latest, statesOf(latest, wait));
      lookForBreakages({ wait, app: latest, endsOnDegraded }, broken);
      if (broken.signal.aborted) break;
    }
  } catch (thrown) {
    const isOver = wait.deadline.signal.aborted || broken.signal.aborted || gone.aborted;
    if (!isOver && context.signal.aborted) throw await stopped(latest, context);
    if (!isOver) throw thrown;
  }
  if (gone.aborted) return { ended: 'deleted', application: latest };
  const first = broken.first();
  if (first) return { ended: 'degraded', application: latest, ...first };
  // A stream in this process ends quietly when it is told to.
  if (context.signal.aborted && !wait.deadline.signal.aborted) throw await stopped(latest, context);
  return { ended: 'timed-out', application: latest };
}

/** What is waited for, as it is now. */
function statesOf(app: Application, { conditions }: Pick<Wait, 'conditions'>): ResourceState[] {
  const filters = conditions === 'deleted' ? [] : conditions.resources;
  return resourceStates(app).filter((state) => matchesFilters(state, filters));
}

interface Look {
  readonly wait: Wait;
  readonly app: Application;
  readonly endsOnDegraded: boolean;
}

function lookForBreakages({ wait, app, endsOnDegraded }: Look, broken: Breakages): void {
  const { conditions } = wait;
  if (conditions === 'deleted' || !conditions.health || conditions.degraded) return;
  broken.see(statesOf(app, wait), endsOnDegraded && nothingRepairs(app, conditions));
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

/**
 * The application once more, compared anew when an operation was still running: the end of a wait shows its result. What
 * cannot be compared is said; the operation is over all the same.
 */
export async function settledState(wait: Wait, outcome: WaitOutcome, context: Context): Promise<Application> {
  const ran = operationRuns(wait.application);
  if (outcome.ended !== 'reached' || !ran) return outcome.application;
  const { client } = await context.connect();
  try {
    return await client.call(getApplication, { ...wait.target, refresh: 'normal' });
  } catch (thrown) {
    if (context.signal.aborted) throw thrown;
    wait.progress.say(`warning: not compared anew: ${messageOf(thrown)}`);
    return outcome.application;
  }
}
