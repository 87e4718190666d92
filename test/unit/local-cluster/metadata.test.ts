// What every object's metadata must hold, what options of reads and deletes may say, and paths of their own: approval, finalize.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/cli/io/system-clock.ts';
import { at, type JsonObject } from '../../../src/core/json.ts';
import { type KubeAnswer, type KubeCalls, openKubeCalls } from '../../support/kube-calls.ts';

let kube: KubeCalls;
beforeAll(async () => {
  kube = await openKubeCalls(systemClock);
});
afterAll(() => kube.close());

const MAPS = '/api/v1/namespaces/default/configmaps';
const MERGE = { headers: { 'content-type': 'application/merge-patch+json' } };
const merge = (path: string, change: JsonObject): Promise<KubeAnswer> => kube.call('PATCH', path, change, MERGE);
const OWNER = { apiVersion: 'v1', kind: 'Pod', name: 'a', uid: 'u' };

describe('metadata', () => {
  test.each<[metadata: JsonObject, causes: string]>([
    [
      { ownerReferences: [{ ...OWNER, uid: '' }] },
      'metadata.ownerReferences.uid: Invalid value: "": must not be empty',
    ],
    [
      { ownerReferences: [{ ...OWNER, apiVersion: '' }] },
      'metadata.ownerReferences.apiVersion: Invalid value: "": version must not be empty',
    ],
    [
      { ownerReferences: [{ ...OWNER, kind: 'Event' }] },
      'metadata.ownerReferences: Invalid value: {"apiVersion":"v1","kind":"Event","name":"a","uid":"u"}: /v1, Kind=Event is disallowed from being an owner',
    ],
    [
      { finalizers: ['hold'] },
      'metadata.finalizers[0]: Invalid value: "hold": name is neither a standard finalizer name nor is it fully qualified',
    ],
    [
      { finalizers: ['orphan', 'foregroundDeletion'] },
      'metadata.finalizers: Invalid value: ["orphan","foregroundDeletion"]: finalizer orphan and foregroundDeletion cannot be both set',
    ],
    [{ generation: -1 }, 'metadata.generation: Invalid value: -1: must be greater than or equal to 0'],
  ])('is refused with %j', async (metadata, causes) => {
    const { message } = await kube.call('POST', MAPS, { metadata: { name: 'm', ...metadata } });
    expect(message).toBe(`ConfigMap "m" is invalid: ${causes}`);
  });

  test('has one controller', async () => {
    const owners = ['a', 'b'].map((name) => ({ ...OWNER, name, uid: name, controller: true }));
    const { message } = await kube.call('POST', MAPS, { metadata: { name: 'm', ownerReferences: owners } });
    expect(message).toContain(
      'Only one reference can have Controller set to true. Found "true" in references for Pod/a and Pod/b',
    );
  });

  test('holds a prefix to be good that a name can follow', async () => {
    expect((await kube.call('POST', MAPS, { metadata: { name: 'good', generateName: 'web-' } })).status).toBe(201);
    const { message } = await kube.call('POST', MAPS, { metadata: { name: 'bad', generateName: 'web.' } });
    expect(message).toContain('metadata.generateName: Invalid value: "web.": a lowercase RFC 1123 subdomain');
  });
});

describe('options', () => {
  test.each<[options: JsonObject, causes: string]>([
    [
      { propagationPolicy: 'Sometimes' },
      'propagationPolicy: Unsupported value: "Sometimes": supported values: "Foreground", "Background", "Orphan", "nil"',
    ],
    [
      { propagationPolicy: 'Orphan', orphanDependents: true },
      'propagationPolicy: Invalid value: "Orphan": orphanDependents and deletionPropagation cannot be both set',
    ],
  ])('of a delete: %j', async (options, causes) => {
    const { status, message } = await kube.call('DELETE', `${MAPS}/none`, options);
    expect([status, message]).toEqual([422, `DeleteOptions.meta.k8s.io "" is invalid: ${causes}`]);
  });

  test.each<[query: string, status: number, message: string]>([
    [
      'resourceVersion=1&resourceVersionMatch=Some',
      422,
      'ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Unsupported value: "Some": supported values: "Exact", "NotOlderThan", ""',
    ],
    [
      'resourceVersion=0&resourceVersionMatch=Exact',
      422,
      'ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch "exact" is forbidden for resourceVersion "0"',
    ],
    ['timeoutSeconds=x', 400, 'strconv.ParseInt: parsing "x": invalid syntax'],
  ])('of a list: %s', async (query, status, message) => {
    const answer = await kube.call('GET', `${MAPS}?${query}`);
    expect([answer.status, answer.message]).toEqual([status, message]);
  });

  test.each([MAPS, `${MAPS}/good`])('a version that is yet to come is not waited for: %s', async (path) => {
    const { status, body, message } = await kube.call('GET', `${path}?resourceVersion=99999999`);
    expect([status, body['reason'], at(body, 'details', 'retryAfterSeconds')]).toEqual([504, 'Timeout', 1]);
    expect(message).toMatch(/^Timeout: Too large resource version: 99999999, current: \d+$/);
  });
});

describe('a namespace', () => {
  const path = '/api/v1/namespaces/held';
  const finalize = (finalizers: string[]): Promise<KubeAnswer> =>
    kube.call('PUT', `${path}/finalize`, {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'held' },
      spec: { finalizers },
    });

  test('keeps its finalizers but for the path that is there for them, and goes with the last', async () => {
    await kube.call('POST', '/api/v1/namespaces', { metadata: { name: 'held' } });
    expect((await finalize(['hold'])).message).toContain('spec.finalizers[0]: Invalid value: "hold": name is neither');
    expect((await finalize(['example.com/hold'])).status).toBe(200);
    expect(at((await merge(path, { spec: { finalizers: [] } })).body, 'spec', 'finalizers')).toEqual([
      'example.com/hold',
    ]);
    expect((await kube.call('DELETE', path)).status).toBe(200);
    expect((await finalize([])).status).toBe(200);
    expect((await kube.call('GET', path)).status).toBe(404);
  });
});

describe('a request for a certificate', () => {
  const path = '/apis/certificates.k8s.io/v1/certificatesigningrequests';
  const pem = '-----BEGIN CERTIFICATE REQUEST-----\nMIIB\n-----END CERTIFICATE REQUEST-----\n';
  const spec = { request: Buffer.from(pem).toString('base64'), signerName: 'example.com/ca', usages: ['client auth'] };
  const approve = (name: string, ...types: readonly string[]): Promise<KubeAnswer> =>
    merge(`${path}/${name}/approval`, {
      status: { conditions: types.map((type) => ({ type, status: 'True', reason: 'r', message: 'm' })) },
    });

  test('says who asks, is approved once, and stays what it is', async () => {
    const made = await kube.call('POST', path, { metadata: { name: 'Any_Name' }, spec });
    expect(at(made.body, 'spec')).toMatchObject({
      username: 'kubernetes-admin',
      groups: ['system:masters', 'system:authenticated'],
    });
    expect(
      (await merge(`${path}/Any_Name/status`, { status: { conditions: [{ type: 'Approved', status: 'True' }] } }))
        .message,
    ).toContain('updates may not add a condition of type "Approved"');
    const approved = await approve('Any_Name', 'Approved');
    expect(at(approved.body, 'status', 'conditions', 0, 'lastUpdateTime')).toEqual(expect.any(String));
    expect((await approve('Any_Name', 'Approved', 'Denied')).message).toContain('mutually exclusive');
    expect((await approve('Any_Name')).message).toContain('updates may not remove a condition of type "Approved"');
    const { body } = await merge(`${path}/Any_Name`, { spec: { usages: ['server auth'] } });
    expect(at(body, 'spec', 'usages')).toEqual(['client auth']);
  });

  test.each<[more: JsonObject, causes: string]>([
    [{ request: 'YQ==' }, 'spec.request: Invalid value: "YQ==": PEM block type must be CERTIFICATE REQUEST'],
    [{ usages: ['client auth', 'client auth'] }, 'spec.usages[1]: Duplicate value: "client auth"'],
    [
      { signerName: 'ca/x' },
      'spec.signerName: Invalid value: "ca": should be a domain with at least two segments separated by dots',
    ],
  ])('is refused with %j', async (more, causes) => {
    const { message } = await kube.call('POST', path, { metadata: { name: 'r' }, spec: { ...spec, ...more } });
    expect(message).toBe(`CertificateSigningRequest.certificates.k8s.io "r" is invalid: ${causes}`);
  });
});

test('of classes of priority one is the default', async () => {
  const path = '/apis/scheduling.k8s.io/v1/priorityclasses';
  const make = (name: string): Promise<KubeAnswer> =>
    kube.call('POST', path, { metadata: { name }, value: 1, globalDefault: true });
  expect((await make('first')).status).toBe(201);
  expect((await make('second')).message).toBe(
    'priorityclasses.scheduling.k8s.io "second" is forbidden: PriorityClass first is already marked as default. Only one default can exist',
  );
});

describe('a node', () => {
  test('keeps the status that it was made with, and its networks', async () => {
    const made = await kube.call('POST', '/api/v1/nodes', {
      metadata: { name: 'n' },
      spec: { podCIDR: '10.0.0.0/24' },
      status: { capacity: { cpu: '4' } },
    });
    expect([at(made.body, 'status', 'allocatable', 'cpu'), at(made.body, 'spec', 'podCIDRs')]).toEqual([
      '4',
      ['10.0.0.0/24'],
    ]);
    const moved = await merge('/api/v1/nodes/n', { spec: { podCIDR: '10.1.0.0/24', podCIDRs: ['10.1.0.0/24'] } });
    expect(moved.message).toBe(
      'Node "n" is invalid: spec.podCIDRs: Forbidden: node updates may not change podCIDR except from "" to valid',
    );
  });
});
