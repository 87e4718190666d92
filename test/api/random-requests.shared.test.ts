// 10,000 requests built from the reference's description of the API: no failure that it does not have, no stack, no secret, and
// nothing changed by one who may not.

import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describedOperations } from '../support/random-requests.ts';
import { runAtRandom } from '../support/random-run.ts';
import { openSharedServer, type SharedServer } from '../support/shared-server.ts';

const COUNTS = { nobody: 1500, ann: 3500, admin: 5000 } as const;

let server: SharedServer;

beforeAll(async () => {
  server = await openSharedServer();
});

afterAll(() => server.close());

test.each(['nobody', 'ann', 'admin'] as const)(
  '%s asks at random',
  async (who) => {
    const description: unknown = JSON.parse(readFileSync('../shared/reference/argocd-api.json', 'utf8'));
    const operations = describedOperations(description);
    expect(operations.length).toBeGreaterThan(80);
    const { faults, isUnchanged } = await runAtRandom({ server, operations, who, count: COUNTS[who], seed: 18 });
    expect(faults).toEqual([]);
    if (who !== 'admin') expect(isUnchanged).toBe(true);
  },
  900_000,
);
