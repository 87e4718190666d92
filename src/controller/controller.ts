// The loop: what changed is put in the queue, one worker at a time deletes, operates or refreshes an application.

import { asHawserError } from '../core/errors.ts';
import { ownerApplication } from '../engine/resource/tracking.ts';
import type { Application } from '../model/application.ts';
import { type KubeObject, keyOf } from '../objects/object.ts';
import { APPLICATION_TYPE, applicationKey, asApplication, REFRESH_ANNOTATION } from './applications.ts';
import { stepDeletion } from './deletion.ts';
import { type OperationStep, stepOperation } from './operation/run.ts';
import type { ControllerPorts } from './ports.ts';
import { createQueue } from './queue.ts';
import { comparesSpec, higherLevel, type RefreshLevel, refreshApplication } from './refresh.ts';

export interface Controller {
  /** Begins with every application that has something due. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** To be told of every object that was added, changed or removed in a cluster. */
  changed(before: KubeObject | undefined, after: KubeObject | undefined): void;
  /** Compares an application again soon. */
  refresh(name: string, level: RefreshLevel): void;
  /** Resolves when an application has been compared and whatever that caused has ended (or it is gone). */
  settled(name: string): Promise<void>;
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

export function createController(ports: ControllerPorts): Controller {
  const levels = new Map<string, RefreshLevel>();
  const queue = createQueue({ clock: ports.clock, workers: WORKERS, work: (name) => work(name) });
  let started = false;

  function read(name: string): Application | undefined {
    const object = ports.home.live.get(applicationKey(ports.namespace, name));
    return object && asApplication(object);
  }

  function refresh(name: string, level: RefreshLevel, afterMs = 0): void {
    levels.set(name, higherLevel(levels.get(name) ?? 'recent', level));
    queue.add(name, afterMs);
  }

  async function work(name: string): Promise<void> {
    try {
      const app = read(name);
      if (!app) {
        levels.delete(name);
        return;
      }
      if (isSkipped(app)) return;
      await workOn(app);
    } catch (thrown) {
      const error = asHawserError(thrown);
      if (error.code === 'not-found') return;
      ports.log(`${name}: ${error.message}`);
      queue.add(name, 1000);
    }
  }

  async function workOn(app: Application): Promise<void> {
    const { name } = app.metadata;
    if (app.operation) {
      const { againAfter }: OperationStep = await stepOperation(ports, app);
      if (againAfter === undefined) refresh(name, app.operation.initiatedBy?.automated ? 'latest' : 'resolve');
      else queue.add(name, againAfter);
      return;
    }
    if (app.metadata.deletionTimestamp) {
      const again = await stepDeletion(ports, app);
      if (again !== undefined) queue.add(name, again);
      return;
    }
    const level = dueLevel(app, levels.get(name));
    if (level === undefined) return;
    levels.delete(name);
    const { againAfter, app: after } = await refreshApplication(ports, app, level);
    if (after.operation) queue.add(name);
    else if (againAfter !== undefined) refresh(name, 'recent', againAfter);
    queue.add(name, RESYNC_MS + ports.random() * RESYNC_JITTER_MS);
  }

  /** How much to ask anew, undefined when nothing is due. */
  function dueLevel(app: Application, asked: RefreshLevel | undefined): RefreshLevel | undefined {
    const annotation = app.metadata.annotations?.[REFRESH_ANNOTATION];
    if (annotation !== undefined) return annotation === 'hard' ? 'hard' : higherLevel(asked ?? 'resolve', 'resolve');
    if (!comparesSpec(app)) return higherLevel(asked ?? 'resolve', 'resolve');
    if (endedSinceCompared(app)) return higherLevel(asked ?? 'latest', 'latest');
    const age = ports.clock.now() - Date.parse(app.status?.reconciledAt ?? '1970-01-01T00:00:00Z');
    if (age >= RESYNC_MS) return higherLevel(asked ?? 'latest', 'latest');
    return asked;
  }

  function applicationChanged(before: KubeObject | undefined, after: KubeObject | undefined): void {
    const name = (after ?? before)?.metadata.name ?? '';
    if (!after) {
      queue.add(name);
      return;
    }
    if (!before) refresh(name, 'recent');
    else if (JSON.stringify(before['spec']) !== JSON.stringify(after['spec'])) refresh(name, 'latest');
    else if (isAskedFor(before, after)) queue.add(name);
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
      for (const name of ownersOf(object, ports)) if (differs(before, after)) refresh(name, 'recent', CHANGE_DELAY_MS);
    },
    refresh: (name, level) => refresh(name, level),
    settled: async (name) => {
      // What was written a moment ago may not have come by the watch yet.
      const reference = { ...APPLICATION_TYPE, namespace: ports.namespace, name };
      const written = await ports.home.cluster.get(reference);
      if (written) ports.home.live.put(written);
      for (;;) {
        await queue.idle(name);
        const app = read(name);
        if (!app || isSkipped(app)) return;
        const busy = app.operation !== undefined || levels.has(name) || app.metadata.annotations?.[REFRESH_ANNOTATION];
        const leaving = app.metadata.deletionTimestamp && (app.metadata.finalizers ?? []).length > 0;
        if (!busy && !leaving && comparesSpec(app)) return;
        if (!started) return;
        await ports.clock.sleep(20);
      }
    },
  };
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

function isSkipped(app: Application): boolean {
  return app.metadata.annotations?.['argocd.argoproj.io/skip-reconcile'] === 'true';
}

/** An operation, a refresh or a deletion that somebody asked for. */
function isAskedFor(before: KubeObject, after: KubeObject): boolean {
  const asks = (object: KubeObject): string =>
    JSON.stringify([
      object['operation'] ?? null,
      object.metadata.annotations?.[REFRESH_ANNOTATION] ?? null,
      object.metadata.deletionTimestamp ?? null,
      phaseOf(object),
    ]);
  return asks(before) !== asks(after);
}

function phaseOf(object: KubeObject): unknown {
  const status = object['status'];
  return typeof status === 'object' && status !== null && 'operationState' in status
    ? JSON.stringify(status.operationState).includes('"phase":"Terminating"')
    : false;
}

/** The applications that an object belongs to, by itself or by what owns it. */
function ownersOf(object: KubeObject, ports: ControllerPorts, depth = 5): Set<string> {
  const found = new Set<string>();
  const owner = ownerApplication(object);
  if (owner !== undefined) found.add(owner);
  if (depth === 0) return found;
  for (const reference of object.metadata.ownerReferences ?? []) {
    const group = reference.apiVersion.includes('/') ? reference.apiVersion.split('/')[0] : '';
    const parent = ports.home.live.get({
      group: group ?? '',
      kind: reference.kind,
      namespace: object.metadata.namespace ?? '',
      name: reference.name,
    });
    if (parent) for (const name of ownersOf(parent, ports, depth - 1)) found.add(name);
  }
  return found;
}

/** Whether a change can matter: a new resource version alone does not. */
function differs(before: KubeObject | undefined, after: KubeObject | undefined): boolean {
  if (!before || !after) return true;
  return contentOf(before) !== contentOf(after);
}

function contentOf(object: KubeObject): string {
  const { resourceVersion: _version, managedFields: _fields, ...metadata } = object.metadata;
  return JSON.stringify({ ...object, metadata });
}
