// What a shared server may fetch, and by which way.

import { expect, test } from 'vitest';
import { REACH_VARIABLE } from '../../../../src/repo/address.ts';
import type { RepositoryAccess } from '../../../../src/server/compose/repository-access.ts';
import { openWayOut } from '../../../../src/server/compose/way-out.ts';

const access: RepositoryAccess = {
  of: async () => ({ username: 'x' }),
  ofSettings: async ({ proxy }) => (proxy ? { proxy } : undefined),
  forget: () => undefined,
};

test('one person goes wherever they like, by no other way', async () => {
  const { environment, guard, close } = await openWayOut({ PATH: '/bin' }, undefined);
  expect([environment, guard(access)]).toEqual([{ PATH: '/bin' }, access]);
  close();
});

test('a server of many goes by its own proxy, and never to its own machine', async () => {
  const { environment, guard, close, mayWatch } = await openWayOut({ PATH: '/bin', NO_PROXY: '*' }, 'elsewhere');
  const guarded = guard(access);
  const proxy = expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(environment).toMatchObject({
    PATH: '/bin',
    HTTPS_PROXY: proxy,
    http_proxy: proxy,
    [REACH_VARIABLE]: 'elsewhere',
  });
  expect(environment).not.toHaveProperty('NO_PROXY');
  expect(mayWatch).toBe(false);
  expect(await guarded.of('https://192.0.2.1/a.git', 'default')).toEqual({ username: 'x', proxy });
  expect(await guarded.of('git@192.0.2.1:a.git', 'default')).toEqual({ username: 'x' });
  const refused = /is on the machine of the server/;
  await expect(guarded.of('file:///srv/a.git', 'default')).rejects.toThrow(refused);
  await expect(guarded.ofSettings({ repo: 'https://localhost/a.git' })).rejects.toThrow(refused);
  await expect(guarded.ofSettings({ repo: 'https://192.0.2.1/a.git', proxy: 'http://127.0.0.1:1' })).rejects.toThrow(
    refused,
  );
  await expect(
    guarded.ofSettings({ repo: 'https://192.0.2.1/a.git', githubAppEnterpriseBaseUrl: 'http://127.0.0.1:1' }),
  ).rejects.toThrow(refused);
  close();
});

test('a proxy that is there already decides for itself', async () => {
  const own = { HTTPS_PROXY: 'http://proxy.example.com:3128' };
  const { environment, guard, close } = await openWayOut(own, 'elsewhere');
  expect(environment).toMatchObject(own);
  expect(await guard(access).of('https://192.0.2.1/a.git', 'default')).toEqual({ username: 'x' });
  await expect(guard(access).of('http://127.0.0.1/a.git', 'default')).rejects.toThrow('is on the machine');
  close();
});
