// Patches of all sorts, right ones and wrong ones, as a real API server has answered them (dry run); those of parts of
// Pods, and of applies that set something to null or to what it cannot be, stand apart (record.mjs).

import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/cli/io/system-clock.ts';
import { isList, isObject, listAt, objectAt, textAt } from '../../../src/core/json.ts';
import { type KubeCalls, openKubeCalls } from '../../support/kube-calls.ts';
import { recordOf, settled } from '../fields/answers.mjs';

const recorded = ['patches.json', 'parts.json'].flatMap((name) => {
  const parsed: unknown = JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));
  return isList(parsed) ? parsed.filter(isObject) : [];
});
const WRITER = { 'user-agent': 'node' };
let calls: KubeCalls;

beforeAll(async () => {
  calls = await openKubeCalls(systemClock);
  await calls.call('POST', '/api/v1/namespaces', { metadata: { name: 'fields' } });
});
afterAll(() => calls.close());

describe('as a real API server answers it', () => {
  test.each(
    recorded.map((entry) => [`${textAt(entry, 'object', 'kind')} ${textAt(entry, 'subresource')}`, entry] as const),
  )('%s', { timeout: 60_000 }, async (_kind, { path = '', object, subresource, cases }) => {
    await calls.call('POST', String(path), objectAt(object), { headers: WRITER });
    const at = `${String(path)}/${textAt(object, 'metadata', 'name')}`;
    const usual = settled((await calls.call('GET', at)).body);
    for (const one of listAt({ cases }, 'cases')) {
      const { type, patch, ...said } = objectAt(one);
      const headers = { ...WRITER, 'content-type': `application/${String(type)}` };
      const whole = subresource === undefined ? at : `${at}/${String(subresource)}`;
      const answer = await calls.call('PATCH', `${whole}?dryRun=All&fieldManager=patcher`, JSON.stringify(patch), {
        headers,
      });
      expect({ patch, ...recordOf(answer, usual) }).toEqual({ patch, ...said });
    }
  });
});
