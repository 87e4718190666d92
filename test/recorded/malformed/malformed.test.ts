// Requests that are wrong in some way, as a real API server has refused them (record.mjs).

import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../../src/cli/io/system-clock.ts';
import { isList, type JsonObject, listAt, objectAt, textAt } from '../../../src/core/json.ts';
import { type KubeCalls, openKubeCalls } from '../../support/kube-calls.ts';

const recorded: unknown = JSON.parse(readFileSync(new URL('malformed.json', import.meta.url), 'utf8'));
let calls: KubeCalls;

beforeAll(async () => {
  calls = await openKubeCalls(systemClock);
  for (const [path, body] of Object.entries(objectAt(recorded, 'objects')))
    expect(await calls.call('POST', path.replace(/#.*/, ''), objectAt(body))).toMatchObject({ status: 201 });
});
afterAll(() => calls.close());

const headersOf = (more: JsonObject): Record<string, string> => ({
  accept: textAt({ accept: 'application/json', ...more }, 'accept'),
  ...(more['type'] === undefined ? {} : { 'content-type': textAt(more, 'type') }),
});

test('as a real API server answers it', { timeout: 60_000 }, async () => {
  const requests = listAt(recorded, 'requests').filter(isList);
  expect(requests.length).toBeGreaterThan(500);
  const own = [];
  for (const [method, path, more] of requests) {
    const body = textAt(more, 'body');
    const { status, body: answer } = await calls.call(String(method), String(path), body === '' ? undefined : body, {
      headers: headersOf(objectAt(more)),
    });
    own.push([method, path, more, `${status} ${textAt(answer, 'reason')} ${textAt(answer, 'message')}`]);
  }
  expect(own).toEqual(requests);
});
