// The definitions of the custom kinds: an Application that nobody could read is refused when it is written.

import { cpSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../../src/cli/io/system-clock.ts';
import { createKubeCluster } from '../../../../src/kubernetes/cluster.ts';
import { type LocalCluster, openLocalCluster } from '../../../../src/local-cluster/open.ts';
import type { Cluster } from '../../../../src/objects/cluster.ts';
import { install } from '../../../../src/server/compose/install.ts';

let cluster: Cluster;
let local: LocalCluster;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hawser-install-'));
  local = await openLocalCluster({ folder, clock: systemClock, random: Math.random });
  cluster = createKubeCluster(local.handle, { userAgent: 'test' });
});
afterEach(async () => {
  await local.close();
  await rm(folder, { recursive: true, force: true });
});

const anApplication = (spec: object) => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: { name: 'web', namespace: 'argocd' },
  spec: { ...spec },
});
const GOOD = { project: 'default', source: { repoURL: 'https://example.com/a', path: 'a' }, destination: {} };

describe('an Application', () => {
  beforeEach(() => install(cluster, 'argocd'));

  test.each([
    ['without a destination', { project: 'default' }, /spec.destination: Required value/],
    ['with a number for a source', { ...GOOD, source: 5 }, /spec.source in body must be of type object: "integer"/],
    ['with a text for a list', { ...GOOD, sources: 'all' }, /spec.sources in body must be of type array/],
    [
      'with a number for a revision',
      { ...GOOD, source: { repoURL: '/a', targetRevision: 1.1 } },
      /targetRevision in body must be of type string/,
    ],
  ])('%s is refused', async (_what, spec, problem) => {
    await expect(cluster.create(anApplication(spec))).rejects.toThrow(problem);
  });

  test('keeps fields that nobody knows, and loses nulls', async () => {
    const made = await cluster.create(anApplication({ ...GOOD, syncPolicy: null, later: { a: 1 } }));
    expect(made['spec']).toEqual({ ...GOOD, later: { a: 1 } });
  });
});

test('has every map that a real Argo CD looks for by name', async () => {
  await install(cluster, 'argocd');
  const { items } = await cluster.list({ group: '', version: 'v1', kind: 'ConfigMap' }, { namespace: 'argocd' });
  expect(items.map(({ metadata }) => metadata.name)).toEqual(
    expect.arrayContaining(
      ['cm', 'cmd-params-cm', 'gpg-keys-cm', 'notifications-cm', 'rbac-cm', 'ssh-known-hosts-cm', 'tls-certs-cm'].map(
        (name) => `argocd-${name}`,
      ),
    ),
  );
});

test('a folder of an earlier version gets the definitions of this one', async () => {
  await install(cluster, 'argocd');
  const open = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  const versions = [{ name: 'v1alpha1', served: true, storage: true, schema: { openAPIV3Schema: open } }];
  const definition = {
    group: 'apiextensions.k8s.io',
    version: 'v1',
    kind: 'CustomResourceDefinition',
    name: 'applications.argoproj.io',
  };
  await cluster.patch(definition, { type: 'merge', body: { spec: { versions } } });
  const settings = { group: '', version: 'v1', kind: 'ConfigMap', namespace: 'argocd', name: 'argocd-cm' };
  await cluster.patch(settings, { type: 'merge', body: { metadata: { annotations: null } } });
  await install(cluster, 'argocd');
  await expect(cluster.create(anApplication({ project: 'default' }))).rejects.toThrow(/Required value/);
});

test('an installation that was killed at any moment is finished by the next process', async () => {
  const work = await mkdtemp(join(tmpdir(), 'hawser-killed-'));
  const place = (name: string) => join(work, name);
  const open = (name: string) => openLocalCluster({ folder: place(name), clock: systemClock, random: Math.random });
  const made = { done: false };
  const making = open('whole').then(async (whole) => {
    await install(createKubeCluster(whole.handle, { userAgent: 'test' }), 'argocd');
    made.done = true;
    return whole;
  });
  const moments = new Map<number, string>();
  while (!made.done) {
    const size = statSync(join(place('whole'), 'cluster.log'), { throwIfNoEntry: false })?.size;
    if (size !== undefined && !moments.has(size)) {
      moments.set(size, `killed-${size}`);
      cpSync(place('whole'), place(`killed-${size}`), { recursive: true });
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  await (await making).close();

  for (const name of moments.values()) {
    const again = await open(name);
    const home = createKubeCluster(again.handle, { userAgent: 'test' });
    await install(home, 'argocd');
    const project = {
      group: 'argoproj.io',
      version: 'v1alpha1',
      kind: 'AppProject',
      namespace: 'argocd',
      name: 'default',
    };
    expect(await home.get(project), name).toBeDefined();
    for (const namespace of ['default', 'kube-system', 'argocd'])
      expect(await home.get({ group: '', version: 'v1', kind: 'Namespace', name: namespace }), name).toBeDefined();
    await again.close();
  }
  expect(moments.size).toBeGreaterThan(3);
  await rm(work, { recursive: true, force: true });
});
