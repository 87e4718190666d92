// Words that people bring along, and words of their own.

import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { anApplication } from '../support/applications.ts';
import { createFakeApi, type FakeApi } from '../support/fake-api.ts';
import { hawser } from '../support/hawser.ts';

let api: FakeApi;
beforeEach(() => {
  api = createFakeApi();
  api.on('GET /api/v1/applications').reply(200, { items: [anApplication()] });
});

describe('words of kubectl, gh and argocd', () => {
  test.each([
    ['app ls', 'app list'],
    ['ls', 'app list'],
    ['list', 'app list'],
    ['list -o name', 'app list -o name'],
    ['apps', 'app list'],
    ['apps list -o name', 'app list -o name'],
    ['applications -o json', 'app list -o json'],
    ['get apps', 'app list'],
    ['get app -o json', 'app list -o json'],
    ['app list -A', 'app list'],
    ['--color never ls -o name', 'app list -o name'],
  ])('hawser %s is hawser %s', async (line, same) => {
    const shown = await hawser(line, { api });
    expect(shown).toEqual(await hawser(same, { api }));
    expect(shown).toMatchObject({ code: 0, out: expect.stringContaining('guestbook') });
  });

  test.each([
    ['get shop', 'app get'],
    ['get app shop', 'app get'],
    ['describe application shop', 'app get'],
    ['view shop', 'app get'],
    ['status shop', 'app get'],
    ['app status shop', 'app get'],
    ['sync shop', 'app sync'],
    ['apps sync shop', 'app sync'],
    ['app rm shop', 'app delete'],
    ['rm shop', 'app delete'],
    ['delete app shop', 'app delete'],
    ['edit app shop', 'app edit'],
    ['create shop', 'app create'],
    ['logs shop', 'app logs'],
    ['diff shop', 'app diff'],
    ['terminate-op shop', 'app terminate-op'],
    ['whoami', 'account get-user-info'],
    ['auth status', 'account get-user-info'],
    ['auth login', 'login'],
    ['auth can-i', 'account can-i'],
    ['config use-context prod', 'context'],
    ['tour', 'demo'],
  ])('hawser %s is hawser %s', async (line, command) => {
    const { out } = await hawser(`${line} --help`);
    expect(out).toContain(`Usage: hawser ${command} `);
  });

  test.each([
    ['projects list', 'Hawser does not manage projects yet'],
    ['config', 'hawser context, hawser configure'],
    ['kubectl get pods', 'hawser local kubectl'],
    ['snyc shop', "did you mean 'sync'?"],
    ['app list --json', 'use -o json'],
    ['app list -n x', 'use -N (--app-namespace)'],
    ['app sync shop --branch x', 'use --revision'],
    ['app create shop --namespace x', 'use -N (--app-namespace) or --dest-namespace'],
    ['app list --web', 'hawser app get NAME --web opens the page of an application'],
    ['app list --context x', 'use --argocd-context'],
    ['app list -A -N x', 'leave one of them out'],
  ])('hawser %s is refused with the right words', async (line, hint) => {
    const { code, out, err } = await hawser(line);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(`\nhint: ${hint}`);
  });

  test('mean nothing in drop-in mode', async () => {
    const env = { HAWSER_COMPAT: 'argocd' };
    for (const line of ['ls', 'sync shop', 'app ls', '--version', 'whoami'])
      expect(await hawser(line, { env })).toMatchObject({ code: 1 });
  });
});

describe('aliases', () => {
  let env: Readonly<Record<string, string>>;
  let file: string;
  beforeEach(() => {
    const folder = mkdtempSync(join(tmpdir(), 'hawser-aliases-'));
    env = { HAWSER_CONFIG_DIR: folder, PATH: folder };
    file = join(folder, 'preferences.yaml');
  });
  const run = (words: readonly string[]) => hawser(words, { api, env });
  const set = (...words: readonly string[]) => run(['alias', 'set', ...words]);

  test('stand for a command line, with what follows them', async () => {
    expect(await set('names', 'app list -o name')).toEqual({
      code: 0,
      out: '',
      err: 'alias saved: hawser names is hawser app list -o name\n',
    });
    expect(await run(['names'])).toMatchObject({ code: 0, out: 'argocd/guestbook\n' });
    expect(await run(['names', '--health', 'Degraded'])).toMatchObject({ code: 0, out: '' });
    expect(await run(['--color', 'never', 'names'])).toMatchObject({ code: 0, out: 'argocd/guestbook\n' });
    expect((await run(['names', '--help'])).out).toContain('Usage: hawser app list ');
    expect((await run(['help', 'names'])).out).toContain('Usage: hawser app list ');
    expect((await hawser('names', { env: { ...env, HAWSER_COMPAT: 'argocd' } })).code).toBe(1);
  });

  test('take the words that follow for $1 and $2', async () => {
    await set('as', 'app list $2 -o $1');
    expect(await run(['as', 'name', 'guest*'])).toMatchObject({ code: 0, out: 'argocd/guestbook\n' });
    expect(await run(['as', 'name', 'x*', '--no-headers'])).toMatchObject({ code: 0, out: '' });
    expect(await run(['as', 'name'])).toEqual({
      code: 2,
      out: '',
      err: "error: alias 'as' needs 2 arguments\nhint: it stands for: app list $2 -o $1\n",
    });
  });

  test('keep together what is quoted, and may begin with the program or a shortcut', async () => {
    await set('odd', "hawser ls -l 'team in (a, b)'");
    expect(readFileSync(file, 'utf8')).toContain("odd: ls -l 'team in (a, b)'");
    expect(await run(['odd', '-o', 'name'])).toMatchObject({ code: 0 });
    expect(new URL(api.requests.at(-1)?.url ?? '', 'http://host').searchParams.get('selector')).toBe('team in (a, b)');
  });

  test('are listed, overwritten when told to, and deleted', async () => {
    expect(await run(['alias', 'list'])).toEqual({
      code: 0,
      out: '',
      err: 'no aliases yet: hawser alias set NAME EXPANSION\n',
    });
    await set('b', 'app', 'list');
    await set('a', 'app get');
    expect((await run(['alias', 'list'])).out).toBe('ALIAS  EXPANSION\na      app get\nb      app list\n');
    expect((await run(['alias', 'list', '-o', 'json'])).out).toBe('{\n  "a": "app get",\n  "b": "app list"\n}\n');
    expect(await set('a', 'app sync')).toEqual({
      code: 20,
      out: '',
      err: "error: alias 'a' exists: app get\nhint: add --clobber\n",
    });
    expect((await set('a', 'app sync', '--clobber')).code).toBe(0);
    expect(await run(['alias', 'delete', 'c'])).toMatchObject({ code: 4 });
    expect(await run(['alias', 'delete'])).toMatchObject({ code: 2 });
    expect(await run(['alias', 'delete', 'a'])).toMatchObject({ code: 0, err: 'alias deleted: a\n' });
    expect((await run(['alias', 'list', '-o', 'name'])).out).toBe('b\n');
    await run(['alias', 'delete', '--all']);
    expect(await run(['b'])).toMatchObject({ code: 2 });
  });

  test.each([
    [['app', 'app list'], "'app' is a command: an alias cannot replace it"],
    [['ctx', 'app list'], "'ctx' is a command: an alias cannot replace it"],
    [['a b', 'app list'], "'a b' cannot be an alias"],
    [['-a', 'app list'], "unknown flag '-a'"],
    [['a', 'nonsense'], "an alias stands for a command, and 'nonsense' is none"],
    [['a', ''], "an alias stands for a command, and '' is none"],
    [['a'], 'hawser alias set needs EXPANSION'],
  ])('refuse %j', async (words, message) => {
    expect(await set(...words)).toMatchObject({ code: 2, err: expect.stringContaining(`error: ${message}\n`) });
    expect(existsSync(file)).toBe(false);
  });

  test('are before a shortcut and a program on PATH, and leave what else is in their file', async () => {
    writeFileSync(file, 'later: {kept: true}\naliases: {sync: app list -o name, greet: app list -o name}\n');
    const program = join(env['PATH'] ?? '', 'hawser-greet');
    writeFileSync(program, '#!/bin/sh\necho greetings\n');
    chmodSync(program, 0o755);
    expect((await run(['sync'])).out).toBe('argocd/guestbook\n');
    expect((await run(['greet'])).out).toBe('argocd/guestbook\n');
    await run(['alias', 'delete', 'greet']);
    expect((await run(['greet'])).out).toBe('greetings\n');
    expect(readFileSync(file, 'utf8')).toBe('aliases:\n  sync: app list -o name\nlater:\n  kept: true\n');
  });

  test('in a file that cannot be read are an error where one may be meant, and nowhere else', async () => {
    for (const text of ['aliases: [a]', 'aliases: {a: [b]}', '{', 'words']) {
      writeFileSync(file, text);
      expect(await run(['co'])).toMatchObject({
        code: 2,
        err: expect.stringMatching(/^error: cannot read the preferences: .*\nhint: look at /),
      });
      expect(await run(['app', 'list', '-o', 'name'])).toMatchObject({ code: 0 });
    }
    expect(readFileSync(file, 'utf8')).toBe('words');
    mkdirSync(join(env['PATH'] ?? '', 'folder'));
  });

  test('are completed as what they stand for', async () => {
    await set('names', 'app list -o name');
    expect((await run(['__complete', 'nam'])).out).toBe('names\tapp list -o name\n:4\n');
    expect((await run(['__complete', 'names', 'g'])).out).toBe('guestbook\tdefault\n:4\n');
    expect((await run(['__complete', 'get', 'g'])).out).toBe('guestbook\tdefault\n:4\n');
  });
});
