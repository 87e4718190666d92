// The client against a real Argo CD, as far as it was recorded: the real program, a server of recorded answers.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { playScenarios, type ScriptedServer, wholeAnswers } from '../support/scripted-server.ts';
import { createWorkplace, type Ended, type Workplace } from '../support/workplace.ts';

const TOKEN = 'e30.e30.c2ln';

let place: Workplace;
let server: ScriptedServer;

beforeEach(async () => {
  place = await createWorkplace();
});

afterEach(async () => {
  expect(server.unknown).toEqual([]);
  await server.close();
  await place.remove();
});

const typed = (line: string): Promise<Ended> =>
  place.hawser(line, {
    env: { HAWSER_CONTEXT: '', ARGOCD_SERVER: server.address, ARGOCD_AUTH_TOKEN: TOKEN, ARGOCD_OPTS: '--plaintext' },
  });

/** The first whole answer of a scenario for a path. */
function recorded(scenario: string, path: string): unknown {
  return wholeAnswers(scenario).find((answer) => answer.path === path)?.body;
}

describe('app list', () => {
  beforeEach(async () => {
    server = await playScenarios('application-get', 'application-list');
  });

  test('by ARGOCD_SERVER and ARGOCD_AUTH_TOKEN', async () => {
    expect(await typed('app list -o name')).toMatchObject({ code: 0, out: 'argocd/getter\n' });
    const table = await typed('app list -o wide');
    expect(table.out).toMatch(
      /^NAME +CLUSTER .*\nargocd\/getter +https:\/\/kubernetes\.default\.svc +conformance +default +OutOfSync/,
    );
  });

  test('by --server and --auth-token', async () => {
    const line = `app list -o name --server ${server.address} --auth-token ${TOKEN} --plaintext`;
    expect(await place.hawser(line, { env: { HAWSER_CONTEXT: '' } })).toMatchObject({
      code: 0,
      out: 'argocd/getter\n',
    });
  });

  test('by a context that the reference saved', async () => {
    const folder = join(place.folder, 'config');
    await mkdir(folder);
    const saved = {
      contexts: [{ name: 'prod', server: server.address, user: 'prod' }],
      'current-context': 'prod',
      'prompts-enabled': false,
      servers: [{ server: server.address, 'plain-text': true, 'grpc-web-root-path': '' }],
      users: [{ name: 'prod', 'auth-token': TOKEN }],
    };
    await writeFile(join(folder, 'config'), JSON.stringify(saved), { mode: 0o600 });
    const shown = await place.hawser('app list -o name', { env: { HAWSER_CONTEXT: '', ARGOCD_CONFIG_DIR: folder } });
    expect(shown).toMatchObject({ code: 0, out: 'argocd/getter\n' });
  });

  test('of nothing is an empty list', async () => {
    const repo = 'https://git.example.com/none.git';
    const shown = await typed(`app list -l set=list-one -r ${repo} -o json`);
    expect(shown).toMatchObject({ code: 0, out: '[]\n' });
  });
});

describe('app get', () => {
  beforeEach(async () => {
    server = await playScenarios('application-get', 'application-list');
  });

  test('prints as JSON what the server sent', async () => {
    const shown = await typed('app get getter --refresh -o json');
    expect(shown.code).toBe(0);
    expect(JSON.parse(shown.out)).toEqual(recorded('application-get', '/api/v1/applications/getter'));
  });

  test('tells an application that is missing from one that is not allowed', async () => {
    const shown = await typed('app get no-such-app');
    expect(shown.code).toBe(4);
    expect(shown.err).toMatch(/application 'no-such-app' not found/);
    expect(server.requests.map((request) => request.split('?')[0])).toContain('GET /api/v1/applications');
  });
});

describe('app delete', () => {
  beforeEach(async () => {
    server = await playScenarios('delete');
  });

  test('says to the server that what was deployed stays', async () => {
    expect(await typed('app delete deleted')).toMatchObject({ code: 0 });
    const [asked = ''] = server.requests.filter((request) => request.startsWith('DELETE '));
    expect(asked).toMatch(/^DELETE \/api\/v1\/applications\/deleted\?.*cascade=false/);
  });

  test('says so where it is to go too', async () => {
    expect(await typed('app delete deleted --cascade --propagation-policy foreground -N argocd')).toMatchObject({
      code: 0,
    });
    const [asked = ''] = server.requests.filter((request) => request.startsWith('DELETE '));
    expect(Object.fromEntries(new URL(asked.replace('DELETE ', 'http://server')).searchParams)).toEqual({
      cascade: 'true',
      propagationPolicy: 'foreground',
      appNamespace: 'argocd',
    });
  });
});

describe('accounts', () => {
  beforeEach(async () => {
    server = await playScenarios('accounts');
  });

  test('are listed', async () => {
    const shown = await typed('account list');
    expect(shown).toMatchObject({ code: 0 });
    expect(shown.out).toMatch(/^NAME +ENABLED +CAPABILITIES\n/);
    expect(shown.out).toMatch(/^robot +true +apiKey/m);
  });

  test('may, or may not', async () => {
    expect(await typed('account can-i get applications default/guestbook')).toMatchObject({ code: 0, out: 'yes\n' });
    expect(await typed('account can-i get applications *')).toMatchObject({ out: 'no\n' });
  });

  test('that do not exist are not found', async () => {
    expect(await typed('account get --account nobody')).toMatchObject({ code: 4 });
  });
});

describe('login', () => {
  beforeEach(async () => {
    server = await playScenarios('session');
  });

  test('keeps the token in the reference’s own file', async () => {
    const env = { HAWSER_CONTEXT: '', ARGOCD_CONFIG_DIR: join(place.folder, 'config') };
    const shown = await place.hawser(
      `login ${server.address} --plaintext --username admin --password secret-password --skip-test-tls`,
      { env },
    );
    expect(shown).toMatchObject({ code: 0 });
    expect(shown.out).toMatch(/'admin:login' logged in successfully\nContext '.*' updated/);
    expect(await place.hawser('context', { env })).toMatchObject({
      code: 0,
      out: expect.stringContaining(server.address),
    });
  });
});
