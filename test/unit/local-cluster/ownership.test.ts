// Who owns which field after writes, as a real API server has it.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { isObject, type JsonObject, listAt, textAt } from '../../../src/core/json.ts';
import { type KubeAnswer, type KubeCalls, openKubeCalls } from '../../support/kube-calls.ts';
import { scriptedClock } from '../../support/scripted-clock.ts';

const MAPS = '/api/v1/namespaces/default/configmaps';
const APPLY = { headers: { 'content-type': 'application/apply-patch+yaml' } };
const MERGE = { headers: { 'content-type': 'application/merge-patch+json' } };
const clock = scriptedClock();
let kube: KubeCalls;

beforeAll(async () => {
  kube = await openKubeCalls(clock);
});
afterAll(() => kube.close());

const map = (name: string, data: JsonObject, metadata: JsonObject = {}): JsonObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, ...metadata },
  data,
});
const create = (manager: string, object: JsonObject): Promise<KubeAnswer> =>
  kube.call('POST', `${MAPS}?fieldManager=${manager}`, object);
const apply = (manager: string, object: JsonObject, force = false): Promise<KubeAnswer> =>
  kube.call(
    'PATCH',
    `${MAPS}/${textAt(object, 'metadata', 'name')}?fieldManager=${manager}&force=${force}`,
    object,
    APPLY,
  );
const merge = (manager: string, name: string, patch: JsonObject): Promise<KubeAnswer> =>
  kube.call('PATCH', `${MAPS}/${name}?fieldManager=${manager}`, patch, MERGE);
const owners = ({ body }: KubeAnswer): string[] =>
  listAt(body, 'metadata', 'managedFields').map((entry) => `${textAt(entry, 'manager')} ${fieldsIn(entry)}`);
const fieldsIn = (entry: unknown): string => {
  const fields = isObject(entry) && isObject(entry['fieldsV1']) ? entry['fieldsV1']['f:data'] : undefined;
  return isObject(fields) ? Object.keys(fields).join() : '';
};

test('a conflict names its manager and version, and no time', async () => {
  await create('carol', map('conflict', { a: '1' }));
  const { status, message } = await apply('bob', map('conflict', { a: '2' }));
  expect([status, message]).toEqual([409, 'Apply failed with 1 conflict: conflict with "carol" using v1: .data.a']);
});

test.each([[[]], [[{}]]])(
  'managedFields %j takes all entries away, and the next apply begins anew',
  async (entries) => {
    const name = `reset-${entries.length}`;
    await create('carol', map(name, { a: '1', b: '2' }));
    expect(owners(await merge('dave', name, { metadata: { managedFields: entries } }))).toEqual([]);
    const { message } = await apply('bob', map(name, { a: '2' }));
    expect(message).toBe('Apply failed with 1 conflict: conflict with "before-first-apply" using v1: .data.a');
    const forced = await apply('bob', map(name, { a: '2' }), true);
    expect(owners(forced)).toEqual(['bob f:a', 'before-first-apply .,f:b']);
  },
);

test('kubectl takes over what it has applied on its own side, from whoever has it', async () => {
  const applied = `${JSON.stringify(map('taken', { a: '1' }))}\n`;
  const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': applied };
  await create('somebody', map('taken', { a: '1', b: '1' }, { annotations }));
  expect((await apply('kubectl', map('taken', { a: '2' }))).status).toBe(200);
  const { message } = await apply('kubectl', map('taken', { a: '2', b: '2' }));
  expect(message).toBe('Apply failed with 1 conflict: conflict with "somebody" using v1: .data.b');
});

test('an update that takes a field has its time, one that only gives some up has not', async () => {
  const timeOf = (answer: KubeAnswer): string => textAt(answer.body, 'metadata', 'managedFields', 0, 'time');
  const first = timeOf(await create('erin', map('timed', { a: '1', b: '2' })));
  await clock.advance(5000);
  const second = timeOf(await merge('erin', 'timed', { data: { a: '3' } }));
  await clock.advance(5000);
  const third = timeOf(await merge('erin', 'timed', { data: { a: null } }));
  expect([second > first, third]).toEqual([true, second]);
});

test('a Deployment counts its annotations as what it wants', async () => {
  const path = '/apis/apps/v1/namespaces/default/deployments';
  const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } };
  const spec = { selector: { matchLabels: { a: 'b' } }, template };
  await kube.call('POST', path, { metadata: { name: 'wish' }, spec });
  const generation = async (metadata: JsonObject): Promise<unknown> => {
    const { body } = await kube.call('PATCH', `${path}/wish`, { metadata }, MERGE);
    return isObject(body['metadata']) ? body['metadata']['generation'] : undefined;
  };
  expect([await generation({ labels: { x: 'y' } }), await generation({ annotations: { x: 'y' } })]).toEqual([1, 2]);
});
