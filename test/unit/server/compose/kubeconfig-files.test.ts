import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../../../src/cli/io/system-clock.ts';
import { findCluster } from '../../../../src/server/compose/kubeconfig-files.ts';

function kubeconfig(server: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'hawser-kubeconfig-')), 'config');
  const context = 'contexts: [{name: dev, context: {cluster: dev, user: ada}}]\nusers: [{name: ada, user: {}}]';
  writeFileSync(path, `current-context: dev\nclusters: [{name: dev, cluster: {server: "${server}"}}]\n${context}\n`);
  return path;
}

describe('the cluster of a kubeconfig', () => {
  test.each([
    ['https://10.0.0.1:6443', 'http://proxy:3128'],
    ['https://10.1.0.1:6443', undefined],
    ['https://127.0.0.1:6443', undefined],
  ])('at %s is reached by %s', async (server, proxy) => {
    const environment = {
      KUBECONFIG: kubeconfig(server),
      HTTPS_PROXY: 'http://proxy:3128',
      NO_PROXY: '10.1.0.0/16',
    };
    const { endpoint } = await findCluster({ environment, clock: systemClock }, undefined);
    expect(endpoint.proxy).toBe(proxy);
  });
});
