// `hawser server`: one port for TLS and plain HTTP, a login, a clean end. And the tour, which types all of it.

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openTerminal } from '../support/terminal.ts';
import { create, createWorkplace, type Running, until, type Workplace } from '../support/workplace.ts';

let place: Workplace;

beforeEach(async () => {
  place = await createWorkplace();
});

afterEach(() => place.remove());

interface Got {
  readonly status: number;
  readonly body: string;
}

function get(url: string): Promise<Got> {
  return new Promise((resolve, reject) => {
    const send = url.startsWith('https:') ? tlsRequest : plainRequest;
    const request = send(url, { rejectUnauthorized: false, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    request.on('error', reject);
    request.end();
  });
}

async function startServer(more = ''): Promise<{ readonly server: Running; readonly port: string }> {
  const server = place.start(`server --port 0${more}`);
  await until('the server', () => /listens on .*:\d+/.test(server.out()));
  return { server, port: /:(\d+)$/.exec(server.out().trim())?.[1] ?? '' };
}

describe('hawser server', () => {
  test('serves TLS and plain HTTP on one port, health and version without a session, nothing else', async () => {
    const { port } = await startServer();

    expect(await get(`https://127.0.0.1:${port}/healthz`)).toEqual({ status: 200, body: 'ok\n' });
    expect(await get(`http://127.0.0.1:${port}/healthz`)).toEqual({ status: 200, body: 'ok\n' });
    expect(JSON.parse((await get(`https://127.0.0.1:${port}/api/version`)).body)).toMatchObject({
      Version: expect.stringMatching(/^v3\.5\.1/),
    });
    expect(await get(`https://127.0.0.1:${port}/api/v1/applications`)).toMatchObject({ status: 401 });
    expect(await get(`https://127.0.0.1:${port}/hawser/initial-password`)).toMatchObject({ status: 404 });
  });

  test('speaks plain HTTP alone where --insecure says so', async () => {
    const { port } = await startServer(' --insecure');

    expect(await get(`http://127.0.0.1:${port}/healthz`)).toMatchObject({ status: 200 });
    await expect(get(`https://127.0.0.1:${port}/healthz`)).rejects.toThrow();
  });

  test('lets in who knows the first password, and nobody else', async () => {
    const { port } = await startServer();
    expect(await place.hawser(create('shop', place))).toMatchObject({ code: 0 });
    const env = { HAWSER_CONTEXT: '' };
    const password = (await place.hawser('admin initial-password')).out.trim();

    const refused = await place.hawser(
      `login 127.0.0.1:${port} --insecure --username admin --password wrong-password`,
      { env },
    );
    expect(refused.code).toBe(3);
    expect(refused.err).toMatch(/Invalid username or password/);

    expect(
      await place.hawser(`login 127.0.0.1:${port} --insecure --username admin --password ${password}`, { env }),
    ).toMatchObject({ code: 0 });
    expect(await place.hawser('app list -o name', { env })).toMatchObject({ code: 0, out: 'argocd/shop\n' });
  });

  test('names a port that is in use', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await until('the port', () => taken.listening);
    const address = taken.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;

    const refused = await place.hawser(`server --port ${port}`);

    taken.close();
    expect(refused).toMatchObject({ code: 2 });
    expect(refused.err).toMatch(/in use\nhint: .*--port 0/);
  });
});

describe('hawser demo', () => {
  test('runs twice in a pipe, quickly, in a folder of its own', { timeout: 90_000 }, async () => {
    for (const _run of ['first', 'second']) {
      const begun = Date.now();
      const tour = await place.hawser('demo');
      expect(tour.code).toBe(0);
      expect(tour.out).toMatch(/^\$ \S*hawser(\.js)? app create .*\n/m);
      expect(tour.out).toMatch(/Synced +Healthy/);
      expect(tour.out).toMatch(/What next/);
      expect(tour.out).toContain(`--patch '{"spec":{"replicas":9}}'`);
      const lines = [...tour.out.matchAll(/^\$ (.*)$/gm)].map(([, line = '']) => line);
      expect(lines.at(-1)).toMatch(/hawser(\.js)? top$/);
      for (const line of lines) execFileSync('sh', ['-n', '-c', line]);
      const get = lines.filter((line) => / app (get|wait) /.test(line));
      expect(new Set(get).size).toBe(get.length);
      expect(lines.length - new Set(lines).size).toBeLessThanOrEqual(2);
      expect(tour.out).not.toContain('\u001b');
      expect(Date.now() - begun).toBeLessThan(30_000);
    }
    expect(existsSync(`${place.data}-demo`)).toBe(true);
    expect(existsSync(place.data)).toBe(false);
    expect(existsSync(join(place.folder, 'home'))).toBe(false);
  });

  test('shows a screen at a time in a terminal, and ends where one wants', { timeout: 60_000 }, async () => {
    const terminal = openTerminal(place, 'demo');
    await terminal.shows('Enter goes on, q ends the tour');
    expect(terminal.screen()).not.toContain('app create guestbook');
    terminal.type('\r');
    await terminal.shows(/✓ guestbook synced to[\s\S]*Enter goes on/);
    expect(terminal.screen()).not.toContain('2 of 5');
    terminal.type('q\r');
    expect(await terminal.ended).toBe(0);
    expect(terminal.screen()).toMatch(/cd your-repo && .* app create/);
  });

  test('Ctrl-C ends it, and its server', { timeout: 60_000 }, async () => {
    const terminal = openTerminal(place, 'demo');
    await terminal.shows('Enter goes on, q ends the tour');
    terminal.type('\u0003');
    expect(await terminal.ended).toBe(130);
    const socket = join(`${place.data}-demo`, 'data', 'hawser.sock');
    await until('the server to be gone', () => !existsSync(socket));
  });
});
