// HorizontalPodAutoscalers, as on a cluster with metrics: the simulated load is always what the target was made for, so
// that only the bounds move it.

import { at, isObject, type JsonObject, listAt, numberAt, objectAt, textAt } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import { isTerminating } from '../object-meta.ts';
import { condition, type NewCondition } from './conditions.ts';
import { namespacedName, type Reconciler, type ReconcilerClient } from './reconciler.ts';

const AUTOSCALERS = 'autoscaling/horizontalpodautoscalers';

const TARGETS: Readonly<Record<string, string>> = {
  Deployment: 'apps/deployments',
  StatefulSet: 'apps/statefulsets',
  ReplicaSet: 'apps/replicasets',
};

export function autoscalers(): Reconciler {
  return {
    name: 'kube-controller-manager',
    storage: AUTOSCALERS,
    watches: Object.fromEntries(Object.values(TARGETS).map((storage) => [storage, autoscalersOf])),
    reconcile: async (client, autoscaler) => {
      if (isTerminating(autoscaler)) return undefined;
      const { storage, target } = targetOf(client, autoscaler);
      const verdict = judge(autoscaler, target);
      if (target && verdict.replicas !== numberAt(target, 'spec', 'replicas')) {
        await client.update(storage, target, {
          ...target,
          spec: { ...objectAt(target, 'spec'), replicas: verdict.replicas },
        });
      }
      await client.updateStatus(AUTOSCALERS, autoscaler, autoscalerStatus(client, autoscaler, { target, verdict }));
      return undefined;
    },
  };
}

function autoscalersOf(target: KubeObject, client: ReconcilerClient): readonly string[] {
  return client
    .list(AUTOSCALERS, target.metadata.namespace ?? '')
    .filter((one) => textAt(one, 'spec', 'scaleTargetRef', 'name') === target.metadata.name)
    .map(namespacedName);
}

function targetOf(
  client: ReconcilerClient,
  autoscaler: KubeObject,
): { readonly storage: string; readonly target: KubeObject | undefined } {
  const storage = TARGETS[textAt(autoscaler, 'spec', 'scaleTargetRef', 'kind')] ?? '';
  const name = textAt(autoscaler, 'spec', 'scaleTargetRef', 'name');
  const target = storage === '' ? undefined : client.get(storage, autoscaler.metadata.namespace ?? '', name);
  return { storage, target };
}

interface Verdict {
  readonly replicas: number;
  readonly conditions: readonly NewCondition[];
}

function judge(autoscaler: KubeObject, target: KubeObject | undefined): Verdict {
  const { kind = '', name = '' } = objectAt(autoscaler, 'spec', 'scaleTargetRef');
  if (!target) {
    const message = `the HPA controller was unable to get the target's current scale: ${String(kind).toLowerCase()}s "${String(name)}" not found`;
    return { replicas: 0, conditions: [{ type: 'AbleToScale', status: 'False', reason: 'FailedGetScale', message }] };
  }
  const current = numberAt(target, 'spec', 'replicas') ?? 1;
  const able = { type: 'AbleToScale', status: 'True', reason: 'SucceededGetScale' } as const;
  const got: NewCondition = { ...able, message: "the HPA controller was able to get the target's current scale" };
  if (current === 0) {
    const message = 'scaling is disabled since the replica count of the target is zero';
    return {
      replicas: 0,
      conditions: [got, { type: 'ScalingActive', status: 'False', reason: 'ScalingDisabled', message }],
    };
  }
  const missing = withoutRequest(autoscaler, target);
  if (missing !== undefined) {
    const message = `the HPA was unable to compute the replica count: failed to get ${missing} utilization: missing request for ${missing}`;
    return {
      replicas: current,
      conditions: [got, { type: 'ScalingActive', status: 'False', reason: 'FailedGetResourceMetric', message }],
    };
  }
  return withinBounds(autoscaler, current);
}

function withinBounds(autoscaler: KubeObject, current: number): Verdict {
  const least = numberAt(autoscaler, 'spec', 'minReplicas') ?? 1;
  const most = numberAt(autoscaler, 'spec', 'maxReplicas') ?? current;
  const replicas = Math.min(most, Math.max(least, current));
  const limited =
    replicas > current
      ? ({
          status: 'True',
          reason: 'TooFewReplicas',
          message: 'the desired replica count is less than the minimum replica count',
        } as const)
      : replicas < current
        ? ({
            status: 'True',
            reason: 'TooManyReplicas',
            message: 'the desired replica count is more than the maximum replica count',
          } as const)
        : ({
            status: 'False',
            reason: 'DesiredWithinRange',
            message: 'the desired count is within the acceptable range',
          } as const);
  return {
    replicas,
    conditions: [
      {
        type: 'AbleToScale',
        status: 'True',
        reason: 'ReadyForNewScale',
        message: 'recommended size matches current size',
      },
      {
        type: 'ScalingActive',
        status: 'True',
        reason: 'ValidMetricFound',
        message: 'the HPA was able to successfully calculate a replica count from its metrics',
      },
      { type: 'ScalingLimited', ...limited },
    ],
  };
}

/** A share of what a container requests cannot be worked out where it requests nothing: the name of that resource. */
function withoutRequest(autoscaler: KubeObject, target: KubeObject): string | undefined {
  const containers = listAt(target, 'spec', 'template', 'spec', 'containers');
  const shares = listAt(autoscaler, 'spec', 'metrics')
    .filter((metric) => at(metric, 'resource', 'target', 'averageUtilization') !== undefined)
    .map((metric) => textAt(metric, 'resource', 'name'));
  return shares.find((name) =>
    containers.some(
      (container) =>
        at(container, 'resources', 'requests', name) === undefined &&
        at(container, 'resources', 'limits', name) === undefined,
    ),
  );
}

interface Situation {
  readonly target: KubeObject | undefined;
  readonly verdict: Verdict;
}

function autoscalerStatus(
  client: ReconcilerClient,
  autoscaler: KubeObject,
  { target, verdict }: Situation,
): JsonObject {
  return {
    observedGeneration: autoscaler.metadata.generation ?? 1,
    currentReplicas: numberAt(target, 'status', 'replicas') ?? 0,
    desiredReplicas: verdict.replicas,
    currentMetrics: listAt(autoscaler, 'spec', 'metrics').flatMap(metricOf),
    conditions: verdict.conditions.map((entry) => condition(client, autoscaler, entry)),
  };
}

/** The load that the metric aims at. */
function metricOf(metric: unknown): JsonObject[] {
  if (!isObject(metric) || textAt(metric, 'type') !== 'Resource') return [];
  const { type: _type, ...current } = objectAt(metric, 'resource', 'target');
  return [{ type: 'Resource', resource: { name: textAt(metric, 'resource', 'name'), current } }];
}
