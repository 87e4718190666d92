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

const APP = '/api/v1/applications/guestbook';

const managed = (kind: string, annotations: Record<string, string> = {}, isLive = true) => ({
  kind,
  name: 'x',
  liveState: isLive ? JSON.stringify({ apiVersion: 'v1', kind, metadata: { name: 'x', annotations } }) : 'null',
});

describe('hawser app delete --dry-run', () => {
  test.each([
    [
      'with all it deployed',
      '--cascade',
      'with 1 ConfigMap, 1 Job; 1 CustomResourceDefinition, 2 Secrets would be kept',
    ],
    ['alone', '--cascade=false', '1 ConfigMap, 1 CustomResourceDefinition, 1 Job, 2 Secrets would be kept'],
  ])('counts what would go %s', async (_how, flag, counts) => {
    const app = anApplication();
    const resources = [{ kind: 'Job', name: 'hook', hook: true }];
    api.on(`GET ${APP}`).reply(200, { ...app, status: { ...app.status, resources } });
    const items = [
      managed('ConfigMap'),
      managed('Service', {}, false),
      managed('CustomResourceDefinition'),
      managed('Secret', { 'argocd.argoproj.io/sync-options': 'Prune=false, Delete=false' }),
      managed('Secret', { 'helm.sh/resource-policy': 'keep' }),
    ];
    api.on(`GET ${APP}/managed-resources`).reply(200, { items });
    const shown = await hawser(`app delete guestbook --dry-run ${flag}`, { api });
    expect(shown).toEqual({ code: 0, err: '', out: `application 'guestbook' would be deleted, ${counts}\n` });
  });

  test('counts what was deployed last where it cannot be compared', async () => {
    const app = anApplication();
    api.on(`GET ${APP}`).reply(200, { ...app, status: { ...app.status, resources: [{ kind: 'Secret', name: 'a' }] } });
    api.on(`GET ${APP}/managed-resources`).reply(400, { code: 2, message: 'ComparisonError' });
    const { out } = await hawser('app delete guestbook --dry-run --cascade', { api });
    expect(out).toBe("application 'guestbook' would be deleted, with 1 Secret\n");
  });
});

test('hawser app delete says what holds the deletion up', async () => {
  api.on(`GET ${APP}`).reply(200, { ...anApplication(), operation: { sync: {} } });
  api.on(`DELETE ${APP}`).reply(200, {});
  const { err } = await hawser('app delete guestbook --cascade', { api });
  expect(err).toContain("an operation of 'guestbook' runs: the deletion begins when it ends");
});

test('hawser app delete that is declined is a no: 1, in drop-in mode 0', async () => {
  api.on(`GET ${APP}`).reply(200, anApplication());
  api.on(`GET ${APP}/managed-resources`).reply(200, { items: [] });
  const decline = (env: Record<string, string>) => {
    const { prompt } = scriptedPrompt([['', false]]);
    return hawser('app delete guestbook --cascade', { api, terminal: true, prompt, env });
  };
  const out = "The command to delete 'guestbook' was cancelled.\n";
  expect(await decline({})).toEqual({ code: 1, out, err: '' });
  const shown = await decline({ HAWSER_COMPAT: 'argocd' });
  expect(shown.code).toBe(0);
});
