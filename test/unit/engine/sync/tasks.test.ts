import { describe, expect, test } from 'vitest';
import { planTasks, type SyncTask } from '../../../../src/engine/sync/tasks.ts';
import { type KubeObject, keyOf } from '../../../../src/objects/object.ts';

const naming = {
  instance: 'web',
  destinationNamespace: 'shop',
  revision: '0123456789abcdef',
  startedAt: 1_700_000_000_000,
};
const CONTEXT = { syncOptions: [], hooks: true, naming };

interface Drawn {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  readonly apiVersion?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly more?: Partial<KubeObject>;
}

function anObject({
  kind,
  name,
  namespace = 'shop',
  apiVersion = 'v1',
  annotations = {},
  more = {},
}: Drawn): KubeObject {
  return { ...more, apiVersion, kind, metadata: { name, namespace, annotations } };
}

const wave = (value: number): Readonly<Record<string, string>> => ({ 'argocd.argoproj.io/sync-wave': String(value) });
const wanted = (target: KubeObject) => ({ key: keyOf(target), target, live: undefined });
const dropped = (live: KubeObject) => ({ key: keyOf(live), target: undefined, live });
const names = (tasks: readonly SyncTask[]): string[] =>
  tasks.map((task) => `${task.phase} ${task.key.kind}/${task.key.name}`);

describe('the tasks of an operation', () => {
  test('run in the order of waves, kinds and names', () => {
    const pairs = [
      wanted(anObject({ kind: 'Deployment', name: 'b', apiVersion: 'apps/v1' })),
      wanted(anObject({ kind: 'Deployment', name: 'a', apiVersion: 'apps/v1' })),
      wanted(anObject({ kind: 'ConfigMap', name: 'late', annotations: wave(1) })),
      wanted(anObject({ kind: 'Secret', name: 'first' })),
      wanted(anObject({ kind: 'Gizmo', name: 'unknown', apiVersion: 'example.com/v1' })),
    ];
    expect(names(planTasks(pairs, [], CONTEXT))).toEqual([
      'Sync Secret/first',
      'Sync Deployment/a',
      'Sync Deployment/b',
      'Sync Gizmo/unknown',
      'Sync ConfigMap/late',
    ]);
  });

  test('put hooks into their phases, one task for each', () => {
    const hook = anObject({
      kind: 'Job',
      name: 'migrate',
      annotations: { 'argocd.argoproj.io/hook': 'PreSync,PostSync' },
    });
    const pairs = [wanted(anObject({ kind: 'ConfigMap', name: 'settings' }))];
    expect(names(planTasks(pairs, [wanted(hook)], CONTEXT))).toEqual([
      'PreSync Job/migrate',
      'Sync ConfigMap/settings',
      'PostSync Job/migrate',
    ]);
    expect(names(planTasks(pairs, [wanted(hook)], { ...CONTEXT, hooks: false }))).toEqual(['Sync ConfigMap/settings']);
  });

  test('name a hook that has only the beginning of a name', () => {
    const hook: KubeObject = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { generateName: 'check-', annotations: { 'argocd.argoproj.io/hook': 'PreSync' } },
    };
    expect(planTasks([], [wanted(hook)], CONTEXT)[0]?.key.name).toBe('check-0123456-presync-1700000000');
  });

  test('make a namespace before what lies in it, whatever its wave', () => {
    const pairs = [
      wanted(anObject({ kind: 'ConfigMap', name: 'early', annotations: wave(-5) })),
      wanted(anObject({ kind: 'Namespace', name: 'shop', namespace: '' })),
    ];
    expect(names(planTasks(pairs, [], CONTEXT))).toEqual(['Sync Namespace/shop', 'Sync ConfigMap/early']);
  });

  test('prune in the reverse of the waves, and last where that is asked for', () => {
    const pairs = [
      dropped(anObject({ kind: 'ConfigMap', name: 'one', annotations: wave(1) })),
      dropped(anObject({ kind: 'ConfigMap', name: 'two', annotations: wave(2) })),
      wanted(anObject({ kind: 'Service', name: 'kept', annotations: wave(3) })),
    ];
    expect(names(planTasks(pairs, [], CONTEXT))).toEqual([
      'Sync ConfigMap/two',
      'Sync ConfigMap/one',
      'Sync Service/kept',
    ]);
    const last = planTasks(pairs, [], { ...CONTEXT, syncOptions: ['PruneLast=true'] });
    expect(names(last)[0]).toBe('Sync Service/kept');
  });
});
