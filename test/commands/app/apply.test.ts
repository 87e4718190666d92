import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { anApplication } from '../../support/applications.ts';
import { createFakeApi, type FakeApi } from '../../support/fake-api.ts';
import { hawser } from '../../support/hawser.ts';

let api: FakeApi;
beforeEach(() => {
  api = createFakeApi();
});
afterEach(() => api.verify());

const document = (name: string, path = 'guestbook'): string => `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: ${name}}
spec:
  project: default
  source: {repoURL: "https://example.com/repo.git", path: ${path}, targetRevision: main}
  destination: {server: "https://kubernetes.default.svc", namespace: shop}
`;
const there = (): void => {
  api.on('GET /api/v1/applications').reply(200, { items: [anApplication({ name: 'web' })] });
};
const posts = (): number => api.requests.filter(({ method }) => method === 'POST').length;

function folder(files: Readonly<Record<string, string>>): string {
  const path = mkdtempSync(join(tmpdir(), 'hawser-apply-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), text);
  }
  return path;
}

describe('hawser app apply', () => {
  test('says of each document of a folder what became of it', async () => {
    there();
    const changed = anApplication({ name: 'web' });
    api.on('POST /api/v1/applications').reply(200, anApplication({ name: 'fresh' }));
    api.on('POST /api/v1/applications').reply(200, { ...changed, spec: { ...changed.spec, project: 'other' } });
    const path = folder({
      'a.yaml': `${document('fresh')}---\n${document('web', 'other')}`,
      'notes.txt': 'no manifest',
    });
    const shown = await hawser(['app', 'apply', '-f', path], { api });
    expect(shown).toEqual({ code: 0, err: '', out: "application 'fresh' created\napplication 'web' configured\n" });
    expect(api.requests[1]?.url).toBe('/api/v1/applications?upsert=true&validate=true&requireManifests=true');
  });

  test('reads the folders below where it is told to', async () => {
    const path = folder({ 'teams/a.yaml': document('web') });
    const shown = await hawser(['app', 'apply', '-f', path], { api });
    expect(shown).toMatchObject({
      code: 20,
      out: '',
      err: expect.stringMatching(/\nhint: -R reads the folders below/),
    });
    there();
    expect(await hawser(['app', 'apply', '-R', '-f', path], { api })).toMatchObject({
      code: 0,
      out: "application 'web' unchanged\n",
    });
  });

  test('reads a URL, and where it redirects to', async () => {
    const web = createServer(({ url }, response) => {
      if (url === '/moved') return response.writeHead(302, { location: '/apps.yaml?ref=main' }).end();
      if (url === '/apps.yaml?ref=main') return response.end(document('web'));
      return response.writeHead(url === '/loop' ? 302 : 404, { location: '/loop' }).end();
    });
    await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
    const address = web.address();
    const origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
    try {
      there();
      const shown = await hawser(['app', 'apply', '-f', `${origin}/moved`], { api });
      expect(shown).toEqual({ code: 0, err: '', out: "application 'web' unchanged\n" });
      for (const [path, says] of [
        ['/nowhere', 'answered with status 404'],
        ['/loop', 'answered with status 302'],
      ] as const) {
        const failed = await hawser(['app', 'apply', '-f', origin + path], { api });
        expect([failed.code, failed.err]).toEqual([20, expect.stringContaining(says)]);
      }
    } finally {
      web.close();
      web.closeAllConnections();
    }
    const wrong = await hawser('app apply -f https://', { api });
    expect(wrong).toMatchObject({ code: 2, err: expect.stringMatching(/^error: https:\/\/ is not a URL\n/) });
  });

  test('sends nothing for what is as it should be', async () => {
    there();
    const shown = await hawser('app apply -f -', { api, stdin: document('web') });
    expect(shown).toEqual({ code: 0, err: '', out: "application 'web' unchanged\n" });
    expect(posts()).toBe(0);
  });

  test('--dry-run says the same and sends nothing', async () => {
    there();
    const path = folder({ 'b.yaml': document('web', 'other'), 'a.yml': document('fresh') });
    const shown = await hawser(['app', 'apply', '--dry-run', '-f', path], { api });
    expect(shown.out).toBe("application 'fresh' created (dry run)\napplication 'web' configured (dry run)\n");
    expect(posts()).toBe(0);
  });

  test.each([
    ['a broken document', 'kind: [', 'stdin:'],
    ['another kind', 'kind: AppProject\nmetadata: {name: team}\n', "stdin: AppProject 'team' is not an Application"],
    ['a document without what an application needs', 'kind: Application\nmetadata: {}\n', 'name is missing'],
    ['the same name twice', document('fresh'), "application 'fresh' is there twice"],
  ])('applies nothing at all when there is %s at the end', async (_, last, says) => {
    const shown = await hawser('app apply -f -', { api, stdin: `${document('fresh')}---\n${last}` });
    expect(shown).toMatchObject({ code: 2, out: '' });
    expect(shown.err).toContain(says);
    expect(api.requests).toEqual([]);
  });

  test('goes on past one that the server refuses, and fails with its reason', async () => {
    api.on('GET /api/v1/applications').reply(200, { items: [] });
    api.on('POST /api/v1/applications').reply(403, { code: 7, message: 'permission denied' });
    api.on('POST /api/v1/applications').reply(200, anApplication({ name: 'two' }));
    const stdin = `${document('one')}---\n${document('two')}`;
    const shown = await hawser('app apply -f -', { api, stdin });
    expect(shown.code).toBe(3);
    expect(shown.out).toBe("application 'two' created\n");
    expect(shown.err).toContain("application 'one' failed: ");
    expect(shown.err).toContain("error: 1 of 2 applications were not applied: 'one'");
  });

  test('-o json is one document', async () => {
    there();
    const { out } = await hawser('app apply -f - -o json', { api, stdin: document('web') });
    expect(JSON.parse(out)).toEqual({ applications: [{ name: 'web', result: 'unchanged' }] });
  });

  test.each([
    [[], 'hawser app apply needs -f'],
    [['-f', 'nowhere.yaml'], 'cannot read nowhere.yaml: there is no such file'],
    [['-f', '-', '-o', 'table'], 'unknown output format: table'],
  ])('%s is wrong usage', async (words, says) => {
    const shown = await hawser(['app', 'apply', ...words]);
    expect(shown).toMatchObject({ code: 2, out: '' });
    expect(shown.err).toContain(says);
  });
});
