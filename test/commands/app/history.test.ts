import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Application } from '../../../src/model/application.ts';
import { anApplication } from '../../support/applications.ts';
import { createFakeApi, type FakeApi } from '../../support/fake-api.ts';
import { hawser } from '../../support/hawser.ts';

// Times are shown in the zone of the reader.
process.env['TZ'] = 'UTC';

let api: FakeApi;
beforeEach(() => {
  api = createFakeApi();
});
afterEach(() => api.verify());

const APP = '/api/v1/applications/guestbook';
const COMMIT = { a: 'a'.repeat(40), b: 'b'.repeat(40) };
const source = { repoURL: 'https://example.com/repo.git', path: 'guestbook', targetRevision: 'main' };

function deployed(more: Application['status'] = {}): Application {
  const app = anApplication();
  const history = [
    {
      id: 0,
      revision: COMMIT.a,
      source,
      deployStartedAt: '2026-01-01T10:00:00Z',
      deployedAt: '2026-01-01T10:00:04Z',
      initiatedBy: { username: 'admin' },
    },
    { id: 1, revision: COMMIT.b, source, deployedAt: '2026-01-02T10:00:00Z', initiatedBy: { automated: true } },
    { id: 2, revision: COMMIT.a, source, deployedAt: '2026-01-03T10:00:00Z' },
  ];
  return { ...app, status: { ...app.status, history, ...more } };
}

function serve(app: Application): void {
  api.on(`GET ${APP}`).reply(200, app);
  const message = 'Paint it blue\n\nBecause.';
  api.on(`GET ${APP}/revisions/${COMMIT.a}/metadata`).reply(200, { author: 'Ann Other <ann@example.com>', message });
  api.on(`GET ${APP}/revisions/${COMMIT.b}/metadata`).reply(404, { code: 5, message: 'gone' });
}

describe('hawser app history', () => {
  test('says who deployed what, why, and how it went; each commit is asked for once', async () => {
    serve(deployed());
    const shown = await hawser('app history guestbook', { api });
    expect(shown).toEqual({
      code: 0,
      err: '',
      out: `SOURCE  https://example.com/repo.git
ID  DATE                     REVISION        RESULT     DURATION  BY         AUTHOR     MESSAGE
0   2026-01-01 10:00:04 UTC  main (aaaaaaa)  Succeeded  4s        admin      Ann Other  Paint it blue
1   2026-01-02 10:00:00 UTC  main (bbbbbbb)  Succeeded            auto-sync             
2   2026-01-03 10:00:00 UTC  main (aaaaaaa)  Succeeded                       Ann Other  Paint it blue
`,
    });
    expect(api.requests.filter(({ url }) => url.includes('/metadata'))).toHaveLength(2);
  });

  test('ends with the operation that failed, which is no entry', async () => {
    const operationState = {
      phase: 'Failed' as const,
      message: 'one or more objects failed to apply',
      startedAt: '2026-01-04T10:00:00Z',
      finishedAt: '2026-01-04T10:01:30Z',
      operation: { initiatedBy: { username: 'bob' } },
      syncResult: { revision: COMMIT.b, source },
    };
    serve(deployed({ operationState }));
    const { out } = await hawser('app history guestbook', { api });
    expect(out.trimEnd().split('\n').at(-1)).toMatch(
      /^ {4}2026-01-04 10:01:30 .* main \(bbbbbbb\) +Failed +1m30s +bob +one or more objects failed to apply$/,
    );
  });

  test('-o json has the same for programs', async () => {
    serve(deployed());
    const entries = JSON.parse((await hawser('app history guestbook -o json', { api })).out);
    expect(entries[0]).toMatchObject({
      id: 0,
      revision: COMMIT.a,
      phase: 'Succeeded',
      seconds: 4,
      deployed: [{ commit: { author: 'Ann Other <ann@example.com>' } }],
    });
  });

  test('-o id is the ids, and asks for no commit', async () => {
    api.on(`GET ${APP}`).reply(200, deployed());
    expect((await hawser('app history guestbook -o id', { api })).out).toBe('0\n1\n2\n');
    expect(api.requests).toHaveLength(1);
  });

  test('is the short one in drop-in mode', async () => {
    api.on(`GET ${APP}`).reply(200, deployed());
    const { out } = await hawser('app history guestbook', { api, env: { HAWSER_COMPAT: 'argocd' } });
    expect(out).toContain('ID      DATE');
    expect(out).not.toContain('RESULT');
  });

  test('an unknown format is wrong usage', async () => {
    const shown = await hawser('app history guestbook -o xml');
    expect(shown).toMatchObject({ code: 2, out: '' });
    expect(shown.err).toContain('valid formats: wide, id, json, yaml');
  });
});
