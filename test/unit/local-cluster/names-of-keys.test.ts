// Keys that every JavaScript object has members of: to the API they are names like others.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../../src/cli/io/system-clock.ts';
import { isObject, type JsonObject } from '../../../src/core/json.ts';
import { type LocalCluster, openLocalCluster } from '../../../src/local-cluster/open.ts';
import { isStream } from '../../../src/local-cluster/request.ts';

let cluster: LocalCluster;
const PATH = '/api/v1/namespaces/default/configmaps';

beforeAll(async () => {
  cluster = await openLocalCluster({ clock: systemClock, random: Math.random });
});

afterAll(() => cluster.close());

async function send(
  method: string,
  path: string,
  type: string,
  body?: string,
): Promise<{ status: number; body: JsonObject; warning: string }> {
  const query = new URLSearchParams({ fieldManager: 'me', ...(type.includes('apply') ? { force: 'true' } : {}) });
  const response = await cluster.handle({
    method,
    path,
    query,
    headers: { 'content-type': type },
    ...(body ? { body } : {}),
  });
  const answer = isObject(response.body) && !isStream(response.body) ? response.body : {};
  return { status: response.status, body: answer, warning: response.headers['warning'] ?? '' };
}

async function dataOf(name: string): Promise<string> {
  return JSON.stringify((await send('GET', `${PATH}/${name}`, '')).body['data']);
}

test('a ConfigMap keeps them, whoever writes them', async () => {
  const text = '{"metadata":{"name":"odd"},"data":{"__proto__":"a","constructor":"b","toString":"c"}}';
  expect((await send('POST', PATH, 'application/json', text)).status).toBe(201);
  expect(await dataOf('odd')).toBe('{"__proto__":"a","constructor":"b","toString":"c"}');
  for (const [type, patch, value] of [
    ['merge-patch+json', '{"data":{"__proto__":"1"}}', '1'],
    ['strategic-merge-patch+json', '{"data":{"__proto__":"2"}}', '2'],
    ['json-patch+json', '[{"op":"replace","path":"/data/__proto__","value":"3"}]', '3'],
    ['apply-patch+yaml', 'apiVersion: v1\nkind: ConfigMap\ndata: {__proto__: "4"}\n', '4'],
  ] as const) {
    expect((await send('PATCH', `${PATH}/odd`, `application/${type}`, patch)).status, type).toBe(200);
    expect(await dataOf('odd'), type).toBe(`{"__proto__":"${value}","constructor":"b","toString":"c"}`);
  }
  expect(Object.hasOwn(Object.prototype, 'x')).toBe(false);
});

test('elsewhere they are unknown fields, or names that are no labels', async () => {
  const { warning, body } = await send(
    'POST',
    PATH,
    'application/json',
    '{"metadata":{"name":"stray","toString":1},"constructor":1}',
  );
  expect(warning).toBe('299 - "unknown field \\"metadata.toString\\"", 299 - "unknown field \\"constructor\\""');
  expect(Object.keys(body)).not.toContain('constructor');
  const label = await send(
    'POST',
    PATH,
    'application/json',
    '{"metadata":{"name":"label","labels":{"__proto__":"x"}}}',
  );
  expect(label.status).toBe(422);
});
