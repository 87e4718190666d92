// git push → a delivery over HTTP → `app wait --revision` returns: for each Git host, signed as it signs. The poll is three
// minutes away.

import { spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type HttpServed, serveGit } from '../support/git-http.ts';
import { createWorkplace, type Running, until, type Workplace } from '../support/workplace.ts';

let place: Workplace;
let git: HttpServed;
let api: string;
let server: Running;

const SECRET = 'a-secret';
const KEYS = ['github.secret', 'gitlab.secret', 'bitbucket.uuid', 'bitbucketserver.secret', 'gogs.secret'];

beforeAll(async () => {
  place = await createWorkplace();
  git = await serveGit(place.repository.url);
  server = place.start('server --port 0 --insecure');
  await until('the server', () => /listens on .*:\d+/.test(server.out()));
  api = server.out().trim().replace(/^.* /, '');
  const stringData = Object.fromEntries(KEYS.map((key) => [`webhook.${key}`, SECRET]));
  Object.assign(stringData, { 'webhook.azuredevops.username': 'azure', 'webhook.azuredevops.password': SECRET });
  const patch = JSON.stringify({ stringData });
  expect(await place.hawser('admin initial-password')).toMatchObject({ code: 0 });
  const line = ['local', 'kubectl', '--', '-n', 'argocd', 'patch', 'secret', 'argocd-secret', '-p', patch];
  expect(await place.hawser(line)).toMatchObject({ code: 0 });
  const created = await place.hawser(
    `app create shop --repo ${git.url} --path guestbook --dest-server https://kubernetes.default.svc --dest-namespace default --sync-policy automated`,
  );
  expect(created).toMatchObject({ code: 0 });
});

afterAll(async () => {
  await git.close();
  await place.remove();
});

type Delivery = { readonly headers: Record<string, string>; readonly body: object };

const hmac = (body: object): string => createHmac('sha256', SECRET).update(JSON.stringify(body)).digest('hex');

/** What each host sends for a push to main. */
const HOSTS: Readonly<Record<string, (url: string, after: string) => Delivery>> = {
  github: (url, after) => {
    const body = { ref: 'refs/heads/main', after, repository: { html_url: url, default_branch: 'main' } };
    return { headers: { 'x-github-event': 'push', 'x-hub-signature-256': `sha256=${hmac(body)}` }, body };
  },
  gitlab: (url, after) => ({
    headers: { 'x-gitlab-event': 'Push Hook', 'x-gitlab-token': SECRET },
    body: { ref: 'refs/heads/main', after, project: { web_url: url, default_branch: 'main' } },
  }),
  bitbucket: (url, after) => ({
    headers: { 'x-event-key': 'repo:push', 'x-hook-uuid': SECRET },
    body: {
      repository: { links: { html: { href: url } } },
      push: { changes: [{ new: { name: 'main', target: { hash: after } } }] },
    },
  }),
  'bitbucket-server': (url, after) => {
    const body = {
      repository: { links: { clone: [{ name: 'http', href: url }] } },
      changes: [{ ref: { id: 'refs/heads/main' }, toHash: after }],
    };
    return { headers: { 'x-event-key': 'repo:refs_changed', 'x-hub-signature': `sha256=${hmac(body)}` }, body };
  },
  gogs: (url, after) => {
    const body = { ref: 'refs/heads/main', after, repository: { html_url: url, default_branch: 'main' } };
    return { headers: { 'x-gogs-event': 'push', 'x-gogs-signature': hmac(body) }, body };
  },
  // Gitea sends all of these but the last, and calls itself Gogs and GitHub, too.
  forgejo: (url, after) => {
    const body = { ref: 'refs/heads/main', after, repository: { html_url: url, default_branch: 'main' } };
    const names = ['x-github', 'x-gogs', 'x-gitea', 'x-forgejo'];
    const headers = names.flatMap((name) => [
      [`${name}-event`, 'push'],
      [`${name}-delivery`, after],
      [`${name}-signature`, hmac(body)],
    ]);
    return { headers: { ...Object.fromEntries(headers), 'x-hub-signature-256': `sha256=${hmac(body)}` }, body };
  },
  'azure-devops': (url, after) => ({
    headers: {
      'x-vss-activityid': after,
      authorization: `Basic ${Buffer.from(`azure:${SECRET}`).toString('base64')}`,
    },
    body: {
      eventType: 'git.push',
      resource: {
        repository: { remoteUrl: url, defaultBranch: 'refs/heads/main' },
        refUpdates: [{ name: 'refs/heads/main', newObjectId: after }],
      },
    },
  }),
};

const deliver = ({ headers, body }: Delivery): Promise<Response> =>
  fetch(`${api}/api/webhook`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

describe('a push', () => {
  test.each(Object.entries(HOSTS))('of %s is deployed at once', async (host, deliveryOf) => {
    const commit = await place.repository.commit({ 'guestbook/host.yaml': settings(host) });
    expect((await deliver(deliveryOf(git.url, commit))).status).toBe(200);
    const waited = await place.hawser(['app', 'wait', 'shop', '--revision', commit, '--timeout', '30']);
    expect(waited).toMatchObject({ code: 0 });
  });

  test('that is signed by nobody is refused, and told', async () => {
    const { headers, body } = HOSTS['github']?.(git.url, 'a'.repeat(40)) ?? { headers: {}, body: {} };
    const answer = await deliver({ headers: { ...headers, 'x-hub-signature-256': 'sha256=00' }, body });
    expect([answer.status, await answer.text()]).toEqual([400, 'Webhook processing failed\n']);
    const { out } = await place.hawser('webhook list -o json');
    expect(JSON.parse(out)[0]).toMatchObject({ status: 400, cause: 'the signature is not the one of the secret' });
  });

  test('that is longer than anybody sends is refused', async () => {
    const headers = { 'content-type': 'application/json', 'x-github-event': 'push' };
    const body = `"${'x'.repeat(50 * 1024 * 1024)}"`;
    const answer = await fetch(`${api}/api/webhook`, { method: 'POST', headers, body });
    const text = 'Webhook processing failed: payload must be valid JSON under 50 MB\n';
    expect([answer.status, await answer.text()]).toEqual([400, text]);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  });

  test('is explained, and worked off again', async () => {
    const { out } = await place.hawser('webhook explain 1 -o json');
    expect(JSON.parse(out)).toMatchObject({
      provider: 'github',
      verdicts: [{ application: 'argocd/shop', refreshes: true, why: "its source follows 'HEAD'" }],
    });
    expect(await place.hawser('webhook replay 1')).toMatchObject({ code: 0, out: 'delivery 1 replayed as 9\n' });
  });

  test('is known to the next server, without what proved it', async () => {
    server.child.kill('SIGTERM');
    await server.ended;
    const list = await place.hawser('webhook list -o json');
    expect(JSON.parse(list.out).map(({ number }: { number: number }) => number)).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1]);
    expect(await place.hawser('webhook replay 1')).toMatchObject({ code: 0, out: 'delivery 1 replayed as 10\n' });
    const found = spawnSync('grep', ['-rla', 'x-hub-signature', place.data]);
    expect(String(found.stdout)).toBe('');
  });
});

const settings = (host: string): string => `apiVersion: v1
kind: ConfigMap
metadata: {name: host}
data: {host: ${host}}
`;
