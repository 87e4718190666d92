// What a watch tells first, in which form, and what it refuses, as a real API server does.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/cli/io/system-clock.ts';
import { at, isObject, type JsonObject, listAt, numberAt, textAt } from '../../../src/core/json.ts';
import { isStream } from '../../../src/local-cluster/request.ts';
import { type KubeCalls, openKubeCalls } from '../../support/kube-calls.ts';

const MAPS = '/api/v1/namespaces/default/configmaps';
const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io';
let kube: KubeCalls;

beforeAll(async () => {
  kube = await openKubeCalls(systemClock);
  for (const name of ['a', 'b']) await kube.call('POST', MAPS, { metadata: { name } });
});
afterAll(() => kube.close());

/** The events that a watch tells before anything changes, and those of a change then. */
async function eventsOf(
  path: string,
  query: string,
  change?: () => Promise<unknown>,
  accept = '*/*',
): Promise<JsonObject[]> {
  const control = new AbortController();
  const searched = new URLSearchParams(`watch=true&${query}`);
  const headers = { accept };
  const answer = await kube.handle({ method: 'GET', path, query: searched, headers, signal: control.signal });
  if (!isStream(answer.body)) return isObject(answer.body) ? [answer.body] : [];
  const events: JsonObject[] = [];
  const reading = (async () => {
    for await (const event of isStream(answer.body) ? answer.body : [])
      if (typeof event !== 'string') events.push(event);
  })();
  await new Promise((resolve) => setImmediate(resolve));
  await change?.();
  await new Promise((resolve) => setImmediate(resolve));
  control.abort();
  await reading;
  return events;
}

const END = ['metadata', 'annotations', 'k8s.io/initial-events-end'] as const;
const INITIAL = 'sendInitialEvents=true&resourceVersionMatch=NotOlderThan';

const told = (event: JsonObject): string => {
  const { type, object } = event;
  if (type === 'ERROR') return `${String(type)} ${numberAt(object, 'code') ?? ''}`;
  const end = textAt(object, ...END) === 'true' ? ' end' : '';
  return `${String(type)} ${textAt(object, 'metadata', 'name')}${end}`;
};

describe('what a watch begins with', () => {
  const both = ['ADDED a', 'ADDED b'];
  test.each([
    ['', both],
    ['resourceVersion=0', both],
    ['allowWatchBookmarks=true', [...both, 'BOOKMARK  end']],
    ['allowWatchBookmarks=true&resourceVersion=0', [...both, 'BOOKMARK  end']],
    [INITIAL, both],
    [`${INITIAL}&allowWatchBookmarks=true`, [...both, 'BOOKMARK  end']],
    [`${INITIAL}&allowWatchBookmarks=true&resourceVersion=1`, [...both, 'BOOKMARK  end']],
    ['sendInitialEvents=false&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true', []],
    [`${INITIAL}&resourceVersion=9999999`, ['ERROR 504']],
    ['resourceVersion=9999999', []],
  ])('%s', async (query, events) => {
    expect((await eventsOf(MAPS, query)).map(told)).toEqual(events);
  });

  test('a version that is yet to come is waited for', async () => {
    const touch = () => kube.call('PUT', `${MAPS}/a`, { metadata: { name: 'a' }, data: { at: String(Math.random()) } });
    expect(await eventsOf(MAPS, 'resourceVersion=9999999', touch)).toEqual([]);
    expect(
      (await eventsOf(MAPS, 'sendInitialEvents=false&resourceVersionMatch=NotOlderThan', touch)).map(told),
    ).toEqual(['MODIFIED a']);
  });
});

test('only the first event of a table tells of its columns', async () => {
  const events = await eventsOf(MAPS, '', undefined, TABLE);
  expect(events.map(({ object }) => listAt(object, 'columnDefinitions').length)).toEqual([3, 0]);
  expect(at(events[1], 'object', 'columnDefinitions')).toBeNull();
  expect(events.map(({ object }) => at(object, 'rows', 0, 'cells', 0))).toEqual(['a', 'b']);
});

test('a row of a version is that of the object as it is stored', async () => {
  const scaler = {
    metadata: { name: 'scaler' },
    spec: { maxReplicas: 3, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'x' } },
  };
  await kube.call('POST', '/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers', scaler);
  const first = '/apis/autoscaling/v1/namespaces/default/horizontalpodautoscalers';
  const [row] = await eventsOf(first, '', undefined, TABLE);
  expect(at(row, 'object', 'rows', 0, 'cells', 2)).toBe('cpu: <unknown>/80%');
  const [event] = await eventsOf(first, '');
  expect(at(event, 'object', 'status')).toEqual({ currentReplicas: 0, desiredReplicas: 0 });
});

test.each([
  [
    MAPS,
    'application/yaml',
    'only the following media types are accepted: application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch',
  ],
  [
    MAPS,
    'text/html',
    '406: Not Acceptable\n\nAvailable representations: application/json, application/yaml, application/vnd.kubernetes.protobuf, application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch',
  ],
])('%s is not watched as %s', async (path, accept, message) => {
  const query = new URLSearchParams('watch=true');
  const { status, body } = await kube.handle({ method: 'GET', path, query, headers: { accept } });
  expect(status).toBe(406);
  const plain = JSON.stringify(body).replaceAll('\\\\n', '\\n');
  expect(plain.replaceAll(/\s+/g, ' ')).toContain(JSON.stringify(message).slice(1, -1));
});
