import { describe, expect, test } from 'vitest';
import { childEnvironment } from '../../../src/repo/environment.ts';
import { type Execution, execute } from '../../../src/repo/execute.ts';

const shell = (script: string, more: Partial<Execution> = {}): Execution => ({
  program: '/bin/sh',
  name: 'sh',
  arguments: ['-c', script],
  environment: { PATH: process.env['PATH'] },
  timeoutMs: 10_000,
  ...more,
});

describe('running a program', () => {
  test('gives back what it says and how it ends', async () => {
    const { code, stdout, stderr } = await execute(shell('cat; echo no >&2; exit 3', { input: 'yes' }));
    expect([code, stdout.toString(), stderr]).toEqual([3, 'yes', 'no\n']);
  });

  test('ends it with all that it started when its time is over', async () => {
    const began = Date.now();
    const late = execute(shell('sleep 20 & sleep 20', { timeoutMs: 100 }));
    await expect(late).rejects.toMatchObject({ code: 'timed-out' });
    // The pipes are open as long as one of the two sleeps.
    expect(Date.now() - began).toBeLessThan(5000);
  });

  test('ends it when the caller gives up', async () => {
    const stop = new AbortController();
    const running = execute(shell('sleep 20', { signal: stop.signal }));
    stop.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
  });

  test('ends it when it says too much', async () => {
    const loud = execute(shell('yes', { limitBytes: 100_000 }));
    await expect(loud).rejects.toMatchObject({ code: 'invalid', message: 'sh wrote more than 100000 bytes' });
  });

  test('says what is short when it cannot be started', async () => {
    const long = execute(shell('true', { arguments: ['x'.repeat(4_000_000)] }));
    await expect(long).rejects.toMatchObject({
      code: 'internal',
      message: 'sh could not be started: its arguments are too long',
    });
  });

  test('names a program that is not there', async () => {
    const absent = execute(shell('', { program: '/no/such' }));
    await expect(absent).rejects.toMatchObject({ code: 'missing-tool' });
  });

  test('hands on only what a child needs', () => {
    const environment = childEnvironment({ PATH: '/bin', SECRET: 'x', AWS_ACCESS_KEY_ID: 'y', https_proxy: 'p' });
    expect(environment).toEqual({ PATH: '/bin', https_proxy: 'p', LC_ALL: 'C.UTF-8' });
  });
});
