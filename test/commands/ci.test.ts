// What a command writes for the pipeline it runs in.

import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Application } from '../../src/model/application.ts';
import { anApplication } from '../support/applications.ts';
import { createFakeApi, type FakeApi } from '../support/fake-api.ts';
import { hawser, patientClock, type Shown, type Typed } from '../support/hawser.ts';

let api: FakeApi;
let folder = '';
beforeEach(() => {
  api = createFakeApi();
  folder = mkdtempSync(join(tmpdir(), 'hawser-ci-'));
  for (const name of ['summary', 'output']) writeFileSync(join(folder, name), '');
});
afterEach(() => api.verify());

const clock = patientClock();
const github = (): Record<string, string> => ({
  CI: 'true',
  GITHUB_ACTIONS: 'true',
  GITHUB_STEP_SUMMARY: join(folder, 'summary'),
  GITHUB_OUTPUT: join(folder, 'output'),
});
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

const running = (name: string): Application => ({
  ...anApplication({ name, sync: 'OutOfSync', health: 'Missing' }),
  operation: { sync: {} },
});

function ended(name: string, phase: 'Succeeded' | 'Failed', message = ''): Application {
  const app = anApplication({ name, ...(phase === 'Failed' ? { sync: 'OutOfSync' } : {}) });
  const times = { startedAt: '2026-01-05T09:58:00Z', finishedAt: '2026-01-05T09:58:04Z' };
  return { ...app, status: { ...app.status, operationState: { phase, message, ...times } } };
}

function script(apps: Readonly<Record<string, Application>>): void {
  for (const [name, end] of Object.entries(apps)) {
    api.on(`GET /api/v1/applications/${name}`).reply(200, end);
    api.on(`POST /api/v1/applications/${name}/sync`).reply(200, running(name));
  }
  const events = Object.values(apps).map((application) => ({ type: 'MODIFIED', application }));
  const stream = api.on('GET /api/v1/stream/applications');
  for (const event of events) stream.stream([event]);
}

const run = (line: string, typed: Typed = {}): Promise<Shown> => hawser(line, { api, clock, env: github(), ...typed });

describe('in GitHub Actions', () => {
  test('progress is a group, a failure an annotation with its cause, escaped', async () => {
    script({ shop: ended('shop', 'Failed', '100% wrong\r\nin two lines: ::error::x') });
    const { code, err } = await run('app sync shop');
    expect(code).toBe(5);
    expect(err).toMatch(/^::group::hawser app sync\n[\s\S]*::endgroup::\n✗ shop failed to sync/);
    const commands = err.split('\n').filter((line) => line.startsWith('::error'));
    expect(commands).toEqual([
      "::error title=hawser%3A sync-failed::the sync of 'shop' ended Failed: 100%25 wrong%0D%0Ain two lines: ::error::x%0Ahint: hawser app get shop --show-operation",
    ]);
  });

  test('the summary of the step and its outputs say what came of it', async () => {
    script({ shop: ended('shop', 'Succeeded') });
    expect(await run('app sync shop')).toMatchObject({ code: 0 });
    expect(read('summary')).toContain('| ✅ | shop | Synced | Healthy | 0123456 | 0 s |');
    expect(read('output')).toBe(
      'result=succeeded\nfailed=\napplication=shop\nsync-status=Synced\nhealth-status=Healthy\nrevision=0123456789abcdef0123456789abcdef01234567\n',
    );
  });

  test('of several each has its row, and those that failed their annotation', async () => {
    script({ a: ended('a', 'Failed', 'no | pipe `or` <b>'), b: ended('b', 'Succeeded'), c: ended('c', 'Failed', 'x') });
    const { err } = await run('app sync a b c --keep-going');
    expect(err.match(/^::error title=[ac]%3A sync-failed::/gm)).toHaveLength(2);
    expect(err.match(/^::(end)?group/gm)).toHaveLength(2);
    expect(read('summary').match(/^\| (❌|✅) \|/gm)).toHaveLength(3);
    expect(read('output')).toBe('result=failed\nfailed=a,c\n');
  });

  test('a document stays one, and stderr has no annotation', async () => {
    script({ shop: ended('shop', 'Failed', 'x') });
    const { out, err } = await run('app sync shop -o json');
    expect(JSON.parse(out).error.code).toBe('sync-failed');
    expect(err).not.toContain('::error');
  });

  test('every failure is annotated, unless --ci or HAWSER_CI says otherwise', async () => {
    expect((await run('app sync')).err).toContain('::error title=hawser%3A usage::app sync needs APPNAME');
    expect((await run('app sync --ci none')).err).not.toContain('::');
    expect((await run('app sync', { env: { ...github(), HAWSER_CI: 'none' } })).err).not.toContain('::');
    expect((await run('app sync', { env: { ...github(), HAWSER_COMPAT: 'argocd' } })).err).not.toContain('::error');
    expect(await run('app sync', { env: { HAWSER_CI: 'jenkins' } })).toMatchObject({ code: 2 });
  });

  test('a file that cannot be written fails nothing', async () => {
    script({ shop: ended('shop', 'Succeeded') });
    const env = { ...github(), GITHUB_STEP_SUMMARY: join(folder, 'none', 'at', 'all') };
    const { code, err } = await run('app sync shop', { env });
    expect(code).toBe(0);
    expect(err).toContain('warning: cannot write GITHUB_STEP_SUMMARY');
  });
});

test('in GitLab progress is a section', async () => {
  script({ shop: ended('shop', 'Succeeded') });
  const { err } = await run('app sync shop', { env: { CI: 'true', GITLAB_CI: 'true' } });
  const erase = '\u001b[0K';
  const [, name = ''] = /section_start:\d+:(hawser_[0-9a-f]{8})\r/.exec(err) ?? [];
  expect(name).not.toBe('');
  expect(err).toContain(`:${name}\r${erase}hawser app sync\n`);
  expect(err).toContain(`:${name}\r${erase}\n✓ shop synced`);
  expect(err.match(/section_(start|end)/g)).toEqual(['section_start', 'section_end']);
});

describe('--junit', () => {
  test('has a case for the application and one for each resource', async () => {
    script({ shop: ended('shop', 'Failed', 'bad <&> "quotes" \u0007') });
    const path = join(folder, 'report.xml');
    expect(await run(`app sync shop --junit ${path}`, { env: {} })).toMatchObject({ code: 5 });
    const xml = readFileSync(path, 'utf8');
    expect(xml).toContain('<testsuites name="hawser app sync" tests="2" failures="1" errors="0" skipped="0" time="0">');
    expect(xml).toContain(
      '<failure type="sync-failed" message="the sync of &apos;shop&apos; ended Failed: bad &lt;&amp;&gt; &quot;quotes&quot; ?">',
    );
    expect(xml).toContain('<testcase classname="shop" name="Service shop/web" time="0"/>');
    expect(readdirSync(folder).sort()).toEqual(['output', 'report.xml', 'summary']);
  });

  test('tells what was not done because another one failed', async () => {
    api.on('GET /api/v1/applications/a').reply(404, { code: 5, message: 'not found' });
    const path = join(folder, 'report.xml');
    await run(`app sync a b --junit ${path}`, { env: {} });
    expect(readFileSync(path, 'utf8')).toContain(
      '<skipped message="&apos;b&apos; was not done: another one failed first"/>',
    );
  });

  test('a file that cannot be written is known before anything is done', async () => {
    const { code, err } = await run(`app sync shop --junit ${join(folder, 'none', 'report.xml')}`, { env: {} });
    expect(code).toBe(2);
    expect(err).toMatch(/cannot write .*: there is no such folder/);
    expect(api.requests).toEqual([]);
  });
});
