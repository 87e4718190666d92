// What the API warns of reaches a client, whatever is in it: a header is one line of bytes.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { type KubeServer, startKubeServer } from '../../support/kube-server.ts';

let server: KubeServer;
beforeAll(async () => {
  server = await startKubeServer();
});
afterAll(() => server.close());

test.each(['ключ', 'naïve', '日本', '…', '😀', 'two\nlines', 'a\u0000b', '"quoted"', 'back\\slash'])(
  'an unknown field %j is warned of',
  async (field) => {
    const answer = await fetch(`${server.url}/api/v1/namespaces/default/configmaps?fieldValidation=Warn&dryRun=All`, {
      method: 'POST',
      headers: { authorization: `Bearer ${server.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ metadata: { name: 'a' }, [field]: 1 }),
    });
    expect(answer.status).toBe(201);
    const warning = Buffer.from(answer.headers.get('warning') ?? '', 'latin1').toString('utf8');
    expect(warning).toBe(`299 - ${JSON.stringify(`unknown field "${field.replace(/[\n\0]/g, ' ')}"`)}`);
  },
);

const PODS = { containers: [{ name: 'c', image: 'i' }], nodeSelector: { 'beta.kubernetes.io/os': 'linux' } };
const template = { metadata: { labels: { a: 'b' } }, spec: PODS };
const selector = { matchLabels: { a: 'b' } };

/** How often it warns: of a new one, of another label, of another wish, of another template. */
test.each<[string, object, object, object | undefined, readonly number[]]>([
  [
    '/apis/apps/v1/namespaces/default/deployments',
    { spec: { selector, template } },
    { replicas: 2 },
    { template: { metadata: { labels: { c: 'd' } } } },
    [2, 0, 1, 1],
  ],
  [
    '/apis/apps/v1/namespaces/default/daemonsets',
    { spec: { selector, template } },
    { minReadySeconds: 2 },
    { template: { metadata: { labels: { c: 'd' } } } },
    [1, 0, 0, 1],
  ],
  ['/api/v1/namespaces/default/pods', { spec: PODS }, { activeDeadlineSeconds: 9 }, undefined, [2, 0, 0]],
  [
    '/apis/storage.k8s.io/v1/csidrivers',
    { spec: { tokenRequests: [{ audience: 'a' }] } },
    { podInfoOnMount: true },
    { tokenRequests: [{ audience: 'b' }] },
    [1, 0, 0, 1],
  ],
])('%s', async (path, object, wish, other, counts) => {
  const name = 'a.b';
  const send = async (method: string, at: string, body: object): Promise<number> => {
    const type = method === 'POST' ? 'application/json' : 'application/merge-patch+json';
    const headers = { authorization: `Bearer ${server.token}`, 'content-type': type };
    const answer = await fetch(`${server.url}${at}`, { method, headers, body: JSON.stringify(body) });
    expect([answer.status, answer.ok ? '' : await answer.text()]).toEqual([answer.status, '']);
    return (answer.headers.get('warning') ?? '').split('299 - ').length - 1;
  };
  const change = (body: object): Promise<number> => send('PATCH', `${path}/${name}`, body);
  const told = [
    await send('POST', path, { metadata: { name }, ...object }),
    await change({ metadata: { labels: { x: 'y' } } }),
    await change({ spec: wish }),
    ...(other ? [await change({ spec: other })] : []),
  ];
  expect(told).toEqual(counts);
});
