// What the local cluster has and who owns it, after its controllers have caught up.

import { lstat, opendir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { LocalStatus } from '../../api/local-cluster.ts';
import { at, listAt, textAt } from '../../core/json.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import { type Clock, timestamp } from '../../core/time.ts';
import type { LocalCluster } from '../../local-cluster/open.ts';
import { groupOf, type KubeObject } from '../../objects/object.ts';
import { createLuaThread } from './lua-thread.ts';
import { createResourceHealth, type HealthPorts, latestOverrides } from './resource-health.ts';

export interface LocalStatusOptions {
  readonly folder: string;
  readonly clock: Clock;
  readonly local: LocalCluster;
  readonly version: string;
  /** When the folder was taken. */
  readonly since: number;
  readonly api: readonly string[];
  readonly kubernetesPort: number | undefined;
}

const QUIET_MS = 100;
const LONGEST_MS = 1500;
/** What the cluster keeps for itself. */
const INNER = /^hawser\//;

type Counted = Pick<LocalStatus, 'kinds' | 'notHealthy'> & { readonly total: number };

export async function localStatus(options: LocalStatusOptions): Promise<LocalStatus> {
  const { folder, local, version, since, api, kubernetesPort } = options;
  local.start();
  await untilQuiet(options);
  const journal = join(folder, 'cluster', 'cluster.log');
  const [parts, bytes, kubernetesVersion, nodes] = await Promise.all([
    sizesIn(folder),
    stat(journal).then(({ size }) => size),
    versionOf(local),
    local.nodes(),
  ]);
  const entries = [...local.store.all()];
  const health = await assessed(
    entries.map(({ object }) => object),
    options,
  );
  const { total, ...counted } = countObjects(entries, health);
  const { now, speed, paused, aheadMs } = local.clock.read();
  const kubernetes = kubernetesPort === undefined ? undefined : `https://127.0.0.1:${kubernetesPort}`;
  return {
    folder: { path: folder, bytes: Object.values(parts).reduce((sum, size) => sum + size, 0), parts },
    journal: { path: journal, bytes, revision: local.store.revision(), objects: total },
    owner: { pid: process.pid, since: timestamp(since), version, api, ...omitUndefined({ kubernetes }) },
    kubernetesVersion,
    clock: { time: timestamp(now), speed, paused, aheadSeconds: Math.round(aheadMs / 1000) },
    nodes,
    ...counted,
  };
}

/** Until nothing has been written for a moment. */
async function untilQuiet({ local, clock }: LocalStatusOptions): Promise<void> {
  const end = clock.now() + LONGEST_MS;
  for (let seen = -1; seen !== local.store.revision() && clock.now() < end; ) {
    seen = local.store.revision();
    await clock.sleep(QUIET_MS);
  }
}

async function versionOf({ handle }: LocalCluster): Promise<string> {
  const { body } = await handle({ method: 'GET', path: '/version', query: new URLSearchParams(), headers: {} });
  return textAt(body, 'gitVersion');
}

type HealthOf = HealthPorts['healthOf'];

type Entries = ReturnType<LocalCluster['store']['all']>;

/** By the scripts of the settings, too. */
async function assessed(objects: readonly KubeObject[], { clock }: LocalStatusOptions): Promise<HealthOf> {
  const settings = objects.find(
    ({ kind, metadata: { name, namespace } }) => kind === 'ConfigMap' && name === 'argocd-cm' && namespace === 'argocd',
  );
  const health = createResourceHealth(
    latestOverrides(() => settings),
    createLuaThread(clock),
  );
  await health.assessHealth(objects);
  return health.healthOf;
}

function countObjects(entries: Entries, healthOf: HealthOf): Counted {
  const kinds = new Map<string, { kind: string; group: string; count: number; namespaces: Record<string, number> }>();
  const notHealthy: LocalStatus['notHealthy'][number][] = [];
  let total = 0;
  for (const { resource, object } of entries) {
    if (INNER.test(resource)) continue;
    total += 1;
    const { kind, apiVersion } = object;
    const { namespace = '', name = '' } = object.metadata;
    const group = groupOf(apiVersion);
    const entry = kinds.get(resource) ?? { kind, group, count: 0, namespaces: {} };
    kinds.set(resource, entry);
    entry.count += 1;
    if (namespace !== '') entry.namespaces[namespace] = (entry.namespaces[namespace] ?? 0) + 1;
    const problem = problemOf(object, healthOf);
    if (problem) notHealthy.push({ kind, group, namespace, name, ...problem });
  }
  const sorted = [...kinds.values()].sort((a, b) => a.kind.localeCompare(b.kind) || a.group.localeCompare(b.group));
  return { total, kinds: sorted, notHealthy: notHealthy.sort(worstFirst) };
}

const ORDER = ['Degraded', 'Unknown', 'Missing', 'Progressing'];

function worstFirst(a: LocalStatus['notHealthy'][number], b: LocalStatus['notHealthy'][number]): number {
  const key = ({ kind, namespace, name }: typeof a): string => [namespace, kind, name].join('/');
  return ORDER.indexOf(a.status) - ORDER.indexOf(b.status) || key(a).localeCompare(key(b));
}

function problemOf(
  object: KubeObject,
  healthOf: HealthOf,
): { readonly status: string; readonly message?: string } | undefined {
  const own = object.kind === 'Application' ? at(object, 'status', 'health') : undefined;
  const found =
    own === undefined ? healthOf(object) : { status: textAt(own, 'status'), message: textAt(own, 'message') };
  if (!found || !ORDER.includes(found.status)) return undefined;
  const message = found.message || conditionText(object);
  return { status: found.status, ...omitUndefined({ message }) };
}

/** Why a Pod waits says a condition of it. */
function conditionText(object: KubeObject): string | undefined {
  const conditions = listAt(object, 'status', 'conditions').filter((entry) => textAt(entry, 'status') === 'False');
  return conditions.map((entry) => textAt(entry, 'message')).find((text) => text !== '');
}

/** Bytes by what lies in the folder; links are not followed. */
async function sizesIn(folder: string): Promise<Record<string, number>> {
  const parts: Record<string, number> = {};
  for await (const entry of await opendir(folder)) parts[entry.name] = await sizeOf(join(folder, entry.name));
  return parts;
}

async function sizeOf(path: string): Promise<number> {
  // What goes in the meantime counts for nothing.
  const stats = await lstat(path).catch(() => undefined);
  if (!stats?.isDirectory()) return stats?.isFile() ? stats.size : 0;
  let sum = 0;
  const entries = await opendir(path).catch(() => undefined);
  if (entries) for await (const entry of entries) sum += await sizeOf(join(path, entry.name));
  return sum;
}
