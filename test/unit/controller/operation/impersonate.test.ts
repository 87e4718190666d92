// A sync in the name of the project's service account: what it may not, the sync may not.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { serviceAccountFor } from '../../../../src/engine/project/service-account.ts';
import { type Controlled, openControlled } from '../../../support/controlled.ts';

const ACCOUNT = 'system:serviceaccount:default:deployer';

const manifest = (kind: string, name: string): string => JSON.stringify({ apiVersion: 'v1', kind, metadata: { name } });

describe('a sync with impersonation', () => {
  let system: Controlled;
  beforeEach(async () => {
    system = await openControlled();
    await system.repository.commit({
      'map.yaml': manifest('ConfigMap', 'map'),
      'secret.yaml': manifest('Secret', 'secret'),
    });
  });
  afterEach(() => system.close());

  async function settings(data: Readonly<Record<string, string>>): Promise<void> {
    const key = { group: '', version: 'v1', kind: 'ConfigMap', namespace: 'argocd', name: 'argocd-cm' };
    const body = Object.fromEntries(
      Object.entries(data).map(([name, value]) => [`application.sync.impersonation.${name}`, value]),
    );
    await system.cluster.patch(key, { type: 'merge', body: { data: body } });
  }

  async function accounts(...destinationServiceAccounts: readonly Record<string, string>[]): Promise<void> {
    const key = { group: 'argoproj.io', version: 'v1alpha1', kind: 'AppProject', namespace: 'argocd', name: 'default' };
    await system.cluster.patch(key, { type: 'merge', body: { spec: { destinationServiceAccounts } } });
  }

  /** Lets the account do everything to these resources. */
  async function permit(...resources: readonly string[]): Promise<void> {
    const metadata = { name: resources.join('.'), namespace: 'default' };
    const rule = { apiGroups: [''], resources, verbs: ['*'] };
    await system.put({ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata, rules: [rule] });
    await system.put({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: metadata.name },
      subjects: [{ kind: 'ServiceAccount', name: 'deployer', namespace: 'default' }],
    });
  }

  test('has the rights of the account', async () => {
    await settings({ enabled: 'true' });
    await accounts({ server: '*', namespace: 'default', defaultServiceAccount: 'deployer' });
    await permit('configmaps');
    await system.create();
    const state = await system.sync();
    expect(state.phase).toBe('Failed');
    const secret = state.syncResult?.resources?.find(({ kind }) => kind === 'Secret');
    expect(secret).toMatchObject({ status: 'SyncFailed', message: expect.stringContaining(`"${ACCOUNT}" cannot`) });
    expect(await system.find('Secret', 'secret')).toBeUndefined();

    await permit('configmaps', 'secrets');
    expect(await system.sync()).toMatchObject({ phase: 'Succeeded' });
    expect(await system.find('Secret', 'secret')).toBeDefined();
  });

  test('fails where the project has no account for the destination', async () => {
    await settings({ enabled: 'true' });
    await accounts({ server: '*', namespace: 'other', defaultServiceAccount: 'deployer' });
    await system.create();
    expect(await system.sync()).toMatchObject({
      phase: 'Error',
      message: expect.stringContaining("no service account of project 'default' is for namespace 'default'"),
    });
    expect(await system.find('ConfigMap', 'map')).toBeUndefined();

    await settings({ enforced: 'false' });
    expect(await system.sync()).toMatchObject({ phase: 'Succeeded' });
  });

  test('is off unless the settings ask for it', async () => {
    await accounts({ server: '*', namespace: 'default', defaultServiceAccount: 'deployer' });
    await system.create();
    expect(await system.sync()).toMatchObject({ phase: 'Succeeded' });
  });
});

describe('the service account of a project', () => {
  const account = (namespace: string, ...destinationServiceAccounts: readonly (readonly [string, string, string])[]) =>
    serviceAccountFor(
      {
        metadata: { name: 'shop' },
        spec: {
          destinationServiceAccounts: destinationServiceAccounts.map(([server, of, defaultServiceAccount]) => ({
            server,
            namespace: of,
            defaultServiceAccount,
          })),
        },
      },
      { server: 'https://a', namespace, applicationNamespace: 'argocd' },
    );

  test.each<[string, string | undefined, string]>([
    ['the first that fits', account('web', ['*', '*', 'one'], ['*', 'web', 'two']), 'system:serviceaccount:web:one'],
    ['by server', account('web', ['https://b', '*', 'b'], ['https://a', '*', 'a']), 'system:serviceaccount:web:a'],
    ['by globs', account('web-1', ['https://*', 'web-*', 'a']), 'system:serviceaccount:web-1:a'],
    ['of a namespace', account('web', ['*', '*', 'ops:a']), 'system:serviceaccount:ops:a'],
    ['of the application’s own', account('', ['*', '*', 'a']), 'system:serviceaccount:argocd:a'],
  ])('is %s', (_name, found, expected) => expect(found).toBe(expected));

  test('is none where nothing fits', () => {
    expect(account('web')).toBeUndefined();
    expect(account('web', ['*', 'other', 'a'])).toBeUndefined();
    expect(account('web', ['*', '', 'a'])).toBeUndefined();
  });
});
