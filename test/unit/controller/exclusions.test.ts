// Kinds that the settings leave out: not compared, never pruned, and back when the settings change.

import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Controlled, openControlled } from '../../support/controlled.ts';

let system: Controlled;
beforeEach(async () => {
  system = await openControlled();
});
afterEach(() => system.close());

const MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {a: b}\n';
const SERVICE_ACCOUNT = 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: account}\n';

function exclude(exclusions: string): Promise<unknown> {
  const reference = { group: '', version: 'v1', kind: 'ConfigMap', namespace: 'argocd', name: 'argocd-cm' };
  const body = { data: { 'resource.exclusions': exclusions } };
  return system.cluster.patch(reference, { type: 'merge', body });
}

test('what is excluded later is neither compared nor pruned, and is compared again when it is not', async () => {
  await system.repository.commit({ 'map.yaml': MAP, 'account.yaml': SERVICE_ACCOUNT });
  await system.create({ syncPolicy: { automated: { prune: true } } });
  await system.settled();
  expect(await system.find('ConfigMap', 'settings')).toBeDefined();

  await exclude('- apiGroups: [""]\n  kinds: [ConfigMap]\n');
  await system.commit({ 'account.yaml': SERVICE_ACCOUNT.replace('account}', 'account, labels: {a: b}}') });
  await system.settled();
  const { status } = await system.app();
  expect(status?.conditions?.map(({ type }) => type)).toEqual(['ExcludedResourceWarning']);
  expect(status?.resources?.map(({ kind }) => kind)).toEqual(['ServiceAccount']);
  expect(await system.find('ConfigMap', 'settings')).toBeDefined();

  await exclude('');
  await system.commit({ 'map.yaml': MAP.replace('b}', 'c}') });
  await system.settled();
  expect((await system.find('ConfigMap', 'settings'))?.['data']).toEqual({ a: 'c' });
});

test('settings that cannot be read are told by the application, and nothing is locked', async () => {
  await system.repository.commit({ 'map.yaml': MAP });
  await system.create();
  await exclude('- apiGroups: 5\n');
  await system.commit({ 'map.yaml': MAP.replace('b}', 'c}') });
  await system.settled();
  expect((await system.app()).status?.conditions).toMatchObject([
    { type: 'ComparisonError', message: 'argocd-cm: resource.exclusions: [0].apiGroups must be a list' },
  ]);

  await exclude('');
  await system.commit({ 'map.yaml': MAP });
  await system.settled();
  expect((await system.app()).status?.conditions ?? []).toEqual([]);
});
