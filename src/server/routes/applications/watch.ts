// Applications as they change.

import type { ListApplications } from '../../../api/applications.ts';
import { parse } from '../../../core/shape.ts';
import type { Clock } from '../../../core/time.ts';
import { type ApplicationWatchEvent, applicationWatchEvent } from '../../../model/application.ts';
import { APPLICATION_TYPE, applicationKey } from '../../../model/application-key.ts';
import type { KubeObject } from '../../../objects/object.ts';
import { project } from '../../http/projection.ts';
import type { Call } from '../../http/route.ts';
import type { ObjectChange, ServerPorts } from '../../ports.ts';
import { jsonObject } from '../json.ts';

import { responseWithHealth } from './get.ts';
import { matcher } from './list.ts';

/** How often a watch checks whether the controller can go on at all. */
const FAILURE_CHECK_MS = 1000;

/** What is there as ADDED (unless a version is named without a name), then each change. */
export async function* watch(
  ports: ServerPorts,
  query: ListApplications,
  call: Call,
): AsyncGenerator<ApplicationWatchEvent> {
  const list = async (): Promise<readonly KubeObject[]> =>
    (await ports.home.list(APPLICATION_TYPE, { namespace: ports.namespace })).items;
  const chosen = matcher(ports, query, call);
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
      const failure = ports.failureOf(applicationKey({ namespace: ports.namespace, name: query.name ?? '' }));
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
  const late = clock.sleep(FAILURE_CHECK_MS, done.signal).catch(() => undefined);
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
  const whole = jsonObject({ type, application: await responseWithHealth(ports, object) });
  if (!query.fields) return parse(applicationWatchEvent, whole, 'event');
  const projected = project({ result: whole }, query.fields)['result'];
  return parse(applicationWatchEvent, projected, 'event');
}
