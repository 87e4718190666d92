// An application that is paused: automated sync does not run, and runs by itself when the time is over.

import { afterEach, beforeEach, expect, test } from 'vitest';
import { NO_PAUSE, type Pause, pauseAnnotations } from '../../../src/model/pause.ts';
import { type Controlled, openControlled } from '../../support/controlled.ts';

let controlled: Controlled;
beforeEach(async () => {
  controlled = await openControlled();
});
afterEach(() => controlled.close());

const map = (value: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {value: ${value}}\n`;

const annotate = (annotations: object): Promise<unknown> =>
  controlled.ask('PATCH', '/api/v1/applications/web', {
    patch: JSON.stringify({ metadata: { annotations } }),
    patchType: 'merge',
  });

const pause = (change: Partial<Pause>): Promise<unknown> =>
  annotate(pauseAnnotations({ until: undefined, reason: '', automated: undefined, ...change }));

const value = async (): Promise<unknown> => (await controlled.find('ConfigMap', 'settings'))?.['data'];

const pausedCondition = async (): Promise<string | undefined> =>
  (await controlled.app()).status?.conditions?.find(({ type }) => type === 'SyncPaused')?.message;

async function begin(): Promise<void> {
  await controlled.repository.commit({ 'm.yaml': map('one') });
  await controlled.create({ syncPolicy: { automated: { selfHeal: true } } });
  await controlled.until('it is synced', async () => JSON.stringify(await value()) === '{"value":"one"}');
}

test('a commit is not deployed during a pause, and is as soon as it is resumed', async () => {
  await begin();
  await pause({ reason: 'freeze' });
  await controlled.until('it says so', async () => (await pausedCondition()) === 'paused (freeze)');
  await controlled.commit({ 'm.yaml': map('two') });
  await controlled.until('it is compared', async () => (await controlled.app()).status?.sync?.status === 'OutOfSync');
  await controlled.settled();
  expect(await value()).toEqual({ value: 'one' });
  await annotate(NO_PAUSE);
  await controlled.until('it is synced', async () => JSON.stringify(await value()) === '{"value":"two"}');
  expect(await pausedCondition()).toBeUndefined();
});

test('a pause ends by itself', async () => {
  await begin();
  await pause({ until: controlled.clock.now() + 40_000 });
  await controlled.until('it says so', async () => (await pausedCondition())?.startsWith('paused until ') === true);
  await controlled.commit({ 'm.yaml': map('two') });
  await controlled.until('it is compared', async () => (await controlled.app()).status?.sync?.status === 'OutOfSync');
  expect(await value()).toEqual({ value: 'one' });
  await controlled.until('it is synced', async () => JSON.stringify(await value()) === '{"value":"two"}');
  expect(await pausedCondition()).toBeUndefined();
});

test('a sync that a person asks for runs all the same', async () => {
  await begin();
  await pause({});
  await controlled.commit({ 'm.yaml': map('two') });
  expect(await controlled.sync()).toMatchObject({ phase: 'Succeeded' });
  expect(await value()).toEqual({ value: 'two' });
});
