// `hawser server`: one port for TLS and plain HTTP, a login, a clean end. And the tour, which types all of it.

import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { textAt } from '../../src/core/json.ts';
import { makeCertificate } from '../../src/server/http/self-signed.ts';
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

function get(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Got> {
  return new Promise((resolve, reject) => {
    const send = url.startsWith('https:') ? tlsRequest : plainRequest;
    const request = send(url, { rejectUnauthorized: false, agent: false, headers }, (response) => {
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

/** The certificate that a port shows, in base64. */
const certificateOf = (port: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect({ port: Number(port), host: '127.0.0.1', rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().raw.toString('base64'));
      socket.destroy();
    });
    socket.on('error', reject);
  });

async function session(port: string): Promise<{ readonly authorization: string }> {
  const password = (await place.hawser('admin initial-password')).out.trim();
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'admin', password }),
  });
  return { authorization: `Bearer ${textAt(await answer.json(), 'token')}` };
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

  test('answers to its own names alone, and to pages of its own', async () => {
    const { port } = await startServer(' --host shop.example.com');
    const asked = (headers: Readonly<Record<string, string>>) => get(`http://127.0.0.1:${port}/api/version`, headers);

    expect(await asked({ host: 'evil.example.com' })).toMatchObject({
      status: 403,
      body: expect.stringContaining("this server is not called 'evil.example.com'"),
    });
    expect(await asked({ origin: 'https://evil.example.com' })).toMatchObject({ status: 403 });
    expect(await asked({ host: 'shop.example.com' })).toMatchObject({ status: 200 });

    const named = await asked({ host: 'argocd.example.com' });
    expect(named.status).toBe(403);
    const settings = '{"data":{"url":"https://argocd.example.com"}}';
    expect(
      await place.hawser(['local', 'kubectl', '--', '-n', 'argocd', 'patch', 'cm', 'argocd-cm', '-p', settings]),
    ).toMatchObject({ code: 0 });
    await until('its new name', async () => (await asked({ host: 'argocd.example.com' })).status === 200);
  });

  test('gives the links of the settings whose conditions hold', async () => {
    const links = [
      {
        url: 'https://logs/{{.app.spec.destination.namespace}}/{{.cluster.name}}',
        title: 'Logs',
        if: 'app.spec.project == "default"',
      },
      { url: 'https://x/', title: 'No', if: 'len(application.spec.project) > 100' },
      { url: 'https://x/', title: 'Broken', if: 'app.spec.' },
      { url: 'https://p/{{.project.metadata.name}}', title: 'Project', if: 'project.spec.sourceRepos contains "*"' },
      { url: 'https://p/{{.project.metadata.name}}', title: 'All', if: 'any(project.spec.sourceRepos, {# == "*"})' },
    ];
    const data = { 'application.links': JSON.stringify(links), 'project.links': JSON.stringify(links.slice(4)) };
    const patch = [
      'local',
      'kubectl',
      '--',
      '-n',
      'argocd',
      'patch',
      'cm',
      'argocd-cm',
      '-p',
      JSON.stringify({ data }),
    ];
    const { port } = await startServer();
    expect(await place.hawser(patch)).toMatchObject({ code: 0 });
    expect(await place.hawser(create('shop', place))).toMatchObject({ code: 0 });
    const asked = async (path: string): Promise<unknown> =>
      JSON.parse((await get(`http://127.0.0.1:${port}/api/v1/${path}/links`, await session(port))).body);
    expect(await asked('applications/shop')).toEqual({
      items: [
        { title: 'Logs', url: 'https://logs/default/in-cluster' },
        { title: 'All', url: 'https://p/default' },
      ],
    });
    expect(await asked('projects/default')).toEqual({ items: [{ title: 'All', url: 'https://p/default' }] });
  });

  test('shows the certificate of its files, and refuses one that is none', async () => {
    const { cert, key } = await makeCertificate(Date.now());
    const files = [join(place.folder, 'tls.crt'), join(place.folder, 'tls.key')] as const;
    writeFileSync(files[0], cert);
    writeFileSync(files[1], key);
    const { port } = await startServer(` --tls-cert ${files[0]} --tls-key ${files[1]}`);
    expect(await certificateOf(port)).toBe(cert.replace(/-----.*?-----|\s/g, ''));

    const other = await place.hawser(`server --port 0 --tls-cert ${files[1]} --tls-key ${files[1]}`, {
      env: { HAWSER_DATA_DIR: join(place.folder, 'other') },
    });
    expect(other).toMatchObject({ code: 2, err: expect.stringContaining('the certificate is not one in PEM') });
    expect(await place.hawser(`server --tls-cert ${files[0]}`)).toMatchObject({ code: 2 });
  });

  test.each(['SIGTERM', 'SIGINT'] as const)('%s ends its streams cleanly, and it exits 0', async (signal) => {
    const { server, port } = await startServer();
    const stream = get(`http://127.0.0.1:${port}/api/v1/stream/applications`, await session(port));
    await until('the stream', () => true);
    await new Promise((resolve) => setTimeout(resolve, 300));

    server.child.kill(signal);

    expect(await server.ended).toMatchObject({ code: 0 });
    expect(await stream).toMatchObject({ status: 200 });
  });

  test('fetches nothing from its own machine where others can reach it, unless it was told to', async () => {
    const { server } = await startServer(' --address 0.0.0.0');
    const refused = await place.hawser(create('shop', place));
    expect(refused).toMatchObject({ code: 20, out: '' });
    expect(refused.err).toContain('is on the machine of the server, which others share');
    expect(refused.err).toContain('hawser server --local-repositories');
    server.child.kill('SIGTERM');
    await server.ended;

    await startServer(' --address 0.0.0.0 --local-repositories');
    expect(await place.hawser(create('shop', place))).toMatchObject({ code: 0 });
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

  test('shows six faults in a pipe, and that the cause of each is told', { timeout: 180_000 }, async () => {
    const tour = await place.hawser('demo --chaos');
    expect(tour).toMatchObject({ code: 0, err: '' });
    for (const told of [
      /^# 1 of 6: /m,
      /pod crashing-\S+: CrashLoopBackOff, container web ended with exit code 2/,
      /pod unpulled-\S+: ImagePullBackOff ghcr\.io\/example\/unpulled:v1/,
      /pod secretless-\S+: CreateContainerConfigError, secret "database" not found/,
      /Readiness probe failed: HTTP probe failed with statuscode: 503/,
      /pod migrate-\S+: Error, container migrate ended with exit code 3/,
      /denied the request: the label team is missing/,
      /^# 6 of 6 shown, and each told as promised/m,
    ]) {
      expect(tour.out).toMatch(told);
    }
    expect(tour.out).not.toContain('\u001b');
    for (const [, line = ''] of tour.out.matchAll(/^\$ (.*)$/gm)) execFileSync('sh', ['-n', '-c', line]);
  });

  test('shows a fault at a time in a terminal, and ends where one wants', { timeout: 60_000 }, async () => {
    const terminal = openTerminal(place, 'demo --chaos');
    await terminal.shows('Enter goes on, q ends the tour');
    terminal.type('\r');
    await terminal.shows(/exit code 2[\s\S]*Enter goes on/);
    expect(terminal.screen()).not.toContain('2 of 6');
    terminal.type('q\r');
    expect(await terminal.ended).toBe(0);
    expect(terminal.screen()).toContain('1 of 6 shown, and each told as promised');
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
