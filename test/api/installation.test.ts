// An installation out of one cluster and into another: nothing is lost, and what cannot be written whole is not written at all.

import { afterEach, describe, expect, test } from 'vitest';
import { exportInstallation, type ImportEvent, importInstallation } from '../../src/api/installation.ts';
import { systemClock } from '../../src/cli/io/system-clock.ts';
import { type Client, createClient } from '../../src/client/client.ts';
import { HawserError } from '../../src/core/errors.ts';
import { canonicalJson, isObject, type Json, type JsonObject, textAt, toJson } from '../../src/core/json.ts';
import { formatYaml } from '../../src/core/yaml.ts';
import { createKubeCluster } from '../../src/kubernetes/cluster.ts';
import { openLocalCluster } from '../../src/local-cluster/open.ts';
import { APPLICATION_TYPE } from '../../src/model/application-key.ts';
import type { Cluster } from '../../src/objects/cluster.ts';
import { isKubeObject, type KubeObject, keyOf, versionOf } from '../../src/objects/object.ts';
import { unrestricted } from '../../src/server/auth/enforcer.ts';
import { authorizerOver } from '../../src/server/compose/authorizer.ts';
import { install } from '../../src/server/compose/install.ts';
import { fieldsOf } from '../../src/server/contract/contract.ts';
import { createApi, createDispatcher } from '../../src/server/http/dispatch.ts';
import { importObjects } from '../../src/server/installation/import.ts';
import { installationRoutes } from '../../src/server/routes/installation.ts';

interface World {
  readonly home: Cluster;
  readonly client: Client;
  close(): Promise<void>;
}

const worlds: World[] = [];

afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
});

/** `around` stands between the installation and its cluster. */
async function openWorld(around: (cluster: Cluster) => Cluster = (cluster) => cluster): Promise<World> {
  const local = await openLocalCluster({ clock: systemClock, random: Math.random });
  const home = createKubeCluster(local.handle);
  await install(home, 'argocd');
  const api = createApi({
    routes: installationRoutes({ home: around(home), namespace: 'argocd' }),
    authenticate: async () => ({ username: 'admin', issuer: 'argocd', groups: [] }),
    authorizer: authorizerOver({ enforcer: unrestricted, home, namespace: 'argocd' }),
  });
  const client = createClient({
    transport: { dispatch: createDispatcher(api) },
    address: 'the system',
    clock: systemClock,
    tellAbsence: false,
    onRetry: () => undefined,
  });
  const world = { home, client, close: () => local.close() };
  worlds.push(world);
  return world;
}

async function exported({ client }: World, input: { readonly secrets?: boolean } = { secrets: true }): Promise<Json[]> {
  const objects: Json[] = [];
  for await (const { object } of client.stream(exportInstallation, input))
    if (object !== undefined) objects.push(toJson(object));
  return objects;
}

type Input = Parameters<typeof imported>[1];

async function imported(
  { client }: World,
  input: { readonly objects: readonly unknown[] } & Readonly<Record<string, unknown>>,
): Promise<ImportEvent[]> {
  const events: ImportEvent[] = [];
  for await (const event of client.stream(importInstallation, input)) events.push(event);
  return events;
}

const actions = async (world: World, input: Input): Promise<string[]> =>
  (await imported(world, input)).map(({ action, kind, name }) => `${action} ${kind} ${name}`);

/** A value for every field that the reference's type of this name has. */
function sample(type: string, seed: number, depth = 0): Json {
  if (type.startsWith('[]')) return [0, 1].map((index) => sample(type.slice(2), seed + index, depth + 1));
  if (type.startsWith('{}')) return { [`key-${seed}`]: sample(type.slice(2), seed, depth + 1) };
  const fields = fieldsOf(type);
  if (fields) {
    // Generators hold generators.
    if (depth > 16) return {};
    return Object.fromEntries(
      fields.map(({ name, type: of }, index) => [name, ENUMS[name] ?? sample(of, seed + index, depth + 1)]),
    );
  }
  if (/^(int|float)/.test(type)) return seed;
  if (type === 'bool') return seed % 2 === 0;
  if (type === 'time') return '2026-01-01T10:00:00Z';
  return TEXTS[seed % TEXTS.length] ?? '';
}

/** Fields with few values. */
const ENUMS: Readonly<Record<string, string>> = { phase: 'Succeeded' };

const TEXTS = [
  'yes',
  '0x10',
  'a: b\n# c\n',
  '',
  '1e3',
  ' leading',
  'Grüße ✓',
  '---\n',
  '2026-01-01',
  "it's",
  'null',
  '\t',
];

function whole(kind: string, type: string, seed: number): KubeObject {
  const object = sample(type, seed);
  const metadata = {
    name: `sample-${seed}`,
    namespace: 'argocd',
    labels: { a: 'b' },
    annotations: { text: TEXTS[seed % TEXTS.length] ?? '' },
    finalizers: ['resources-finalizer.argocd.argoproj.io'],
  };
  const filled = { ...(isObject(object) ? object : {}), apiVersion: 'argoproj.io/v1alpha1', kind, metadata };
  if (!isKubeObject(filled)) throw new Error('no sample');
  return filled;
}

const secret = (name: string, type: string | undefined, data: JsonObject): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  type: 'Opaque',
  metadata: {
    name,
    namespace: 'argocd',
    ...(type === undefined ? {} : { labels: { 'argocd.argoproj.io/secret-type': type } }),
  },
  data,
});

const configMap = (name: string, data: JsonObject): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'argocd' },
  data,
});

const application = (name: string, extra: JsonObject = {}): KubeObject => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: { name, namespace: 'argocd' },
  spec: { project: 'default', source: { repoURL: 'https://example.com/x.git' }, destination: { name: 'in-cluster' } },
  ...extra,
});

async function fill({ home }: World, seed: number): Promise<void> {
  await home.create(whole('AppProject', 'v1alpha1AppProject', seed));
  await home.create(whole('ApplicationSet', 'v1alpha1ApplicationSet', seed));
  await home.create(whole('Application', 'v1alpha1Application', seed));
  for (const type of ['repository', 'repo-creds', 'repo-write-creds', 'cluster', 'repository-write'])
    await home.create(secret(`one-${type}`, type, { password: btoa(`word ${seed}`), 'bytes.bin': 'AAECAwQF/w==' }));
  await home.create(secret('argocd-secret', undefined, { 'admin.password': btoa('hash'), 'server.secretkey': 'AAAA' }));
  const settings = { group: '', version: 'v1', kind: 'ConfigMap', namespace: 'argocd' };
  for (const [name, body] of Object.entries({
    'argocd-rbac-cm': { data: { 'policy.csv': 'p, a, b, c, d, allow\n' } },
    'argocd-gpg-keys-cm': { data: { KEY: '---' }, binaryData: { bytes: 'AAEC/w==' } },
  }))
    await home.patch({ ...settings, name }, { type: 'merge', body });
  await home.create(configMap('of-somebody-else', { a: 'b' }));
  await home.create(secret('of-somebody-else', undefined, { a: btoa('b') }));
}

/** Without what each cluster says of its own. */
function content(object: KubeObject | undefined): unknown {
  const { metadata, ...rest } = object ?? { metadata: {} };
  const { labels = {}, annotations = {}, finalizers = [] } = metadata;
  const { 'argocd.argoproj.io/refresh': _refresh, ...others } = annotations;
  return { ...rest, labels, annotations: others, finalizers };
}

describe('a round trip', () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])('loses nothing (%i)', async (seed) => {
    const [from, to] = [await openWorld(), await openWorld()];
    await fill(from, seed);
    const objects = await exported(from);
    expect(objects.map((object) => `${textAt(object, 'kind')} ${textAt(object, 'metadata', 'name')}`)).toEqual([
      'ConfigMap argocd-cm',
      'ConfigMap argocd-gpg-keys-cm',
      'ConfigMap argocd-rbac-cm',
      'ConfigMap argocd-ssh-known-hosts-cm',
      'ConfigMap argocd-tls-certs-cm',
      'Secret argocd-secret',
      'Secret one-cluster',
      'Secret one-repo-creds',
      'Secret one-repo-write-creds',
      'Secret one-repository',
      'Secret one-repository-write',
      'AppProject default',
      `AppProject sample-${seed}`,
      `ApplicationSet sample-${seed}`,
      `Application sample-${seed}`,
    ]);
    await imported(to, { objects });
    const text = (all: readonly Json[]): string => all.map((object) => formatYaml(object, { sortKeys: true })).join('');
    expect(text(await exported(to))).toBe(text(objects));
    // Nor is anything lost that the first cluster had.
    for (const object of objects) {
      if (!isKubeObject(object)) throw new Error('no object');
      const reference = { ...keyOf(object), namespace: 'argocd', version: versionOf(object.apiVersion) };
      expect(content(await to.home.get(reference))).toEqual(content(await from.home.get(reference)));
    }
    expect(new Set((await imported(to, { objects })).map(({ action }) => action))).toEqual(new Set(['unchanged']));
  });

  test('leaves Secrets out unless they are asked for, and says how many', async () => {
    const world = await openWorld();
    await fill(world, 1);
    const text = JSON.stringify(await exported(world, {}));
    expect(text).not.toContain('"Secret"');
    const events: unknown[] = [];
    for await (const event of world.client.stream(exportInstallation, {})) events.push(event);
    expect(events.at(-1)).toEqual({ secretsLeftOut: 6 });
  });

  test('has the objects of the reference and no others where that is asked for', async () => {
    const world = await openWorld();
    await fill(world, 1);
    const names: string[] = [];
    for await (const { object } of world.client.stream(exportInstallation, { asReference: true }))
      if (textAt(object, 'kind') === 'ConfigMap') names.push(textAt(object, 'metadata', 'name'));
    expect(names).toEqual(['argocd-cm', 'argocd-rbac-cm', 'argocd-ssh-known-hosts-cm', 'argocd-tls-certs-cm']);
  });
});

describe('an import', () => {
  const refusal = async (world: World, input: Input): Promise<string> =>
    imported(world, input).then(
      () => 'done',
      (thrown: unknown) => (thrown instanceof HawserError ? thrown.message : String(thrown)),
    );

  test.each([
    ['a broken object', { kind: 'Application' }, /document 2 \(Application\): it is no Kubernetes object/],
    ['another kind', { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x' } }, /document 2 \(Pod x\): .*no part of/],
    ['no name', { apiVersion: 'v1', kind: 'ConfigMap', metadata: {} }, /document 2 \(ConfigMap\): it has no name/],
    ['one twice', application('first'), /document 2 \(Application first\): it is document 1 once more/],
    [
      'another namespace',
      { ...application('x'), metadata: { name: 'x', namespace: 'other' } },
      /its namespace 'other' is not of the installation \(argocd\)/,
    ],
    ['what the cluster refuses', application('x', { spec: { project: 5 } }), /Application argocd\/x: .*is invalid/],
    ['a text', 'text', /document 2: it is no Kubernetes object/],
  ])('writes nothing where the second document is %s', async (_, document, message) => {
    const world = await openWorld();
    const before = canonicalJson(await exported(world));
    expect(await refusal(world, { objects: [application('first'), document, application('last')] })).toMatch(message);
    expect(canonicalJson(await exported(world))).toBe(before);
  });

  test('tells what was written before the cluster failed', async () => {
    let writes = 0;
    const world = await openWorld((cluster) => ({
      ...cluster,
      create: (object, options) => {
        if (!options?.dryRun) writes += 1;
        if (writes >= 20) throw new HawserError('unreachable', 'the cluster is gone');
        return cluster.create(object, options);
      },
    }));
    const events: string[] = [];
    const objects = Array.from({ length: 40 }, (_, index) => application(`a-${index + 10}`));
    const failed = (async () => {
      for await (const { name } of world.client.stream(importInstallation, { objects })) events.push(name);
    })();
    await expect(failed).rejects.toMatchObject({ message: 'Application argocd/a-29: the cluster is gone' });
    const { items } = await world.home.list(APPLICATION_TYPE);
    expect(events).toEqual(items.map(({ metadata }) => metadata.name));
    expect(events).toHaveLength(19);
  });

  test('says once that there is no namespace', async () => {
    const world = await openWorld();
    const importing = importObjects(
      { home: world.home, namespace: 'other' },
      { objects: [{ ...application('a'), metadata: { name: 'a' } }] },
    );
    await expect(importing.next()).rejects.toMatchObject({
      message: "nothing was imported: there is no namespace 'other'",
      hint: 'kubectl create namespace other',
    });
  });

  test('changes nothing in a dry run, and tells all the same', async () => {
    const world = await openWorld();
    const before = canonicalJson(await exported(world));
    expect(await actions(world, { objects: [application('a')], dryRun: true })).toEqual(['created Application a']);
    expect(canonicalJson(await exported(world))).toBe(before);
  });

  test('prunes what was named alone, and nothing that an application deployed', async () => {
    const world = await openWorld();
    const finalizers = ['resources-finalizer.argocd.argoproj.io'];
    await world.home.create({ ...application('old'), metadata: { name: 'old', namespace: 'argocd', finalizers } });
    await world.home.create(application('other'));
    await world.home.create(secret('one', 'repository', {}));
    const objects = [application('new')];
    expect(await actions(world, { objects, dryRun: true })).toEqual([
      'created Application new',
      'extra Application other',
      'extra Application old',
    ]);
    await imported(world, { objects, prune: ['Application/argocd/old'] });
    const { items } = await world.home.list(APPLICATION_TYPE);
    expect(items.map(({ metadata }) => metadata.name)).toEqual(['new', 'other']);
  });

  test('passes over what has a label, stops operations, and keeps what tracks an object', async () => {
    const world = await openWorld();
    const annotations = { 'argocd.argoproj.io/tracking-id': 'parent:argoproj.io/Application:argocd/tracked' };
    await world.home.create({
      ...application('tracked'),
      metadata: { name: 'tracked', namespace: 'argocd', annotations },
    });
    const labelled = { ...application('a'), metadata: { name: 'a', labels: { keep: 'no' } } };
    const running = application('b', { operation: { sync: { revision: 'abc' } } });
    const objects = [labelled, running, application('tracked')];
    const input = { objects, skipLabel: 'keep=no', stopOperation: true, ignoreTracking: true };
    expect(await actions(world, input)).toEqual([
      'skipped Application a',
      'created Application b',
      'unchanged Application tracked',
    ]);
    expect(
      (await world.home.get({ ...APPLICATION_TYPE, namespace: 'argocd', name: 'b' }))?.['operation'],
    ).toBeUndefined();
    await imported(world, { objects });
    const tracked = await world.home.get({ ...APPLICATION_TYPE, namespace: 'argocd', name: 'tracked' });
    expect(tracked?.metadata.annotations).toBeUndefined();
  });

  test('writes over what changes meanwhile where that was asked for', async () => {
    let isMeanwhile = true;
    const around = (cluster: Cluster): Cluster => ({
      ...cluster,
      update: async (object, options) => {
        if (!options?.dryRun && isMeanwhile) {
          isMeanwhile = false;
          const body = { metadata: { labels: { meanwhile: 'yes' } } };
          await cluster.patch({ ...APPLICATION_TYPE, namespace: 'argocd', name: 'a' }, { type: 'merge', body });
        }
        return cluster.update(object, options);
      },
    });
    const world = await openWorld(around);
    await world.home.create(application('a'));
    const objects = [{ ...application('a'), metadata: { name: 'a', labels: { of: 'file' } } }];
    await expect(imported(world, { objects })).rejects.toMatchObject({ code: 'conflict' });
    isMeanwhile = true;
    await imported(world, { objects, overrideOnConflict: true });
    const { metadata } = (await world.home.get({ ...APPLICATION_TYPE, namespace: 'argocd', name: 'a' })) ?? {};
    expect(metadata?.labels).toEqual({ of: 'file' });
  });

  test('has a status of another cluster looked at again', async () => {
    const world = await openWorld();
    await imported(world, { objects: [application('a', { status: { sync: { status: 'Synced' } } })] });
    const { metadata } = (await world.home.get({ ...APPLICATION_TYPE, namespace: 'argocd', name: 'a' })) ?? {};
    expect(metadata?.annotations).toEqual({ 'argocd.argoproj.io/refresh': 'normal' });
  });
});
