import { describe, expect, test } from 'vitest';
import { createKindTypes } from '../../../../src/engine/diff/kind-types.ts';
import { type ManagedState, type Planning, planSync } from '../../../../src/engine/sync/plan.ts';
import type { PlanStep } from '../../../../src/model/sync-plan.ts';
import { type KubeObject, keyOf } from '../../../../src/objects/object.ts';
import { loadBuiltinTypes } from '../../../../src/objects/types.ts';
import { anApplication } from '../../../support/applications.ts';

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
const types = createKindTypes(await loadBuiltinTypes(), { definitionOf: () => undefined, knownFields: [] });

type Annotations = Readonly<Record<string, string>>;

const wave = (value: number): Annotations => ({ 'argocd.argoproj.io/sync-wave': String(value) });
const options = (text: string): Annotations => ({ 'argocd.argoproj.io/sync-options': text });
const hook = (type: string): Annotations => ({ 'argocd.argoproj.io/hook': type });

const configMap = (name: string, data: string, annotations: Annotations = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'shop', annotations },
  data: { value: data },
});
const secret = (value: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'token', namespace: 'shop' },
  data: { password: value },
});
const deployment = (replicas: number, cpu: string): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop' },
  spec: {
    replicas,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: { containers: [{ name: 'web', image: 'web:1', resources: { limits: { cpu } } }] },
    },
  },
});
const job = (annotations: Annotations, metadata: object = { name: 'job' }): KubeObject => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { namespace: 'shop', annotations, ...metadata },
});

/** As a cluster holds what was applied on the client's side. */
function applied(object: KubeObject): KubeObject {
  const annotations = { ...object.metadata.annotations, [LAST_APPLIED]: `${JSON.stringify(object)}\n` };
  return { ...object, metadata: { ...object.metadata, annotations, uid: 'u', resourceVersion: '7' } };
}

interface Drawn extends Partial<Omit<Planning, 'states'>> {
  readonly pairs?: readonly (readonly [target: KubeObject | undefined, live: KubeObject | undefined])[];
  readonly modified?: boolean;
}

async function plan({ pairs = [], modified = false, ...drawn }: Drawn): Promise<PlanStep[]> {
  const states = pairs.flatMap(([target, live]): ManagedState[] => {
    const object = target ?? live;
    if (!object) return [];
    return [{ key: keyOf(object), target, live, normalizedLive: live, predictedLive: target, modified }];
  });
  return planSync({
    application: anApplication(),
    operation: {},
    states,
    manifests: [],
    areCompared: true,
    revision: '0123456789abcdef',
    project: undefined,
    now: 1_700_000_000_000,
    types,
    scopeOf: (_group, kind) => kind !== 'Namespace',
    isKnown: () => true,
    ...drawn,
  });
}

const brief = (steps: readonly PlanStep[]): string[] =>
  steps.map(({ phase, wave: at, action, kind, name, reason, fields }) =>
    [phase, at, action, kind, name, fields?.map(({ field }) => field).join(' '), reason && `(${reason})`]
      .filter((word) => word !== undefined && word !== '')
      .join(' '),
  );

describe('what a sync comes to', () => {
  test.each<[string, Drawn, string[]]>([
    ['what is not there is created', { pairs: [[configMap('a', '1'), undefined]] }, ['Sync 0 create ConfigMap a']],
    [
      'of a kind that nobody here knows the cluster decides',
      { pairs: [[{ ...configMap('a', '1'), kind: 'Foo' }, undefined]], isKnown: () => false },
      ['Sync 0 create Foo a (if the cluster knows its kind)'],
    ],
    [
      'what differs is changed, in these fields',
      { pairs: [[configMap('a', '2'), applied(configMap('a', '1'))]] },
      ['Sync 0 change ConfigMap a data.value'],
    ],
    [
      'a field that Git has no more goes',
      { pairs: [[{ ...configMap('a', '1'), data: {} }, applied(configMap('a', '1'))]] },
      ['Sync 0 change ConfigMap a data'],
    ],
    [
      'a field that another has set stays',
      { pairs: [[configMap('a', '1'), { ...applied(configMap('a', '1')), immutable: true }]] },
      ['Sync 0 unchanged ConfigMap a'],
    ],
    [
      'the same quantity in other words is no change of the spec',
      { pairs: [[deployment(1, '0.5'), applied(deployment(1, '500m'))]] },
      [`Sync 0 change Deployment web metadata.annotations["${LAST_APPLIED}"]`],
    ],
    [
      'what was never applied here is remembered',
      { pairs: [[configMap('a', '1'), configMap('a', '1')]] },
      [`Sync 0 change ConfigMap a metadata.annotations["${LAST_APPLIED}"]`],
    ],
    [
      'what Git has no more stays without --prune',
      { pairs: [[undefined, applied(configMap('a', '1'))]] },
      ['Sync 0 keep ConfigMap a (ignored (requires pruning))'],
    ],
    [
      'and goes with it',
      { pairs: [[undefined, applied(configMap('a', '1'))]], operation: { prune: true } },
      ['Sync 0 prune ConfigMap a'],
    ],
    [
      'unless it says no',
      { pairs: [[undefined, applied(configMap('a', '1', options('Prune=false')))]], operation: { prune: true } },
      ['Sync 0 keep ConfigMap a (ignored (no prune))'],
    ],
    [
      'or asks first',
      { pairs: [[undefined, applied(configMap('a', '1', options('Prune=confirm')))]], operation: { prune: true } },
      ['Sync 0 prune ConfigMap a (waits until the pruning is confirmed)'],
    ],
    [
      'replace writes what is there anew',
      { pairs: [[configMap('a', '1'), applied(configMap('a', '1'))]], operation: { syncOptions: ['Replace=true'] } },
      ['Sync 0 replace ConfigMap a'],
    ],
    [
      'replace by force deletes it first',
      {
        pairs: [[configMap('a', '1'), applied(configMap('a', '1'))]],
        operation: { syncOptions: ['Replace=true'], syncStrategy: { hook: { force: true } } },
      },
      ['Sync 0 recreate ConfigMap a'],
    ],
    [
      'only what is selected, and then no hooks',
      {
        pairs: [
          [configMap('a', '1'), undefined],
          [configMap('b', '1'), undefined],
        ],
        manifests: [job(hook('PreSync'))],
        operation: { resources: [{ group: '', kind: 'ConfigMap', name: 'b' }] },
      },
      ['Sync 0 create ConfigMap b'],
    ],
    [
      'no hooks with the strategy apply',
      {
        pairs: [[configMap('a', '1'), undefined]],
        manifests: [job(hook('PreSync'))],
        operation: { syncStrategy: { apply: {} } },
      },
      ['Sync 0 create ConfigMap a'],
    ],
    [
      'hooks in their phases, made-up names with a star, hooks of a failure last',
      {
        pairs: [[configMap('a', '1'), undefined]],
        manifests: [job(hook('SyncFail')), job(hook('PreSync,PostSync'), { generateName: 'run-' })],
      },
      [
        'PreSync 0 hook Job run-*',
        'Sync 0 create ConfigMap a',
        'PostSync 0 hook Job run-*',
        'SyncFail 0 hook Job job (only if the sync fails)',
      ],
    ],
    [
      'waves in order; in one wave what is pruned goes first',
      {
        pairs: [
          [configMap('late', '1', wave(2)), undefined],
          [configMap('a', '1'), undefined],
          [undefined, applied(configMap('z', '1'))],
        ],
        operation: { prune: true },
      },
      ['Sync 0 prune ConfigMap z', 'Sync 0 create ConfigMap a', 'Sync 2 create ConfigMap late'],
    ],
    [
      'waves of what is pruned are mirrored, anew in each pass',
      {
        pairs: [
          [undefined, applied(configMap('first', '1', wave(1)))],
          [undefined, applied(configMap('stays', '1', { ...wave(-1), ...options('Prune=false') }))],
          [undefined, applied(configMap('second', '1', wave(0)))],
          [configMap('a', '1', wave(1)), undefined],
        ],
        operation: { prune: true },
      },
      [
        'Sync -1 prune ConfigMap first',
        'Sync -1 prune ConfigMap second',
        'Sync -1 keep ConfigMap stays (ignored (no prune))',
        'Sync 1 create ConfigMap a',
      ],
    ],
    [
      'what is in sync is left out with ApplyOutOfSyncOnly',
      {
        pairs: [[configMap('a', '1'), applied(configMap('a', '1'))]],
        operation: { syncOptions: ['ApplyOutOfSyncOnly=true'] },
      },
      [],
    ],
    [
      'the namespace of the destination is made first',
      { pairs: [[configMap('a', '1'), undefined]], operation: { syncOptions: ['CreateNamespace=true'] } },
      ['PreSync 0 create Namespace shop (unless it is there already)', 'Sync 0 create ConfigMap a'],
    ],
    [
      'unless something lives in it',
      {
        pairs: [[configMap('a', '1'), applied(configMap('a', '1'))]],
        operation: { syncOptions: ['CreateNamespace=true'] },
      },
      ['Sync 0 unchanged ConfigMap a'],
    ],
  ])('%s', async (_title, drawn, steps) => {
    expect(brief(await plan(drawn))).toEqual(steps);
  });

  test('names fields of a Secret, and never a value', async () => {
    const [step] = await plan({ pairs: [[secret('bmV3'), applied(secret('b2xk'))]] });
    expect(step?.fields).toEqual([{ field: 'data.password' }]);
  });

  test('of a Secret that was not compared says that it may be the same', async () => {
    const masked = secret('++++++++');
    const steps = await plan({ pairs: [[undefined, applied(masked)]], manifests: [masked], areCompared: false });
    expect(brief(steps)).toEqual(['Sync 0 change Secret token (its values are not told: they may be the same)']);
  });

  test('puts other manifests into their namespace, and takes what is declared last', async () => {
    const bare = (data: string): KubeObject => ({ ...configMap('a', data), metadata: { name: 'a', annotations: {} } });
    const steps = await plan({
      pairs: [[configMap('a', '1'), applied(configMap('a', '1'))]],
      manifests: [bare('2'), bare('3')],
      areCompared: false,
    });
    expect(steps).toMatchObject([{ action: 'change', fields: [{ field: 'data.value', live: '1', target: '3' }] }]);
  });
});
