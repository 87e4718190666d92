// What somebody meets who types the first commands of the README, and forgets what everybody forgets.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { create, createWorkplace, SERVER, type Workplace } from '../support/workplace.ts';

let place: Workplace;

beforeAll(async () => {
  place = await createWorkplace();
});

afterAll(() => place.remove());

const NOTICE = 'no server is configured: using the local system (hawser login SERVER to use another)\n';

test('that the local system is used is said once, but always where there is a configuration of servers', async () => {
  const env = { HAWSER_CONTEXT: '' };
  expect(await place.hawser('app list -o name', { env })).toMatchObject({ code: 0, err: NOTICE });
  expect(await place.hawser('app list -o name', { env })).toMatchObject({ code: 0, err: '' });

  const folder = join(place.folder, 'home', '.config', 'argocd');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'config'), 'servers: []\n', { mode: 0o600 });
  expect(await place.hawser('app list -o name', { env })).toMatchObject({ code: 0, err: NOTICE });
});

test.each([
  ['nowhere', '--dest-namespace shop', '--sync-option CreateNamespace=true'],
  ['unsaid', '', '--dest-namespace NAMESPACE'],
])('a sync into a namespace that is %s names the flag that helps', async (name, destination, flag) => {
  const line = `app create ${name} --repo ${place.repository.url} --path guestbook --dest-server ${SERVER} ${destination}`;
  expect(await place.hawser(line.trim())).toMatchObject({ code: 0 });

  const failed = await place.hawser(`app sync ${name}`);

  expect(failed).toMatchObject({ code: 5 });
  expect(failed.err).toContain(`\nhint: hawser app set ${name} ${flag}, then hawser app sync ${name}\n`);
  const [, cure = ''] = /hint: hawser (.*), then/.exec(failed.err) ?? [];
  expect(await place.hawser(cure.replace('NAMESPACE', 'default'))).toMatchObject({ code: 0 });
  expect(await place.hawser(`app sync ${name}`)).toMatchObject({ code: 0 });
});

test('an application that waits for its next try says so in sentences', async () => {
  const forgotten = create('forgotten', place, '--sync-policy automated').replace(
    '--dest-namespace default',
    '--dest-namespace there-is-none',
  );
  expect((await place.hawser(forgotten)).err).toMatch(
    /\. Retrying attempt #1 at \S+\.\n {2}without a hawser server it /,
  );
});

test.each([
  ['server --port 99999', 2, 'cannot listen on 127.0.0.1:99999: a port is a number up to 65535'],
  ['server --address 192.0.2.1', 2, 'hint: give an address of this machine: --address 127.0.0.1'],
  ['relogin', 3, 'error: there is no current context\nhint: hawser login SERVER'],
  ['local kubeconfig', 8, 'hint: hawser local serve, or hawser server; hawser local kubectl needs neither'],
])('%s is refused in words that help', async (line, code, says) => {
  expect(await place.hawser(line)).toMatchObject({ code, err: expect.stringContaining(says) });
});

test('relogin in drop-in mode names the login that argocd names', async () => {
  const shown = await place.hawser('relogin', { env: { HAWSER_COMPAT: 'argocd' } });
  expect(shown.err).toContain('No context found. Login using `argocd login`');
});

test.each(['app list', '--help', 'app get nobody -o json'])(
  'an answer that cannot be written is a sentence: %s',
  async (line) => {
    const ended = await place.hawser(line, { shell: 'exec "$@" > /dev/full' });
    expect(ended).toMatchObject({
      code: 20,
      err: 'error: cannot write the answer: the disk is full\nhint: write it to another place\n',
    });
  },
);
