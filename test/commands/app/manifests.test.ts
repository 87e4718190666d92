import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { anApplication } from '../../support/applications.ts';
import { createFakeApi, type FakeApi } from '../../support/fake-api.ts';
import { hawser } from '../../support/hawser.ts';

let api: FakeApi;
beforeEach(() => {
  api = createFakeApi();
});
afterEach(() => api.verify());

const APP = '/api/v1/applications/guestbook';
const map = (mode: string): string =>
  JSON.stringify({ kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'a' }, data: { mode } });
const yaml = (mode: string): string =>
  `---\napiVersion: v1\ndata:\n  mode: ${mode}\nkind: ConfigMap\nmetadata:\n  name: a\n\n`;

describe('hawser app manifests', () => {
  beforeEach(() => {
    api.on(`GET ${APP}`).reply(200, anApplication());
  });

  test.each([
    ['', `${yaml('git')}---\nnull\n\n`],
    ['--source live', `${yaml('live')}${yaml('live')}`],
  ])('%s', async (line, out) => {
    const items = [
      { kind: 'ConfigMap', name: 'a', targetState: map('git'), liveState: map('live') },
      { kind: 'ConfigMap', name: 'b', targetState: 'null', liveState: map('live') },
    ];
    api.on(`GET ${APP}/managed-resources`).reply(200, { items });
    expect(await hawser(`app manifests guestbook ${line}`, { api })).toEqual({ code: 0, err: '', out });
  });

  test('--revision asks for another one', async () => {
    api.on(`GET ${APP}/manifests?revision=v2`).reply(200, { manifests: [map('v2')] });
    expect((await hawser('app manifests guestbook --revision v2', { api })).out).toBe(yaml('v2'));
  });

  test('--local prints what a folder renders to, marked as the application would be', async () => {
    api.on('GET /api/v1/clusters/https%3A%2F%2Fkubernetes.default.svc').reply(403, { code: 7, message: 'no' });
    const { out } = await hawser('app manifests guestbook --local .', {
      api,
      renderFolders: async () => [{ object: JSON.parse(map('here')), namespace: 'shop' }],
    });
    expect(out).toContain('mode: here\n');
    expect(out).toContain('argocd.argoproj.io/tracking-id: guestbook:/ConfigMap:shop/a\n');
  });
});

test('an unknown source is wrong usage', async () => {
  const shown = await hawser('app manifests guestbook --source moon');
  expect(shown).toMatchObject({
    code: 2,
    out: '',
    err: "error: Unknown source type 'moon'\nhint: valid values: git, live\n",
  });
});
