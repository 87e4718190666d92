import { describe, expect, test } from 'vitest';
import { decideAutoSync } from '../../../../src/engine/sync/auto-sync.ts';
import { retryDelay } from '../../../../src/engine/sync/retry.ts';
import type { Application, AutomatedPolicy } from '../../../../src/model/application.ts';
import type { OperationState } from '../../../../src/model/operation.ts';

const NOW = Date.parse('2026-01-05T10:00:00Z');
const SOURCE = { repoURL: 'https://example.com/repo.git', path: 'shop' };
const different = { kind: 'Service', name: 'web', status: 'OutOfSync' };
const extra = { ...different, requiresPruning: true };

function anApp(automated: AutomatedPolicy | undefined, last?: Partial<OperationState>): Application {
  const operationState: OperationState = {
    phase: 'Succeeded',
    startedAt: '2026-01-05T09:59:00Z',
    finishedAt: '2026-01-05T09:59:59Z',
    operation: { sync: { revision: 'new' } },
    syncResult: { revision: 'new', source: SOURCE },
    ...last,
  };
  return {
    metadata: { name: 'shop' },
    spec: {
      project: 'default',
      source: SOURCE,
      destination: { name: 'in-cluster' },
      syncPolicy: automated ? { automated } : {},
    },
    ...(last ? { status: { operationState } } : {}),
  };
}

const drift = (resources = [different]) => ({ status: 'OutOfSync', revision: 'new', revisions: [], resources });

describe('an automatic sync', () => {
  test.each([
    ['is off without a policy', anApp(undefined), drift()],
    ['is off where the policy says so', anApp({ enabled: false }), drift()],
    ['has nothing to do when nothing differs', anApp({}), { ...drift(), status: 'Synced' }],
    ['leaves what only needs pruning alone', anApp({}), drift([extra])],
    ['does not try what it synced before', anApp({}, {}), drift()],
  ])('%s', (_what, app, found) => {
    expect(decideAutoSync(app, found, NOW)).toHaveProperty('nothing');
  });

  test('syncs a revision that was never tried, with the retries that the reference gives it', () => {
    expect(
      decideAutoSync(anApp({ prune: true }, { syncResult: { revision: 'old', source: SOURCE } }), drift(), NOW),
    ).toEqual({
      sync: {
        sync: { revision: 'new', source: SOURCE, prune: true },
        initiatedBy: { automated: true },
        retry: { limit: 5 },
      },
    });
  });

  test('never tries twice what failed', () => {
    const decision = decideAutoSync(anApp({ selfHeal: true }, { phase: 'Failed', message: 'no' }), drift(), NOW);
    expect(decision).toEqual({ refused: 'Failed last sync attempt to [new]: no' });
  });

  test('refuses to wipe everything out', () => {
    expect(decideAutoSync(anApp({ prune: true }), drift([extra]), NOW)).toHaveProperty('refused');
    expect(decideAutoSync(anApp({ prune: true, allowEmpty: true }), drift([extra]), NOW)).toHaveProperty('sync');
  });

  test('heals at once the first time, only what differs, then waits longer each time', () => {
    expect(decideAutoSync(anApp({ selfHeal: true }, {}), drift(), NOW)).toMatchObject({
      sync: { sync: { autoHealAttemptsCount: 1, resources: [{ kind: 'Service', name: 'web' }] } },
    });
    const again = anApp({ selfHeal: true }, { operation: { sync: { autoHealAttemptsCount: 2 } } });
    expect(decideAutoSync(again, drift(), NOW)).toEqual({ later: 5000 });
  });
});

test.each([
  [{ limit: 5 }, 0, 5000],
  [{ limit: 5 }, 3, 40_000],
  [{ limit: 5 }, 5, undefined],
  [{ limit: -1, backoff: { duration: '1s', factor: 3, maxDuration: '5s' } }, 2, 5000],
  [undefined, 0, undefined],
])('a retry by %j after %i tries waits %s ms', (strategy, count, delay) => {
  expect(retryDelay(strategy, count)).toBe(delay);
});
