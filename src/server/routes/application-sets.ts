// Sets of applications: read, watched and deleted. What makes applications of them is not part of this system.

import {
  type ApplicationSetEvent,
  createApplicationSet,
  deleteApplicationSet,
  generateApplications,
  getApplicationSet,
  type ListApplicationSets,
  listApplicationSets,
  watchApplicationSets,
} from '../../api/application-sets.ts';
import { HawserError } from '../../core/errors.ts';
import { parse } from '../../core/shape.ts';
import { APPLICATION_SET_TYPE, type ApplicationSet, applicationSet } from '../../model/application-set.ts';
import { matchesLabels } from '../../objects/label-selector.ts';
import { parseLabelSelector } from '../../objects/label-selector-text.ts';
import type { KubeObject } from '../../objects/object.ts';
import { type Call, type Route, route } from '../http/route.ts';
import type { ServerPorts } from '../ports.ts';
import { findSet, projectOfSet, setObject } from './application-sets/find.ts';
import { queueChanges } from './change-queue.ts';

export function applicationSetRoutes(ports: ServerPorts): Route[] {
  return [
    route(listApplicationSets, async (query, call) => {
      const { items, resourceVersion } = await objects(ports, query.appsetNamespace);
      return { metadata: { resourceVersion }, items: items.filter(matcher(query, call)).map(asSet) };
    }),
    route(getApplicationSet, async (target) => asSet(await findSet(ports, target, 'get'))),
    route(deleteApplicationSet, async (target) => {
      const { home, namespace } = ports;
      await home.delete({ ...APPLICATION_SET_TYPE, namespace, name: target.name }, { propagation: 'Background' });
      return {};
    }),
    route(watchApplicationSets, (query, call) => watch(ports, query, call)),
    route(createApplicationSet, refuse),
    route(generateApplications, refuse),
  ];
}

async function refuse(): Promise<never> {
  throw new HawserError('not-implemented', 'this server makes no applications of ApplicationSets', {
    hint: 'create the applications themselves: hawser app create -f FILE',
  });
}

async function objects({ home, namespace }: ServerPorts, asked = '') {
  if (asked !== '' && asked !== namespace) return { items: [], resourceVersion: '' };
  return home.list(APPLICATION_SET_TYPE, { namespace });
}

function matcher(
  { projects = [], selector = '' }: Pick<ListApplicationSets, 'projects' | 'selector'>,
  { may }: Call,
): (object: KubeObject) => boolean {
  const requirements = selector === '' ? [] : parseLabelSelector(selector);
  return (object) =>
    (projects.length === 0 || projects.includes(projectOfSet(object))) &&
    matchesLabels(requirements, object.metadata.labels ?? {}) &&
    may({ resource: 'applicationsets', action: 'get', object: setObject(object) });
}

function asSet({ apiVersion: _version, kind: _kind, ...object }: KubeObject): ApplicationSet {
  return parse(applicationSet, object, `ApplicationSet '${object.metadata.name ?? ''}'`);
}

/** The set that is there as ADDED where one is named, then each change. */
async function* watch(
  ports: ServerPorts,
  query: { readonly name?: string; readonly projects?: readonly string[]; readonly selector?: string },
  call: Call,
): AsyncGenerator<ApplicationSetEvent> {
  const fits = matcher(query, call);
  const matches = (object: KubeObject): boolean => (!query.name || object.metadata.name === query.name) && fits(object);
  const queue = queueChanges(ports, call.signal);
  try {
    if (query.name)
      for (const object of (await objects(ports)).items.filter(matches))
        yield { type: 'ADDED', applicationSet: asSet(object) };
    while (!call.signal.aborted) {
      for (const { before, after } of queue.take()) {
        const object = after ?? before;
        if (object?.kind !== APPLICATION_SET_TYPE.kind || !matches(object)) continue;
        yield { type: !after ? 'DELETED' : before ? 'MODIFIED' : 'ADDED', applicationSet: asSet(object) };
      }
      await queue.wait();
    }
  } finally {
    queue.close();
  }
}
