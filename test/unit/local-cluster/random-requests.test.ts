// Malformed requests to the cluster's API, some hundred of them; ten thousand in `npm run test:shared`.

import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../../src/cli/io/system-clock.ts';
import { textAt } from '../../../src/core/json.ts';
import { openKubeCalls } from '../../support/kube-calls.ts';
import { type KubeServer, startKubeServer } from '../../support/kube-server.ts';
import { runKubeAtRandom } from '../../support/random-kube-run.ts';

test('no failure of its own, nothing slow, nothing written by what is refused', async () => {
  const { faults, statuses } = await runKubeAtRandom(800, Date.now() % 100_000);
  expect(faults).toEqual([]);
  expect([...statuses.keys()]).toEqual(expect.arrayContaining([200, 400, 404, 405, 422]));
}, 60_000);

let server: KubeServer;
beforeAll(async () => {
  server = await startKubeServer();
});
afterAll(() => server.close());

const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps';

const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`${server.url}${path}`, { ...init, headers: { authorization: `Bearer ${server.token}`, ...init.headers } });

test.each([
  ['a body of more than 3 MB', `{"data":{"a":"${'x'.repeat(3 * 1024 * 1024)}"}}`, 413],
  ['a body without end', '{"metadata":', 400],
  ['lists within lists', '['.repeat(100_000), 400],
  ['objects within objects', `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`, 400],
])('%s', async (_what, body, status) => {
  const answer = await ask(CONFIG_MAPS, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
  expect(answer.status).toBe(status);
  expect((await ask('/readyz')).status).toBe(200);
});

/** Bytes as they are, to a server that may hang up. */
function send(text: string): Promise<string> {
  return new Promise((resolve) => {
    const { hostname, port } = new URL(server.url);
    const socket = connect(Number(port), hostname, () => socket.write(text));
    let answer = '';
    const end = (): void => resolve(answer);
    socket.setTimeout(2000, () => socket.destroy());
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1');
      socket.end();
    });
    socket.on('close', end).on('error', end);
  });
}

test.each([
  'GET // HTTP/1.1\r\nHost: a\r\n\r\n',
  'GET http:// HTTP/1.1\r\nHost: a\r\n\r\n',
  'GET /api/v1/namespaces/%zz/pods HTTP/1.1\r\nHost: a\r\n\r\n',
  'GET /api/v1/pods?labelSelector=%ff%fe HTTP/1.1\r\nHost: a\r\n\r\n',
  `GET /${'a/'.repeat(5000)} HTTP/1.1\r\nHost: a\r\n\r\n`,
  `GET /api HTTP/1.1\r\nHost: a\r\nAccept: ${'x'.repeat(20_000)}\r\n\r\n`,
  'POST /api/v1/namespaces HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n',
  'POST /api/v1/namespaces HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
  'BREW /api HTTP/1.1\r\nHost: a\r\n\r\n',
  '\u0000\u0001\u0002',
])('bytes that are hardly a request: %j', async (text) => {
  const answer = await send(text);
  expect(answer === '' || /^HTTP\/1\.1 4\d\d/.test(answer)).toBe(true);
  expect((await ask('/readyz')).status).toBe(200);
});

test.each<[string, Record<string, string>, boolean]>([
  ['?pretty=true', {}, true],
  ['', { 'user-agent': 'curl/8' }, true],
  ['?pretty=false', { 'user-agent': 'curl/8' }, false],
  ['', { 'user-agent': 'kubectl/v1.35' }, false],
])('%s of %j is laid out for people: %s', async (query, headers, isPretty) => {
  const answer = await ask(`${CONFIG_MAPS}/kube-root-ca.crt${query}`, { headers });
  expect((await answer.text()).startsWith('{\n  "')).toBe(isPretty);
});

test('the version always is', async () => {
  const answer = await ask('/version', { headers: { 'user-agent': 'kubectl/v1.35' } });
  expect((await answer.text()).startsWith('{\n  "major": "1",\n')).toBe(true);
});

test('what names its kind by no text is refused, whatever it holds', async () => {
  const { call, close } = await openKubeCalls(systemClock);
  const maps = '/api/v1/namespaces/default/configmaps';
  for (const kind of [{ toString: 1 }, ['ConfigMap'], 5, true]) {
    const { status, body } = await call('POST', maps, { apiVersion: 'v1', kind, metadata: { name: 'a' } });
    expect([status, textAt(body, 'message')]).toEqual([
      400,
      expect.stringMatching(
        /couldn't get version\/kind; json parse error: json: cannot unmarshal \w+ into Go struct field \.kind of type string \(/,
      ),
    ]);
  }
  await close();
});
