// Repositories, certificates and clusters over the API: what no command shows.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../src/cli/io/system-clock.ts';
import type { KubeObject } from '../../src/objects/object.ts';
import { openSystem } from '../../src/server/compose/local-system.ts';
import { createDispatcher, type Dispatch } from '../../src/server/http/dispatch.ts';
import type { System } from '../../src/server/system.ts';
import { jsonOf } from '../support/contract.ts';

const SECRET = 'hidden-word-5';
const URL_OF = 'https://127.0.0.1:1/a.git';
const PATH_OF = `/api/v1/repositories/${encodeURIComponent(URL_OF)}`;

let folder: string;
let system: System;
let dispatch: Dispatch;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hawser-connections-api-'));
  const environment = { PATH: process.env['PATH'], HOME: folder };
  const log = (): void => undefined;
  system = await openSystem({ folder, environment, clock: systemClock, random: Math.random, version: '1', log });
  dispatch = createDispatcher(system.trusted);
});

afterAll(async () => {
  await system.close();
  await rm(folder, { recursive: true, force: true });
});

async function ask(
  method: string,
  url: string,
  body?: unknown,
): Promise<{ readonly status: number; readonly body: unknown }> {
  const headers = { 'content-type': 'application/json' };
  const answer = await dispatch({ method, url, headers, ...(body === undefined ? {} : { body }) });
  expect(JSON.stringify(answer.body)).not.toContain(SECRET);
  return { status: answer.status, body: jsonOf(answer) };
}

test('a repository of several projects is told apart by the project', async () => {
  for (const project of ['one', 'two'])
    expect(await ask('POST', '/api/v1/repositories', { repo: URL_OF, project, password: SECRET })).toMatchObject({
      status: 200,
    });
  expect(await ask('GET', PATH_OF)).toMatchObject({
    status: 400,
    body: { message: expect.stringContaining('several projects') },
  });
  expect(await ask('GET', `${PATH_OF}?appProject=two`)).toMatchObject({
    status: 200,
    body: {
      project: 'two',
      connectionState: { status: 'Failed', message: expect.stringContaining('connection refused') },
    },
  });
  expect(await ask('PUT', PATH_OF, { project: 'two', name: 'renamed', password: SECRET })).toMatchObject({
    status: 200,
  });
  await ask('POST', '/api/v1/projects', { project: { metadata: { name: 'two' } } });
  expect(await ask('GET', '/api/v1/projects/two/detailed')).toMatchObject({
    body: { repositories: [{ repo: URL_OF, project: 'two', name: 'renamed' }] },
  });
  expect(await ask('DELETE', `${PATH_OF}?appProject=one`)).toEqual({ status: 200, body: {} });
  expect(await ask('GET', `/api/v1/repositories/${encodeURIComponent('https://127.0.0.1:1/A')}`)).toMatchObject({
    status: 200,
    body: { project: 'two', name: 'renamed' },
  });
  expect(await ask('DELETE', PATH_OF)).toEqual({ status: 200, body: {} });
});

test.each([
  ['ssh', 'ssh-ed25519', 'a.example.com ssh-rsa AAAA\nb.example.com', 'is not valid'],
  ['ssh', 'ssh-rsa', 'a.example.com', 'no key found'],
  ['odd', '', 'a.example.com', "unknown certificate type: 'odd'"],
  ['https', '', '../x', "hostname '../x' is not valid"],
])('a certificate of type %s and %s for %j is refused', async (certType, certSubType, serverName, says) => {
  const key = 'AAAAC3NzaC1lZDI1NTE5AAAAIEbGcXPOpphHwfV2FDXFZV4j99pMmIXRSxU2di6psoAi';
  const certData = Buffer.from(key).toString('base64');
  const answer = await ask('POST', '/api/v1/certificates', {
    items: [{ serverName, certType, certSubType, certData }],
  });
  expect(answer).toMatchObject({ status: 500, body: { code: 2, message: expect.stringContaining(says) } });
});

test('a cluster that logs in by a program is refused, and nothing is run', async () => {
  const config = { execProviderConfig: { command: '/bin/false', args: [SECRET] } };
  const cluster = { server: 'https://10.0.0.1', name: 'far', config };
  expect(await ask('POST', '/api/v1/clusters', cluster)).toMatchObject({ status: 501 });
  // A Secret may be applied all the same.
  const texts = { server: 'https://10.0.0.1', name: 'far', config: JSON.stringify(config) };
  const data = Object.fromEntries(
    Object.entries(texts).map(([key, text]) => [key, Buffer.from(text).toString('base64')]),
  );
  const labels = { 'argocd.argoproj.io/secret-type': 'cluster' };
  await applied({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'far', namespace: 'argocd', labels }, data });
  expect(await ask('GET', '/api/v1/clusters/far?id.type=name')).toMatchObject({
    status: 200,
    body: {
      config: { execProviderConfig: { command: '/bin/false' } },
      connectionState: { status: 'Failed', message: expect.stringContaining('which Hawser does not do') },
    },
  });
});

test('settings of clusters that cannot be read are passed over', async () => {
  const data = {
    server: Buffer.from('https://10.0.0.2').toString('base64'),
    config: Buffer.from('{').toString('base64'),
  };
  const labels = { 'argocd.argoproj.io/secret-type': 'cluster' };
  await applied({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'broken', namespace: 'argocd', labels }, data });
  const { body } = await ask('GET', '/api/v1/clusters');
  expect(JSON.stringify(body)).toContain('https://kubernetes.default.svc');
  expect(JSON.stringify(body)).not.toContain('10.0.0.2');
});

/** As kubectl would. */
async function applied(object: KubeObject): Promise<void> {
  await system.run();
  const { port, token } = await system.kubernetes.listen({ host: '127.0.0.1', port: 0 });
  const { createHttpTransport } = await import('../../src/kubernetes/http.ts');
  const { transport, close } = createHttpTransport({
    server: `https://127.0.0.1:${port}`,
    insecure: true,
    token: async () => token,
  });
  const { createKubeCluster } = await import('../../src/kubernetes/cluster.ts');
  await createKubeCluster(transport).create(object);
  close();
  // The change comes by a watch.
  await systemClock.sleep(300);
}
