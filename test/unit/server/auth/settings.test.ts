// Settings are followed as they change; what is damaged by hand is told with its place, and does not replace what was good.

import { beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../../src/cli/io/system-clock.ts';
import { type Installation, openInstallation } from '../../../support/installation.ts';

let place: Installation;

beforeEach(async () => {
  place = await openInstallation(systemClock);
});

const may = (name: string, action: string): boolean =>
  place.settings.access().may({ name, groups: [] }, { resource: 'applications', action, object: 'default/web' });

const policy = (csv: string, more: Readonly<Record<string, string>> = {}): Promise<void> =>
  place.write('ConfigMap', 'argocd-rbac-cm', { 'policy.csv': csv, ...more });

test('the addresses of the server stay when what replaces them cannot be read', async () => {
  const { settings, write, log } = place;
  await write('ConfigMap', 'argocd-cm', { url: 'https://a.example.com', additionalUrls: '- https://b.example.com' });
  expect(settings.addresses()).toEqual(['https://a.example.com', 'https://b.example.com']);
  await write('ConfigMap', 'argocd-cm', { url: '::::', additionalUrls: '[[[' });
  expect(settings.addresses()).toEqual(['https://a.example.com', 'https://b.example.com']);
  expect(log).toEqual([
    'warning: argocd-cm, additionalUrls: it is no list of addresses; what was in force before stays',
    "warning: argocd-cm, url: '::::' is no address like https://argocd.example.com; what was in force before stays",
  ]);
  await write('ConfigMap', 'argocd-cm', { url: 'https://c.example.com', additionalUrls: null });
  expect(settings.addresses()).toEqual(['https://c.example.com']);
});

describe('the policy', () => {
  test('is that of the moment', async () => {
    expect(may('ann', 'get')).toBe(false);
    await policy('p, ann, applications, get, */*, allow');
    expect(may('ann', 'get')).toBe(true);
    await policy('', { 'policy.default': 'role:readonly' });
    expect([may('ann', 'get'), may('ann', 'sync'), may('admin', 'sync')]).toEqual([true, false, true]);
  });

  test('stays when what replaces it cannot be read, default role and all', async () => {
    await policy('p, ann, applications, get, */*, allow');
    expect(may('ann', 'get')).toBe(true);
    await policy('p, ann, applications, sync, */*, allow\n  p, broken', { 'policy.default': 'role:admin' });
    expect([may('ann', 'get'), may('ann', 'sync'), may('bob', 'sync')]).toEqual([true, false, false]);
    expect(place.log).toEqual([
      'warning: argocd-rbac-cm, policy.csv, line 2, column 3: 1 fields behind p in place of 5: p, subject, resource, action, object, allow or deny; what was in force before stays',
    ]);
    await policy('p, ann, applications, sync, */*, allow', { 'policy.default': '' });
    expect([may('ann', 'get'), may('ann', 'sync')]).toEqual([false, true]);
  });

  test('that was never good gives nobody but admin a right', async () => {
    await policy('nonsense', { 'policy.default': 'role:admin' });
    expect([may('ann', 'get'), may('admin', 'sync')]).toEqual([false, true]);
    expect(place.log).toHaveLength(1);
  });

  test('of regular expressions is in force when they are loaded; until then, what was before', async () => {
    await policy('p, ann, applications, get, */*, allow');
    expect(may('ann', 'get')).toBe(true);
    await policy('p, ann, applications, sync, ^(\\w+)+/w.b$, allow', { 'policy.matchMode': 'regex' });
    expect([may('ann', 'get'), may('bob', 'sync')]).toEqual([true, false]);
    await place.settings.ready();
    expect([may('ann', 'get'), may('ann', 'sync')]).toEqual([false, true]);
  });

  test('takes in what projects say, and tells which of them cannot be read', async () => {
    const project = (policies: readonly string[]): Promise<void> =>
      place.home
        .patch(
          { group: 'argoproj.io', version: 'v1alpha1', kind: 'AppProject', namespace: 'argocd', name: 'default' },
          { type: 'merge', body: { spec: { roles: [{ name: 'ci', policies: [...policies], groups: ['crew'] }] } } },
        )
        .then((written) => place.objects.put(written));
    await project(['p, proj:default:ci, applications, sync, default/*, allow']);
    expect(may('proj:default:ci', 'sync')).toBe(true);
    await project(['p, proj:default:ci, applications']);
    expect(may('proj:default:ci', 'sync')).toBe(false);
    expect(place.log).toEqual([
      expect.stringMatching(/^warning: project 'default', spec\.roles: 'p, proj:default:ci, applications': /),
    ]);
  });
});

describe('accounts', () => {
  test('stay when the settings of one cannot be read', async () => {
    await place.write('ConfigMap', 'argocd-cm', { 'accounts.ann': 'login' });
    expect((await place.sessions.accounts()).map(({ name }) => name)).toEqual(['admin', 'ann']);
    await place.write('ConfigMap', 'argocd-cm', { 'accounts.bob': 'login', 'accounts.ann.enabled': 'perhaps' });
    const accounts = await place.sessions.accounts();
    expect(accounts.map(({ name, isEnabled }) => [name, isEnabled])).toEqual([
      ['admin', true],
      ['ann', true],
    ]);
    expect(place.log).toEqual([
      "warning: argocd-cm, accounts.ann.enabled: 'perhaps' is neither true nor false; what was in force before stays",
    ]);
  });

  test.each([
    ['accounts.ann.tokens', '{'],
    ['accounts.ann.tokens', '{"id": "x"}'],
    ['accounts.ann.tokens', '[{"id": 1}]'],
    ['accounts.ann.passwordMtime', 'yesterday'],
  ])('%s: %s is told', async (key, value) => {
    await place.write('ConfigMap', 'argocd-cm', { 'accounts.ann': 'login' });
    await place.write('Secret', 'argocd-secret', { [key]: value });
    await place.sessions.accounts();
    expect(place.log).toEqual([expect.stringMatching(new RegExp(`^warning: argocd-secret, ${key}: `))]);
  });
});

test.each([
  ['users.session.duration', '2h', 7200, 0],
  ['users.session.duration', '7d', 604800, 0],
  ['users.session.duration', 'soon', 86400, 1],
  ['users.session.duration', '0', 86400, 0],
])('%s %j: %d seconds', async (key, value, seconds, told) => {
  await place.write('ConfigMap', 'argocd-cm', { [key]: value });
  expect(place.settings.sessions().seconds).toBe(seconds);
  expect(place.log).toHaveLength(told);
});
