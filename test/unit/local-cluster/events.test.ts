// One event, told in both groups.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../../src/cli/io/system-clock.ts';
import { isObject, type JsonObject, listAt, textAt } from '../../../src/core/json.ts';
import { type LocalCluster, openLocalCluster } from '../../../src/local-cluster/open.ts';
import { isStream } from '../../../src/local-cluster/request.ts';

let cluster: LocalCluster;

beforeAll(async () => {
  cluster = await openLocalCluster({ clock: systemClock, random: Math.random });
});

afterAll(() => cluster.close());

const CORE = '/api/v1/namespaces/default/events';
const NEW = '/apis/events.k8s.io/v1/namespaces/default/events';

async function send(method: string, target: string, body?: JsonObject): Promise<JsonObject> {
  const url = new URL(target, 'http://cluster');
  const headers = { 'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json' };
  const request = { method, path: url.pathname, query: url.searchParams, headers, ...(body ? { body } : {}) };
  const response = await cluster.handle(request);
  return isObject(response.body) && !isStream(response.body) ? response.body : {};
}

const told: JsonObject = {
  apiVersion: 'events.k8s.io/v1',
  kind: 'Event',
  metadata: { name: 'new' },
  eventTime: '2026-01-02T03:04:05.000006Z',
  reportingController: 'example.com/tester',
  reportingInstance: 'tester-1',
  action: 'Testing',
  reason: 'Tested',
  regarding: { kind: 'Pod', name: 'p', namespace: 'default' },
  note: 'all is well',
  type: 'Normal',
};

test('one that is told in the group of events is read in the core group', async () => {
  const made = await send('POST', NEW, told);
  expect(made).toMatchObject({
    ...told,
    deprecatedSource: {},
    deprecatedFirstTimestamp: null,
    deprecatedLastTimestamp: null,
  });
  const { apiVersion: _v, kind: _k, regarding, note, reportingController, metadata: _m, ...same } = told;
  expect(await send('GET', `${CORE}/new`)).toMatchObject({
    ...same,
    apiVersion: 'v1',
    involvedObject: regarding,
    message: note,
    reportingComponent: reportingController,
    source: {},
    firstTimestamp: null,
  });
  expect(await send('PATCH', `${CORE}/new`, { message: 'still' })).toMatchObject({ message: 'still' });
  expect(await send('GET', `${NEW}/new`)).toMatchObject({ note: 'still', reportingController: 'example.com/tester' });
});

test.each([
  [`${CORE}?fieldSelector=involvedObject.name%3Dp,source%3Dexample.com/tester`, 1],
  [`${CORE}?fieldSelector=reportingComponent!%3Dexample.com/tester`, 0],
  [`${NEW}?fieldSelector=regarding.kind%3DPod,reportingController%3Dexample.com/tester`, 1],
])('%s finds %i', async (path, count) => {
  const { items } = await send('GET', path);
  expect(listAt({ items }, 'items').length).toBe(count);
});

test('each group has its own names', async () => {
  expect(textAt(await send('GET', `${NEW}?fieldSelector=involvedObject.name%3Dp`), 'message')).toBe(
    'field label not supported: involvedObject.name',
  );
});

test.each<[string, JsonObject, string]>([
  [
    'old times',
    { deprecatedFirstTimestamp: '2026-01-02T03:04:05Z', deprecatedCount: 2 },
    'firstTimestamp: Invalid value: "": needs to be unset, count',
  ],
  ['an unknown type', { type: 'Bad' }, 'type: Invalid value: "": has invalid value: Bad'],
  ['no action', { action: '' }, 'action: Required value'],
  ['no namespace of what it is about', { regarding: { kind: 'Pod', name: 'p' } }, ''],
])('with %s', async (_about, change, message) => {
  const answer = await send('POST', NEW, { ...told, ...change, metadata: { name: 'other' } });
  expect(textAt(answer, 'message')).toContain(message);
  expect(answer['kind']).toBe(message === '' ? 'Event' : 'Status');
});
