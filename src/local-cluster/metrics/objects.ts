// Metrics of Pods and nodes, as a metrics server has them: some seconds after a container has started.

import { type JsonObject, listAt, textAt } from '../../core/json.ts';
import { timestamp } from '../../core/time.ts';
import { type KubeObject, labelsOf } from '../../objects/object.ts';
import { canonicalQuantity } from '../../objects/quantity.ts';
import type { Api } from '../api.ts';
import { isTerminating } from '../object-meta.ts';
import { POD_METRICS } from './kinds.ts';
import { type Amounts, type ContainerUsage, usageOf } from './usage.ts';

/** How often a metrics server looks: what it tells is an average over this. */
const WINDOW_MS = 10_000;
const WINDOW = '10s';
const API_VERSION = 'metrics.k8s.io/v1beta1';
/** What a node uses for itself. */
const OF_NODE: Amounts = { cpu: 80, memory: 512 * 2 ** 20 * 1000 };

type Source = Pick<Api, 'store' | 'clock'>;

/** The objects of one of the kinds of metrics. */
export function metricsObjects(api: Source, storage: string, namespace: string | undefined): KubeObject[] {
  const pods = api.store.list('/pods', storage === POD_METRICS ? namespace : undefined);
  if (storage === POD_METRICS) return pods.flatMap((pod) => podMetrics(api, pod) ?? []);
  const used = new Map<string, Amounts>();
  for (const pod of pods) {
    const node = textAt(pod, 'spec', 'nodeName');
    for (const { usage } of measured(pod, api.clock.now())) used.set(node, sum(used.get(node) ?? OF_NODE, usage));
  }
  return api.store.list('/nodes').flatMap((node) => nodeMetrics(api, node, used) ?? []);
}

function podMetrics(api: Source, pod: KubeObject): KubeObject | undefined {
  const containers = measured(pod, api.clock.now());
  if (containers.length === 0) return undefined;
  return {
    ...head(api, pod, 'PodMetrics'),
    containers: containers.map(({ name, usage }) => ({ name, usage: written(usage) })),
  };
}

function nodeMetrics(api: Source, node: KubeObject, used: ReadonlyMap<string, Amounts>): KubeObject | undefined {
  const since = Date.parse(node.metadata.creationTimestamp ?? '');
  if (api.clock.now() < since + WINDOW_MS) return undefined;
  return { ...head(api, node, 'NodeMetrics'), usage: written(used.get(node.metadata.name ?? '') ?? OF_NODE) };
}

/** What the containers of a Pod use; nothing where one of them has not been seen for a whole window. */
export function measured(pod: KubeObject, now: number): readonly ContainerUsage[] {
  if (textAt(pod, 'status', 'phase') !== 'Running' || isTerminating(pod)) return [];
  const statuses = [...listAt(pod, 'status', 'initContainerStatuses'), ...listAt(pod, 'status', 'containerStatuses')];
  const isMeasured = ({ name }: ContainerUsage): boolean => {
    const status = statuses.find((one) => textAt(one, 'name') === name);
    const since = Date.parse(textAt(status, 'state', 'running', 'startedAt'));
    return now >= since + WINDOW_MS;
  };
  const usage = usageOf(pod);
  return usage.every(isMeasured) ? usage : [];
}

function head(api: Source, { metadata }: KubeObject, kind: string): KubeObject & JsonObject {
  const now = api.clock.now();
  const { name = '', namespace } = metadata;
  const labels = labelsOf({ apiVersion: '', kind, metadata });
  return {
    apiVersion: API_VERSION,
    kind,
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      creationTimestamp: timestamp(now),
      ...(Object.keys(labels).length > 0 ? { labels } : {}),
    },
    timestamp: timestamp(now - (now % WINDOW_MS)),
    window: WINDOW,
  };
}

const sum = (a: Amounts, b: Amounts): Amounts => ({ cpu: a.cpu + b.cpu, memory: a.memory + b.memory });

const written = ({ cpu, memory }: Amounts): JsonObject => ({
  cpu: canonicalQuantity(`${cpu}m`),
  memory: canonicalQuantity(`${Math.round(memory / 1024 / 1000)}Ki`),
});
