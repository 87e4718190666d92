// The verbs that change an application a little: what is sent is what was typed, and nothing else.

import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { anApplication } from '../../support/applications.ts';
import { createFakeApi, type FakeApi } from '../../support/fake-api.ts';
import { hawser } from '../../support/hawser.ts';

const APP = '/api/v1/applications/guestbook';

let api: FakeApi;
beforeEach(() => {
  api = createFakeApi();
});
afterEach(() => api.verify());

/** What the last request sent. */
const sent = (): unknown => api.requests.at(-1)?.body;

function serve(spec: object): void {
  const app = anApplication();
  api.on(`GET ${APP}`).reply(200, { ...app, spec: { ...app.spec, ...spec } });
}

describe('hawser app unset', () => {
  const helm = { parameters: [{ name: 'tag', value: '1' }], valueFiles: ['a.yaml', 'b.yaml'], values: 'x: 1' };
  const kustomize = { namePrefix: 'p-', images: ['web=web:2'], version: 'v5' };
  const source = { repoURL: 'https://example.com/repo.git', path: 'guestbook' };

  test.each([
    ['-p tag', { helm }, { helm: { valueFiles: ['a.yaml', 'b.yaml'], values: 'x: 1' } }],
    ['--values a.yaml', { helm }, { helm: { parameters: helm.parameters, valueFiles: ['b.yaml'], values: 'x: 1' } }],
    ['--values-literal', { helm }, { helm: { parameters: helm.parameters, valueFiles: helm.valueFiles } }],
    ['--nameprefix', { kustomize }, { kustomize: { images: ['web=web:2'], version: 'v5' } }],
    ['--kustomize-image web', { kustomize }, { kustomize: { namePrefix: 'p-', version: 'v5' } }],
    ['--kustomize-version', { kustomize }, { kustomize: { namePrefix: 'p-', images: ['web=web:2'] } }],
    ['--plugin-env A', { plugin: { env: [{ name: 'A', value: '1' }] } }, {}],
    ['--ref', { ref: 'values' }, {}],
  ])('app unset guestbook %s takes that alone away', async (flags, before, after) => {
    serve({ source: { ...source, ...before } });
    api.on(`PUT ${APP}/spec`).reply(200, anApplication().spec);
    expect(await hawser(`app unset guestbook ${flags}`, { api })).toMatchObject({ code: 0, err: '' });
    expect(sent()).toEqual({ ...anApplication().spec, source: { ...source, ...after } });
  });

  test('sends nothing where there is nothing to take away', async () => {
    serve({ source: { ...source, helm } });
    expect(await hawser('app unset guestbook -p other', { api })).toMatchObject({ code: 0 });
    expect(api.requests).toHaveLength(1);
  });

  test.each(['', '--nameprefix'])('needs a flag of what the source has, not only %j', async (flags) => {
    serve({ source: { ...source, helm } });
    const { code, err } = await hawser(`app unset guestbook ${flags}`, { api });
    expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining('app unset needs a flag') });
  });

  test('changes the one of several sources that is meant', async () => {
    serve({ source: undefined, sources: [source, { ...source, helm }] });
    api.on(`PUT ${APP}/spec`).reply(200, anApplication().spec);
    expect(await hawser('app unset guestbook --source-position 2 --values-literal', { api })).toMatchObject({
      code: 0,
    });
    const rest = { parameters: helm.parameters, valueFiles: helm.valueFiles };
    expect(sent()).toMatchObject({ sources: [source, { ...source, helm: rest }] });
  });
});

describe('hawser app add-source', () => {
  test('adds one after those that are there', async () => {
    const sources = [{ repoURL: 'https://example.com/a.git', path: 'a' }];
    serve({ source: undefined, sources });
    api.on(`PUT ${APP}/spec`).reply(200, anApplication().spec);
    const line = 'app add-source guestbook --repo https://example.com/b.git --path b --revision v1 --helm-set x=1';
    const { code, out } = await hawser(line, { api });
    expect({ code, out }).toEqual({ code: 0, out: "Application 'guestbook' updated successfully\n" });
    const added = {
      repoURL: 'https://example.com/b.git',
      path: 'b',
      targetRevision: 'v1',
      helm: { parameters: [{ name: 'x', value: '1' }] },
    };
    expect(sent()).toMatchObject({ sources: [...sources, added] });
  });

  test('refuses an application of one source', async () => {
    serve({});
    const { code, err } = await hawser('app add-source guestbook --repo https://example.com/b.git --path b', { api });
    expect({ code, err }).toMatchObject({
      code: 2,
      err: expect.stringContaining('does not have spec.sources defined'),
    });
  });
});

describe('hawser app edit', () => {
  test('starts no editor where there is no terminal', async () => {
    expect(await hawser('app edit guestbook', { env: { EDITOR: '/nowhere/editor' } })).toEqual({
      code: 2,
      out: '',
      err: 'error: app edit needs a terminal\nhint: hawser app patch guestbook --patch … changes fields, hawser app apply -f FILE the whole of it\n',
    });
  });

  /** An editor that does to the file what a line of sed says. */
  function editor(script: string): Record<string, string> {
    const path = join(mkdtempSync(join(tmpdir(), 'hawser-editor-')), 'editor');
    writeFileSync(path, `#!/bin/sh\nsed -i '${script}' "$1"\n`);
    chmodSync(path, 0o755);
    return { EDITOR: path, PATH: process.env['PATH'] ?? '' };
  }

  test('saves what the editor leaves', async () => {
    serve({});
    api.on(`PUT ${APP}/spec`).reply(200, anApplication().spec);
    const env = editor('s/targetRevision: main/targetRevision: v2/');
    expect(await hawser('app edit guestbook', { api, env, terminal: true })).toMatchObject({ code: 0, err: '' });
    expect(sent()).toEqual({
      ...anApplication().spec,
      source: { ...anApplication().spec.source, targetRevision: 'v2' },
    });
  });

  test.each([
    ['s/nothing/else/', 'edit cancelled, no valid changes were saved'],
    ['d', 'edit cancelled, no valid changes were saved'],
  ])('changes nothing after %j', async (script, message) => {
    serve({});
    const { code, err } = await hawser('app edit guestbook', { api, env: editor(script), terminal: true });
    expect({ code, err }).toMatchObject({ code: 20, err: expect.stringContaining(message) });
    expect(api.requests).toHaveLength(1);
  });

  test('names an editor that is not there', async () => {
    serve({});
    const { code, err } = await hawser('app edit guestbook', {
      api,
      env: { EDITOR: '/nowhere/editor', NO_COLOR: '1' },
      terminal: true,
    });
    expect({ code, err }).toMatchObject({ code: 20, err: expect.stringContaining('cannot start /nowhere/editor') });
    expect(err).toContain('hint: set EDITOR to a program that is there');
  });
});

describe('hawser app patch-resource', () => {
  const live = JSON.stringify({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' } });
  const item = { group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'web', liveState: live };

  test('sends the patch as it was typed', async () => {
    api.on(`GET ${APP}/managed-resources`).reply(200, { items: [item] });
    api.on(`POST ${APP}/resource`).reply(200, { manifest: live });
    const patch = '{"spec":{"replicas":2}}';
    const words = ['app', 'patch-resource', 'guestbook', '--kind', 'Deployment', '--patch', patch];
    expect(await hawser(words, { api })).toMatchObject({ code: 0 });
    expect(sent()).toBe(patch);
    const query = new URL(api.requests.at(-1)?.url ?? '', 'http://test').searchParams;
    expect(Object.fromEntries(query)).toEqual({
      namespace: 'shop',
      resourceName: 'web',
      version: 'v1',
      group: 'apps',
      kind: 'Deployment',
      patchType: 'application/merge-patch+json',
    });
  });

  test('needs --all for more than one', async () => {
    api.on(`GET ${APP}/managed-resources`).reply(200, { items: [item, { ...item, name: 'other' }] });
    const words = ['app', 'patch-resource', 'guestbook', '--kind', 'Deployment', '--patch', '{}'];
    expect(await hawser(words, { api })).toMatchObject({
      code: 11,
      err: expect.stringContaining('use the --all flag'),
    });
  });
});
