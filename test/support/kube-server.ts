// A local cluster in memory on a port, its controllers at work: for the recorded exchanges and the client's tests.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock } from '../../src/cli/io/system-clock.ts';
import { createKubeListener } from '../../src/local-cluster/listen.ts';
import { type LocalCluster, openLocalCluster } from '../../src/local-cluster/open.ts';

export interface KubeServer {
  readonly url: string;
  readonly token: string;
  close(): Promise<void>;
}

export async function startKubeServer(port = 0): Promise<KubeServer> {
  const cluster = await openLocalCluster({ clock: systemClock, random: Math.random });
  cluster.start();
  const token = 'test-token';
  await cluster.handle(tokenSecret(token));
  // A client must not meet a connection that ends because the machine is slow.
  const server = createServer({ keepAliveTimeout: 60_000 }, createKubeListener(cluster.handle, { token }));
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address();
  const { port: bound } = isAddress(address) ? address : { port };
  return {
    url: `http://127.0.0.1:${bound}`,
    token,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await cluster.close();
    },
  };
}

/** Where the system keeps the token of its port: tokens of service accounts are signed with it. */
function tokenSecret(token: string): Parameters<LocalCluster['handle']>[0] {
  const body = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'hawser-api-token', namespace: 'kube-system' },
    stringData: { token },
  };
  const path = '/api/v1/namespaces/kube-system/secrets';
  return { method: 'POST', path, query: new URLSearchParams(), headers: {}, body };
}

function isAddress(address: ReturnType<ReturnType<typeof createServer>['address']>): address is AddressInfo {
  return typeof address === 'object' && address !== null;
}
