import { expect, test } from 'vitest';
import type { OwnedSystem } from '../../src/cli/context.ts';
import { hawser, stillClock } from '../support/hawser.ts';

/** Listens for the API; ports of the Kubernetes API that can be had are given. */
function own(asked: number[], free: readonly number[], work = async (): Promise<void> => undefined): OwnedSystem {
  return {
    work,
    listen: async () => ({ port: 8080 }),
    listenKubernetes: async ({ port }) => {
      asked.push(port);
      if (!free.includes(port)) throw new Error('EMFILE: too many open files');
      return { port: port || 41234, token: 't', certificateAuthority: 'c' };
    },
    close: async () => undefined,
  };
}

/** Runs the server until it is told to end at once. */
async function serve(flags: string, free: readonly number[]) {
  const asked: number[] = [];
  const shown = await hawser(`server --insecure ${flags}`, {
    own: own(asked, free),
    clock: stillClock(),
    signal: AbortSignal.timeout(100),
  });
  return { ...shown, asked };
}

test.each<[string, readonly number[], readonly number[], string]>([
  ['6443', [6443], [6443], 'its cluster listens on https://127.0.0.1:6443'],
  ['another one where 6443 is taken', [0], [6443, 0], 'its cluster listens on https://127.0.0.1:41234'],
  ['none where there is none', [], [6443, 0], 'warning: nobody reaches its cluster by kubectl: EMFILE'],
])('the Kubernetes API listens on %s, and the server goes on', async (_name, free, asked, told) => {
  const shown = await serve('', free);
  expect(shown.asked).toEqual(asked);
  expect(shown.out).toBe('hawser server listens on http://127.0.0.1:8080\n');
  expect(shown.err).toContain(told);
  expect(shown.err).toContain('ending: waiting for running requests');
});

test('a port that was asked for must be had', async () => {
  const shown = await serve('--kubernetes-port 7000', [0]);
  expect(shown.asked).toEqual([7000]);
  expect(shown.code).not.toBe(0);
  expect(shown.err).toContain('error: EMFILE');
});

test.each([
  ['server --insecure', 'hawser server listens on http://127.0.0.1:8080\n'],
  ['local serve --port 6443', 'the local cluster listens on https://127.0.0.1:6443\n'],
])(
  '%s says that it listens before its controllers look at all there is, and ends where they cannot',
  async (line, said) => {
    const asked: number[] = [];
    const broken = async (): Promise<void> => {
      expect(asked).toEqual([6443]);
      throw new Error('EIO: a page of the state cannot be read');
    };
    const shown = await hawser(line, { own: own(asked, [6443], broken), clock: stillClock() });
    expect(shown.out).toBe(said);
    expect(shown.err).toContain('error: EIO: a page of the state cannot be read');
    expect(shown.code).not.toBe(0);
  },
);
