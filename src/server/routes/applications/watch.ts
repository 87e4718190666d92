// Applications as they change.

import type { ListApplications } from '../../../api/applications.ts';
import type { Application, ApplicationWatchEvent } from '../../../model/application.ts';
import { APPLICATION_TYPE, applicationKey } from '../../../model/application-key.ts';
import type { KubeObject } from '../../../objects/object.ts';
import { projectAt } from '../../http/projection.ts';
import type { Call } from '../../http/route.ts';
import type { ObjectChange, ServerPorts } from '../../ports.ts';
import { queueChanges } from '../change-queue.ts';

import { responseWithHealth } from './get.ts';
import { matcher } from './list.ts';

/** How often a watch checks whether the controller can go on at all. */
const FAILURE_CHECK_MS = 1000;

interface Selection {
  readonly query: ListApplications;
  readonly matches: (object: KubeObject) => boolean;
  /** Older changes are not sent. */
  readonly since: number;
}

/** Existing applications as ADDED, unless the query names a version but no application; then each change. */
export async function* watch(
  ports: ServerPorts,
  query: ListApplications,
  call: Call,
): AsyncGenerator<ApplicationWatchEvent> {
  const since = /^\d+$/.test(query.resourceVersion ?? '') ? Number(query.resourceVersion) : 0;
  const selection: Selection = { query, matches: matcher(ports, query, call), since };
  const first = { ...selection, tellsMissed: call.caller.isLocal === true };
  const before = first.tellsMissed ? (await applications(ports)).filter(selection.matches) : [];
  await ports.run();
  const queue = queueChanges(ports, call.signal);
  try {
    yield* firstEvents(ports, before, first);
    let last = '';
    while (!call.signal.aborted) {
      for await (const next of changeEvents(ports, queue.take(), selection)) {
        // A change of what is not sent makes the same event again.
        const text = textOf(next, query.fields ?? '');
        if (text !== last) yield next;
        last = text;
      }
      // A controller that cannot write its state causes no more events.
      const failure = ports.failureOf(applicationKey({ namespace: ports.namespace, name: query.name ?? '' }));
      if (failure?.code === 'broken-state') throw failure;
      await queue.wait(FAILURE_CHECK_MS);
    }
  } finally {
    queue.close();
  }
}

interface FirstSelection extends Selection {
  /** What changed since the version: the start of an idle system changes things; the reference tells nothing of before. */
  readonly tellsMissed: boolean;
}

const applications = async ({ home, namespace }: ServerPorts): Promise<readonly KubeObject[]> =>
  (await home.list(APPLICATION_TYPE, { namespace })).items;

/** `before` is what was there before the controllers ran: the start of an idle system changes things unseen. */
async function* firstEvents(
  ports: ServerPorts,
  before: readonly KubeObject[],
  { query, matches, since, tellsMissed }: FirstSelection,
): AsyncGenerator<ApplicationWatchEvent> {
  const isReplay = since === 0 || Boolean(query.name);
  if (!isReplay && !tellsMissed) return;
  const current = await applications(ports);
  for (const object of current.filter(matches))
    if (isReplay) yield await event(ports, 'ADDED', object);
    else if (tellsMissed && Number(object.metadata.resourceVersion) > since)
      yield await event(ports, 'MODIFIED', object);
  if (isReplay || !tellsMissed) return;
  const names = new Set(current.map(({ metadata }) => metadata.name));
  for (const object of before) if (!names.has(object.metadata.name)) yield await event(ports, 'DELETED', object);
}

async function* changeEvents(
  ports: ServerPorts,
  changes: readonly ObjectChange[],
  { matches, since }: Selection,
): AsyncGenerator<ApplicationWatchEvent> {
  for (const { before, after } of changes) {
    const object = after ?? before;
    if (object?.kind !== 'Application' || !matches(object)) continue;
    // A deleted object has the version of its last change, which may be older than the list.
    if (after && Number(after.metadata.resourceVersion ?? '0') < since) continue;
    const type = !after ? 'DELETED' : before ? 'MODIFIED' : 'ADDED';
    yield { type, application: await sharedResponse(ports, object) };
  }
}

async function event(ports: ServerPorts, type: string, object: KubeObject): Promise<ApplicationWatchEvent> {
  return { type, application: await responseWithHealth(ports, object) };
}

const events = new WeakMap<KubeObject, Promise<Application>>();

/** One change goes to all who watch: what it looks like is worked out once. */
function sharedResponse(ports: ServerPorts, object: KubeObject): Promise<Application> {
  const known = events.get(object);
  if (known) return known;
  const response = responseWithHealth(ports, object);
  events.set(object, response);
  response.catch(() => events.delete(object));
  return response;
}

const texts = new WeakMap<Application, string>();

function textOf({ type, application }: ApplicationWatchEvent, fields: string): string {
  if (fields !== '') return JSON.stringify(projectAt('result', { type, application }, fields));
  const known = texts.get(application) ?? JSON.stringify(application);
  texts.set(application, known);
  return `${type} ${known}`;
}
