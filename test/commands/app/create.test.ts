import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseYamlDocuments } from '../../../src/core/yaml.ts';
import { anApplication } from '../../support/applications.ts';
import { createFakeApi, type FakeApi } from '../../support/fake-api.ts';
import { hawser } from '../../support/hawser.ts';

let api: FakeApi;
beforeEach(() => {
  api = createFakeApi();
});
afterEach(() => api.verify());

const FLAGS =
  '--repo https://example.com/repo.git --path guestbook --revision main --dest-server https://kubernetes.default.svc --dest-namespace shop';
const document = (name: string): string => `kind: Application
metadata: {name: ${name}}
spec:
  source: {repoURL: "https://example.com/repo.git", path: guestbook, targetRevision: main}
  destination: {server: "https://kubernetes.default.svc", namespace: shop}
`;

function known(items: readonly unknown[] = []): void {
  api.on('GET /api/v1/applications').reply(200, { items });
}

describe('hawser app create', () => {
  test('creates what flags say', async () => {
    known();
    api.on('POST /api/v1/applications').reply(200, anApplication());
    const shown = await hawser(`app create guestbook ${FLAGS}`, { api });
    expect(shown).toEqual({ code: 0, err: '', out: "application 'guestbook' created\n" });
    expect(api.requests[1]?.body).toMatchObject({
      metadata: { name: 'guestbook' },
      spec: { project: 'default', source: { path: 'guestbook', targetRevision: 'main' } },
    });
  });

  test('is content with one that is there and the same', async () => {
    known([anApplication()]);
    api.on('POST /api/v1/applications').reply(200, anApplication());
    expect((await hawser(`app create guestbook ${FLAGS}`, { api })).out).toBe("application 'guestbook' unchanged\n");
  });

  test('shows what differs from one that is there, and names the flag that changes it', async () => {
    known([anApplication()]);
    const message = 'existing application spec is different, use upsert flag to force update';
    api.on('POST /api/v1/applications').reply(400, { code: 3, message });
    const shown = await hawser(`app create guestbook ${FLAGS} --path other`, { api });
    expect(shown).toMatchObject({ code: 20, out: '' });
    expect(shown.err).toContain('-    path: guestbook\n  +    path: other');
    expect(shown.err).toContain('hint: add --upsert to change it');
  });

  test('--dry-run prints documents that can be applied, and sends nothing', async () => {
    const stdin = `${document('one')}---\n${document('two')}`;
    const { out } = await hawser('app create -f - --dry-run -o yaml --revision v2', { api, stdin });
    expect(parseYamlDocuments(out, 'out')).toMatchObject([
      {
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'Application',
        metadata: { name: 'one' },
        spec: { source: { targetRevision: 'v2' } },
      },
      { metadata: { name: 'two' } },
    ]);
    expect(api.requests).toEqual([]);
  });

  test('leaves a document from stdin as it is in drop-in mode', async () => {
    const typed = { api, stdin: document('one'), env: { HAWSER_COMPAT: 'argocd' } };
    const { out } = await hawser('app create -f - --dry-run -o json --revision v2', typed);
    expect(JSON.parse(out).spec.source.targetRevision).toBe('main');
  });

  test.each([
    ['app create', 'hawser app create needs APPNAME, --repo'],
    ['app create web --repo x --path y', 'hawser app create needs --dest-server'],
    ['app create web --name other', "--name argument 'other' must match"],
    [`app create web ${FLAGS} -o table`, 'unknown output format: table'],
  ])('%s is wrong usage', async (line, says) => {
    const shown = await hawser(line);
    expect(shown).toMatchObject({ code: 2, out: '' });
    expect(shown.err).toContain(says);
  });
});
