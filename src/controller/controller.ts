// The loop: what changed is put in the queue, one worker at a time deletes, operates or refreshes an application.

import { asHawserError, type HawserError } from '../core/errors.ts';
import type { Application } from '../model/application.ts';
import { type KubeObject, keyOf } from '../objects/object.ts';
import { APPLICATION_TYPE, applicationKey, asApplication, REFRESH_ANNOTATION } from './applications.ts';
import { differs, isAskedFor, ownersOf } from './changes.ts';
import { createComparisons } from './comparisons.ts';
import { stepDeletion } from './deletion.ts';
import { stepOperation } from './operation/run.ts';
import type { ControllerPorts, Step } from './ports.ts';
import { createQueue, type Priority } from './queue.ts';
import { comparesSpec, higherLevel, type Refreshed, type RefreshLevel, refreshApplication } from './refresh.ts';

export interface Controller {
  /** Begins with every application that has something due. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** To be told of every object that was added, changed or removed in a cluster. */
  changed(before: KubeObject | undefined, after: KubeObject | undefined): void;
  /** A repository of the application has new commits. */
  pushed(name: string): void;
  /**
   * Resolves when an application has been compared and whatever that caused has ended, or it is gone. What waits for a person,
   * for a later try, or for the next healing has ended as far as that goes: the answer is what is still to come, if anything.
   */
  settled(name: string): Promise<string | undefined>;
  /** Why the work on an application fails again and again; undefined when it does not. */
  failureOf(name: string): HawserError | undefined;
}

const WORKERS = 10;
/**
 * The poll is every 1½ to 2 minutes, so that applications do not all ask at once. What a repository said within the last minute
 * is not asked again (repo/git/repositories.ts): a commit is noticed within the documented 3 minutes.
 */
const RESYNC_MS = 90_000;
const RESYNC_JITTER_MS = 30_000;
/** Changes come in bursts: a rollout is one look, not thirty. */
const CHANGE_DELAY_MS = 100;
/** What a commit does not touch is spread: a thousand applications of one repository are not compared at once. */
const UNTOUCHED_DELAY_MS = 2000;
const UNTOUCHED_JITTER_MS = 10_000;
const RETRY_MS = 1000;
const SETTLED_POLL_MS = 20;
/** So often in a row may the work on an application fail before nobody waits for it any more. */
const PATIENCE = 3;

export function createController(ports: ControllerPorts): Controller {
  const levels = new Map<string, RefreshLevel>();
  /** The specification that this process compared last, by application. */
  const compared = new Map<string, string>();
  /** When to heal again what differs still. */
  const heals = new Map<string, number>();
  /** What does not go on by itself for now, or fails again and again: nothing ends by waiting for it. */
  const resting = new Set<string>();
  const failures = new Map<string, { readonly times: number; readonly error: HawserError }>();
  const comparisons = createComparisons(ports);
  /** When an application was found to be as it was compared. */
  const polled = new Map<string, number>();
  /** When to look at what a commit did not touch. */
  const looks = new Map<string, number>();
  const queue = createQueue({ clock: ports.clock, workers: WORKERS, work: (name) => work(name) });
  let started = false;

  function read(name: string): Application | undefined {
    const object = ports.home.live.get(applicationKey(ports.namespace, name));
    return object && asApplication(object);
  }

  function refresh(name: string, level: RefreshLevel, afterMs = 0, priority: Priority = 'routine'): void {
    levels.set(name, higherLevel(levels.get(name) ?? 'recent', level));
    queue.add(name, afterMs, priority);
  }

  /** Compares an application at some time: nobody waits for it. */
  function lookLater(name: string, afterMs: number): void {
    looks.set(name, ports.clock.now() + afterMs);
    queue.add(name, afterMs);
  }

  /** Whoever pushes waits for what was pushed; what a commit does not touch only learns of it, a little later. */
  async function pushed(name: string): Promise<void> {
    const touched = await comparisons.isTouched(name).catch(() => true);
    if (touched) refresh(name, 'resolve', 0, 'asked');
    else lookLater(name, UNTOUCHED_DELAY_MS + ports.random() * UNTOUCHED_JITTER_MS);
  }

  async function work(name: string): Promise<void> {
    try {
      const app = read(name);
      if (!app) {
        for (const known of [levels, compared, heals, resting, failures, polled, looks]) known.delete(name);
        return;
      }
      if (isSkipped(app)) return;
      await workOn(app);
      failures.delete(name);
    } catch (thrown) {
      const error = asHawserError(thrown);
      if (error.code === 'not-found') return;
      ports.log(`${name}: ${error.message}`);
      failures.set(name, { times: (failures.get(name)?.times ?? 0) + 1, error });
      queue.add(name, RETRY_MS);
    }
  }

  async function workOn(app: Application): Promise<void> {
    const { name } = app.metadata;
    if (app.operation) return operate(app);
    if (app.metadata.deletionTimestamp) {
      goOn(name, await stepDeletion(ports, app));
      return;
    }
    resting.delete(name);
    const level = dueLevel(app, levels.get(name));
    if (level === 'latest' && (await comparisons.isCurrent(app).catch(() => false))) {
      for (const due of [levels, looks]) due.delete(name);
      polled.set(name, ports.clock.now());
    } else if (level !== undefined) await refreshNow(app, level);
    // A time of a queue gives way to an earlier one: it is set again after each.
    queue.add(name, RESYNC_MS + ports.random() * RESYNC_JITTER_MS);
  }

  async function refreshNow(app: Application, level: RefreshLevel): Promise<void> {
    const { name } = app.metadata;
    const { againAfter, app: after } = await compare(app, level);
    if (after.operation) queue.add(name, 0, 'asked');
    else if (againAfter !== undefined) {
      heals.set(name, ports.clock.now() + againAfter);
      queue.add(name, againAfter);
    }
  }

  /** A step of the operation. Who asks for a refresh meanwhile gets it: an operation may run, or wait for its next try, for hours. */
  async function operate(app: Application): Promise<void> {
    const { name } = app.metadata;
    const asked = app.metadata.annotations?.[REFRESH_ANNOTATION];
    const current = asked === undefined ? app : (await compare(app, asked === 'hard' ? 'hard' : 'resolve')).app;
    const step = await stepOperation(ports, current);
    goOn(name, step);
    if (step.againAfter === undefined) refresh(name, app.operation?.initiatedBy?.automated ? 'latest' : 'resolve');
  }

  function goOn(name: string, { againAfter, rests }: Step): void {
    if (rests) resting.add(name);
    else resting.delete(name);
    if (againAfter !== undefined) queue.add(name, againAfter, 'asked');
  }

  async function compare(app: Application, level: RefreshLevel): Promise<Refreshed> {
    const { name } = app.metadata;
    for (const due of [levels, heals, looks]) due.delete(name);
    const basis = await comparisons.begin(app).catch(() => undefined);
    const refreshed = await refreshApplication(ports, app, level);
    compared.set(name, JSON.stringify(app.spec));
    if (basis) comparisons.keep(app, basis, refreshed.result);
    return refreshed;
  }

  /** How much to ask anew, undefined when nothing is due. */
  function dueLevel(app: Application, asked: RefreshLevel | undefined): RefreshLevel | undefined {
    const annotation = app.metadata.annotations?.[REFRESH_ANNOTATION];
    if (annotation !== undefined) return annotation === 'hard' ? 'hard' : higherLevel(asked ?? 'resolve', 'resolve');
    if (!isCompared(app)) return higherLevel(asked ?? 'resolve', 'resolve');
    if (endedSinceCompared(app)) return higherLevel(asked ?? 'latest', 'latest');
    const now = ports.clock.now();
    if (now >= (heals.get(app.metadata.name) ?? Number.POSITIVE_INFINITY))
      return higherLevel(asked ?? 'recent', 'recent');
    const looked = Math.max(
      polled.get(app.metadata.name) ?? 0,
      Date.parse(app.status?.reconciledAt ?? '1970-01-01T00:00:00Z'),
    );
    if (now - looked >= RESYNC_MS || now >= (looks.get(app.metadata.name) ?? Number.POSITIVE_INFINITY))
      return higherLevel(asked ?? 'latest', 'latest');
    return asked;
  }

  const owners = (object: KubeObject | undefined): Iterable<string> =>
    object ? ownersOf(object, ports.home.live) : [];

  const isCompared = (app: Application): boolean =>
    comparesSpec(app) || compared.get(app.metadata.name) === JSON.stringify(app.spec);

  function failureOf(name: string): HawserError | undefined {
    const failure = failures.get(name);
    return failure && failure.times >= PATIENCE ? failure.error : undefined;
  }

  /** Something goes on, or is about to, that ends by itself. */
  function isBusy(app: Application): boolean {
    const { name, annotations, deletionTimestamp, finalizers = [] } = app.metadata;
    if (resting.has(name) || failureOf(name) !== undefined) return false;
    const leaves = deletionTimestamp !== undefined && finalizers.length > 0;
    const isAsked = annotations?.[REFRESH_ANNOTATION] !== undefined;
    return app.operation !== undefined || levels.has(name) || isAsked || leaves || !isCompared(app);
  }

  function applicationChanged(before: KubeObject | undefined, after: KubeObject | undefined): void {
    const name = (after ?? before)?.metadata.name ?? '';
    if (!after) {
      queue.add(name);
      return;
    }
    if (!before) refresh(name, 'recent', 0, 'asked');
    else if (JSON.stringify(before['spec']) !== JSON.stringify(after['spec'])) refresh(name, 'latest', 0, 'asked');
    else if (isAskedFor(before, after)) queue.add(name, 0, 'asked');
  }

  return {
    start: async () => {
      await ports.home.live.ready();
      started = true;
      for (const object of ports.home.live.objects()) {
        if (isApplication(object, ports.namespace)) refresh(object.metadata.name ?? '', 'recent');
      }
    },
    stop: async () => {
      started = false;
      await queue.stop();
    },
    changed: (before, after) => {
      const object = after ?? before;
      if (!started || !object) return;
      if (isApplication(object, ports.namespace)) applicationChanged(before, after);
      if (isDefinition(object) && differs(before, after)) comparisons.dropAll();
      for (const name of new Set([...owners(before), ...owners(after)])) {
        if (!differs(before, after)) continue;
        comparisons.drop(name);
        refresh(name, 'recent', CHANGE_DELAY_MS);
      }
    },
    pushed: (name) => void pushed(name),
    failureOf,
    settled: async (name) => {
      // What was written a moment ago may not have come by the watch yet.
      const reference = { ...APPLICATION_TYPE, namespace: ports.namespace, name };
      const written = await ports.home.cluster.get(reference);
      if (written) ports.home.live.put(written);
      for (;;) {
        await queue.idle(name);
        const app = read(name);
        if (!started || !app || isSkipped(app)) return undefined;
        if (!isBusy(app)) return resting.has(name) ? awaited(app) : undefined;
        await ports.clock.sleep(SETTLED_POLL_MS);
      }
    },
  };
}

/** What an application that rests waits for. */
function awaited({ metadata, operation, status }: Application): string | undefined {
  if (operation) return status?.operationState?.message;
  if (metadata.deletionTimestamp === undefined) return undefined;
  const failure = status?.conditions?.find(({ type }) => type === 'DeletionError');
  return failure?.message ?? 'waiting for the confirmation of its deletion';
}

/** An operation ended and the process with it, before what it did was compared. */
function endedSinceCompared({ status }: Application): boolean {
  const finished = status?.operationState?.phase === 'Running' ? undefined : status?.operationState?.finishedAt;
  return finished !== undefined && Date.parse(finished) > Date.parse(status?.reconciledAt ?? '1970-01-01T00:00:00Z');
}

function isApplication(object: KubeObject, namespace: string): boolean {
  const key = keyOf(object);
  return key.group === 'argoproj.io' && key.kind === 'Application' && key.namespace === namespace;
}

const isDefinition = (object: KubeObject): boolean => object.kind === 'CustomResourceDefinition';

function isSkipped(app: Application): boolean {
  return app.metadata.annotations?.['argocd.argoproj.io/skip-reconcile'] === 'true';
}
