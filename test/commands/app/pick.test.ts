import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Application } from '../../../src/model/application.ts';
import { anApplication } from '../../support/applications.ts';
import { createFakeApi, type FakeApi } from '../../support/fake-api.ts';
import { hawser } from '../../support/hawser.ts';
import { scriptedPrompt } from '../../support/scripted-prompt.ts';

let api: FakeApi;
beforeEach(() => {
  api = createFakeApi();
});
afterEach(() => api.verify());

const APP = '/api/v1/applications/guestbook';

const WITH_RESOURCES: Application = {
  ...anApplication({ sync: 'OutOfSync' }),
  status: {
    resources: [
      {
        group: 'apps',
        kind: 'Deployment',
        namespace: 'shop',
        name: 'web',
        status: 'OutOfSync',
        health: { status: 'Missing' },
      },
      { kind: 'Service', namespace: 'shop', name: 'web', status: 'Synced' },
      { kind: 'ConfigMap', namespace: 'shop', name: 'old', status: 'OutOfSync', requiresPruning: true },
      { kind: 'Namespace', name: 'shop', status: 'OutOfSync' },
    ],
  },
};

const picking = (answer: string) => scriptedPrompt([['Resources of guestbook to sync', answer]]);

describe('hawser app sync --pick', () => {
  test('syncs the resources that were ticked, and says how to type the same', async () => {
    api.on(`GET ${APP}`).reply(200, WITH_RESOURCES);
    api.on(`POST ${APP}/sync`).reply(200, { ...WITH_RESOURCES, operation: { sync: {} } });
    const { prompt } = picking('Deployment shop/web  OutOfSync  Missing,Namespace shop');
    const { code, err } = await hawser('app sync guestbook --pick --force --async', { api, prompt, terminal: true });
    expect(code).toBe(0);
    expect(err).toContain(
      'the same without a question: hawser app sync guestbook --resource apps:Deployment:shop/web --resource :Namespace:shop --async --force\n',
    );
    expect(api.requests.at(-1)?.body).toMatchObject({
      resources: [
        { group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'web' },
        { group: '', kind: 'Namespace', namespace: '', name: 'shop' },
      ],
    });
  });

  test('offers what differs alone, and says what is to be pruned', async () => {
    api.on(`GET ${APP}`).reply(200, WITH_RESOURCES);
    api.on(`POST ${APP}/sync`).reply(200, { ...WITH_RESOURCES, operation: { sync: {} } });
    const { prompt } = picking('Service,ConfigMap shop/old  to prune');
    const line = 'app sync guestbook --pick --prune --async';
    expect(await hawser(line, { api, prompt, terminal: true })).toMatchObject({ code: 0 });
    expect(api.requests.at(-1)?.body).toMatchObject({ prune: true, resources: [{ kind: 'ConfigMap', name: 'old' }] });
  });

  test('has nothing to ask where nothing differs, and syncs nothing', async () => {
    api.on(`GET ${APP}`).reply(200, anApplication());
    const { prompt, asked } = scriptedPrompt([]);
    const shown = await hawser('app sync guestbook --pick', { api, prompt, terminal: true });
    expect(shown).toMatchObject({ code: 0, out: '', err: "no resource of 'guestbook' is OutOfSync\n" });
    expect(asked).toEqual([]);
  });

  test('answers with the application then, where a program reads', async () => {
    api.on(`GET ${APP}`).reply(200, anApplication());
    const { prompt } = scriptedPrompt([]);
    const { out } = await hawser('app sync guestbook --pick -o json', { api, prompt, terminal: true });
    expect(JSON.parse(out)).toMatchObject({ metadata: { name: 'guestbook' } });
  });

  test('is a usage error in a pipe, with the flag that says the same', async () => {
    expect(await hawser('app sync guestbook --pick')).toEqual({
      code: 2,
      out: '',
      err: 'error: --pick needs a terminal\nhint: name them: --resource GROUP:KIND:NAME\n',
    });
  });

  test.each([
    ['app sync a b --pick', '--pick needs exactly one application'],
    ['app sync g* --pick', '--pick needs exactly one application'],
    ['app sync -l a=b --pick', '--pick needs exactly one application'],
    ['app sync a --pick --resource :Service:a', '--pick excludes --resource and --label'],
  ])('%s is a usage error', async (line, sentence) => {
    const { prompt } = scriptedPrompt([]);
    const shown = await hawser(line, { prompt, terminal: true });
    expect(shown).toMatchObject({ code: 2, out: '' });
    expect(shown.err).toContain(sentence);
  });
});
