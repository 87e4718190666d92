// What a project keeps from its applications, and what is found in their namespaces that is nobody's.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { objectAt } from '../../../src/core/json.ts';
import { type Controlled, configMap, openControlled } from '../../support/controlled.ts';

let system: Controlled;

beforeEach(async () => {
  system = await openControlled();
});
afterEach(() => system.close());

const OPEN = { sourceRepos: ['*'], destinations: [{ server: '*', namespace: '*' }] };

const project = (spec: object): Promise<unknown> =>
  system.ask('POST', '/api/v1/projects', { project: { metadata: { name: 'team' }, spec: { ...OPEN, ...spec } } });

const SECRET = 'apiVersion: v1\nkind: Secret\nmetadata: {name: s}\n';

test('of a kind that is denied nothing is said, and its sync fails before anything is applied', async () => {
  await project({ namespaceResourceBlacklist: [{ group: '', kind: 'Sec*' }] });
  await system.repository.commit({ 'm.yaml': `${configMap('c')}---\n${SECRET}` });
  await system.create({ project: 'team' });
  expect((await system.app()).status).toMatchObject({
    sync: { status: 'OutOfSync' },
    resources: [
      { kind: 'ConfigMap', status: 'OutOfSync' },
      { kind: 'Secret', status: 'Unknown' },
    ],
  });
  const { phase, message, syncResult } = await system.sync();
  expect({ phase, message }).toEqual({
    phase: 'Failed',
    message: 'one or more synchronization tasks are not valid: resource :Secret is not permitted in project team',
  });
  expect(syncResult?.resources).toHaveLength(1);
  expect(syncResult?.resources?.[0]).not.toHaveProperty('hookPhase');
  expect(await system.find('ConfigMap', 'c')).toBeUndefined();
});

test('a name may be denied alone', async () => {
  await project({
    clusterResourceWhitelist: [{ group: '', kind: 'Namespace', name: 'ours-*' }],
  });
  const namespace = (name: string): string => `---\napiVersion: v1\nkind: Namespace\nmetadata: {name: ${name}}\n`;
  await system.repository.commit({ 'm.yaml': namespace('ours-1') + namespace('theirs') });
  await system.create({ project: 'team' });
  expect((await system.app()).status?.resources).toMatchObject([
    { name: 'ours-1', status: 'OutOfSync' },
    { name: 'theirs', status: 'Unknown' },
  ]);
});

describe('orphaned resources', () => {
  beforeEach(async () => {
    await system.put({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'stray', namespace: 'default' },
      data: {},
    });
    await system.put({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'debug-1', namespace: 'default' },
      data: {},
    });
    await system.repository.commit({ 'm.yaml': configMap('c') });
  });

  const orphans = async (): Promise<string[]> => {
    const tree = objectAt(await system.ask('GET', '/api/v1/applications/web/resource-tree'));
    return [tree['orphanedNodes'] ?? []].flat().map((node) => String(objectAt(node)['name']));
  };
  const warnings = async (): Promise<string[]> =>
    ((await system.app()).status?.conditions ?? []).map(({ type, message }) => `${type}: ${message}`);

  test('are found where the project has them looked for, and warned of where it says so', async () => {
    await project({ orphanedResources: { warn: true, ignore: [{ group: '', kind: 'ConfigMap', name: 'debug-*' }] } });
    await system.create({ project: 'team' });
    await system.sync();
    await system.ask('GET', '/api/v1/applications/web?refresh=normal');
    expect(await orphans()).toEqual(['stray']);
    expect(await warnings()).toEqual(['OrphanedResourceWarning: Application has 1 orphaned resources']);
  });

  test('are not warned of by themselves, and not looked for without the setting', async () => {
    await project({ orphanedResources: {} });
    await system.create({ project: 'team' });
    expect(await orphans()).toEqual(['debug-1', 'stray']);
    expect(await warnings()).toEqual([]);
    await system.ask('PUT', '/api/v1/applications/web/spec', {
      ...objectAt((await system.app()).spec),
      project: 'default',
    });
    expect(await orphans()).toEqual([]);
  });
});

test('an operation waits while a window forbids it, and goes on when it is open again', async () => {
  const closed = { kind: 'deny', schedule: '* * * * *', duration: '1h', applications: ['*'], timeZone: 'UTC' };
  await project({});
  await system.repository.commit({ 'm.yaml': configMap('c') });
  await system.create({ project: 'team' });
  const team = { group: 'argoproj.io', version: 'v1alpha1', kind: 'AppProject', namespace: 'argocd', name: 'team' };
  await system.cluster.patch(team, { type: 'merge', body: { spec: { syncWindows: [closed] } } });
  const web = { group: 'argoproj.io', version: 'v1alpha1', kind: 'Application', namespace: 'argocd', name: 'web' };
  const operation = { sync: {}, initiatedBy: { username: 'admin' } };
  await system.cluster.patch(web, { type: 'merge', body: { operation } });
  await system.until('the message', async () =>
    /blocked/.test((await system.app()).status?.operationState?.message ?? ''),
  );
  expect((await system.app()).status?.operationState).toMatchObject({
    phase: 'Running',
    message: 'Sync operation blocked by sync window',
  });
  expect(await system.find('ConfigMap', 'c')).toBeUndefined();
  await system.cluster.patch(team, {
    type: 'merge',
    body: { spec: { syncWindows: [{ ...closed, manualSync: true }] } },
  });
  await system.until('the end', async () => (await system.app()).status?.operationState?.phase === 'Succeeded');
});
