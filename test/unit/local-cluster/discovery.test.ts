// What the cluster says of itself, in the forms and words of a real API server.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../../src/cli/io/system-clock.ts';
import type { KubeResponse } from '../../../src/local-cluster/request.ts';
import { type KubeCalls, openKubeCalls } from '../../support/kube-calls.ts';

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
