// One turn of an application: a step of its operation, a step of its deletion, or a refresh.

import { asHawserError, type HawserError } from '../core/errors.ts';
import type { Application } from '../model/application.ts';
import { type ApplicationKey, applicationKey } from '../model/application-key.ts';
import { REFRESH_ANNOTATION } from '../model/refresh.ts';
import { readApplication } from './applications.ts';
import type { Comparisons } from './comparisons.ts';
import { stepDeletion } from './deletion.ts';
import { stepOperation } from './operation/run.ts';
import type { ControllerPorts, Step } from './ports.ts';
import type { Queue } from './queue.ts';
import { type Refreshed, type RefreshLevel, refreshApplication } from './refresh.ts';
import { RESYNC_MS, type RefreshSchedule } from './refresh-schedule.ts';
import type { Priority } from './timers.ts';

/** What the loop remembers of the applications while it runs. */
export interface Loop {
  readonly ports: ControllerPorts;
  readonly queue: Queue<ApplicationKey>;
  readonly schedule: RefreshSchedule;
  readonly comparisons: Comparisons;
  /** What does not go on by itself for now: nothing ends by waiting for it. */
  readonly resting: Set<ApplicationKey>;
  readonly failures: Map<ApplicationKey, Failure>;
  /** When a deletion that failed may be tried again. */
  readonly retryTimes: Map<ApplicationKey, number>;
}

export interface Failure {
  readonly times: number;
  readonly error: HawserError;
}

const RESYNC_JITTER_MS = 30_000;
const RETRY_MS = 1000;

export function requestRefresh(
  { schedule, queue }: Loop,
  key: ApplicationKey,
  level: RefreshLevel,
  turn: { readonly afterMs?: number; readonly priority?: Priority } = {},
): void {
  schedule.request(key, level);
  queue.add(key, turn.afterMs ?? 0, turn.priority ?? 'routine');
}

/** Works on an application. What fails is tried again a little later; nothing is thrown. */
export async function reconcile(loop: Loop, key: ApplicationKey): Promise<void> {
  const { ports, queue, failures } = loop;
  try {
    const app = readApplication(ports, key);
    if (!app) return forget(loop, key);
    if (skipsReconcile(app)) return;
    await workOn(loop, app);
    failures.delete(key);
  } catch (thrown) {
    const error = asHawserError(thrown);
    if (error.code === 'not-found') return;
    ports.log(`${key}: ${error.message}`);
    failures.set(key, { times: (failures.get(key)?.times ?? 0) + 1, error });
    queue.add(key, RETRY_MS);
  }
}

export function skipsReconcile(app: Application): boolean {
  return app.metadata.annotations?.['argocd.argoproj.io/skip-reconcile'] === 'true';
}

function forget({ schedule, comparisons, resting, failures, retryTimes }: Loop, key: ApplicationKey): void {
  schedule.forget(key);
  comparisons.forget(key);
  resting.delete(key);
  failures.delete(key);
  retryTimes.delete(key);
}

async function workOn(loop: Loop, app: Application): Promise<void> {
  const { ports, queue, schedule, comparisons } = loop;
  const key = applicationKey(app.metadata);
  if (app.operation) return operate(loop, app);
  if (app.metadata.deletionTimestamp) return remove(loop, app);
  loop.resting.delete(key);
  const level = schedule.dueLevel(app);
  if (level === 'latest' && (await comparisons.isCurrent(app).catch(() => false))) schedule.skip(key);
  else if (level !== undefined) await refresh(loop, app, level);
  // A time of a queue gives way to an earlier one: it is set again after each.
  queue.add(key, RESYNC_MS + ports.random() * RESYNC_JITTER_MS);
}

async function refresh(loop: Loop, app: Application, level: RefreshLevel): Promise<void> {
  const key = applicationKey(app.metadata);
  const { againAfter, app: after } = await compare(loop, app, level);
  if (after.operation) loop.queue.add(key, 0, 'urgent');
  else if (againAfter !== undefined) {
    loop.schedule.healAfter(key, againAfter);
    loop.queue.add(key, againAfter);
  }
}

/** A step of the operation. It may run, or wait for its next try, for hours: a refresh is answered meanwhile. */
async function operate(loop: Loop, app: Application): Promise<void> {
  const key = applicationKey(app.metadata);
  const annotation = app.metadata.annotations?.[REFRESH_ANNOTATION];
  const level = annotation === 'hard' ? 'hard' : 'resolve';
  const current = annotation === undefined ? app : (await compare(loop, app, level)).app;
  const step = await stepOperation(loop.ports, current);
  goOn(loop, key, step);
  if (step.againAfter === undefined)
    requestRefresh(loop, key, app.operation?.initiatedBy?.automated ? 'latest' : 'resolve');
}

/** A step of the deletion. A failed hook goes and comes again with each try: its own events must not start the next one. */
async function remove(loop: Loop, app: Application): Promise<void> {
  const { ports, queue, retryTimes } = loop;
  const key = applicationKey(app.metadata);
  const waitMs = (retryTimes.get(key) ?? 0) - ports.clock.now();
  if (waitMs > 0) return queue.add(key, waitMs);
  goOn(loop, key, await stepDeletion(ports, app));
}

function goOn(loop: Loop, key: ApplicationKey, { againAfter, rests, backsOff }: Step): void {
  const { ports, queue, resting, retryTimes } = loop;
  if (rests) resting.add(key);
  else resting.delete(key);
  if (againAfter === undefined) return;
  if (backsOff) retryTimes.set(key, ports.clock.now() + againAfter);
  queue.add(key, againAfter, 'urgent');
}

async function compare(loop: Loop, app: Application, level: RefreshLevel): Promise<Refreshed> {
  const { ports, schedule, comparisons } = loop;
  schedule.begin(applicationKey(app.metadata));
  const basis = await comparisons.begin(app).catch(() => undefined);
  const refreshed = await refreshApplication(ports, app, level);
  schedule.end(app);
  if (basis) comparisons.keep(app, basis, refreshed.result);
  return refreshed;
}
