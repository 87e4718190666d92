import { mkdtempSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { anApplication } from '../support/applications.ts';
import { createFakeApi, type FakeApi } from '../support/fake-api.ts';
import { hawser, stillClock } from '../support/hawser.ts';

let api: FakeApi;
beforeEach(() => {
  api = createFakeApi();
  api.on('GET /api/v1/applications').reply(200, { items: [anApplication(), anApplication({ name: 'web' })] });
});

/** What is offered at the end of a line; the last word is the one that is being typed. */
async function offered(...words: readonly string[]): Promise<readonly string[]> {
  const { code, out } = await hawser(['__complete', ...words], { api });
  expect(code).toBe(0);
  return out.trimEnd().split('\n');
}

describe('what a shell is offered', () => {
  test('commands, with what they do', async () => {
    expect(await offered('app', 'sy')).toEqual(['sync\tSync an application to its target state', ':4']);
    expect((await offered('')).map((line) => line.split('\t')[0])).toEqual(
      expect.arrayContaining(['app', 'login', 'completion', 'server', ':4']),
    );
    expect(await offered('nonsense', '')).toEqual([':4']);
  });

  test('names of applications, once where a command takes one', async () => {
    expect(await offered('app', 'get', '')).toEqual(['guestbook\tdefault', 'web\tdefault', ':4']);
    expect(await offered('app', 'get', 'web', '')).toEqual([':4']);
    expect(await offered('app', 'sync', 'guestbook', 'w')).toEqual(['web\tdefault', ':4']);
    expect(await offered('app', 'get', '-o', 'json', 'w')).toEqual(['web\tdefault', ':4']);
    expect(await offered('app', 'create', '')).toEqual([':4']);
  });

  test('flags, formats, deployments, contexts, shells', async () => {
    expect(await offered('app', 'get', '--refr')).toEqual(['--refresh\trefresh first', ':4']);
    expect(await offered('app', 'get', 'web', '-o', 'tree')).toEqual(['tree', 'tree=detailed', ':4']);
    expect(await offered('context', 'l')).toEqual(['local\tthe local system', ':4']);
    expect(await offered('completion', 'z')).toEqual(['zsh', ':4']);
    const app = anApplication();
    const history = [{ id: 3, deployedAt: '2026-01-05T10:00:00Z', source: app.spec.source }];
    api.on('GET /api/v1/applications/guestbook').reply(200, { ...app, status: { ...app.status, history } });
    expect(await offered('app', 'rollback', 'guestbook', '')).toEqual(['3\t2026-01-05T10:00:00Z', ':4']);
  });

  test.each([
    [['app', 'list', '--health', 'De'], ['Degraded']],
    [['app', 'list', '--health', 'de'], ['Degraded']],
    [['app', 'list', '--health', 'Degraded,M'], ['Degraded,Missing']],
    [['app', 'list', '--health=Su'], ['--health=Suspended']],
    [['app', 'list', '--health', '=', 'Su'], ['Suspended']],
    [
      ['app', 'list', '--sync', '='],
      ['Synced', 'OutOfSync', 'Unknown'],
    ],
    [['app', 'list', '--phase', 'F'], ['Failed']],
    [['app', 'list', '--sort-by', 'd'], ['deployed']],
    [
      ['app', 'list', '-o', 'j'],
      ['json', 'jsonpath='],
    ],
    [
      ['app', 'sync', '--on-timeout', ''],
      ['leave', 'terminate'],
    ],
    [
      ['app', 'sync', '--on-degraded', ''],
      ['fail', 'wait'],
    ],
    [
      ['app', 'sync', '--strategy', ''],
      ['apply', 'hook'],
    ],
    [
      ['app', 'create', '--sync-policy', ''],
      ['automated', 'manual', 'none'],
    ],
    [['app', 'create', '--sync-policy', '-'], []],
    [
      ['app', 'create', '-o', ''],
      ['json', 'yaml'],
    ],
    [
      ['app', 'patch', 'web', '--type', ''],
      ['json', 'merge'],
    ],
    [
      ['--color', ''],
      ['auto', 'always', 'never'],
    ],
    [['app', '--color', 'al'], ['always']],
    [['--color', 'never', 'app', 'sy'], ['sync']],
    [['app', '--loglevel', 'debug', 'sy'], ['sync']],
    [['help', 'ex'], ['exit-codes']],
    [['help', 'app', 'sy'], ['sync']],
    [['help', 'app', 'sync', ''], []],
    [['help', 'nonsense', ''], []],
  ])('values and topics without a server: %j', async (words, values) => {
    const { out } = await hawser(['__complete', ...words]);
    expect(
      out
        .trimEnd()
        .split('\n')
        .slice(0, -1)
        .map((line) => line.split('\t')[0]),
    ).toEqual(values);
  });

  test('projects of the server', async () => {
    const spec = { description: 'everything' };
    api.on('GET /api/v1/projects').reply(200, {
      items: [
        { metadata: { name: 'default' }, spec },
        { metadata: { name: 'shop' }, spec: {} },
      ],
    });
    expect(await offered('app', 'create', '--project', '')).toEqual(['default\teverything', 'shop', ':4']);
    expect(await offered('app', 'list', '-p', 's')).toEqual(['shop', ':4']);
  });

  test('names are asked for once in some seconds, of each server', async () => {
    const home = mkdtempSync(join(tmpdir(), 'hawser-completion-'));
    let now = Date.parse('2026-01-05T10:00:00Z');
    const ask = async (...words: readonly string[]): Promise<string> =>
      (await hawser(['__complete', ...words, 'app', 'get', 'w'], { api, env: { HOME: home }, clock: stillClock(now) }))
        .out;
    for (let count = 0; count < 3; count += 1) expect(await ask()).toBe('web\tdefault\n:4\n');
    expect(api.requests).toHaveLength(1);
    await ask('--data-dir', '/elsewhere');
    expect(api.requests).toHaveLength(2);
    now += 30_000;
    await ask();
    expect(api.requests).toHaveLength(3);
    const cache = join(home, '.cache/hawser');
    for (const name of readdirSync(cache)) {
      expect(statSync(join(cache, name)).mode & 0o077).toBe(0);
      writeFileSync(join(cache, name), '{"at": "yesterday"');
    }
    expect(await ask()).toBe('web\tdefault\n:4\n');
  });

  test('of the server that was typed', async () => {
    expect(await offered('app', 'get', '--argocd-context', 'nowhere', '')).toEqual([':4']);
    expect(await offered('app', 'get', '--argocd-context', 'local', 'w')).toEqual(['web\tdefault', ':4']);
    expect(await offered('app', 'get', '--argocd-context')).toEqual([
      "--argocd-context\tsaved context to use ('local' is always there)",
      ':4',
    ]);
  });

  test('files where one is named, and nothing where the server does not answer', async () => {
    expect(await offered('app', 'apply', '-f', '')).toEqual([':0']);
    api.on('GET /api/v1/applications').reply(500, {});
    const shown = await hawser(['__complete', 'app', 'get', ''], {
      env: { HAWSER_CONTEXT: '', ARGOCD_SERVER: '127.0.0.1:1' },
    });
    expect(shown).toEqual({ code: 0, out: ':4\n', err: '' });
  });
});

test('an unknown shell is told from one that there is a script for', async () => {
  expect(await hawser('completion tcsh')).toEqual({
    code: 2,
    out: '',
    err: "error: there is no script for the shell 'tcsh'\nhint: supported shells: bash, zsh, fish, powershell\n",
  });
  for (const shell of ['bash', 'zsh', 'fish', 'powershell'])
    expect((await hawser(`completion ${shell}`)).out).toContain('__complete');
});
