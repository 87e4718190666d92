import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { anApplication } from '../../support/applications.ts';
import { createFakeApi, type FakeApi } from '../../support/fake-api.ts';
import { hawser } from '../../support/hawser.ts';
import { scriptedPrompt } from '../../support/scripted-prompt.ts';

let api: FakeApi;
beforeEach(() => {
  api = createFakeApi();
});
afterEach(() => api.verify());

const REPOSITORY = encodeURIComponent('https://example.com/repo.git');

function serveRepository(): void {
  api.on(`GET /api/v1/repositories/${REPOSITORY}/refs`).reply(200, { branches: ['main'], tags: ['v1'] });
  const items = [
    { path: 'guestbook', type: 'Directory' },
    { path: 'charts/web', type: 'Helm' },
  ];
  api.on(`GET /api/v1/repositories/${REPOSITORY}/apps`).reply(200, { items });
  api.on('GET /api/v1/applications').reply(200, { items: [] });
  api
    .on('GET /api/v1/clusters')
    .reply(200, { items: [{ server: 'https://kubernetes.default.svc', name: 'in-cluster' }] });
  api.on('GET /api/v1/projects').reply(200, { items: [] });
}

const created = (): unknown => api.requests.find(({ method }) => method === 'POST')?.body;

describe('hawser app create with something left out', () => {
  test('asks for it, checks each answer where it is given, and creates what was agreed on', async () => {
    serveRepository();
    api.on('POST /api/v1/applications').reply(200, anApplication({ name: 'web' }));
    const { prompt, asked } = scriptedPrompt([
      ['Revision', 'v1'],
      ['Path', 'charts/web'],
      ['Name', 'Web!'],
      ['Name', 'web'],
      ['Namespace', 'shop'],
      ['Sync policy', 'full'],
      ['Create', 'create'],
    ]);
    const { code, err } = await hawser('app create --repo https://example.com/repo.git', {
      api,
      prompt,
      terminal: true,
    });
    expect(asked).toContain('! lower-case letters, digits, - and . only, like guestbook');
    expect(code, err).toBe(0);
    expect(created()).toMatchObject({
      metadata: { name: 'web' },
      spec: {
        source: { path: 'charts/web', targetRevision: 'v1' },
        syncPolicy: { automated: { prune: true, selfHeal: true } },
      },
    });
    expect(err).toContain(
      'hawser app create web --repo https://example.com/repo.git --revision v1 --path charts/web --dest-server https://kubernetes.default.svc --dest-namespace shop --sync-policy automated --auto-prune --self-heal',
    );
    expect(err).toContain('next: hawser app sync web');
  });

  test('goes back a step by <, and lets any answer be changed before the end', async () => {
    serveRepository();
    const { prompt } = scriptedPrompt([
      ['Revision', 'main'],
      ['Path', '<'],
      ['Revision', 'HEAD'],
      ['Path', 'charts/web'],
      ['Name', 'web'],
      ['Namespace', ''],
      ['Sync policy', 'manual'],
      ['Create', 'change'],
      ['Which one', 'Helm parameters'],
      ['Helm parameter', 'replicas'],
      ['Helm parameter', 'replicas=3'],
      ['Helm parameter', ''],
      ['Create', 'cancel'],
    ]);
    const shown = await hawser('app create --repo https://example.com/repo.git', { api, prompt });
    expect(shown).toMatchObject({ code: 130, out: '' });
    expect(shown.err).toContain('--parameter replicas=3');
    expect(shown.err).toContain('error: nothing was created');
    expect(created()).toBeUndefined();
  });
});

describe('a command without a name', () => {
  test('lets a person pick the application', async () => {
    api.on('GET /api/v1/applications').reply(200, { items: [anApplication(), anApplication({ name: 'web' })] });
    api.on('GET /api/v1/applications/web').reply(200, anApplication({ name: 'web' }));
    const { prompt } = scriptedPrompt([['Application', 'argocd/web']]);
    const shown = await hawser('app get -o json', { api, prompt });
    expect(JSON.parse(shown.out).metadata.name).toBe('web');
  });

  test.each(['get', 'diff', 'history', 'logs', 'rollback', 'manifests', 'resources'])(
    'is a usage error of app %s in a pipe',
    async (verb) => {
      expect(await hawser(`app ${verb}`)).toMatchObject({ code: 2, err: expect.stringContaining('needs APPNAME') });
    },
  );

  test.each(['sync', 'wait', 'delete'])('is a usage error of app %s in a pipe', async (verb) => {
    expect(await hawser(`app ${verb}`)).toMatchObject({ code: 2, err: expect.stringContaining('needs APPNAME') });
  });

  test('says what to do where there is none', async () => {
    api.on('GET /api/v1/applications').reply(200, { items: [] });
    const { prompt } = scriptedPrompt([]);
    const shown = await hawser('app sync', { api, prompt });
    expect(shown).toEqual({ code: 4, out: '', err: 'error: there are no applications yet\nhint: hawser app create\n' });
  });
});
