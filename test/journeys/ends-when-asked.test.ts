// Whatever a command waits for, it ends when it is asked to, and what it has started ends with it.

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { create, createWorkplace, until, type Workplace } from '../support/workplace.ts';

let place: Workplace;
let silent: Server;
let far = '';

beforeEach(async () => {
  place = await createWorkplace();
  silent = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const address = silent.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  far = `--server 127.0.0.1:${address.port} --plaintext --auth-token t`;
});

afterEach(async () => {
  silent.close();
  await place.remove();
});

/** Milliseconds until it ended, and how. */
async function endedBy(signal: NodeJS.Signals, line: string): Promise<{ code: number | null; took: number }> {
  const command = place.start(line, { env: { HAWSER_CONTEXT: '' } });
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const asked = Date.now();
  command.child.kill(signal);
  const { code } = await command.ended;
  return { code, took: Date.now() - asked };
}

const COMMANDS = [
  'app list',
  'app get web',
  'app sync web',
  'app wait web',
  'app diff web',
  'app delete web --yes',
  'app create web --repo https://example.invalid/r.git --path p --dest-name in-cluster --dest-namespace default',
  'app history web',
  'version',
  'account list',
] as const;

describe('a command that waits for a silent server', () => {
  test.each(COMMANDS)('ends by Ctrl-C: %s', async (line) => {
    const { code, took } = await endedBy('SIGINT', `${line} ${far}`);
    expect(code).toBe(130);
    expect(took).toBeLessThan(3000);
  });

  test.each(['SIGTERM', 'SIGHUP'] as const)('ends by %s', async (signal) => {
    expect((await endedBy(signal, `app get web ${far}`)).code).toBe(143);
  });

  test.each(['app sync web', 'app wait web'])('ends with its deadline: %s', async (line) => {
    const begun = Date.now();
    const ended = await place.hawser(`${line} --timeout 2 ${far}`, { env: { HAWSER_CONTEXT: '' } });
    expect(ended.code).toBe(7);
    expect(Date.now() - begun).toBeLessThan(6000);
  });
});

test('a tool that runs ends with the command that is hung up', async () => {
  const tools = join(place.folder, 'tools');
  await mkdir(tools);
  await writeFile(join(tools, 'ssh'), '#!/bin/sh\nexec sleep 317\n', { mode: 0o755 });
  const slow = { PATH: `${tools}:${process.env['PATH']}` };
  const line = create('slow', place).replace(place.repository.url, 'ssh://git@127.0.0.1/r.git');
  const command = place.start(line, { env: slow });
  const children = (): string => execFileSync('sh', ['-c', `ps -eo args | grep -c '[s]leep 317' || true`]).toString();
  await until('the tool', () => Number(children()) > 0);

  command.child.kill('SIGHUP');

  expect(await command.ended).toMatchObject({ code: 143 });
  await until('its end', () => Number(children()) === 0, 3);
});

test('a program of its own ends with the command that runs it', async () => {
  const tools = join(place.folder, 'tools');
  await mkdir(tools);
  await writeFile(join(tools, 'hawser-slow'), '#!/bin/sh\nexec sleep 301\n', { mode: 0o755 });
  const command = place.start('slow', { env: { PATH: `${tools}:${process.env['PATH']}` } });
  const children = (): string => execFileSync('sh', ['-c', `ps -eo args | grep -c '[s]leep 301' || true`]).toString();
  await until('the program', () => Number(children()) > 0);

  command.child.kill('SIGTERM');

  expect(await command.ended).toMatchObject({ code: 143 });
  await until('its end', () => Number(children()) === 0, 3);
});

test.each([20, 22, 24, 26, 28])('a shortage of descriptors is said in words: %s', async (most) => {
  const ended = await place.hawser(create('short', place), { shell: `ulimit -n ${most}; exec "$@"` });
  expect(ended.err).not.toMatch(/\n +at |node:events/);
  expect(ended.err).toMatch(ended.code === 0 ? /^$/ : /(^|\n)error: .*(too many|EMFILE|could not be started)/);
});

test('a command that waits for an owner that does not answer ends by Ctrl-C', async () => {
  expect(await place.hawser(create('manual', place))).toMatchObject({ code: 0 });
  const owner = place.start('app wait manual --sync --timeout 60');
  await until('the owner', () => existsSync(join(place.data, 'hawser.sock')));
  owner.child.kill('SIGSTOP');
  const waiting = place.start('app list');
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const asked = Date.now();
  waiting.child.kill('SIGINT');
  expect(await waiting.ended).toMatchObject({ code: 130 });
  expect(Date.now() - asked).toBeLessThan(3000);
});
