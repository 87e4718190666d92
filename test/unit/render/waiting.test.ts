import { describe, expect, test } from 'vitest';
import type { Application } from '../../../src/model/application.ts';
import { ASCII_GLYPHS, UNICODE_GLYPHS } from '../../../src/render/glyphs.ts';
import { resourceStates } from '../../../src/render/states.ts';
import { PLAIN } from '../../../src/render/style.ts';
import { renderResult } from '../../../src/render/wait-result.ts';
import {
  elapsedText,
  type Look,
  renderBoard,
  renderWaiting,
  shortReason,
  type WaitingView,
} from '../../../src/render/waiting.ts';
import { widthOf } from '../../../src/render/width.ts';
import { anApplication } from '../../support/applications.ts';

const look = (columns: number, rows: number): Look => ({ columns, rows, style: PLAIN, glyphs: UNICODE_GLYPHS });

/** A sync in its second wave: a Deployment that waits for an image, and so many ConfigMaps that are not applied yet. */
function syncing(count: number): Application {
  const app = anApplication({ name: 'shop', sync: 'OutOfSync', health: 'Progressing' });
  const maps = Array.from({ length: count }, (_, index) => ({
    kind: 'ConfigMap',
    version: 'v1',
    namespace: 'shop',
    name: `settings-${index}`,
    status: 'OutOfSync',
    syncWave: 2,
  }));
  const web = { group: 'apps', kind: 'Deployment', version: 'v1', namespace: 'shop', name: 'web', syncWave: 1 };
  const done = {
    kind: 'Service',
    version: 'v1',
    namespace: 'other',
    name: 'web',
    status: 'Synced',
    health: { status: 'Healthy' },
  };
  const message = 'Waiting for rollout to finish: 1 of 2 updated replicas are available...';
  return {
    ...app,
    operation: { sync: {} },
    status: {
      ...app.status,
      resources: [...maps, { ...web, status: 'Synced', health: { status: 'Progressing', message } }, done],
      operationState: {
        phase: 'Running',
        message: 'waiting for healthy state of apps/Deployment/web',
        startedAt: '2026-01-05T10:00:00Z',
        syncResult: {
          resources: [{ ...web, hookPhase: 'Running', syncPhase: 'Sync', message: 'deployment.apps/web created' }],
        },
      },
    },
  };
}

const viewOf = (application: Application, reasons = new Map<string, string>()): WaitingView => ({
  application,
  states: resourceStates(application),
  reasons,
  seconds: 12,
});

describe('the frame of a wait', () => {
  test('says how far it is, and what is not settled with its reason, what is worst first', () => {
    expect(renderWaiting(viewOf(syncing(2)), look(100, 24))).toEqual([
      'shop  Running  1/4  OutOfSync  Progressing  Sync wave 1  12 s',
      '  waiting for healthy state of apps/Deployment/web',
      '… Deployment web        Progressing  1 of 2 available',
      '● ConfigMap settings-0  OutOfSync',
      '● ConfigMap settings-1  OutOfSync',
    ]);
  });

  test('a Pod that says why it does not run is told in place of the count', () => {
    const reasons = new Map([['apps/Deployment/shop/web', 'ImagePullBackOff registry.example.com/web:1.0']]);
    expect(renderWaiting(viewOf(syncing(0), reasons), look(100, 24)).at(-1)).toBe(
      '… Deployment web  Progressing  ImagePullBackOff registry.example.com/web:1.0',
    );
  });

  test('what has no room is counted', () => {
    const lines = renderWaiting(viewOf(syncing(50)), look(80, 10));
    expect(lines).toHaveLength(10);
    expect(lines.at(-1)).toBe('… 44 more');
  });

  test.each([1, 2, 3, 4, 10, 24])('has at most the %i lines of its window, at every width', (rows) => {
    for (const columns of [10, 20, 40, 60, 80, 200]) {
      const app = syncing(60);
      const wide = { ...app, metadata: { ...app.metadata, name: '應用程式-🚢-shop' } };
      for (const lines of [
        renderWaiting(viewOf(wide), look(columns, rows)),
        renderBoard([viewOf(wide), viewOf(app)], look(columns, rows)),
      ]) {
        expect(lines.length).toBeLessThanOrEqual(rows);
        expect(Math.max(...lines.map(widthOf)), lines.join('\n')).toBeLessThanOrEqual(columns);
      }
    }
  });

  test('is ASCII where the terminal shows no more', () => {
    const text = renderWaiting(viewOf(syncing(60)), { ...look(60, 12), glyphs: ASCII_GLYPHS }).join('\n');
    expect(text).toMatch(/^[\n -~]*$/);
    expect(text).toContain('* Deployment web');
  });

  test('a line end in a message makes no line of its own', () => {
    const app = syncing(0);
    const state = {
      ...app.status,
      conditions: [],
      operationState: app.status?.operationState && { ...app.status.operationState, message: 'a\nb' },
    };
    expect(renderWaiting(viewOf({ ...app, status: state }), look(80, 24))[1]).toBe('  a\\nb');
  });
});

test.each([
  ['Waiting for rollout to finish: 1 out of 3 new replicas have been updated...', '1 of 3 updated'],
  ['Waiting for rollout to finish: 0 of 2 updated replicas are available...', '0 of 2 available'],
  [
    'Waiting for rollout to finish: 1 old replicas are pending termination...',
    '1 old replicas are pending termination',
  ],
  ['Deployment "web" exceeded its progress deadline', 'Deployment "web" exceeded its progress deadline'],
])('%s', (reason, short) => {
  expect(shortReason(reason)).toBe(short);
});

test.each([
  [0, '0 s'],
  [59, '59 s'],
  [60, '1 min 0 s'],
  [3725, '1 h 2 min'],
])('%i seconds', (seconds, text) => {
  expect(elapsedText(seconds)).toBe(text);
});

describe('the line that stays', () => {
  const signs = { style: PLAIN, glyphs: UNICODE_GLYPHS };
  const synced = anApplication({ name: 'shop' });
  const state = (operation: object, sync = 'Synced'): Application => ({
    ...synced,
    status: {
      ...synced.status,
      sync: { ...synced.status?.sync, status: sync },
      operationState: {
        phase: 'Succeeded',
        operation: { sync: operation },
        syncResult: { revision: 'fedcba9876543210fedcba9876543210fedcba98' },
      },
    },
  });

  test.each<[string, Parameters<typeof renderResult>[0], string]>([
    [
      'a sync',
      { task: 'sync', application: state({}), failure: undefined, seconds: 4 },
      '✓ shop synced to 0123456 in 4 s · 1 resource · Healthy',
    ],
    [
      'a sync of some resources, after which it is not Synced',
      { task: 'sync', application: state({}, 'OutOfSync'), failure: undefined, seconds: 4 },
      '✓ shop sync succeeded to fedcba9, still OutOfSync in 4 s · 1 resource · Healthy',
    ],
    [
      'a dry run',
      { task: 'sync', application: state({ dryRun: true }), failure: undefined, seconds: 4 },
      '✓ shop dry run done in 4 s · 1 resource · Healthy',
    ],
    [
      'a rollback',
      { task: 'rollback', application: state({}, 'OutOfSync'), failure: undefined, seconds: 4 },
      '✓ shop rolled back to fedcba9 in 4 s · 1 resource · Healthy',
    ],
    [
      'a failure',
      { task: 'sync', application: state({}), failure: 'sync-failed', seconds: 61 },
      '✗ shop failed to sync after 1 min 1 s · 1 resource · Healthy',
    ],
    [
      'the end of the time',
      { task: 'wait', application: state({}), failure: 'timed-out', seconds: 25 },
      '✗ shop is not done after 25 s · 1 resource · Healthy',
    ],
  ])('of %s', (_, result, line) => {
    expect(renderResult(result, signs)).toBe(line);
  });
});
