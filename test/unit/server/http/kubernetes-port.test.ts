import { expect, test } from 'vitest';
import { systemClock } from '../../../../src/cli/io/system-clock.ts';
import { createKubeCluster } from '../../../../src/kubernetes/cluster.ts';
import { openLocalCluster } from '../../../../src/local-cluster/open.ts';
import { createKubernetesPort } from '../../../../src/server/http/kubernetes-port.ts';

test('who asks for access while it is made gets the same, and none is refused', async () => {
  const local = await openLocalCluster({ clock: systemClock, random: Math.random });
  const home = createKubeCluster(local.handle, { userAgent: 'test' });
  const unused = async (): Promise<never> => Promise.reject(new Error('it does not listen'));
  const port = createKubernetesPort({ home, clock: systemClock, log: () => {}, listener: unused });
  const [one, other] = await Promise.all([port.access(), port.access()]);
  expect(other).toEqual(one);
  expect(one.token).not.toBe('');
  expect(await port.access()).toEqual(one);
  await local.close();
});
