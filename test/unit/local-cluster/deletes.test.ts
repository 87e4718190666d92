// What options say of a delete, and what a second one still changes, as a real API server answers.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/cli/io/system-clock.ts';
import { isObject, type JsonObject, listAt, numberAt, objectAt, textAt } from '../../../src/core/json.ts';
import { type KubeAnswer, type KubeCalls, openKubeCalls } from '../../support/kube-calls.ts';

const DEFAULT = '/api/v1/namespaces/default';
const MAPS = `${DEFAULT}/configmaps`;
const JOBS = '/apis/batch/v1/namespaces/default/jobs';
const MERGE = { headers: { 'content-type': 'application/merge-patch+json' } };
const CONTAINERS = [{ name: 'c', image: 'i' }];
let kube: KubeCalls;
let count = 0;

beforeAll(async () => {
  kube = await openKubeCalls(systemClock);
});
afterAll(() => kube.close());

/** The path of a new object. */
async function made(collection: string, rest: JsonObject = {}): Promise<string> {
  count += 1;
  const name = `n${count}`;
  const metadata = { ...objectAt(rest, 'metadata'), name };
  const { status } = await kube.call('POST', collection, { ...rest, metadata });
  expect(status).toBe(201);
  return `${collection}/${name}`;
}

const deleted = (path: string, options?: JsonObject | string): Promise<KubeAnswer> =>
  kube.call('DELETE', path, options);
const pod = (spec: JsonObject = {}): JsonObject => ({ spec: { containers: CONTAINERS, ...spec } });
const job: JsonObject = { spec: { template: { spec: { restartPolicy: 'Never', containers: CONTAINERS } } } };
const finalizersIn = ({ body }: KubeAnswer): readonly unknown[] => listAt(body, 'metadata', 'finalizers');

describe('the options of a delete', () => {
  const noObject = (kind: string): string =>
    `couldn't get version/kind; json parse error: json: cannot unmarshal ${kind}`;
  test.each<[string, JsonObject | string | undefined, number, string]>([
    ['', '[]', 400, noObject('array')],
    ['', '"x"', 400, noObject('string')],
    ['', 'null', 200, ''],
    ['', '', 200, ''],
    ['', { propagationPolicy: '' }, 422, 'Unsupported value: ""'],
    ['', { kind: 'Pod', apiVersion: 'v1' }, 400, 'no kind "Pod" is registered for version "v1"'],
    ['', { kind: 'Foo' }, 400, 'no kind "Foo" is registered for version "meta.k8s.io/v1"'],
    ['', { kind: 'Status', apiVersion: 'v1' }, 400, 'converting (v1.Status) to (v1.DeleteOptions): unknown conversion'],
    ['?resourceVersion=1', undefined, 409, 'the ResourceVersion in the precondition (1) does not match'],
    ['?resourceVersion=1', {}, 200, ''],
    ['?uid=x', undefined, 409, 'the UID in the precondition (x) does not match'],
  ])('%s %j: %i %s', async (query, options, status, message) => {
    const answer = await deleted(`${await made(MAPS)}${query}`, options);
    expect([answer.status, answer.message]).toEqual([status, expect.stringContaining(message)]);
  });

  test('202 where it is held and dependents are said to go', async () => {
    const path = await made(MAPS, { metadata: { finalizers: ['a.b/c'] } });
    expect((await deleted(path, { orphanDependents: false })).status).toBe(202);
  });

  test('a Job warns where nothing is said of its Pods, also where it is refused', async () => {
    const warned = async (options: JsonObject): Promise<boolean> =>
      (await deleted(await made(JOBS, job), options)).warning.includes('child pods are preserved');
    expect(await warned({})).toBe(true);
    expect(await warned({ preconditions: { uid: 'x' } })).toBe(true);
    expect(await warned({ orphanDependents: false })).toBe(false);
  });
});

describe('what is ending', () => {
  test('goes when a second delete no longer wants its dependents looked after', async () => {
    const path = await made(MAPS);
    expect(finalizersIn(await deleted(path, { propagationPolicy: 'Orphan' }))).toEqual(['orphan']);
    expect(finalizersIn(await deleted(path, { propagationPolicy: 'Foreground' }))).toEqual(['foregroundDeletion']);
    expect((await deleted(path, { propagationPolicy: 'Background' })).body['status']).toBe('Success');
    expect((await kube.call('GET', path)).status).toBe(404);
  });

  test('a Pod on a node may be told to be quicker, and nothing else', async () => {
    const path = await made(`${DEFAULT}/pods`, pod({ nodeName: 'n' }));
    const grace = async (options: JsonObject): Promise<unknown> =>
      numberAt((await deleted(path, options)).body, 'metadata', 'deletionGracePeriodSeconds');
    expect(await grace({ gracePeriodSeconds: 20 })).toBe(20);
    expect(await grace({ gracePeriodSeconds: 25 })).toBe(20);
    expect(finalizersIn(await deleted(path, { propagationPolicy: 'Foreground' }))).toEqual([]);
    expect(await grace({ gracePeriodSeconds: 5 })).toBe(5);
    expect(await grace({ gracePeriodSeconds: -1 })).toBe(1);
  });

  test('a Pod without a node goes at once, and is answered as ending', async () => {
    const { body } = await deleted(await made(`${DEFAULT}/pods`, pod()));
    expect(objectAt(body, 'metadata')).toMatchObject({ deletionGracePeriodSeconds: 0, generation: 2 });
    expect(textAt(body, 'metadata', 'deletionTimestamp')).not.toBe('');
  });

  test.each<[string, JsonObject]>([
    ['deletionTimestamp', { deletionTimestamp: '2020-01-01T00:00:00Z' }],
    ['deletionGracePeriodSeconds', { deletionGracePeriodSeconds: 9 }],
  ])('only a delete says so: %s', async (field, metadata) => {
    const answer = await kube.call('PATCH', await made(MAPS), { metadata }, MERGE);
    expect(answer.status).toBe(422);
    expect(answer.message).toContain(`metadata.${field}: Invalid value`);
    expect(listAt(answer.body, 'details', 'causes').filter(isObject)).toHaveLength(2);
  });
});

describe('a namespace', () => {
  test.each(['default', 'kube-system', 'kube-public'])('%s may not be deleted', async (name) => {
    expect(await deleted(`/api/v1/namespaces/${name}`)).toMatchObject({
      status: 403,
      message: `namespaces "${name}" is forbidden: this namespace may not be deleted`,
    });
  });

  test('that ends takes nothing new, in no way, and cannot be told how to end again', async () => {
    const path = await made('/api/v1/namespaces');
    const name = path.slice(path.lastIndexOf('/') + 1);
    await kube.call('POST', `${path}/serviceaccounts`, { metadata: { name: 'default' } });
    const wrong = await deleted(path, { preconditions: { uid: 'x' } });
    expect(wrong.message).toContain(
      `on namespaces "${name}": Precondition failed: UID in precondition: x, UID in object`,
    );
    await deleted(path);
    expect(finalizersIn(await deleted(path, { propagationPolicy: 'Orphan' }))).toEqual([]);
    const why = `is forbidden: unable to create new content in namespace ${name} because it is being terminated`;
    for (const [at, body, what] of [
      ['configmaps', { metadata: { generateName: 'g-' } }, 'configmaps "g-"'],
      ['serviceaccounts/default/token', {}, 'serviceaccounts "default"'],
      ['pods/p/eviction', { metadata: { name: 'p' } }, 'pods "p"'],
      ['pods/p/binding', { target: { name: 'n' } }, 'pods "p"'],
      ['bindings', { metadata: { name: 'p' }, target: { name: 'n' } }, 'bindings "p"'],
    ] as const) {
      expect(await kube.call('POST', `${path}/${at}`, body)).toMatchObject({ status: 403, message: `${what} ${why}` });
    }
  });
});

test('what was deleted at once is answered as it was', async () => {
  await made(MAPS, { metadata: { labels: { of: 'answers' }, finalizers: ['a.b/c'] } });
  const list = await kube.call('GET', `${MAPS}?labelSelector=of`);
  const { body } = await deleted(`${MAPS}?labelSelector=of`);
  expect([body['items'], body['metadata']]).toEqual([list.body['items'], list.body['metadata']]);
});

test('a Pod that is deleted while it is evicted stays away', async () => {
  const labels = { evicted: 'yes' };
  const path = await made(`${DEFAULT}/pods`, { metadata: { labels }, ...pod({ nodeName: 'n' }) });
  await kube.call('PATCH', `${path}/status`, { status: { phase: 'Running' } }, MERGE);
  const budgets = '/apis/policy/v1/namespaces/default/poddisruptionbudgets';
  const budget = await made(budgets, { spec: { selector: { matchLabels: labels }, maxUnavailable: 1 } });
  const status = {
    observedGeneration: 1,
    disruptionsAllowed: 1,
    currentHealthy: 1,
    desiredHealthy: 0,
    expectedPods: 1,
  };
  await kube.call('PATCH', `${budget}/status`, { status }, MERGE);
  const name = path.split('/').at(-1) ?? '';
  await Promise.all([
    kube.call('POST', `${path}/eviction`, { metadata: { name } }),
    deleted(`${path}?gracePeriodSeconds=0`),
  ]);
  expect((await kube.call('GET', path)).status).toBe(404);
});
