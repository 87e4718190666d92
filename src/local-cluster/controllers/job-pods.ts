// The Pods of a Job: made with an index where they have one, held by a finalizer until they are counted.

import { type Json, type JsonObject, listAt, objectAt, textAt } from '../../core/json.ts';
import { annotationsOf, type KubeObject } from '../../objects/object.ts';
import { isTerminating } from '../object-meta.ts';
import { isActive } from './pod.ts';
import type { ReconcilerClient } from './reconciler.ts';
import { createPod, removePod } from './template.ts';

export const PODS = '/pods';
const TRACKED = 'batch.kubernetes.io/job-tracking';
const INDEX = 'batch.kubernetes.io/job-completion-index';
const FAILURES = 'batch.kubernetes.io/job-index-failure-count';

export const isIndexed = (job: KubeObject): boolean => textAt(job, 'spec', 'completionMode') === 'Indexed';
export const hasIndexLimit = (job: KubeObject): boolean => objectAt(job, 'spec')['backoffLimitPerIndex'] !== undefined;
export const isTracked = (pod: KubeObject): boolean => (pod.metadata.finalizers ?? []).includes(TRACKED);
export const phaseOf = (pod: KubeObject): string => textAt(pod, 'status', 'phase');

export function indexOf(pod: KubeObject): number | undefined {
  const text = annotationsOf(pod)[INDEX];
  return text === undefined ? undefined : Number(text);
}

/** How often the index of a Pod had failed before. */
export const earlierFailures = (pod: KubeObject): number => Number(annotationsOf(pod)[FAILURES] ?? '0');

export interface NewPod {
  readonly index: number | undefined;
  readonly failures: number;
}

export async function createJobPod(client: ReconcilerClient, job: KubeObject, wish: NewPod): Promise<void> {
  const finalizers = [TRACKED];
  if (wish.index === undefined) {
    await createPod(client, job, { finalizers });
    return;
  }
  const { name = '' } = job.metadata;
  const index = String(wish.index);
  const template = objectAt(job, 'spec', 'template', 'spec');
  const containers = (field: string): JsonObject => {
    const list = listAt(template, field);
    return list.length > 0 ? { [field]: list.map(withIndex) } : {};
  };
  await createPod(client, job, {
    finalizers,
    generateName: `${name}-${index}-`,
    labels: { [INDEX]: index },
    annotations: { [INDEX]: index, ...(hasIndexLimit(job) ? { [FAILURES]: String(wish.failures) } : {}) },
    spec: { hostname: `${name}-${index}`, ...containers('containers'), ...containers('initContainers') },
  });
}

const VARIABLE = 'JOB_COMPLETION_INDEX';

function withIndex(container: Json): Json {
  const env = listAt(container, 'env');
  if (env.some((entry) => textAt(entry, 'name') === VARIABLE)) return container;
  const source = { fieldRef: { apiVersion: 'v1', fieldPath: `metadata.labels['${INDEX}']` } };
  return { ...objectAt(container), env: [...env, { name: VARIABLE, valueFrom: source }] };
}

/** Lets a Pod go: it is counted, or must not be. */
export async function release(client: ReconcilerClient, pod: KubeObject): Promise<void> {
  const { namespace = '', name = '', uid } = pod.metadata;
  const present = client.get(PODS, namespace, name);
  if (!present || present.metadata.uid !== uid || !isTracked(present)) return;
  const { finalizers = [], ...metadata } = present.metadata;
  const others = finalizers.filter((one) => one !== TRACKED);
  const after = { ...present, metadata: { ...metadata, ...(others.length > 0 ? { finalizers: others } : {}) } };
  await client.update(PODS, present, after);
}

/** Ends Pods that are too many, which is no failure of theirs. */
export async function removeUncounted(
  client: ReconcilerClient,
  job: KubeObject,
  pods: readonly KubeObject[],
): Promise<void> {
  for (const pod of pods) {
    await release(client, pod);
    const present = client.get(PODS, pod.metadata.namespace ?? '', pod.metadata.name ?? '');
    if (present) await removePod(client, job, present);
  }
}

export async function removeActive(
  client: ReconcilerClient,
  job: KubeObject,
  pods: readonly KubeObject[],
): Promise<void> {
  await Promise.all(pods.filter(isActive).map((pod) => removePod(client, job, pod)));
}

/** Where only failed Pods are replaced, one that ends has not failed yet. */
export function hasFailed(job: KubeObject, pod: KubeObject): boolean {
  if (phaseOf(pod) === 'Failed') return true;
  const waits =
    textAt(job, 'spec', 'podReplacementPolicy') === 'Failed' || objectAt(job, 'spec')['podFailurePolicy'] !== undefined;
  return !waits && isTerminating(pod) && phaseOf(pod) !== 'Succeeded';
}

/** Indexes as Kubernetes writes them: '0,2-4'. */
export function writeIndexes(indexes: Iterable<number>): string {
  const runs: [number, number][] = [];
  for (const index of [...new Set(indexes)].sort((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last?.[1] === index - 1) last[1] = index;
    else runs.push([index, index]);
  }
  return runs
    .map(([from, to]) => (from === to ? `${from}` : to === from + 1 ? `${from},${to}` : `${from}-${to}`))
    .join(',');
}

export function readIndexes(text: string): Set<number> {
  const indexes = new Set<number>();
  for (const part of text.split(',').filter((part) => part !== '')) {
    const [from = 0, to = from] = part.split('-').map(Number);
    for (let index = from; index <= to; index += 1) indexes.add(index);
  }
  return indexes;
}
