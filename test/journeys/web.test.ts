// `app get --web`: a page that is there is opened, and of one that is not it is said.

import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { anApplication } from '../support/applications.ts';
import { create, createWorkplace, until, type Workplace } from '../support/workplace.ts';

let place: Workplace;
let server: Server | undefined;

beforeEach(async () => {
  place = await createWorkplace();
});

afterEach(async () => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
  await place.remove();
});

/** An Argo CD with or without its web interface. */
async function serve(page: { readonly status: number; readonly type: string }, url = ''): Promise<string> {
  const started = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const isApi = pathname.startsWith('/api/');
    response.writeHead(isApi ? 200 : page.status, { 'content-type': isApi ? 'application/json' : page.type });
    const body = pathname.endsWith('/settings') ? { url } : anApplication();
    response.end(isApi ? JSON.stringify(body) : '<html>');
  });
  server = started;
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  const address = started.address();
  return `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
}

const line = (address: string): string =>
  `app get guestbook --web --server ${address} --plaintext --auth-token e30.e30.c2ln`;

test('the local system has no pages', async () => {
  expect(await place.hawser(create('here', place))).toMatchObject({ code: 0 });
  const { code, err } = await place.hawser('app get here --web');
  expect(code).toBe(20);
  expect(err).toMatch(/the local system has no web pages/);
});

test('a server without pages', async () => {
  const address = await serve({ status: 404, type: 'application/json' });
  const { code, err } = await place.hawser(line(address));
  expect({ code, err }).toMatchObject({ code: 20, err: expect.stringContaining(`${address} has no web pages`) });
});

test('an address that is none for a browser is not opened', async () => {
  const { code, err } = await place.hawser(line(await serve({ status: 200, type: 'text/html' }, 'file:///etc')));
  expect({ code, err }).toMatchObject({ code: 20, err: expect.stringContaining('no web address') });
});

test.skipIf(process.platform !== 'linux')('a page is opened in the browser', async () => {
  const address = await serve({ status: 200, type: 'text/html' });
  const folder = join(place.folder, 'bin');
  const opened = join(place.folder, 'opened');
  await mkdir(folder);
  await writeFile(join(folder, 'xdg-open'), `#!/bin/sh\necho "$1" > '${opened}'\n`);
  await chmod(join(folder, 'xdg-open'), 0o755);
  const { code, err } = await place.hawser(line(address), { env: { PATH: `${folder}:${process.env['PATH']}` } });
  expect({ code, err }).toMatchObject({ code: 0, err: expect.stringContaining(`opening http://${address}`) });
  await until('the browser', async () => (await readFile(opened, 'utf8').catch(() => '')) !== '');
  expect(await readFile(opened, 'utf8')).toBe(`http://${address}/applications/argocd/guestbook\n`);
});
