import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../../../src/cli/io/system-clock.ts';
import { HawserError } from '../../../../src/core/errors.ts';
import { createKubeCluster } from '../../../../src/kubernetes/cluster.ts';
import { type LocalCluster, openLocalCluster } from '../../../../src/local-cluster/open.ts';
import { APPLICATION_TYPE } from '../../../../src/model/application-key.ts';
import type { Cluster } from '../../../../src/objects/cluster.ts';
import { annotationsOf } from '../../../../src/objects/object.ts';
import { install } from '../../../../src/server/compose/install.ts';
import { refreshTouched } from '../../../../src/server/routes/webhooks/touched.ts';
import type { PushEvent } from '../../../../src/webhooks/event.ts';

const namespace = 'argocd';
const NAMES = ['a', 'b', 'c', 'd'];
const PUSH: PushEvent = {
  kind: 'push',
  repositories: ['https://git.example.com/team/shop'],
  revision: 'main',
  touchesHead: true,
  before: '',
  after: '',
  files: undefined,
};

let local: LocalCluster;
let home: Cluster;

beforeAll(async () => {
  local = await openLocalCluster({ clock: systemClock, random: Math.random });
  home = createKubeCluster(local.handle, { userAgent: 'test' });
  await install(home, namespace);
  for (const name of NAMES) {
    await home.create({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: { name, namespace },
      spec: {
        project: 'default',
        source: { repoURL: 'https://git.example.com/team/shop.git', path: name },
        destination: { server: 'https://kubernetes.default.svc' },
      },
    });
  }
});
afterAll(() => local.close());

/** Refuses to change one application. */
const refusing = (name: string, code: 'not-found' | 'conflict'): Cluster => ({
  ...home,
  patch: (reference, ...rest) =>
    reference.name === name ? Promise.reject(new HawserError(code, 'no')) : home.patch(reference, ...rest),
});

async function asked(): Promise<readonly string[]> {
  const { items } = await home.list(APPLICATION_TYPE, { namespace });
  const names = items.filter((object) => annotationsOf(object)['argocd.argoproj.io/refresh'] === 'normal');
  for (const { metadata } of names) {
    const body = { metadata: { annotations: { 'argocd.argoproj.io/refresh': null } } };
    await home.patch({ ...APPLICATION_TYPE, namespace, name: metadata.name ?? '' }, { type: 'merge', body });
  }
  return names.map(({ metadata }) => metadata.name ?? '');
}

test('an application that is deleted meanwhile keeps no other from its refresh', async () => {
  expect(await refreshTouched({ home: refusing('b', 'not-found'), namespace }, [PUSH])).toBe(3);
  expect(await asked()).toEqual(['a', 'c', 'd']);
});

test('one that cannot be changed is told, after all others were asked', async () => {
  const refreshing = refreshTouched({ home: refusing('a', 'conflict'), namespace }, [PUSH]);
  await expect(refreshing).rejects.toThrow('1 of 4 applications could not be refreshed');
  expect(await asked()).toEqual(['b', 'c', 'd']);
});
