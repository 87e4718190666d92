// Clusters reached by a kubeconfig: Argo CD's objects without its API server, and a server behind a forwarded port.

import { writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { create, createWorkplace, type Ended, until, type Workplace } from '../support/workplace.ts';

let place: Workplace;
let kubeconfig: string;

beforeEach(async () => {
  place = await createWorkplace();
  kubeconfig = join(place.folder, 'kubeconfig');
});

afterEach(() => place.remove());

/** Types a command on another machine: of this one's system it has the kubeconfig alone. */
function elsewhere(line: string, more: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const env = { HAWSER_CONTEXT: '', HAWSER_DATA_DIR: join(place.folder, 'elsewhere'), KUBECONFIG: kubeconfig };
  return place.hawser(line, { env: { ...env, ...more } });
}

describe('--core', () => {
  beforeEach(async () => {
    const serving = place.start('local serve --port 0');
    await until('the cluster', () => /listens on/.test(serving.out()));
    await writeFile(kubeconfig, (await place.hawser('local kubeconfig')).out);
  });

  test('works on the objects of the cluster, whose own controller acts', async () => {
    const created = await elsewhere(`${create('web', place)} --core`);
    expect(created).toEqual({ code: 0, out: "application 'web' created\n", err: '' });
    expect(await elsewhere('app list -o name --core')).toEqual({ code: 0, out: 'argocd/web\n', err: '' });
    expect(await place.hawser('app list -o name')).toMatchObject({ code: 0, out: 'argocd/web\n' });

    expect(await elsewhere('app sync web --core --timeout 30')).toMatchObject({ code: 0 });
    expect(await elsewhere('app wait web --core --health --timeout 30')).toMatchObject({ code: 0 });
    expect((await elsewhere('app get web --core -o tree')).out).toMatch(/Deployment\/guestbook +Synced +Healthy/);
    // Who did it is the user of the kubeconfig.
    expect((await elsewhere('app history web --core')).out).toMatch(/Succeeded .* hawser-local /);
    expect((await elsewhere('app manifests web --core')).out).toMatch(/kind: Deployment/);

    expect(await elsewhere('app delete web --core --cascade --yes --wait')).toMatchObject({ code: 0 });
    expect(await place.hawser('app list -o name')).toMatchObject({ out: '' });
  });

  test('may be kept as a context that needs no login', async () => {
    expect(await elsewhere('login --core')).toEqual({ code: 0, out: "Context 'kubernetes' updated\n", err: '' });
    expect(await elsewhere('app list -o name')).toEqual({ code: 0, out: '', err: '' });
    const missing = await elsewhere('app get nope');
    expect([missing.code, missing.err]).toEqual([4, expect.stringContaining("application 'nope' not found")]);
    const relogin = await elsewhere('relogin');
    expect([relogin.code, relogin.err]).toEqual([2, expect.stringContaining('needs no login')]);
  });

  test('says which kubeconfig is missing, or what is missing in it', async () => {
    expect(await elsewhere('app list --core', { KUBECONFIG: '/nowhere' })).toEqual({
      code: 2,
      out: '',
      err: 'error: there is no kubeconfig: /nowhere\nhint: name one in KUBECONFIG\n',
    });
    expect(await elsewhere('app list --core --kube-context prod')).toEqual({
      code: 2,
      out: '',
      err: `error: '${kubeconfig}' has no context 'prod'\nhint: available contexts: hawser-local\n`,
    });
    const { out } = await place.hawser('local kubeconfig');
    await writeFile(kubeconfig, out.replace(/127\.0\.0\.1:\d+/, '127.0.0.1:1'));
    const unreachable = await elsewhere('app list --core');
    expect([unreachable.code, unreachable.err]).toEqual([8, expect.stringContaining('nobody listens there')]);
  });
});

describe('--port-forward', () => {
  let api: Server;
  let backend: number;
  let asked: string[];

  const pod = (name: string, ready: string) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'cd' },
    status: { conditions: [{ type: 'Ready', status: ready }] },
  });
  const PODS = [pod('starting', 'False'), pod('argocd-server-0', 'True')];
  const POD_RESOURCE = { name: 'pods', kind: 'Pod', namespaced: true, verbs: ['get', 'list', 'watch'] };

  /** A Kubernetes API with one Pod that is ready, whose port is the one of a server of this machine. */
  beforeEach(async () => {
    asked = [];
    api = createServer(({ url = '' }, response) => {
      asked.push(decodeURIComponent(url));
      const items = url.startsWith('/api/v1/namespaces/cd/pods') ? PODS : [];
      const resources = url === '/api/v1' ? [POD_RESOURCE] : [];
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ items, resources, groups: [], versions: ['v1'], metadata: {} }));
    });
    const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => 'v4.channel.k8s.io' });
    api.on('upgrade', (request, socket, head) => {
      asked.push(`${request.headers['sec-websocket-protocol']} ${request.url}`);
      sockets.handleUpgrade(request, socket, head, (client) => {
        const port = Buffer.alloc(2);
        port.writeUInt16LE(8080);
        for (const channel of [0, 1]) client.send(Buffer.concat([Buffer.of(channel), port]));
        const container = connect(backend, '127.0.0.1');
        container.on('error', (thrown) => {
          client.send(Buffer.concat([Buffer.of(1), Buffer.from(`dial: ${thrown.message}`)]));
          client.close();
        });
        container.on('data', (chunk) => client.send(Buffer.concat([Buffer.of(0), chunk])));
        container.on('end', () => client.close());
        client.on('message', (message: Buffer) => container.write(message.subarray(1)));
        client.on('close', () => container.end());
      });
    });
    await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
    const address = api.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const config = {
      clusters: [{ name: 'c', cluster: { server: `http://127.0.0.1:${port}` } }],
      contexts: [{ name: 'c', context: { cluster: 'c', namespace: 'cd' } }],
      'current-context': 'c',
    };
    await writeFile(kubeconfig, JSON.stringify(config));
  });

  afterEach(() => {
    api.closeAllConnections();
    api.close();
  });

  test('logs in to the server behind a Pod, and asks it', async () => {
    const password = (await place.hawser('admin initial-password')).out.split('\n')[0] ?? '';
    await place.hawser(create('web', place));
    const server = place.start('server --port 0');
    await until('the server', () => /listens on .*:\d+/.test(server.out()));
    backend = Number(/:(\d+)$/.exec(server.out().trim())?.[1]);

    expect(await elsewhere(`login --port-forward --username admin --password ${password}`)).toEqual({
      code: 0,
      out: "'admin:login' logged in successfully\nContext 'port-forward' updated\n",
      err: '',
    });
    expect(await elsewhere('app list -o name --port-forward')).toEqual({ code: 0, out: 'argocd/web\n', err: '' });
    expect(await elsewhere('app list -o name --port-forward-namespace cd')).toMatchObject({ code: 0 });
    const pods = asked.filter((url) => url.startsWith('/api/v1/namespaces/cd/pods?'));
    expect(pods).toEqual(pods.map(() => expect.stringContaining('app.kubernetes.io/name=argocd-server')));
    expect(asked).toContain('v4.channel.k8s.io /api/v1/namespaces/cd/pods/argocd-server-0/portforward?ports=8080');
  });

  test('says when there is no server, or nothing behind its port', async () => {
    const core = await elsewhere('app get web --core');
    expect([core.code, core.out]).toEqual([4, '']);
    expect(core.err).toMatch(/^error: there is no Argo CD in the cluster http:.*\nhint: name another context/);
    const nobody = await elsewhere('app list --port-forward-namespace other');
    expect([nobody.code, nobody.out]).toEqual([4, '']);
    expect(nobody.err).toBe(
      "error: no ready Pod with app.kubernetes.io/name=argocd-server in namespace 'other'\n" +
        'hint: name them: --port-forward-namespace NAMESPACE, --server-name NAME, --kube-context NAME\n',
    );
    backend = 1;
    const closed = await elsewhere('app list --port-forward --auth-token x');
    expect([closed.code, closed.out]).toEqual([8, '']);
    expect(closed.err).toMatch(/warning: dial: .*ECONNREFUSED/);
  });
});
