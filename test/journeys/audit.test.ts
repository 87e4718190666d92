// Who did what, told by the program: commands, people at a server, the controller.

import { appendFile, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { create, createWorkplace, until, type Workplace } from '../support/workplace.ts';

let place: Workplace;

beforeEach(async () => {
  place = await createWorkplace();
});

afterEach(() => place.remove());

const rows = async (line: string): Promise<string[]> =>
  (await place.hawser(line)).out
    .split('\n')
    .slice(1, -1)
    .map((row) => row.replace(/^\S+ +/, '').replace(/ {2,}/g, ' | '));

test('what commands did is there for the next one', async () => {
  await place.hawser(create('web', place, '--sync-policy auto'));
  await place.hawser('app sync web --timeout 60');
  await place.hawser([
    'app',
    'patch-resource',
    'web',
    '--kind',
    'Service',
    '--resource-name',
    'guestbook',
    '--patch',
    '{"spec":{"type":"NodePort"}}',
    '--patch-type',
    'application/merge-patch+json',
  ]);
  await place.hawser('app set web --helm-set db.password=planted-word --validate=false');
  await place.hawser('app delete web --yes');
  const all = await rows('audit');
  const who = /^admin \| \w+ \(local\) \| /;
  expect(all.filter((row) => !/refresh/.test(row)).map((row) => row.replace(who, ''))).toEqual([
    'delete | application argocd/web | deleted',
    expect.stringMatching(/^set \| application argocd\/web \| spec\.source\.helm\.parameters/),
    expect.stringMatching(
      /^patch-resource \| Service default\/guestbook of web \| spec\.[\s\S]*spec\.type: ClusterIP → NodePort$/,
    ),
    expect.stringMatching(/^sync \| application argocd\/web \| operation\./),
    expect.stringMatching(
      /^controller \| - \| sync \| application argocd\/web \| operation\.sync\.revision: [\da-f]{40}$/,
    ),
    'create | application argocd/web | created',
  ]);
  expect(await rows('audit --app web --actor controller')).toHaveLength(1);
  const folder = join(place.data, 'audit');
  const texts = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name), 'utf8')));
  expect(texts.join('')).not.toContain('planted-word');

  await appendFile(join(folder, 'changes-000001.jsonl'), '{"time":"2026-');
  expect((await place.hawser('audit')).err).toMatch(/^warning: .*changes-000001\.jsonl: 1 line cannot be read$/m);
  expect(await place.hawser('local reset --yes')).toMatchObject({ code: 0 });
  expect(await readdir(place.data)).not.toContain('audit');
});

test('whoever comes by a port has an address', async () => {
  const serving = place.start('server --port 0 --insecure');
  await until('the server', () => /listens on/.test(serving.out() + serving.err()));
  const address = /127\.0\.0\.1:\d+/.exec(serving.out() + serving.err())?.[0] ?? '';
  const password = (await place.hawser('admin initial-password')).out.trim();
  const config = join(place.folder, 'config');
  const login = (word: string): string[] =>
    `login ${address} --plaintext --username admin --config ${config} --password`.split(' ').concat(word);
  const env = { HAWSER_CONTEXT: '' };
  await place.hawser(login('wrong-word'), { env });
  await place.hawser(login(password), { env });
  await place.hawser(`proj create shop --config ${config}`, { env });
  expect(await rows('audit')).toEqual([
    'admin | 127.0.0.1 | create | project shop | created',
    expect.stringMatching(/^admin \| 127\.0\.0\.1 \| login \| -/),
    'admin | 127.0.0.1 | login (refused) | - | Invalid username or password',
  ]);
});

test('what kubectl did to the local cluster is told of the application whose object it was', async () => {
  await place.hawser(create('web', place));
  await place.hawser('app sync web --timeout 60');
  expect(await place.hawser('local kubectl scale deployment guestbook --replicas 3')).toMatchObject({ code: 0 });
  expect(await place.hawser('local kubectl -n argocd annotate application web team=shop')).toMatchObject({ code: 0 });
  const mine = (await rows('audit --app web')).filter((row) => row.startsWith('kubernetes-admin'));
  expect(mine).toEqual([
    'kubernetes-admin | 127.0.0.1 | patch | application argocd/web | metadata.annotations.team: shop',
    'kubernetes-admin | 127.0.0.1 | patch | Deployment default/guestbook of web | spec.replicas: 1 → 3',
  ]);
});

test('a cluster without a server of ours has no audit', async () => {
  const { code, err } = await place.hawser('audit --core', { env: { HAWSER_CONTEXT: '', KUBECONFIG: '/nowhere' } });
  expect([code, err]).toEqual([2, expect.stringMatching(/there is no kubeconfig/)]);
});
