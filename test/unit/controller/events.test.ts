// The events that the controller leaves beside an application: as Argo CD 3.5.1 was seen to.

import { afterEach, beforeEach, expect, test } from 'vitest';
import { textAt } from '../../../src/core/json.ts';
import { type Controlled, configMap, openControlled } from '../../support/controlled.ts';

let place: Controlled;
beforeEach(async () => {
  place = await openControlled();
});
afterEach(() => place.close());

const EVENT = { group: '', version: 'v1', kind: 'Event' } as const;
const WEB = { group: 'argoproj.io', version: 'v1alpha1', kind: 'Application', namespace: 'argocd', name: 'web' };

async function told(): Promise<readonly string[]> {
  const { items } = await place.cluster.list(EVENT, { namespace: 'argocd' });
  return items
    .filter((event) => textAt(event, 'source', 'component') === 'argocd-application-controller')
    .sort((a, b) => ((a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1))
    .map((event) => [textAt(event, 'type'), textAt(event, 'reason'), textAt(event, 'message')].join(' '));
}

const revision = async (): Promise<string> => (await place.app()).status?.sync?.revision ?? '';

test('tell of every change of its status, once, and of how a sync ended', async () => {
  await place.repository.commit({ 'm.yaml': configMap('c') });
  await place.create();
  await place.settled();
  const begun = ['Normal ResourceUpdated Updated sync status:  -> OutOfSync'];
  begun.push('Normal ResourceUpdated Updated health status:  -> Missing');
  expect(await told()).toEqual(begun);
  await place.sync();
  await place.settled();
  const all = await told();
  expect(all.slice(0, 2)).toEqual(begun);
  expect([...all.slice(2)].sort()).toEqual([
    `Normal OperationCompleted Sync operation to ${await revision()} succeeded`,
    'Normal ResourceUpdated Updated health status: Missing -> Healthy',
    'Normal ResourceUpdated Updated sync status: OutOfSync -> Synced',
  ]);
});

test('say what begins by itself, and warn of what fails', async () => {
  await place.repository.commit({ 'm.yaml': configMap('Wrong_Name') });
  await place.create();
  await place.cluster.patch(WEB, {
    type: 'merge',
    body: { spec: { syncPolicy: { automated: {}, retry: { limit: 1, backoff: { duration: '1s' } } } } },
  });
  await place.until('the end', async () => (await place.app()).status?.operationState?.phase === 'Failed');
  await place.settled();
  const all = await told();
  const at = (start: string): string | undefined => all.find((line) => line.startsWith(start));
  expect(at('Normal OperationStarted')).toBe(
    `Normal OperationStarted Initiated automated sync to '${await revision()}'`,
  );
  expect(at('Warning OperationCompleted')).toContain(`Sync operation to ${await revision()} failed: one or more`);
  const [event] = (await place.cluster.list(EVENT, { namespace: 'argocd' })).items;
  expect(event?.metadata['annotations']).toMatchObject({ 'dest-server': 'https://kubernetes.default.svc' });
});
