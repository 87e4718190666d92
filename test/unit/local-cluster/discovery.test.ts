// What the cluster says of itself, in the forms and words of a real API server.

import { get, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../../src/cli/io/system-clock.ts';
import type { KubeResponse } from '../../../src/local-cluster/request.ts';
import { type KubeCalls, openKubeCalls } from '../../support/kube-calls.ts';
import { startKubeServer } from '../../support/kube-server.ts';

let kube: KubeCalls;
beforeAll(async () => {
  kube = await openKubeCalls(systemClock);
});
afterAll(() => kube.close());

function ask(target: string, headers: Readonly<Record<string, string>> = {}, method = 'GET'): Promise<KubeResponse> {
  const { pathname, searchParams } = new URL(target, 'http://localhost');
  return kube.handle({ method, path: pathname, query: searchParams, headers });
}

const ALL = 'application/json, application/yaml, application/vnd.kubernetes.protobuf';
const AS = 'g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
const NOT_ACCEPTABLE = '406: Not Acceptable\n\nAvailable representations:';

test.each<[string, string, number, string]>([
  ['/apis', 'text/plain', 406, `only the following media types are accepted: ${ALL}`],
  ['/apis/apps', `application/json;${AS}`, 406, `only the following media types are accepted: ${ALL}`],
  ['/api', 'text/plain', 406, `${NOT_ACCEPTABLE} ${ALL}`],
  ['/api', 'application/*', 406, `${NOT_ACCEPTABLE} ${ALL}`],
  ['/api/v1', 'application/json;as=Table;v=v1;g=meta.k8s.io', 406, 'only the following media types are accepted'],
  ['/version', 'application/yaml', 406, 'Available representations: application/json'],
  ['/openid/v1/jwks', 'application/json', 406, `${NOT_ACCEPTABLE} application/jwk-set+json`],
  ['/openid/v1/jwks', '*/*', 200, '{"keys":[]}'],
  ['/apis', 'application/*', 200, 'APIGroupList'],
  ['/apis/apps/v1', 'application/yaml', 200, 'kind: APIResourceList\n'],
  ['/apis', `application/yaml;q=0.1;${AS}, application/json`, 200, 'kind: APIGroupDiscoveryList\n'],
  ['/version', 'application/json;as=Table;g=meta.k8s.io;v=v1', 200, 'v1.36.1'],
  ['/readyz/etcd', '', 200, 'ok'],
  ['/readyz/loopback-serving-certificate', '', 404, '404 page not found'],
  ['/readyz?verbose&exclude=ping&exclude=x', '', 200, '[+]ping excluded: ok\n[+]log ok\n'],
  ['/readyz?verbose&exclude=x', '', 200, 'no matches for "x"\nreadyz check passed\n'],
  ['/', '', 200, '"/apis/apps/v1"'],
])('%s for %j: %i', async (path, accept, status, words) => {
  const answer = await ask(path, accept === '' ? {} : { accept });
  const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
  expect([answer.status, text.includes(words) || text.replaceAll('\\n', '\n').includes(words)]).toEqual([status, true]);
});

test('counts what is stored, and itself, for who measures', async () => {
  const { status, body, headers } = await ask('/metrics');
  expect([status, headers['content-type']?.startsWith('text/plain; version=0.0.4')]).toEqual([200, true]);
  const lines = String(body).trimEnd().split('\n');
  expect(lines).toContain('apiserver_resource_objects{group="",resource="namespaces"} 5');
  expect(lines.every((line) => /^(# (HELP|TYPE) \w+ .+|\w+(\{[^}]*\})? [\d.e+]+)$/.test(line))).toBe(true);
});

const TABLE = 'application/json;as=Table;g=meta.k8s.io;v=v1';
const PART = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';
const SPACES = '/api/v1/namespaces';
const LOG = `${SPACES}/default/pods/x/log`;

test.each<[method: string, path: string, accept: string, status: number, words: string]>([
  ['GET', SPACES, '', 200, '"kind":"NamespaceList"'],
  ['GET', SPACES, 'APPLICATION/JSON', 406, NOT_ACCEPTABLE],
  ['GET', SPACES, TABLE.replace('v=v1', 'v=v1beta1'), 200, '"apiVersion":"meta.k8s.io/v1beta1"'],
  [
    'GET',
    SPACES,
    PART,
    406,
    'you requested PartialObjectMetadata, but the requested object is a list (*core.NamespaceList)',
  ],
  ['GET', `${SPACES}/default`, PART.replace('v=v1', 'v=v1beta1'), 200, '"apiVersion":"meta.k8s.io/v1beta1"'],
  ['GET', `${SPACES}/none`, `${TABLE.replace('json', 'yaml')}`, 404, '"message":"namespaces \\"none\\" not found"'],
  ['GET', LOG, 'text/plain', 406, `only the following media types are accepted: ${ALL}`],
  ['GET', LOG, 'text/html', 406, `${NOT_ACCEPTABLE} text/plain, ${ALL}`],
  ['GET', LOG, TABLE, 406, `only the following media types are accepted: ${ALL}`],
  ['GET', LOG, 'application/yaml', 404, 'message: pods "x" not found\n'],
  ['POST', `${SPACES}?dryRun=All`, TABLE, 201, '"kind":"Table"'],
  ['DELETE', `${SPACES}/default/configmaps?labelSelector=a`, TABLE, 200, '"rows":[]'],
])('%s %s for %j: %i', async (method, target, accept, status, words) => {
  const { pathname, searchParams } = new URL(target, 'http://localhost');
  const body = method === 'POST' ? { body: { metadata: { name: 'new' } } } : {};
  const answer = await kube.handle({ method, path: pathname, query: searchParams, headers: { accept }, ...body });
  const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
  expect([answer.status, text.includes(words) || text.replaceAll('\\n', '\n').includes(words)]).toEqual([status, true]);
});

test('tells the whole once, and then that it is still so', async () => {
  const accept = `application/json;${AS},application/json`;
  const first = await ask('/apis', { accept });
  const { etag = '', ...headers } = first.headers;
  expect(headers).toEqual({ 'content-type': `application/json;${AS}`, vary: 'Accept', 'cache-control': 'public' });
  expect(await ask('/apis', { accept, 'if-none-match': etag })).toMatchObject({ status: 304, body: '' });
});

test.each(['/version', '/openid/v1/jwks', '/api'])('only reads of %s', async (path) => {
  expect((await ask(path, {}, 'POST')).status).toBe(405);
});

const ITEM = `${SPACES}/default/configmaps`;

test.each<[method: string, path: string, status: number, words: string]>([
  ['GET', `${ITEM}/..`, 400, `Name parameter invalid: \\"..\\": may not be '..'`],
  ['DELETE', `${ITEM}/%2e%2e`, 400, `Name parameter invalid: \\"..\\": may not be '..'`],
  ['GET', `${ITEM}/.`, 400, `Name parameter invalid: \\".\\": may not be '.'`],
  ['GET', `${ITEM}/a%25b`, 400, `Name parameter invalid: \\"a%b\\": may not contain '%'`],
  ['GET', `${SPACES}/../nodes`, 404, 'the server could not find the requested resource'],
  ['GET', '/apis/apps/v1/watch', 500, 'unable to determine kind and namespace from url, /apis/apps/v1/watch'],
  ['HEAD', ITEM, 405, 'MethodNotAllowed'],
  ['HEAD', '/api/v1', 405, 'MethodNotAllowed'],
  ['HEAD', '/version', 405, 'MethodNotAllowed'],
  ['HEAD', '/apis', 200, ''],
  ['HEAD', '/healthz', 200, ''],
])('%s %s: %i', async (method, path, status, words) => {
  const { status: code, body } = await kube.handle({ method, path, query: new URLSearchParams(), headers: {} });
  expect([code, (typeof body === 'string' ? body : JSON.stringify(body)).includes(words)]).toEqual([status, true]);
});

test.each([
  [`${ITEM}/..`, 400],
  [`${ITEM}/%2e%2e`, 400],
  ['/api/v1/namespaces/../nodes', 404],
  [`${ITEM}?limit=1&a=b;c`, 200],
])('%s is read as it is sent: %i', async (path, status) => {
  const server = await startKubeServer();
  const { hostname, port } = new URL(server.url);
  const headers = { authorization: `Bearer ${server.token}` };
  const answer = await new Promise<IncomingMessage>((resolve) => get({ hostname, port, path, headers }, resolve));
  answer.resume();
  expect(answer.statusCode).toBe(status);
  await server.close();
});
