// Our own server asked what a real Argo CD was asked: every exchange typed again, as `run.mjs` does, in servers of their own
// side by side, for the scenarios use the same names.

import { execFile, execFileSync, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect } from 'vitest';
import { isObject, objectAt, parseJson } from '../../src/core/json.ts';
import { createWorkplace, type Running, until, type Workplace } from '../support/workplace.ts';

export const folder = fileURLToPath(new URL('argocd/', import.meta.url));
const runner = fileURLToPath(new URL('run.mjs', import.meta.url));
export const exceptions = objectAt(
  parseJson(readFileSync(new URL('exceptions.json', import.meta.url), 'utf8')),
  'argocd',
);

const all = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.slice(0, -'.json'.length));

/** The scenarios that need a program of Debian's. */
export const WITH_JSONNET = ['jsonnet'];

/** Those that npm and git suffice for. */
export const WITH_GIT = all.filter((name) => !(name in exceptions) && !WITH_JSONNET.includes(name));

const places: Workplace[] = [];

afterAll(() => Promise.all(places.map((place) => place.remove())));

export interface Replayed {
  readonly passed: number;
  readonly failed: number;
  readonly out: string;
}

/** The scenarios of these names, one after the other, against a server of their own. */
export async function replay(names: readonly string[]): Promise<Replayed> {
  const place = await createWorkplace();
  places.push(place);
  const repository = join(place.folder, 'examples');
  execFileSync('sh', [join(folder, 'make-repository.sh'), repository], { stdio: 'ignore' });
  const port = await freePort();
  const git = spawn(process.execPath, [join(folder, 'serve-repository.mjs'), repository, port], { stdio: 'ignore' });
  const server = place.start('server --port 0 --insecure');
  try {
    await until('the server', () => /listens on .*:\d+/.test(server.out()));
    return await run(place, { names, port, url: server.out().trim().replace(/^.* /, '') });
  } finally {
    git.kill();
    await stop(server);
  }
}

async function run(
  place: Workplace,
  { names, port, url }: { readonly names: readonly string[]; readonly port: string; readonly url: string },
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
  const skipped = all.filter((name) => !names.includes(name));
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
