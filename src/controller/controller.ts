// The loop: an application that changed is put in the queue, and workers take one at a time and reconcile it.

import type { HawserError } from '../core/errors.ts';
import { textAt } from '../core/json.ts';
import type { Application } from '../model/application.ts';
import {
  APPLICATION_TYPE,
  type ApplicationKey,
  applicationKey,
  keyOfInstance,
  parseApplicationKey,
} from '../model/application-key.ts';
import { REFRESH_ANNOTATION } from '../model/refresh.ts';
import type { KubeObject } from '../objects/object.ts';
import { isWatchedApplication, readApplication } from './applications.ts';
import { changesPause, differs, instancesOf, isRequest } from './changes.ts';
import { createComparisons } from './comparisons.ts';
import type { ControllerPorts, ObjectChange } from './ports.ts';
import { createQueue } from './queue.ts';
import { type Loop, reconcile, requestRefresh, skipsReconcile } from './reconcile.ts';
import { createRefreshSchedule } from './refresh-schedule.ts';

export interface Controller {
  /** Begins with every application that has something due. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** To be told of every change in the clusters that applications are deployed to. */
  changed(change: ObjectChange): void;
  /** A repository of the application has new commits. */
  pushed(key: ApplicationKey): void;
  /**
   * Resolves when an application has been compared and whatever that caused has ended, or it is gone. What waits for a person,
   * for a later try, or for the next healing has ended as far as that goes: the answer is what is still to come, if anything.
   */
  settled(key: ApplicationKey): Promise<string | undefined>;
  /** Why the work on an application fails again and again; undefined when it does not. */
  failureOf(key: ApplicationKey): HawserError | undefined;
}

const WORKERS = 10;
/** Changes come in bursts: a rollout is one comparison, not thirty. */
const CHANGE_DELAY_MS = 100;
/** What a commit does not touch is spread: a thousand applications of one repository are not compared at once. */
const UNTOUCHED_DELAY_MS = 2000;
const UNTOUCHED_JITTER_MS = 10_000;
const SETTLED_POLL_MS = 20;
/** After so many failures in a row an application counts as failing: `settled` does not wait for it. */
const MAX_FAILURES = 3;

export function createController(ports: ControllerPorts): Controller {
  const loop: Loop = {
    ports,
    queue: createQueue({ clock: ports.clock, workers: WORKERS, work: (key) => reconcile(loop, key) }),
    schedule: createRefreshSchedule(ports.clock),
    comparisons: createComparisons(ports),
    resting: new Set(),
    failures: new Map(),
    retryTimes: new Map(),
  };
  let started = false;
  return {
    start: async () => {
      await ports.home.live.ready();
      started = true;
      for (const object of ports.home.live.ofKind(APPLICATION_TYPE)) {
        if (isWatchedApplication(ports, object)) requestRefresh(loop, applicationKey(object.metadata), 'recent');
      }
    },
    stop: async () => {
      started = false;
      await loop.queue.stop();
    },
    changed: (change) => {
      if (started) objectChanged(loop, change);
    },
    pushed: (key) => void pushed(loop, key),
    failureOf: (key) => failureOf(loop, key),
    settled: async (key) => {
      // What was written a moment ago may not have come by the watch yet.
      const written = await ports.home.cluster.get({ ...APPLICATION_TYPE, ...parseApplicationKey(key) });
      if (written) ports.home.live.put(written);
      for (;;) {
        await loop.queue.idle(key);
        const app = readApplication(ports, key);
        if (!started || !app || skipsReconcile(app)) return undefined;
        if (!isBusy(loop, app)) return loop.resting.has(key) ? awaited(app) : undefined;
        await ports.clock.sleep(SETTLED_POLL_MS);
      }
    },
  };
}

/** A push is urgent for the applications that it touches; the others are compared a little later. */
async function pushed(loop: Loop, key: ApplicationKey): Promise<void> {
  const { comparisons, schedule, queue, ports } = loop;
  if (await comparisons.isTouched(key).catch(() => true)) {
    requestRefresh(loop, key, 'resolve', { priority: 'urgent' });
    return;
  }
  const afterMs = UNTOUCHED_DELAY_MS + ports.random() * UNTOUCHED_JITTER_MS;
  schedule.checkAfter(key, afterMs);
  queue.add(key, afterMs);
}

function objectChanged(loop: Loop, { server, before, after }: ObjectChange): void {
  const object = after ?? before;
  if (!object) return;
  const { ports, comparisons } = loop;
  if (server === ports.home.server && isWatchedApplication(ports, object)) applicationChanged(loop, before, after);
  if (!differs(before, after)) return;
  if (object.kind === 'CustomResourceDefinition') comparisons.dropAll();
  for (const key of ownersOf(ports, server, [before, after])) {
    comparisons.drop(key);
    requestRefresh(loop, key, 'recent', { afterMs: CHANGE_DELAY_MS });
  }
}

/** The applications deployed to a cluster that one of these states of an object belongs to. */
function ownersOf(
  ports: ControllerPorts,
  server: string,
  states: readonly (KubeObject | undefined)[],
): readonly ApplicationKey[] {
  const { live } = ports.destinations.open({ server });
  const instances = states.flatMap((object) => (object ? [...instancesOf(object, live)] : []));
  const keys = new Set(instances.map((instance) => keyOfInstance(instance, ports.namespace)));
  return [...keys].filter((key) => isDeployedTo(ports, key, server));
}

function isDeployedTo(ports: ControllerPorts, key: ApplicationKey, server: string): boolean {
  const application = ports.home.live.get({ ...APPLICATION_TYPE, ...parseApplicationKey(key) });
  if (!application) return false;
  const [ownServer, name] = ['server', 'name'].map((field) => textAt(application, 'spec', 'destination', field));
  return ports.destinations.serverOf({ server: ownServer, name }) === server;
}

function applicationChanged(loop: Loop, before: KubeObject | undefined, after: KubeObject | undefined): void {
  const key = applicationKey((after ?? before)?.metadata ?? {});
  if (!after) loop.queue.add(key);
  else if (!before) requestRefresh(loop, key, 'recent', { priority: 'urgent' });
  else if (JSON.stringify(before['spec']) !== JSON.stringify(after['spec']))
    requestRefresh(loop, key, 'latest', { priority: 'urgent' });
  else if (changesPause(before, after)) requestRefresh(loop, key, 'recent', { priority: 'urgent' });
  else if (isRequest(before, after)) loop.queue.add(key, 0, 'urgent');
}

function failureOf({ failures }: Loop, key: ApplicationKey): HawserError | undefined {
  const failure = failures.get(key);
  return failure && failure.times >= MAX_FAILURES ? failure.error : undefined;
}

/** Something goes on, or is about to, that ends by itself. */
function isBusy(loop: Loop, app: Application): boolean {
  const { annotations, deletionTimestamp, finalizers = [] } = app.metadata;
  const key = applicationKey(app.metadata);
  if (loop.resting.has(key) || failureOf(loop, key) !== undefined) return false;
  const isLeaving = deletionTimestamp !== undefined && finalizers.length > 0;
  const isAsked = annotations?.[REFRESH_ANNOTATION] !== undefined || loop.schedule.isRequested(key);
  return app.operation !== undefined || isAsked || isLeaving || !loop.schedule.isCompared(app);
}

/** What an application that rests waits for. */
function awaited({ metadata, operation, status }: Application): string | undefined {
  if (operation) return status?.operationState?.message;
  if (metadata.deletionTimestamp === undefined) return undefined;
  const failure = status?.conditions?.find(({ type }) => type === 'DeletionError');
  return failure?.message ?? 'waiting for the confirmation of its deletion';
}
