// A commit is noticed within 3 minutes, on a clock that goes sixty times as fast: what takes time here takes longer there.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../../src/cli/io/system-clock.ts';
import { textAt } from '../../../src/core/json.ts';
import type { Clock } from '../../../src/core/time.ts';
import { openSystem } from '../../../src/server/compose/local-system.ts';
import { createDispatcher } from '../../../src/server/http/dispatch.ts';
import type { System } from '../../../src/server/system.ts';
import { jsonOf } from '../../support/contract.ts';
import { type HttpServed, serveGit } from '../../support/git-http.ts';
import { createGitRepository, type GitRepository } from '../../support/git-repository.ts';

const FASTER = 60;
const begun = Date.now();
const clock: Clock = {
  now: () => begun + (Date.now() - begun) * FASTER,
  sleep: (milliseconds, signal) => systemClock.sleep(milliseconds / FASTER, signal),
};

let folder: string;
let repository: GitRepository;
let http: HttpServed;
let system: System;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hawser-poll-'));
  repository = await createGitRepository();
  await repository.commit({ 'm.yaml': map('blue') });
  http = await serveGit(repository.url);
  const environment = { ...process.env, HOME: folder };
  system = await openSystem({
    folder,
    environment,
    clock,
    random: Math.random,
    version: '1.2.3',
    log: () => undefined,
  });
});

afterEach(async () => {
  await system.close();
  await http.close();
  await repository.remove();
  await rm(folder, { recursive: true, force: true });
});

const map = (colour: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {colour: ${colour}}\n`;

async function ask(method: string, url: string, body?: unknown): Promise<unknown> {
  const headers = { 'content-type': 'application/json' };
  const answer = await createDispatcher(system.trusted)({
    method,
    url,
    headers,
    ...(body === undefined ? {} : { body }),
  });
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return jsonOf(answer);
}

test('a commit to a repository far away is noticed within the poll, and not before', async () => {
  await system.run();
  await ask('POST', '/api/v1/applications', {
    metadata: { name: 'web' },
    spec: {
      project: 'default',
      source: { repoURL: http.url, path: '.', targetRevision: 'main' },
      destination: { server: 'https://kubernetes.default.svc', namespace: 'default' },
    },
  });
  const compared = async (): Promise<string> =>
    textAt(await ask('GET', '/api/v1/applications/web'), 'status', 'sync', 'revision');
  while ((await compared()) === '') await clock.sleep(1000);
  const wanted = await repository.commit({ 'm.yaml': map('green') });
  const asked = clock.now();
  while ((await compared()) !== wanted) {
    expect(clock.now() - asked).toBeLessThan(240_000);
    await clock.sleep(2000);
  }
  expect(clock.now() - asked).toBeGreaterThan(20_000);
});
