// The metrics of an autoscaler: what each asks for, or why that is not known.

import { at, type Json, type JsonObject, listAt, numberAt, objectAt, textAt } from '../../core/json.ts';
import { goSelector } from '../../objects/label-selector.ts';
import { milliOf } from '../../objects/quantity.ts';
import { type Aim, replicasFor, type Scene } from './replicas.ts';

export interface Measured {
  readonly replicas: number;
  /** As events and conditions call it. */
  readonly name: string;
  readonly status: JsonObject;
}

export interface Failure {
  readonly reason: string;
  /** Why this metric is not known. */
  readonly message: string;
  /** The same among others. */
  readonly among: string;
}

type Reading = Measured | Failure;

export const isFailure = (reading: Reading): reading is Failure => 'among' in reading;

export function readMetrics(autoscaler: JsonObject, scene: Scene): readonly Reading[] {
  const namespace = textAt(autoscaler, 'metadata', 'namespace');
  return listAt(autoscaler, 'spec', 'metrics').map(
    (metric) => READERS[textAt(metric, 'type')]?.(metric, { scene, namespace }) ?? UNKNOWN,
  );
}

const UNKNOWN: Failure = {
  reason: 'InvalidMetricSourceType',
  message: 'unknown metric source type',
  among: 'unknown metric source type',
};

interface Where {
  readonly scene: Scene;
  readonly namespace: string;
}

const CUSTOM =
  'unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered';

const READERS: Readonly<Record<string, (metric: Json, where: Where) => Reading>> = {
  Resource: (metric, { scene }) => readResource(metric, scene, 'resource'),
  ContainerResource: (metric, { scene }) => readResource(metric, scene, 'containerResource'),
  Pods: (metric) => {
    const name = textAt(metric, 'pods', 'metric', 'name');
    return failure('FailedGetPodsMetric', `unable to get metric ${name}: ${CUSTOM}`, 'pods');
  },
  Object: (metric, { namespace }) => {
    const name = textAt(metric, 'object', 'metric', 'name');
    const [kind, object] = ['kind', 'name'].map((field) => textAt(metric, 'object', 'describedObject', field));
    const message = `unable to get metric ${name}: ${kind} on ${namespace} ${object}/${CUSTOM}`;
    return failure('FailedGetObjectMetric', message, 'object');
  },
  External: (metric, { namespace }) => {
    const name = textAt(metric, 'external', 'metric', 'name');
    const selector = goSelector(at(metric, 'external', 'metric', 'selector'));
    const why = `unable to fetch metrics from external metrics API: the server could not find the requested resource (get ${name}.external.metrics.k8s.io)`;
    const message = `unable to get external metric ${namespace}/${name}/${selector}: ${why}`;
    const { among, ...failed } = failure('FailedGetExternalMetric', message, `${name} external`);
    const isAverage = at(metric, 'external', 'target', 'averageValue') !== undefined;
    const told = `failed to get ${name} external metric`;
    return { ...failed, among: isAverage ? `${told} value: ${told}: ${message}` : among };
  },
};

const failure = (reason: string, message: string, kind: string): Failure => ({
  reason,
  message,
  among: `failed to get ${kind} metric value: ${message}`,
});

function readResource(metric: Json, scene: Scene, field: 'resource' | 'containerResource'): Reading {
  const isOfContainer = field === 'containerResource';
  const source = objectAt(metric, field);
  const resource = textAt(source, 'name');
  const utilization = numberAt(source, 'target', 'averageUtilization');
  const average = at(source, 'target', 'averageValue');
  const container = isOfContainer ? textAt(source, 'container') : undefined;
  const aim: Aim = {
    resource,
    container,
    utilization,
    average: average === undefined ? undefined : milliOf(String(average)),
  };
  const words = `${resource}${isOfContainer && utilization !== undefined ? ' container' : ''} resource`;
  try {
    const { replicas, current } = replicasFor(aim, scene);
    const status = {
      type: textAt(metric, 'type'),
      [field]: { name: resource, ...(container === undefined ? {} : { container }), current },
    };
    return {
      replicas,
      name: utilization === undefined ? words : `${words} utilization (percentage of request)`,
      status,
    };
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    const message = `failed to get ${resource} ${utilization === undefined ? 'usage' : 'utilization'}: ${why}`;
    return isOfContainer
      ? failure('FailedGetContainerResourceMetric', message, `${container} container`)
      : failure('FailedGetResourceMetric', message, words);
  }
}
