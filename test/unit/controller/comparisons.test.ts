// What may be taken for unchanged, and what must be compared again.

import { beforeEach, describe, expect, test } from 'vitest';
import type { CompareResult } from '../../../src/controller/compare.ts';
import { type Comparisons, createComparisons } from '../../../src/controller/comparisons.ts';
import { parse } from '../../../src/core/shape.ts';
import { type Application, application } from '../../../src/model/application.ts';
import { parseComparisonSettings } from '../../../src/model/comparison-settings.ts';

const APP: Application = parse(
  application,
  {
    metadata: { name: 'shop', namespace: 'argocd' },
    spec: {
      project: 'default',
      source: { repoURL: 'https://git.example.com/shop.git', path: 'shop' },
      destination: { server: 'https://kubernetes.default.svc', namespace: 'shop' },
    },
  },
  'application',
);

/** A repository whose branch, and whose files at each commit, a test moves. */
const git = { head: 'one', files: new Map<string, string>() };
const cluster = {
  settings: parseComparisonSettings({}),
  project: { spec: { sourceRepos: ['*'] } },
};
let comparisons: Comparisons;

const ports: Parameters<typeof createComparisons>[0] = {
  namespace: 'argocd',
  comparisonSettings: () => cluster.settings,
  project: async () => ({ metadata: { name: 'default' }, ...cluster.project }),
  renderer: {
    resolve: async () => git.head,
    contentOf: async (_source, revision) => git.files.get(revision),
  },
};

const CLEAN: Pick<CompareResult, 'syncStatus' | 'conditions' | 'resources' | 'selfContained' | 'revisions'> = {
  syncStatus: 'Synced',
  conditions: [],
  resources: [],
  selfContained: true,
  revisions: ['one'],
};

async function compare(result: Partial<CompareResult> = {}): Promise<void> {
  comparisons.keep(APP, await comparisons.begin(APP), { ...CLEAN, ...result });
}

beforeEach(() => {
  git.head = 'one';
  git.files = new Map([
    ['one', 'a'],
    ['two', 'a'],
    ['three', 'b'],
  ]);
  cluster.settings = parseComparisonSettings({});
  cluster.project = { spec: { sourceRepos: ['*'] } };
  comparisons = createComparisons(ports);
});

describe('what is Synced is current', () => {
  test('while nothing changes', async () => {
    await compare();
    expect(await comparisons.isCurrent(APP)).toBe(true);
  });

  test.each<[string, () => void]>([
    ['a commit', () => (git.head = 'two')],
    ['an object of the cluster', () => comparisons.drop('argocd/shop')],
    ['the settings', () => (cluster.settings = parseComparisonSettings({}))],
    ['what the cluster serves', () => comparisons.dropAll()],
    ['the project', () => (cluster.project = { spec: { sourceRepos: [] } })],
  ])('until %s changes', async (_what, change) => {
    await compare();
    change();
    expect(await comparisons.isCurrent(APP)).toBe(false);
  });

  test('but not when its specification is another', async () => {
    await compare();
    const moved = { ...APP, spec: { ...APP.spec, destination: { ...APP.spec.destination, namespace: 'other' } } };
    expect(await comparisons.isCurrent(moved)).toBe(false);
  });

  test('but not when something changed while it was compared', async () => {
    const basis = await comparisons.begin(APP);
    comparisons.drop('argocd/shop');
    comparisons.keep(APP, basis, CLEAN);
    expect(await comparisons.isCurrent(APP)).toBe(false);
  });

  test.each<Partial<CompareResult>>([
    { syncStatus: 'OutOfSync' },
    { syncStatus: 'Unknown' },
    { conditions: [{ type: 'SharedResourceWarning', message: 'shared' }] },
  ])('but not with %j', async (result) => {
    await compare(result);
    expect(await comparisons.isCurrent(APP)).toBe(false);
  });

  test('but not before it was compared', async () => {
    expect(await comparisons.isCurrent(APP)).toBe(false);
  });
});

describe('a commit touches an application', () => {
  test.each([
    ['its own files', 'three', true],
    ['other files alone', 'two', false],
    ['nothing that is known', 'four', true],
  ])('that changes %s', async (_what, head, touched) => {
    await compare();
    git.head = head;
    expect(await comparisons.isTouched('argocd/shop')).toBe(touched);
  });

  test('that reads files of others', async () => {
    await compare({ selfContained: false });
    git.head = 'two';
    expect(await comparisons.isTouched('argocd/shop')).toBe(true);
  });

  test('that was never compared', async () => {
    expect(await comparisons.isTouched('argocd/shop')).toBe(true);
  });
});
