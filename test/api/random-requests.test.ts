// Whatever is asked, by whomever: an answer that the reference gives too, no stack, no secret, and nothing changed by one who may
// not.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { everyRead, ownOperations } from '../support/random-requests.ts';
import { askEach, runAtRandom } from '../support/random-run.ts';
import { openSharedServer, type SharedServer } from '../support/shared-server.ts';

const COUNT = Number(process.env['HAWSER_RANDOM_REQUESTS'] ?? 300);
const SEED = Number(process.env['HAWSER_RANDOM_SEED'] ?? 18);

let server: SharedServer;

beforeAll(async () => {
  server = await openSharedServer();
});

afterAll(() => server.close());

test('nothing that can be read holds a secret, and what is deployed of one is masked', async () => {
  const reads = everyRead(ownOperations());
  const { faults, text } = await askEach(server, 'admin', reads);
  expect(faults).toEqual([]);
  expect(text).toContain('++++++++');
  expect(text).toContain('"name":"plain"');
}, 120_000);

test.each(['nobody', 'ann', 'admin'] as const)(
  '%s asks at random',
  async (who) => {
    const run = { server, operations: ownOperations(), who, count: COUNT, seed: SEED };
    const { faults, statuses, isUnchanged } = await runAtRandom(run);
    expect(faults).toEqual([]);
    if (who !== 'admin') expect(isUnchanged).toBe(true);
    // Not all were of one kind.
    expect([...statuses]).toEqual(expect.arrayContaining(who === 'nobody' ? [401, 400] : [200, 400, 403]));
  },
  120_000,
);
