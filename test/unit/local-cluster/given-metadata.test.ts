// What clients write into metadata beside names and labels, as a real API server takes it.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/cli/io/system-clock.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { listAt, objectAt } from '../../../src/core/json.ts';
import { type KubeCalls, openKubeCalls } from '../../support/kube-calls.ts';

const MAPS = '/api/v1/namespaces/default/configmaps';
const OWNER = { apiVersion: 'v1', kind: 'Pod', name: 'x', uid: 'y' };
let calls: KubeCalls;

beforeAll(async () => {
  calls = await openKubeCalls(systemClock);
  await calls.call('POST', MAPS, { metadata: { name: 'kept' }, data: { a: 'b' } });
});
afterAll(() => calls.close());

/** What a dry run makes of the metadata of an object that is there. */
async function changed(metadata: JsonObject): Promise<{ status: number; warning: string; metadata: JsonObject }> {
  const { body: now } = await calls.call('GET', `${MAPS}/kept`);
  const object = { ...objectAt(now), metadata: { ...objectAt(now, 'metadata'), ...metadata } };
  const { status, warning, body } = await calls.call('PUT', `${MAPS}/kept?dryRun=All`, object);
  return { status, warning, metadata: objectAt(body, 'metadata') };
}

describe('a change', () => {
  test('counts no generation that a client gives', async () => {
    expect((await changed({ generation: 7 })).metadata['generation']).toBeUndefined();
    expect(await changed({ generation: -1 })).toMatchObject({ status: 200 });
  });

  test('keeps each owner once, and warns of others', async () => {
    const { metadata, warning } = await changed({ ownerReferences: [OWNER, OWNER] });
    expect(metadata['ownerReferences']).toEqual([OWNER]);
    expect(warning).toContain('.metadata.ownerReferences contains duplicate entries; API server dedups');
  });

  test('by the version 0 is one of any version', async () => {
    expect(await changed({ resourceVersion: '0' })).toMatchObject({ status: 200 });
    expect(await changed({ resourceVersion: '1' })).toMatchObject({ status: 409 });
  });

  test('lets managedFields be that nobody can read', async () => {
    const { metadata } = await changed({ managedFields: [{ manager: 'x' }] });
    expect(listAt(metadata, 'managedFields')).toHaveLength(1);
    expect((await changed({ managedFields: [{}] })).metadata['managedFields']).toBeUndefined();
  });
});

test('a dry run may name a version that no new object has', async () => {
  const object = { metadata: { name: 'new', resourceVersion: '5' } };
  expect(await calls.call('POST', `${MAPS}?dryRun=All`, object)).toMatchObject({ status: 201 });
  expect(await calls.call('POST', MAPS, object)).toMatchObject({ status: 500 });
});

test('a Service may get a prefix of names that no name can begin with', async () => {
  const services = '/api/v1/namespaces/default/services';
  await calls.call('POST', services, { metadata: { name: 's' }, spec: { ports: [{ port: 80 }] } });
  const patch = { metadata: { generateName: 'Bad_Value!' } };
  const headers = { 'content-type': 'application/merge-patch+json' };
  expect(await calls.call('PATCH', `${services}/s`, patch, { headers })).toMatchObject({ status: 200 });
});
