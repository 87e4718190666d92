import { describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/cli/io/system-clock.ts';
import { inClusterEndpoint, type KubeconfigWorld, readKubeconfig } from '../../../src/kubernetes/kubeconfig.ts';

const text = `
apiVersion: v1
kind: Config
current-context: dev
clusters:
- name: dev
  cluster: {server: "https://dev:6443", certificate-authority-data: Y2E=}
- name: open
  cluster: {server: "https://open:6443", insecure-skip-tls-verify: true}
users:
- name: ada
  user: {token: t0ken}
- name: cert
  user: {client-certificate: ada.crt, client-key: ada.key}
- name: plugin
  user:
    exec: {apiVersion: client.authentication.k8s.io/v1, command: get-token, args: [x], env: [{name: A, value: b}]}
contexts:
- name: dev
  context: {cluster: dev, user: ada, namespace: team}
- name: cert
  context: {cluster: open, user: cert}
- name: plugin
  context: {cluster: dev, user: plugin}
- name: broken
  context: {cluster: none, user: ada}
`;
const source = { text, path: '/home/ada/.kube/config', folder: '/home/ada/.kube' };

function world(changes: Partial<KubeconfigWorld> = {}): KubeconfigWorld {
  return {
    readFile: async (path) => Buffer.from(`content of ${path}`),
    resolvePath: (folder, path) => `${folder}/${path}`,
    run: async () => '',
    clock: systemClock,
    ...changes,
  };
}

describe('a kubeconfig', () => {
  test('gives the server, the certificate and the token of the current context', async () => {
    const { endpoint, namespace } = await readKubeconfig([source], world());
    expect(endpoint).toMatchObject({ server: 'https://dev:6443', ca: Buffer.from('ca'), insecure: false });
    expect(namespace).toBe('team');
    expect(await endpoint.token?.()).toBe('t0ken');
  });

  test('reads client certificates beside the file', async () => {
    const { endpoint } = await readKubeconfig([source], world(), 'cert');
    expect(endpoint).toMatchObject({ insecure: true });
    expect(String(endpoint.clientCert)).toBe('content of /home/ada/.kube/ada.crt');
    expect(String(endpoint.clientKey)).toBe('content of /home/ada/.kube/ada.key');
  });

  test('runs a plugin, and again when what it gave has expired', async () => {
    let runs = 0;
    const run: KubeconfigWorld['run'] = async (command, args, env) => {
      runs += 1;
      expect([command, ...args, env['A']]).toEqual(['get-token', 'x', 'b']);
      const expirationTimestamp = runs === 1 ? '2001-01-01T00:00:00Z' : '2999-01-01T00:00:00Z';
      return JSON.stringify({ status: { token: `t${runs}`, expirationTimestamp } });
    };
    const { endpoint } = await readKubeconfig([source], world({ run }), 'plugin');
    expect([await endpoint.token?.(), await endpoint.token?.()]).toEqual(['t2', 't2']);
  });

  test('names what is missing', async () => {
    await expect(readKubeconfig([source], world(), 'broken')).rejects.toMatchObject({
      code: 'usage',
      hint: 'available contexts: dev, open',
    });
    await expect(readKubeconfig([source], world(), 'nowhere')).rejects.toThrow("has no context 'nowhere'");
    const broken = { ...source, text: '{' };
    await expect(readKubeconfig([broken], world())).rejects.toThrow("'/home/ada/.kube/config' is not a kubeconfig: ");
  });

  test('may be several files; of what stands in two, the first counts', async () => {
    const first = {
      text: 'contexts:\n- {name: dev, context: {cluster: open, user: cert}}\n- {name: own, context: {cluster: dev}}\n',
      path: '/home/bob/kubeconfig',
      folder: '/home/bob',
    };
    const { endpoint, user } = await readKubeconfig([first, source], world());
    expect([endpoint.server, user]).toEqual(['https://open:6443', 'cert']);
    // Files are sought beside the one that names them.
    expect(String(endpoint.clientKey)).toBe('content of /home/ada/.kube/ada.key');
    expect(await readKubeconfig([first, source], world(), 'own')).toMatchObject({ user: '', namespace: '' });
  });
});

test('a Pod finds its own cluster', async () => {
  const env = { KUBERNETES_SERVICE_HOST: '10.96.0.1', KUBERNETES_SERVICE_PORT: '443' };
  const endpoint = await inClusterEndpoint(env, world());
  expect(endpoint?.server).toBe('https://10.96.0.1:443');
  expect(await inClusterEndpoint({}, world())).toBeUndefined();
});
