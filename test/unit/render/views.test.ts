// Every view once in a pipe and once in a terminal with colours, against files: UPDATE_GOLDEN=1 writes them anew.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { chalkStyle } from '../../../src/cli/io/chalk-style.ts';
import { written } from '../../../src/cli/io/visible.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import type { Application } from '../../../src/model/application.ts';
import type { SyncPlan } from '../../../src/model/sync-plan.ts';
import { renderConditions, renderOperation, renderResources, renderSummary } from '../../../src/render/application.ts';
import { applicationTable } from '../../../src/render/applications.ts';
import { type Deployment, renderDeployments } from '../../../src/render/deployments.ts';
import { renderDifferenceSummary } from '../../../src/render/difference-summary.ts';
import { renderDifferences } from '../../../src/render/differences.ts';
import { terminalTable } from '../../../src/render/grid.ts';
import { renderHistory } from '../../../src/render/history.ts';
import type { ObjectDifference } from '../../../src/render/object-difference.ts';
import { renderSideBySide } from '../../../src/render/side-by-side.ts';
import { signed } from '../../../src/render/signs.ts';
import { meaningOf, PLAIN, type Style } from '../../../src/render/style.ts';
import { renderPlan } from '../../../src/render/sync-plan.ts';
import { columnTable } from '../../../src/render/table.ts';
import { renderTree } from '../../../src/render/tree.ts';
import type { View } from '../../../src/render/view.ts';
import { widthOf } from '../../../src/render/width.ts';
import { anApplication } from '../../support/applications.ts';

// Times are shown in the zone of the reader.
process.env['TZ'] = 'UTC';

const NOW = Date.parse('2026-01-05T10:00:00Z');
const PIPE: View = { style: PLAIN, table: columnTable, state: (status) => status, facts: 'grouped', now: NOW };
const COLOURS = chalkStyle(1);
const terminal = (columns: number, unicode = true, style: Style = COLOURS): View => ({
  style,
  table: terminalTable({ columns, unicode }),
  state: (status) => style[meaningOf(status)](unicode ? signed(status) : status),
  facts: 'grouped',
  now: NOW,
});
const TERMINAL = terminal(100);
const FOLDER = new URL('../../fixtures/render/', import.meta.url).pathname;

const source = { repoURL: 'https://example.com/repo.git', path: 'guestbook', targetRevision: 'main' };
const revision = '0123456789abcdef0123456789abcdef01234567';

function broken(): Application {
  const app = anApplication({ sync: 'OutOfSync', health: 'Degraded', automated: true });
  const results = [
    {
      version: 'v1',
      kind: 'Service',
      namespace: 'shop',
      name: 'web',
      status: 'Synced',
      message: 'service/web created',
    },
    {
      version: 'v1',
      kind: 'Job',
      group: 'batch',
      namespace: 'shop',
      name: 'migrate',
      hookType: 'PreSync',
      hookPhase: 'Failed',
    },
  ];
  return {
    ...app,
    status: {
      ...app.status,
      conditions: [{ type: 'SyncError', message: 'the hook failed', lastTransitionTime: '2026-01-05T09:00:00Z' }],
      operationState: {
        phase: 'Failed',
        message: 'one hook failed',
        startedAt: '2026-01-05T09:58:00Z',
        finishedAt: '2026-01-05T09:59:30Z',
        syncResult: { revision, resources: results },
      },
    },
  };
}

function sick(): Application {
  const app = anApplication({ name: 'checkout-service-of-the-shop', health: 'Degraded' });
  const health = { status: 'Degraded', message: 'Deployment "web" exceeded its progress deadline' };
  const resource = {
    group: 'apps',
    version: 'v1',
    kind: 'Deployment',
    namespace: 'shop',
    name: 'web',
    status: 'Synced',
  };
  return { ...app, status: { ...app.status, resources: [{ ...resource, health }] } };
}

const MANY: readonly Application[] = [
  broken(),
  sick(),
  anApplication({ name: 'web', health: 'Progressing' }),
  anApplication({ name: 'idle', health: 'Suspended', sync: 'Unknown' }),
  anApplication({ name: 'fresh', health: 'Missing', sync: 'OutOfSync' }),
];

const TREE = {
  nodes: [
    { kind: 'Service', version: 'v1', namespace: 'shop', name: 'web', uid: 's', createdAt: '2026-01-05T09:00:00Z' },
    { kind: 'Deployment', group: 'apps', namespace: 'shop', name: 'web', uid: 'd', health: { status: 'Degraded' } },
    { kind: 'ReplicaSet', group: 'apps', namespace: 'shop', name: 'web-1', uid: 'r', parentRefs: [{ uid: 'd' }] },
    {
      kind: 'Pod',
      namespace: 'shop',
      name: 'web-1-x',
      uid: 'p',
      parentRefs: [{ uid: 'r' }],
      health: { status: 'Progressing', message: 'pulling the image' },
    },
  ],
};

const map = (name: string, data: JsonObject): JsonObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data,
});
const DIFFERENCES: readonly ObjectDifference[] = [
  {
    group: '',
    kind: 'ConfigMap',
    namespace: 'shop',
    name: 'colour',
    live: map('colour', { mode: 'a blue one', size: 'small' }),
    target: map('colour', { mode: 'a green one', size: 'small' }),
  },
  { group: '', kind: 'ConfigMap', namespace: 'shop', name: 'fresh', live: undefined, target: map('fresh', { a: 'b' }) },
  { group: '', kind: 'ConfigMap', namespace: 'shop', name: 'old', live: map('old', { a: 'b' }), target: undefined },
  {
    group: '',
    kind: 'Secret',
    namespace: 'shop',
    name: 'token',
    live: { ...map('token', { word: '++++++++++++', user: '++++++++' }), kind: 'Secret' },
    target: { ...map('token', { word: '++++++++', user: '++++++++' }), kind: 'Secret' },
  },
];

const DEPLOYMENTS: readonly Deployment[] = [
  {
    id: 3,
    deployedAt: '2026-01-04T10:00:00Z',
    initiatedBy: { username: 'admin' },
    phase: 'Succeeded',
    seconds: 4,
    deployed: [
      { source, revision, commit: { author: 'Ann Other <ann@example.com>', message: 'Paint it blue\n\nBecause.' } },
    ],
  },
  {
    deployedAt: '2026-01-05T10:00:00Z',
    initiatedBy: { automated: true },
    phase: 'Failed',
    seconds: 90,
    message: 'one or more objects failed to apply',
    deployed: [{ source, revision }],
  },
];

const HISTORY = [{ id: 3, deployedAt: '2026-01-04T10:00:00Z', revision, source }];

const job = { wave: 0, group: 'batch', kind: 'Job', namespace: 'shop' };
const PLAN: SyncPlan = {
  application: 'argocd/shop',
  revisions: [revision],
  steps: [
    { ...job, phase: 'PreSync', action: 'hook', name: 'migrate-*' },
    {
      phase: 'Sync',
      wave: -1,
      action: 'prune',
      group: '',
      kind: 'ConfigMap',
      namespace: 'shop',
      name: 'settings-of-old',
    },
    { phase: 'Sync', wave: 0, action: 'create', group: '', kind: 'Namespace', namespace: '', name: 'shop' },
    {
      phase: 'Sync',
      wave: 0,
      action: 'change',
      group: 'apps',
      kind: 'Deployment',
      namespace: 'shop',
      name: 'web',
      fields: ['spec.replicas', 'spec.template.spec.containers[web].image', 'spec.a', 'spec.b'].map((field) => ({
        field,
      })),
    },
    { phase: 'Sync', wave: 0, action: 'unchanged', group: '', kind: 'Service', namespace: 'shop', name: 'web' },
    { ...job, phase: 'SyncFail', action: 'hook', name: 'undo', reason: 'only if the sync fails' },
  ],
  notes: ['a sync window does not allow a sync now'],
};

type Draw = (view: View) => string | Promise<string>;

const VIEWS: Readonly<Record<string, Draw>> = {
  list: (view) => view.table(applicationTable(MANY, 'brief', NOW), view.style),
  applications: (view) => view.table(applicationTable(MANY, 'wide', NOW), view.style),
  application: (view) =>
    renderSummary({ application: broken(), url: 'https://cd.example.com/applications/guestbook' }, view),
  conditions: (view) => renderConditions(broken(), view),
  operation: (view) => renderOperation(broken(), view),
  resources: (view) => renderResources(broken(), view),
  tree: (view) => renderTree({ application: anApplication(), tree: TREE, detailed: false }, view),
  'tree-detailed': (view) => renderTree({ application: anApplication(), tree: TREE, detailed: true }, view),
  history: (view) => renderHistory(HISTORY, view),
  deployments: (view) => renderDeployments(DEPLOYMENTS, view),
  differences: (view) => renderDifferences(DIFFERENCES, view.style),
  'side-by-side': (view) => renderSideBySide(DIFFERENCES, 80, view.style),
  'difference-summary': (view) => renderDifferenceSummary(DIFFERENCES, view),
  'sync-plan': (view) => renderPlan(PLAN, { isWide: false }, view),
};

const TABLES: Readonly<Record<string, (view: View) => string>> = {
  applications: (view) => view.table(applicationTable(MANY, 'brief', NOW), view.style),
  resources: (view) => renderResources(broken(), view),
  tree: (view) => renderTree({ application: anApplication(), tree: TREE, detailed: true }, view),
};

const PLACES: readonly (readonly [string, View])[] = [
  ['pipe', PIPE],
  ['terminal', TERMINAL],
  ...[20, 40, 60, 80, 120, 200].map((columns) => [String(columns), terminal(columns, true, PLAIN)] as const),
  ['ascii', terminal(60, false, PLAIN)],
];

describe.each(Object.entries(VIEWS))('the view %s', (name, draw) => {
  test.each(PLACES)('in a place %s', async (place, view) => {
    const drawn = written(await draw(view));
    const file = `${FOLDER}${name}.${place}.txt`;
    // Escapes are written so that a reader of the file sees them.
    const text = drawn.replaceAll('\u001b', '\\e');
    if (process.env['UPDATE_GOLDEN'] === '1') {
      mkdirSync(FOLDER, { recursive: true });
      writeFileSync(file, text);
    }
    expect(text).toBe(readFileSync(file, 'utf8'));
  });
});

describe.each(Object.entries(TABLES))('the table of %s', (_, draw) => {
  test.each([20, 40, 60, 80, 120, 200])('fits a terminal of %d columns', (columns) => {
    for (const line of draw(terminal(columns, true, PLAIN))
      .trimEnd()
      .split('\n')) {
      if (!line.startsWith('not shown:')) expect(widthOf(line)).toBeLessThanOrEqual(columns);
    }
  });

  test('looks the same drawn by hand, as long ones are', () => {
    const table = terminalTable({ columns: 120, unicode: true });
    const drawing = (rows: number): string =>
      draw({ ...terminal(120), table: (one, style) => table({ ...one, rows: repeated(one.rows, rows) }, style) });
    expect(drawing(201).split('\n').slice(0, 150)).toEqual(drawing(200).split('\n').slice(0, 150));
  });
});

const repeated = <T>(rows: readonly T[], count: number): T[] =>
  Array.from({ length: count }, (_, index) => rows[index % rows.length]).filter((row) => row !== undefined);
