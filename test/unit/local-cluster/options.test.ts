// The options of lists and deletes, the methods and paths, in the words of a real API server.

import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../../src/cli/io/system-clock.ts';
import { type JsonObject, listAt, objectAt, textAt } from '../../../src/core/json.ts';
import { openLocalCluster } from '../../../src/local-cluster/open.ts';
import { type KubeCalls, openKubeCalls } from '../../support/kube-calls.ts';
import { startKubeServer } from '../../support/kube-server.ts';

const MAPS = '/api/v1/namespaces/default/configmaps';
let kube: KubeCalls;

beforeAll(async () => {
  kube = await openKubeCalls(systemClock);
  for (const name of ['a', 'b', 'c']) await kube.call('POST', MAPS, { metadata: { name } });
});
afterAll(() => kube.close());

const NO_MAP = 'configmaps "none" not found';
const NO_RESOURCE = 'the server could not find the requested resource';
const NO_METHOD = 'the server does not allow this method on the requested resource';

test.each<[string, string, number, string]>([
  ['GET', `${MAPS}?limit=`, 400, 'strconv.ParseInt: parsing "": invalid syntax'],
  [
    'GET',
    `${MAPS}?limit=99999999999999999999`,
    400,
    'strconv.ParseInt: parsing "99999999999999999999": value out of range',
  ],
  [
    'GET',
    `${MAPS}?continue=x`,
    400,
    'invalid continue token: continue key is not valid: illegal base64 data at input byte 0',
  ],
  [
    'GET',
    `${MAPS}?continue=eyJhIjoxfQ`,
    400,
    'invalid continue token: continue key is not valid: server does not recognize this encoded version ',
  ],
  [
    'GET',
    `${MAPS}?resourceVersion=-1`,
    400,
    'invalid resource version: resourceVersion: Invalid value: "-1": strconv.ParseUint: parsing "-1": invalid syntax',
  ],
  [
    'GET',
    `${MAPS}/a?resourceVersion=x`,
    500,
    'resourceVersion: Invalid value: "x": strconv.ParseUint: parsing "x": invalid syntax',
  ],
  ['DELETE', `${MAPS}?limit=x`, 400, 'strconv.ParseInt: parsing "x": invalid syntax'],
  ['DELETE', `${MAPS}/a?gracePeriodSeconds=`, 400, 'strconv.ParseInt: parsing "": invalid syntax'],
  ['DELETE', `${MAPS}/none?fieldValidation=x&fieldManager=%00`, 404, NO_MAP],
  ['GET', '/api/v1/pods/x', 404, NO_RESOURCE],
  ['GET', `${MAPS}/a%2Fb`, 404, NO_RESOURCE],
  ['POST', '/api/v1', 405, NO_METHOD],
  ['DELETE', '/api/v1/componentstatuses', 405, NO_METHOD],
])('%s %s', async (method, path, status, message) => {
  const answer = await kube.call(method, path);
  expect([answer.status, answer.message]).toEqual([status, message]);
});

test.each<[JsonObject, string]>([
  [
    { gracePeriodSeconds: 'x' },
    'json: cannot unmarshal string into Go struct field DeleteOptions.gracePeriodSeconds of type int64',
  ],
  [
    { kind: 'Foo', apiVersion: 'v1' },
    'no kind "Foo" is registered for version "v1" in scheme "pkg/runtime/scheme.go:111"',
  ],
])('a delete with %j is refused', async (options, message) => {
  const answer = await kube.call('DELETE', `${MAPS}/a`, options);
  expect([answer.status, answer.message]).toEqual([400, message]);
});

test('a list goes on where its token says, and one that is asked of the cache comes whole', async () => {
  const first = await kube.call('GET', `${MAPS}?limit=2`);
  const next = await kube.call('GET', `${MAPS}?limit=2&continue=${textAt(first.body, 'metadata', 'continue')}`);
  const names = [first, next].map(({ body }) => listAt(body, 'items').map((item) => textAt(item, 'metadata', 'name')));
  expect(names).toEqual([['a', 'b'], ['c']]);
  expect(listAt((await kube.call('GET', `${MAPS}?limit=2&resourceVersion=0`)).body, 'items')).toHaveLength(3);
});

test('goes on with a list as it was begun, whatever has been written since', async () => {
  const pods = '/api/v1/namespaces/default/podtemplates';
  const make = (name: string) =>
    kube.call('POST', pods, {
      metadata: { name },
      template: { spec: { containers: [{ name: 'c', image: 'i' }] } },
    });
  for (const name of ['a', 'b', 'c', 'd']) await make(name);
  const names = ({ body }: { body: JsonObject }): string[] =>
    listAt(body, 'items').map((item) => textAt(item, 'metadata', 'name'));
  const first = await kube.call('GET', `${pods}?limit=2`);
  const version = textAt(first.body, 'metadata', 'resourceVersion');
  const third = textAt((await kube.call('GET', `${pods}/c`)).body, 'metadata', 'resourceVersion');
  await kube.call('DELETE', `${pods}/c`);
  await make('e');
  const rest = await kube.call('GET', `${pods}?limit=2&continue=${textAt(first.body, 'metadata', 'continue')}`);
  expect([names(first), names(rest)]).toEqual([
    ['a', 'b'],
    ['c', 'd'],
  ]);
  expect(textAt(rest.body, 'metadata', 'resourceVersion')).toBe(version);
  expect(textAt(listAt(rest.body, 'items')[0], 'metadata', 'resourceVersion')).toBe(third);
  const exact = await kube.call('GET', `${pods}?resourceVersion=${version}&resourceVersionMatch=Exact`);
  expect(names(exact)).toEqual(['a', 'b', 'c', 'd']);
  expect(names(await kube.call('GET', `${pods}?resourceVersion=${version}`))).toEqual(['a', 'b', 'd', 'e']);
});

test('says what to do where what a list began with is no longer known', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hawser-lists-'));
  const options = { folder, clock: systemClock, random: Math.random };
  await (await openLocalCluster(options)).close();
  const cluster = await openLocalCluster(options);
  const list = async (query: string): Promise<JsonObject> => {
    const path = '/api/v1/namespaces';
    const { body } = await cluster.handle({ method: 'GET', path, query: new URLSearchParams(query), headers: {} });
    return objectAt(body);
  };
  const token = (rv: number): string =>
    Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv, start: 'default\0' })).toString('base64url');
  const old = await list('resourceVersion=1&resourceVersionMatch=Exact');
  expect([old['code'], old['reason'], old['message']]).toEqual([
    410,
    'Expired',
    'The resourceVersion for the provided list is too old.',
  ]);
  const late = await list(`limit=1&continue=${token(1)}`);
  expect([late['code'], late['message'], late['metadata']]).toEqual([
    410,
    expect.stringContaining('The provided continue parameter is too old to display a consistent list result.'),
    { continue: token(-1) },
  ]);
  const rest = await list(`continue=${token(-1)}`);
  expect(textAt(listAt(rest, 'items')[0], 'metadata', 'name')).toBe('kube-node-lease');
  await cluster.close();
});

test.each([
  ['nul', "invalid character ' ' in literal null (expecting 'l')"],
  ['{"a":-', "invalid character ' ' in numeric literal"],
  ['{"a":1.', "invalid character ' ' after decimal point in numeric literal"],
  ['{"a":"\\u12', "invalid character ' ' in \\u hexadecimal character escape"],
  ['{"a":"x', 'unexpected end of JSON input'],
])('a body that ends too early is told as Go tells it: %s', async (body, fault) => {
  const answer = await kube.call('DELETE', `${MAPS}/a`, body, { headers: { 'content-type': 'application/json' } });
  expect([answer.status, answer.message]).toEqual([400, `couldn't get version/kind; json parse error: ${fault}`]);
});

test('what is first looked at is first refused', async () => {
  const plain = { headers: { 'content-type': 'application/yaml' } };
  expect((await kube.call('PATCH', `${MAPS}/a?force=true`, '{}', plain)).status).toBe(415);
  const scale = '/apis/apps/v1/namespaces/default/deployments/none/scale';
  expect((await kube.call('PUT', scale, {})).message).toMatch(/name must be provided$/);
  const protobuf = { headers: { 'content-type': 'application/vnd.kubernetes.protobuf' } };
  const [body, query] = [Buffer.from('x'), new URLSearchParams()];
  const sent = (method: string, path: string) => kube.handle({ method, path, query, body, ...protobuf });
  expect((await sent('DELETE', scale)).status).toBe(405);
  expect((await sent('DELETE', `${MAPS}/a`)).body).toMatchObject({
    message: 'provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]',
  });
});

test('a part of a query with a semicolon is not read', async () => {
  const server = await startKubeServer();
  try {
    const answer = await fetch(`${server.url}${MAPS}?limit=x;y&labelSelector=a`, {
      headers: { authorization: `Bearer ${server.token}` },
    });
    expect(answer.status).toBe(200);
  } finally {
    await server.close();
  }
});
