// A command that was meant for a server never works on the local system instead.

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createFakeApi } from '../../support/fake-api.ts';
import { hawser } from '../../support/hawser.ts';

const home = mkdtempSync(join(tmpdir(), 'hawser-meant-'));
const emptyConfig = join(home, 'config');
writeFileSync(emptyConfig, 'contexts: []\n', { mode: 0o600 });

const LINES = [
  'app list',
  'app sync a',
  'app create a --repo r --path p --dest-server s -o json',
  'account list',
  'version',
] as const;

describe.each(LINES)('hawser %s', (line) => {
  test.each([
    ['an empty variable', '', { ARGOCD_SERVER: '' }, 'ARGOCD_SERVER is empty'],
    ['an empty variable of ours', '', { HAWSER_SERVER: ' ' }, 'HAWSER_SERVER is empty'],
    ['an empty flag', '--server=', {}, '--server is empty'],
    ['a token', '', { ARGOCD_AUTH_TOKEN: 'abc' }, 'a token is given'],
    ['a typed token', '--auth-token abc', {}, 'a token is given'],
    ['a token in the options', '', { ARGOCD_OPTS: '--auth-token abc' }, 'a token is given'],
    ['a configuration that is not there', `--config ${home}/none`, {}, `the configuration ${home}/none is not there`],
    ['a configuration without a context', `--config ${emptyConfig}`, {}, 'has no current context'],
    ['how to speak', '--plaintext', {}, '--plaintext is given'],
    ['whom to trust', '--server-crt ca.pem', {}, '--server-crt is given'],
    ['a header', '--header a:b', {}, '--header is given'],
    ['CI', '', { CI: 'true' }, 'this is CI'],
  ])('refuses where %s speaks of a server', async (_name, flags, env, message) => {
    const shown = await hawser(`${line} ${flags}`, { env: { HOME: home, HAWSER_CONTEXT: '', ...env } });
    expect(shown.code).toBe(2);
    expect(shown.out + shown.err).toContain(message);
  });
});

describe('the local system', () => {
  const api = createFakeApi();

  test.each([
    ['by its name', '--argocd-context local', { ARGOCD_AUTH_TOKEN: 'abc', CI: 'true' }],
    ['by its folder in CI', '', { CI: 'true', HAWSER_DATA_DIR: '/tmp/data' }],
    ['by a typed folder in CI', '--data-dir /tmp/data', { CI: '1' }],
    ['when CI says no', '', { CI: 'false' }],
  ])('is used when it is meant %s', async (_name, flags, env) => {
    api.on('GET /api/v1/applications').reply(200, { items: [], metadata: {} });
    const shown = await hawser(`app list ${flags}`, { api, env: { HOME: home, HAWSER_CONTEXT: '', ...env } });
    expect(shown.code).toBe(0);
  });
});

test.each([
  ['https:///', "'https:///' is not a server address"],
  ['cd.example.com:port', "'cd.example.com:port' is not a server address"],
])('tells that %s is no address', async (server, message) => {
  const shown = await hawser(['app', 'list', '--server', server], { env: { HOME: home, HAWSER_CONTEXT: '' } });
  expect(shown).toMatchObject({ code: 2, err: expect.stringContaining(message) });
});

test('tells that a folder is no configuration', async () => {
  const shown = await hawser(`app list --config ${home}`, { env: { HOME: home, HAWSER_CONTEXT: '' } });
  expect(shown).toMatchObject({ code: 2, err: expect.stringContaining('it is a folder') });
});
