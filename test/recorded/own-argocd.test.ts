// Our own server against what a real Argo CD answered: every exchange typed again, as `run.mjs` does, in servers of their own
// side by side, for the scenarios use the same names.

import { execFile, execFileSync, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { isObject, objectAt, parseJson } from '../../src/core/json.ts';
import { createWorkplace, type Running, until, type Workplace } from '../support/workplace.ts';

const folder = fileURLToPath(new URL('argocd/', import.meta.url));
const runner = fileURLToPath(new URL('run.mjs', import.meta.url));
const exceptions = objectAt(parseJson(readFileSync(new URL('exceptions.json', import.meta.url), 'utf8')), 'argocd');

/** Servers at once. */
const LANES = 4;

const names = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.slice(0, -'.json'.length))
  .filter((name) => !(name in exceptions));

const places: Workplace[] = [];

afterAll(() => Promise.all(places.map((place) => place.remove())));

interface Replayed {
  readonly passed: number;
  readonly failed: number;
  readonly out: string;
}

async function replay(lane: number): Promise<Replayed> {
  const place = await createWorkplace();
  places.push(place);
  const repository = join(place.folder, 'examples');
  execFileSync('sh', [join(folder, 'make-repository.sh'), repository], { stdio: 'ignore' });
  const port = await freePort();
  const git = spawn(process.execPath, [join(folder, 'serve-repository.mjs'), repository, port], { stdio: 'ignore' });
  const server = place.start('server --port 0 --insecure');
  try {
    await until('the server', () => /listens on .*:\d+/.test(server.out()));
    return await run(place, { lane, port, url: server.out().trim().replace(/^.* /, '') });
  } finally {
    git.kill();
    await stop(server);
  }
}

async function run(
  place: Workplace,
  { lane, port, url }: { readonly lane: number; readonly port: string; readonly url: string },
): Promise<Replayed> {
  const password = (await place.hawser('admin initial-password')).out.split('\n')[0] ?? '';
  const apply = [
    'apply',
    '--server-side',
    '--force-conflicts',
    '--validate=false',
    '--field-manager=conformance',
    '-f',
  ];
  const setUp = await place.hawser(['local', 'kubectl', '--', ...apply, join(folder, 'setup.yaml')]);
  expect(setUp, setUp.err).toMatchObject({ code: 0 });
  const token = await login(url, password);
  const skipped = [...Object.keys(exceptions), ...names.filter((_, index) => index % LANES !== lane)];
  const words = [runner, folder, '--url', url, '--token', token];
  const variables = ['--var', `repo=http://127.0.0.1:${port}/examples.git`, '--var', `password=${password}`];
  const out = await outputOf([...words, ...variables, ...skipped.flatMap((name) => ['--except', name])]);
  const [, passed = '0', failed = '0'] = /(\d+) passed, (\d+) failed\s*$/.exec(out) ?? [];
  return { passed: Number(passed), failed: Number(failed), out };
}

async function login(url: string, password: string): Promise<string> {
  const answer = await fetch(`${url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'admin', password }),
  });
  const body: unknown = await answer.json();
  return isObject(body) ? String(body['token']) : '';
}

function outputOf(words: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(process.execPath, [...words], { maxBuffer: 1e8 }, (_error, out) => resolve(out));
  });
}

async function freePort(): Promise<string> {
  const { createServer } = await import('node:net');
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return String(typeof address === 'object' ? address?.port : 0);
}

async function stop({ child, ended }: Running): Promise<void> {
  child.kill('SIGTERM');
  await ended;
}

test('the exceptions are of scenarios that are there', () => {
  const all = readdirSync(folder);
  expect(Object.keys(exceptions).filter((name) => !all.includes(`${name}.json`))).toEqual([]);
});

test('answers what Argo CD answers', { timeout: 600_000 }, async () => {
  const lanes = await Promise.all(Array.from({ length: LANES }, (_, lane) => replay(lane)));
  const failures = lanes.flatMap(({ failed, out }) => (failed > 0 ? [out] : []));
  expect(failures.join('\n')).toBe('');
  expect(lanes.reduce((sum, { passed }) => sum + passed, 0)).toBeGreaterThan(600);
});
