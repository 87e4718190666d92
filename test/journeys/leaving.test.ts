// A command without a server leaves when it has done its part: what rests is told, and the next command goes on with it.

import { afterEach, beforeEach, expect, test } from 'vitest';
import { create, createWorkplace, until, type Workplace } from '../support/workplace.ts';

let place: Workplace;
beforeEach(async () => {
  place = await createWorkplace();
});
afterEach(() => place.remove());

const HANGING = `apiVersion: batch/v1
kind: Job
metadata: {name: slow, annotations: {argocd.argoproj.io/hook: PreSync}}
spec:
  template:
    metadata: {annotations: {hawser.dev/fault: hang}}
    spec: {restartPolicy: Never, containers: [{name: m, image: busybox}]}
`;
const GUARDED = `apiVersion: v1
kind: ConfigMap
metadata: {name: guarded, annotations: {argocd.argoproj.io/sync-options: Delete=confirm}}
`;

/** The command ends by itself, and soon. */
async function soon(
  line: string,
): Promise<{ readonly code: number | null; readonly out: string; readonly err: string }> {
  const begun = Date.now();
  const ended = await place.hawser(line);
  expect(Date.now() - begun, line).toBeLessThan(10_000);
  return ended;
}

test('an operation that hangs holds up no other command', async () => {
  await place.repository.commit({ 'guestbook/all.yaml': HANGING });
  await place.hawser(create('web', place));
  expect((await soon('app sync web --async')).err).toContain('it goes on with the next command');
  expect((await soon('app get web')).err).toContain('an operation runs');
  expect(await soon('app get web --refresh')).toMatchObject({ code: 0 });
  expect((await soon('app wait web --revision HEAD --timeout 1')).code).toBe(7);
  expect((await soon('app delete web --cascade --wait=false')).err).toContain('the deletion begins when it ends');
  expect(await soon('app terminate-op web')).toMatchObject({ code: 0 });
  expect(await soon('app get web')).toMatchObject({ code: 4 });
});

test('auto-sync that fails again and again does not keep the command that began it', async () => {
  await place.repository.commit({ 'guestbook/all.yaml': GUARDED.replace('name: guarded', 'name: BAD_') });
  const { code, err } = await soon(create('web', place, '--sync-policy automated --self-heal'));
  expect(code).toBe(0);
  expect(err).toMatch(/'web' is not done: .*Retrying attempt #1/);
});

test('a deletion that waits for a person names the command that confirms it', async () => {
  await place.repository.commit({ 'guestbook/all.yaml': GUARDED });
  await place.hawser(create('web', place));
  await place.hawser('app sync web');
  expect((await soon('app delete web --cascade')).err).toContain('waiting for the confirmation of its deletion');
  const waited = await soon('app delete web --cascade --wait --timeout 1');
  expect(waited).toMatchObject({ code: 7, err: expect.stringContaining('hint: hawser app confirm-deletion web') });
  expect(await soon('app confirm-deletion web')).toMatchObject({ code: 0 });
  expect(await soon('app get web')).toMatchObject({ code: 4 });
});

test('labels or projects that fit nothing sync nothing, though an application is named', async () => {
  await place.hawser(create('web', place));
  expect(await soon('app sync web -l tier=none')).toMatchObject({ code: 4 });
  expect(await soon('app sync web --project none')).toMatchObject({ code: 4 });
  expect((await soon('app history web -o json')).out.trim()).toBe('[]');
});

test('a tour that nobody reads on takes its server along', async () => {
  const { out } = await place.hawser('demo', { shell: '"$@" | head -n 12' });
  expect(out).toContain('server --port 0 &');
  const env = { HAWSER_DATA_DIR: `${place.data}-demo/data` };
  await until('the end of the server', async () => {
    const { owner = null } = JSON.parse((await place.hawser('local status -o json', { env })).out);
    return owner === null;
  });
});
