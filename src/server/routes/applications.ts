import {
  deleteApplication,
  getApplication,
  type ListApplications,
  listApplications,
  watchApplications,
} from '../../api/applications.ts';
import { HawserError } from '../../core/errors.ts';
import { isObject, type JsonObject, listAt, textAt } from '../../core/json.ts';
import { parse } from '../../core/shape.ts';
import type { Clock } from '../../core/time.ts';
import { isDeleteHookFinalizer } from '../../engine/sync/hooks.ts';
import { type ApplicationWatchEvent, applicationList, applicationWatchEvent } from '../../model/application.ts';
import { matchesLabels, parseLabelSelector } from '../../objects/label-selector.ts';
import type { KubeObject } from '../../objects/object.ts';
import { type Call, type Route, route } from '../http/dispatch.ts';
import { project } from '../http/projection.ts';
import type { ObjectChange, ServerPorts } from '../ports.ts';
import { applicationOnWire } from './application-response.ts';
import { APPLICATION_TYPE, applicationReference, findApplication, touchIdle } from './find.ts';

const REFRESH_ANNOTATION = 'argocd.argoproj.io/refresh';
const HYDRATE_ANNOTATION = 'argocd.argoproj.io/hydrate';
/** How often who watches an application looks whether it can go on at all. */
const LOOK_AGAIN_MS = 1000;
const CASCADE = 'resources-finalizer.argocd.argoproj.io';
const CASCADE_FINALIZERS = [CASCADE, `${CASCADE}/foreground`, `${CASCADE}/background`];

export function applicationRoutes(ports: ServerPorts): Route[] {
  return [
    route(listApplications, async (query) => {
      await ports.catchUp('');
      const { items, resourceVersion } = await ports.home.list(APPLICATION_TYPE, { namespace: ports.namespace });
      const chosen = items.filter(chooser(ports, query)).map((object) => ({ ...applicationOnWire(object) }));
      const answer = { metadata: { resourceVersion }, items: chosen };
      return parse(applicationList, { ...project(asJson(answer), query.fields), metadata: answer.metadata }, 'list');
    }),
    route(getApplication, async (query, { signal }) => {
      if (query.refresh !== undefined) return refreshed(ports, query, { kind: query.refresh, signal });
      await findApplication(ports, query);
      await ports.catchUp(query.name);
      return wireWithHealth(ports, await findApplication(ports, query));
    }),
    route(watchApplications, (query, call) => watch(ports, query, call)),
    route(deleteApplication, async (query) => {
      const found = await findApplication(ports, query);
      await ports.run();
      touchIdle(ports, found);
      await remove(ports, found, query);
      return {};
    }),
  ];
}

async function wireWithHealth(ports: ServerPorts, object: KubeObject): Promise<ReturnType<typeof applicationOnWire>> {
  const app = applicationOnWire(object);
  const health =
    (app.status?.resources?.length ?? 0) > 0 ? await ports.inspector.health(app).catch(() => undefined) : undefined;
  return health ? applicationOnWire(object, health) : app;
}

/** Asks for a refresh and answers when it is done, or when nobody waits for it any more. */
async function refreshed(
  ports: ServerPorts,
  query: Parameters<typeof findApplication>[1],
  { kind, signal }: { readonly kind: string; readonly signal: AbortSignal },
): ReturnType<typeof wireWithHealth> {
  const found = await findApplication(ports, query);
  await ports.run();
  touchIdle(ports, found);
  const value = kind === 'hard' ? 'hard' : 'normal';
  const annotations = { [REFRESH_ANNOTATION]: value, [HYDRATE_ANNOTATION]: value };
  const body = { metadata: { annotations } };
  let done: (object: KubeObject | undefined) => void = () => undefined;
  const answered = new Promise<KubeObject | undefined>((resolve) => {
    done = resolve;
  });
  const giveUp = (): void => done(undefined);
  signal.addEventListener('abort', giveUp, { once: true });
  let asked: string | undefined;
  const unsubscribe = ports.subscribe(({ before, after }) => {
    if ((after ?? before)?.metadata.name !== query.name || (after ?? before)?.kind !== 'Application') return;
    if (!after) done(undefined);
    else if (asked !== undefined && after.metadata.annotations?.[REFRESH_ANNOTATION] === undefined) done(after);
  });
  try {
    asked = (await ports.home.patch(applicationReference(ports, query.name), { type: 'merge', body })).metadata
      .resourceVersion;
    await answered;
    return wireWithHealth(ports, await findApplication(ports, query));
  } finally {
    unsubscribe();
    signal.removeEventListener('abort', giveUp);
  }
}

function chooser(ports: ServerPorts, query: ListApplications): (object: KubeObject) => boolean {
  const requirements = query.selector ? selectorOf(query.selector) : [];
  const projects = query.projects ?? [];
  return (object) =>
    (!query.appNamespace || query.appNamespace === ports.namespace) &&
    (!query.name || object.metadata.name === query.name) &&
    (projects.length === 0 || projects.includes(textAt(object, 'spec', 'project') || 'default')) &&
    (!query.repo || repositoryOf(object) === query.repo) &&
    matchesLabels(requirements, object.metadata.labels ?? {});
}

function selectorOf(text: string): ReturnType<typeof parseLabelSelector> {
  try {
    return parseLabelSelector(text);
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    throw new HawserError('invalid', `error parsing the selector: ${message}`, { details: { grpc: 2 } });
  }
}

function repositoryOf(object: KubeObject): string {
  return textAt(object, 'spec', 'source', 'repoURL') || textAt(listAt(object, 'spec', 'sources')[0], 'repoURL');
}

/** What is there as ADDED (unless a version is named without a name), then each change. */
async function* watch(ports: ServerPorts, query: ListApplications, call: Call): AsyncGenerator<ApplicationWatchEvent> {
  const list = async (): Promise<readonly KubeObject[]> =>
    (await ports.home.list(APPLICATION_TYPE, { namespace: ports.namespace })).items;
  const chosen = chooser(ports, query);
  const asked = (await list()).filter(chosen);
  await ports.run();
  const since = /^\d+$/.test(query.resourceVersion ?? '') ? Number(query.resourceVersion) : 0;
  const events: ObjectChange[] = [];
  let wake: () => void = () => undefined;
  const unsubscribe = ports.subscribe((change) => {
    events.push(change);
    wake();
  });
  const stop = (): void => wake();
  call.signal.addEventListener('abort', stop);
  let last = '';
  try {
    if (since === 0 || query.name) {
      for (const object of (await list()).filter(chosen)) yield await event(ports, 'ADDED', object, query);
    } else {
      // What happened while the controllers were set to work, nobody was told.
      const now = await list();
      const there = new Set(now.map(({ metadata }) => metadata.name));
      for (const object of now.filter(chosen))
        if (Number(object.metadata.resourceVersion) > since) yield await event(ports, 'MODIFIED', object, query);
      for (const object of asked)
        if (!there.has(object.metadata.name)) yield await event(ports, 'DELETED', object, query);
    }
    while (!call.signal.aborted) {
      for (const change of events.splice(0)) {
        const next = await eventOf(ports, change, { chosen, since, query });
        const text = JSON.stringify(next);
        if (next && text !== last) yield next;
        if (next) last = text;
      }
      // Nothing will come any more when the state cannot be written: no event tells it.
      const failure = ports.failureOf(query.name ?? '');
      if (failure?.code === 'broken-state') throw failure;
      if (events.length === 0 && !call.signal.aborted) {
        const changed = new Promise<void>((resolve) => {
          wake = resolve;
        });
        await sooner(changed, ports.clock);
      }
    }
  } finally {
    unsubscribe();
    call.signal.removeEventListener('abort', stop);
  }
}

async function sooner(changed: Promise<void>, clock: Clock): Promise<void> {
  const done = new AbortController();
  const late = clock.sleep(LOOK_AGAIN_MS, done.signal).catch(() => undefined);
  await Promise.race([changed, late]);
  done.abort();
}

interface Watched {
  readonly chosen: (object: KubeObject) => boolean;
  readonly since: number;
  readonly query: ListApplications;
}

async function eventOf(
  ports: ServerPorts,
  { before, after }: ObjectChange,
  { chosen, since, query }: Watched,
): Promise<ApplicationWatchEvent | undefined> {
  const object = after ?? before;
  if (object?.kind !== 'Application' || !chosen(object)) return undefined;
  // One that was deleted has the version of its last change, which may well be older than the list.
  if (after && Number(after.metadata.resourceVersion ?? '0') < since) return undefined;
  return event(ports, !after ? 'DELETED' : before ? 'MODIFIED' : 'ADDED', object, query);
}

async function event(
  ports: ServerPorts,
  type: string,
  object: KubeObject,
  query: ListApplications,
): Promise<ApplicationWatchEvent> {
  const whole = asJson({ type, application: await wireWithHealth(ports, object) });
  if (!query.fields) return parse(applicationWatchEvent, whole, 'event');
  const projected = project({ result: whole }, query.fields)['result'];
  return parse(applicationWatchEvent, projected, 'event');
}

function asJson(value: unknown): JsonObject {
  const plain: unknown = JSON.parse(JSON.stringify(value));
  return isObject(plain) ? plain : {};
}

async function remove(
  ports: ServerPorts,
  object: KubeObject,
  query: { readonly cascade?: boolean; readonly propagationPolicy?: string },
): Promise<void> {
  const cascade = query.cascade ?? true;
  const policy = (query.propagationPolicy ?? '').toLowerCase();
  if (!cascade && policy !== '') {
    throw new HawserError('invalid', 'cannot set propagation policy when cascading is disabled');
  }
  if (!['', 'foreground', 'background'].includes(policy)) {
    throw new HawserError('invalid', `invalid propagation policy: ${query.propagationPolicy}`);
  }
  const kept = (object.metadata.finalizers ?? []).filter((finalizer) => !CASCADE_FINALIZERS.includes(finalizer));
  // Hooks of a deletion are for one that takes the resources along: they may drop a database.
  const finalizers = cascade
    ? [...kept, policy === '' ? CASCADE : `${CASCADE}/${policy}`]
    : kept.filter((finalizer) => !isDeleteHookFinalizer(finalizer));
  const reference = applicationReference(ports, object.metadata.name ?? '');
  const body = { metadata: { finalizers: finalizers.length > 0 ? finalizers : null } };
  await ports.home.patch(reference, { type: 'merge', body });
  // One that is being deleted goes with its last finalizer.
  if (object.metadata.deletionTimestamp !== undefined) return;
  await ports.home.delete(reference, { propagation: 'Background' });
}
