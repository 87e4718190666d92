// What is said of an application whose Git cannot be read, or whose specification is invalid: as Argo CD 3.5.1 was seen to.

import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Controlled, configMap, openControlled } from '../../support/controlled.ts';

let place: Controlled;
beforeEach(async () => {
  place = await openControlled();
});
afterEach(() => place.close());

const failing = `---
apiVersion: batch/v1
kind: Job
metadata: {name: bad}
spec: {backoffLimit: 0, template: {metadata: {annotations: {hawser.dev/fault: crash}}, spec: {restartPolicy: Never, containers: [{name: c, image: busybox}]}}}
`;

const WEB = { group: 'argoproj.io', version: 'v1alpha1', kind: 'Application', namespace: 'argocd', name: 'web' };
const change = (body: object): Promise<unknown> => place.cluster.patch(WEB, { type: 'merge', body: { ...body } });
const synced = async (manifests: string): Promise<void> => {
  await place.repository.commit({ 'm.yaml': manifests });
  await place.create();
  await place.sync();
  await place.settled();
};
const hasCondition = async (type: string): Promise<boolean> =>
  ((await place.app()).status?.conditions ?? []).some((condition) => condition.type === type);

test('what is live is still listed, and as ill as it is, where Git cannot be read', async () => {
  await synced(configMap('c') + failing);
  await place.until('Degraded', async () => (await place.app()).status?.health?.status === 'Degraded');
  await change({ spec: { source: { targetRevision: 'nowhere' } } });
  await place.until('the error', () => hasCondition('ComparisonError'));
  expect((await place.app()).status).toMatchObject({
    sync: { status: 'Unknown' },
    health: { status: 'Degraded' },
    resources: [
      { kind: 'ConfigMap', name: 'c', status: 'Unknown' },
      { kind: 'Job', name: 'bad', status: 'Unknown' },
    ],
  });
});

test('a sync of it ends in an error of its type, and prunes nothing', async () => {
  await synced(configMap('c'));
  await change({ spec: { source: { targetRevision: 'nowhere' } } });
  await place.until('the error', () => hasCondition('ComparisonError'));
  await change({ operation: { sync: { prune: true } }, status: { operationState: null } });
  await place.until('the end', async () => (await place.app()).status?.operationState?.finishedAt !== undefined);
  const { phase, message } = (await place.app()).status?.operationState ?? {};
  expect([phase, message]).toEqual(['Error', expect.stringMatching(/^ComparisonError: Failed to load target state: /)]);
  expect(await place.find('ConfigMap', 'c')).toBeDefined();
});

test('what was found last stays where the specification is invalid', async () => {
  await synced(configMap('c'));
  const before = (await place.app()).status;
  await change({ spec: { project: 'nowhere' } });
  await place.until('the error', () => hasCondition('InvalidSpecError'));
  const { sync, health, resources } = (await place.app()).status ?? {};
  expect([sync?.status, health?.status]).toEqual(['Unknown', 'Unknown']);
  expect([sync?.revision, sync?.comparedTo, resources]).toEqual([
    before?.sync?.revision,
    before?.sync?.comparedTo,
    before?.resources,
  ]);
});
