// Who comes with a certificate that the local cluster has signed.

import { readFileSync } from 'node:fs';
import https from 'node:https';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { at, type JsonObject, textAt } from '../../src/core/json.ts';
import { makeCertificate } from '../../src/server/http/self-signed.ts';
import { createWorkplace, type Workplace } from '../support/workplace.ts';

const fixture = (name: string): string =>
  readFileSync(new URL(`../fixtures/certificates/${name}`, import.meta.url), 'utf8');

const REQUESTS = '/apis/certificates.k8s.io/v1/certificatesigningrequests';
const REVIEWS = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
const key = fixture('jane.key');

let work: Workplace;
let server: string;
let owner: string;
let jane: Shown;
let stranger: Shown;

interface Shown {
  readonly cert?: string;
  readonly key?: string;
  readonly token?: string;
}

beforeAll(async () => {
  work = await createWorkplace();
  const serving = work.start('local serve --port 0');
  await vi.waitFor(() => expect(serving.out()).toContain('listens on'), { timeout: 15_000 });
  const { clusters, users } = JSON.parse((await work.hawser('local kubeconfig -o json')).out);
  server = clusters[0].cluster.server;
  owner = users[0].user.token;
  jane = { key, cert: await certificateFor(fixture('jane.csr')) };
  stranger = await makeCertificate(Date.now());
});

afterAll(() => work.remove());

async function certificateFor(request: string): Promise<string> {
  const spec = {
    signerName: 'kubernetes.io/kube-apiserver-client',
    usages: ['client auth'],
    request: Buffer.from(request).toString('base64'),
  };
  const { body } = await call({ token: owner }, REQUESTS, { metadata: { name: 'jane' }, spec });
  const approved = { ...body, status: { conditions: [{ type: 'Approved', status: 'True', reason: 'Test' }] } };
  await call({ token: owner }, `${REQUESTS}/jane/approval`, approved, 'PUT');
  const signed = await vi.waitFor(
    async () => {
      const { body: read } = await call({ token: owner }, `${REQUESTS}/jane`);
      const certificate = textAt(read, 'status', 'certificate');
      expect(certificate).toMatch(/./);
      return certificate;
    },
    { timeout: 10_000, interval: 100 },
  );
  return Buffer.from(signed, 'base64').toString();
}

function call(
  { token, cert, key: own }: Shown,
  path: string,
  body?: unknown,
  method = body === undefined ? 'GET' : 'POST',
): Promise<{ readonly status: number; readonly body: JsonObject }> {
  const headers = {
    'content-type': 'application/json',
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  const options = {
    method,
    headers,
    rejectUnauthorized: false,
    agent: false as const,
    ...(cert ? { cert, key: own } : {}),
  };
  return new Promise((resolve, reject) => {
    const sent = https.request(`${server}${path}`, options, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, body: JSON.parse(Buffer.concat(chunks).toString() || '{}') }),
      );
    });
    sent.on('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

const nameOf = async (shown: Shown): Promise<string> =>
  textAt((await call(shown, REVIEWS, {})).body, 'status', 'userInfo', 'username');

test('is the user and in the groups that it names', async () => {
  const { body } = await call(jane, REVIEWS, {});
  expect(at(body, 'status', 'userInfo')).toEqual({
    username: 'jane',
    groups: ['qa', 'dev', 'system:authenticated'],
    extra: { 'authentication.kubernetes.io/credential-id': [expect.stringMatching(/^X509SHA256=[0-9a-f]{64}$/)] },
  });
});

test('may do what roles say', async () => {
  const pods = '/api/v1/namespaces/default/pods';
  expect(await call(jane, pods)).toMatchObject({
    status: 403,
    body: { message: expect.stringContaining('User "jane" cannot list resource "pods"') },
  });
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' };
  const subjects = [{ apiGroup: roleRef.apiGroup, kind: 'Group', name: 'dev' }];
  const binding = { metadata: { name: 'dev' }, roleRef, subjects };
  await call({ token: owner }, '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', binding);
  expect((await call(jane, pods)).status).toBe(200);
});

test('counts before a token, whatever that is worth', async () => {
  expect(await nameOf({ ...jane, token: owner })).toBe('jane');
  expect(await nameOf({ ...jane, token: 'worthless' })).toBe('jane');
});

test('signed by others opens nothing that a token does not', async () => {
  expect((await call(stranger, REVIEWS, {})).status).toBe(401);
  expect((await call(stranger, '/version')).status).toBe(401);
  expect((await call({}, '/version')).status).toBe(200);
  expect(await nameOf({ ...stranger, token: owner })).toBe('kubernetes-admin');
});
