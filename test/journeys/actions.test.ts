// Actions on what runs: the real program on the local system.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { create, createWorkplace, type Workplace } from '../support/workplace.ts';

const CRON = `apiVersion: batch/v1
kind: CronJob
metadata: {name: report}
spec:
  schedule: "0 0 1 1 *"
  jobTemplate:
    spec:
      template:
        spec: {restartPolicy: Never, containers: [{name: report, image: "report:1"}]}
`;

let place: Workplace;
beforeAll(async () => {
  place = await createWorkplace();
  await place.repository.commit({ 'guestbook/cron.yaml': CRON });
  expect((await place.hawser(create('guestbook', place))).code).toBe(0);
  expect((await place.hawser('app sync guestbook')).code).toBe(0);
});
afterAll(() => place.remove());

const resource = async (kind: string, name: string): Promise<string> =>
  (await place.hawser(`app get-resource guestbook --kind ${kind} --resource-name ${name} -o json`)).out;

test('are listed with their state', async () => {
  const { code, out } = await place.hawser('app actions list guestbook -o json');
  expect(code).toBe(0);
  const actions: { Kind: string; Action: string; Disabled: boolean }[] = JSON.parse(out);
  expect(actions.map(({ Kind, Action, Disabled }) => `${Kind} ${Action} ${Disabled}`).sort()).toEqual([
    'CronJob create-job false',
    'CronJob resume true',
    'CronJob suspend false',
    'Deployment pause false',
    'Deployment restart false',
    'Deployment resume true',
    'Deployment scale false',
  ]);
});

test('app restart restarts the workloads, and waits until they are healthy', async () => {
  const pods = async (): Promise<string> => (await place.hawser('local kubectl get pods -o name')).out;
  const before = await pods();
  const ended = await place.hawser('app restart guestbook --wait --timeout 60');
  expect(ended).toMatchObject({ code: 0, out: 'deployment.apps/guestbook restarted\n' });
  expect(await resource('Deployment', 'guestbook')).toContain('kubectl.kubernetes.io/restartedAt');
  expect(await pods()).not.toBe(before);
  const { out } = await place.hawser('app get guestbook -o json');
  expect(JSON.parse(out).status.sync.status).toBe('Synced');
});

test('a CronJob is suspended, resumed, and run by hand', async () => {
  const run = (action: string) =>
    place.hawser(`app actions run guestbook ${action} --kind CronJob --resource-name report`);
  expect((await run('suspend')).code).toBe(0);
  expect(await resource('CronJob', 'report')).toMatch(/"suspend": ?true/);
  expect((await run('resume')).code).toBe(0);
  expect(await resource('CronJob', 'report')).toMatch(/"suspend": ?false/);
  expect((await run('create-job')).code).toBe(0);
  expect((await place.hawser('local kubectl get jobs -o name')).out).toMatch(/^job.batch\/report-\d{12}\n$/);
});

test.each([
  ['app actions run guestbook fly --kind Deployment', 20, "there is no action 'fly' for Deployment 'guestbook'"],
  ['app restart guestbook --kind Service', 4, 'has no Deployment, StatefulSet or DaemonSet to restart'],
  ['app restart ghost', 4, "application 'ghost' not found"],
  ['app restart guestbook -o wide', 2, 'unknown output format: wide'],
])('%s is refused', async (line, code, says) => {
  expect(await place.hawser(line)).toMatchObject({ code, err: expect.stringContaining(says) });
});
