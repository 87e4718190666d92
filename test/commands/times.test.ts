// Every flag that takes a time takes it with a unit and without; in drop-in mode those of the reference are as they were.

import { describe, expect, test } from 'vitest';
import type { Entry } from '../../src/cli/command-tree.ts';
import { COMMANDS } from '../../src/cli/commands.ts';
import { declaredFlags } from '../../src/cli/input/command.ts';
import { type Flag, readReferenceValue, readValue } from '../../src/cli/input/flags.ts';
import { createFakeApi } from '../support/fake-api.ts';
import { hawser, idleContext } from '../support/hawser.ts';

async function timeFlags(entries: readonly Entry[], parent = ''): Promise<[string, Flag][]> {
  const all = await Promise.all(
    entries.map(async ({ name, children, load }): Promise<[string, Flag][]> => {
      const path = `${parent} ${name}`.trim();
      if (children) return timeFlags(children, path);
      const command = load ? (await load())(idleContext()) : undefined;
      const flags = command ? declaredFlags(command) : [];
      return flags
        .filter(({ type, unit }) => type === 'duration' || unit !== undefined)
        .map((flag) => [`${path} --${flag.name}`, flag]);
    }),
  );
  return all.flat();
}

const flags = await timeFlags(COMMANDS);

test('all that have a time in their name, or in what they say of it, are declared so', async () => {
  expect(flags.map(([name]) => name)).toEqual(
    expect.arrayContaining([
      'app sync --timeout',
      'app wait --timeout',
      'app get --timeout',
      'app delete --timeout',
      'app rollback --timeout',
      'app restart --timeout',
      'app wait --on-degraded',
      'app pause --for',
      'app logs --since',
      'app logs --since-seconds',
      'app list --older-than',
      'app sync --retry-backoff-duration',
      'app create --sync-retry-backoff-duration',
      'status --timeout',
    ]),
  );
});

describe.each(flags)('%s', (_name, flag) => {
  test('takes seconds, units and both', () => {
    const read = (text: string): unknown => readValue(flag, text, undefined);
    const expected = flag.unit ? [90, 90, 90] : ['1m30s', '90s', '1m30s'];
    expect(['90', '90s', '1m30s'].map(read)).toEqual(expected);
  });

  test.each(['-5', '5x', '1m 30s', '', '999999999999999'])("refuses '%s', and names itself", (text) => {
    expect(() => readValue(flag, text, undefined)).toThrow(`invalid value '${text}' for --${flag.name}`);
  });
});

describe('in drop-in mode', () => {
  const refused: Flag = { name: 'timeout', type: 'uint', unit: 'seconds', summary: '' };

  test('a number of seconds is a number', () => {
    expect(readReferenceValue(refused, '90', undefined)).toBe(90);
    expect(() => readReferenceValue(refused, '90s', undefined)).toThrow();
  });

  test('a duration has its unit', () => {
    const flag: Flag = { name: 'retry-backoff-duration', type: 'duration', summary: '' };
    expect(() => readReferenceValue(flag, '90', undefined)).toThrow();
    expect(readReferenceValue({ ...flag, own: true }, '90', undefined)).toBe('1m30s');
  });

  test('the command line is refused as the reference refuses it', async () => {
    const { code, out } = await hawser('app wait web --timeout 1m', { env: { HAWSER_COMPAT: 'argocd' } });
    expect(code).toBe(1);
    expect(out).toContain('invalid argument "1m" for "--timeout" flag: strconv.ParseUint');
  });
});

test.each([
  ['1h30m', 5400],
  ['90', 90],
  ['7d', 604_800],
])('a token lives for %s', async (text, expiresIn) => {
  const api = createFakeApi();
  api.on('POST /api/v1/account/ci/token').reply(200, { token: 'e30.e30.c2ln' });
  expect((await hawser(`account generate-token --account ci --expires-in ${text}`, { api })).code).toBe(0);
  expect(api.requests.at(-1)?.body).toMatchObject({ expiresIn });
});
