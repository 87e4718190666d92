// Selectors, tokens and options of lists, right ones and wrong ones, as a real API server has answered them.

import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/cli/io/system-clock.ts';
import { isList, listAt, objectAt, textAt } from '../../../src/core/json.ts';
import { type KubeAnswer, type KubeCalls, openKubeCalls } from '../../support/kube-calls.ts';

const recorded: unknown = JSON.parse(readFileSync(new URL('queries.json', import.meta.url), 'utf8'));
const MAPS = '/api/v1/namespaces/queries/configmaps';
let calls: KubeCalls;

beforeAll(async () => {
  calls = await openKubeCalls(systemClock);
  await calls.call('POST', '/api/v1/namespaces', { metadata: { name: 'queries' } });
  for (const [name, labels] of Object.entries(objectAt(recorded, 'labels')))
    await calls.call('POST', MAPS, { metadata: { name, labels } });
});
afterAll(() => calls.close());

const said = ({ status, body, message }: KubeAnswer): string =>
  status === 200
    ? listAt(body, 'items')
        .map((item) => textAt(item, 'metadata', 'name'))
        .join(' ')
    : `${status} ${message}`;

describe('as a real API server answers it', () => {
  test('a list, a watch, a delete of a collection', async () => {
    const queries = listAt(recorded, 'queries').filter(isList);
    expect(queries.length).toBeGreaterThan(300);
    const own = [];
    for (const [method, query] of queries)
      own.push([method, query, said(await calls.call(String(method), `${MAPS}?${String(query)}`))]);
    expect(own).toEqual(queries);
  });

  test.each(Object.entries(objectAt(recorded, 'fields')))('the fields of %s', async (path, answers) => {
    const refusedOf = async (field: string): Promise<string> =>
      `${field}: ${said(await calls.call('GET', `${path}?limit=1&fieldSelector=${field}%3Dzz`))}`;
    for (const field of textAt(answers, 'by').split(' ')) expect(await refusedOf(field)).toBe(`${field}: `);
    const refused = textAt(answers, 'not');
    expect(await refusedOf(refused.slice(0, refused.indexOf(':')))).toBe(refused);
  });
});
