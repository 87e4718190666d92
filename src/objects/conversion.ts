// Built-in kinds that are served in several versions with different fields: one object, read in each of them.

import { isObject, type Json, type JsonObject, listAt, objectAt, textAt } from '../core/json.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import { toFirst, toSecond } from './first-metrics.ts';
import { annotationsOf, groupOf, type KubeObject, withAnnotations } from './object.ts';

/** The object as this version of its kind has it; where versions differ in nothing else, by the new name alone. */
export function convert(object: KubeObject, apiVersion: string): KubeObject {
  if (object.apiVersion === apiVersion) return object;
  const change = CONVERSIONS[`${object.kind} ${object.apiVersion} ${apiVersion}`];
  return { ...(change ? change(object) : object), apiVersion };
}

/** The object in the version in which it is stored, whatever version it was written in. */
export function inStoredVersion(object: KubeObject): KubeObject {
  return convert(object, STORED[`${groupOf(object.apiVersion)}/${object.kind}`] ?? object.apiVersion);
}

const STORED: Readonly<Record<string, string>> = {
  'autoscaling/HorizontalPodAutoscaler': 'autoscaling/v2',
  'events.k8s.io/Event': 'v1',
};

const CONVERSIONS: Readonly<Record<string, (object: KubeObject) => KubeObject>> = {
  'HorizontalPodAutoscaler autoscaling/v1 autoscaling/v2': autoscalerToSecond,
  'HorizontalPodAutoscaler autoscaling/v2 autoscaling/v1': autoscalerToFirst,
  'Event v1 events.k8s.io/v1': (event) => renamed(event, EVENT_NAMES, (name) => !EVENT_ZEROS.has(name)),
  'Event events.k8s.io/v1 v1': (event) => ({
    reportingComponent: '',
    reportingInstance: '',
    ...renamed(event, CORE_NAMES),
  }),
};

/** Fields of an event in the core group, and what they are called in the group of events. */
const EVENT_NAMES: Readonly<Record<string, string>> = {
  involvedObject: 'regarding',
  message: 'note',
  source: 'deprecatedSource',
  firstTimestamp: 'deprecatedFirstTimestamp',
  lastTimestamp: 'deprecatedLastTimestamp',
  count: 'deprecatedCount',
  reportingComponent: 'reportingController',
};

const CORE_NAMES = Object.fromEntries(Object.entries(EVENT_NAMES).map(([core, name]) => [name, core]));

/** What the core group writes also when it is empty. */
const EVENT_ZEROS: ReadonlySet<string> = new Set(['reportingComponent', 'reportingInstance']);

function renamed(
  object: KubeObject,
  names: Readonly<Record<string, string>>,
  keepsEmpty: (name: string) => boolean = () => true,
): KubeObject {
  const fields = Object.entries(object).filter(([name, value]) => value !== '' || keepsEmpty(name));
  const { apiVersion, kind, metadata } = object;
  return {
    ...Object.fromEntries(fields.map(([name, value]) => [names[name] ?? name, value])),
    apiVersion,
    kind,
    metadata,
  };
}

// What the first version has no field for travels in annotations.
const METRICS = 'autoscaling.alpha.kubernetes.io/metrics';
const BEHAVIOR = 'autoscaling.alpha.kubernetes.io/behavior';
const CURRENT = 'autoscaling.alpha.kubernetes.io/current-metrics';
const CONDITIONS = 'autoscaling.alpha.kubernetes.io/conditions';

function autoscalerToSecond(object: KubeObject): KubeObject {
  const { targetCPUUtilizationPercentage: target, ...spec } = objectAt(object, 'spec');
  const { currentCPUUtilizationPercentage: current, currentReplicas, ...status } = objectAt(object, 'status');
  const metrics = [
    ...annotatedList(object, METRICS).map((metric) => toSecond(metric, 'target')),
    ...(typeof target === 'number' ? [cpuMetric({ target: target })] : []),
  ];
  const annotated = annotatedList(object, CURRENT).map((metric) => toSecond(metric, 'current'));
  const currentMetrics = annotated.length === 0 && typeof current === 'number' ? [cpuMetric({ current })] : annotated;
  const behavior = behaviorOf(annotatedJson(object, BEHAVIOR));
  const conditions = annotatedList(object, CONDITIONS);
  const plain = withAnnotations(object, {
    [METRICS]: undefined,
    [BEHAVIOR]: undefined,
    [CURRENT]: undefined,
    [CONDITIONS]: undefined,
  });
  return withParts(plain, {
    spec: { ...spec, ...(metrics.length > 0 ? { metrics } : {}), ...(isObject(behavior) ? { behavior } : {}) },
    // Only the second version writes metrics also when there are none, and only the first writes that nothing runs.
    status: {
      ...status,
      ...(typeof currentReplicas === 'number' && currentReplicas !== 0 ? { currentReplicas } : {}),
      ...(object['status'] === undefined ? {} : { currentMetrics: null }),
      ...(currentMetrics.length > 0 ? { currentMetrics } : {}),
      ...(conditions.length > 0 ? { conditions } : {}),
    },
  });
}

function autoscalerToFirst(object: KubeObject): KubeObject {
  const { metrics: _metrics, behavior, ...spec } = objectAt(object, 'spec');
  const { currentMetrics: _current, conditions: _conditions, ...status } = objectAt(object, 'status');
  const [target, metrics] = splitCpu(listAt(object, 'spec', 'metrics'), 'target');
  const currentMetrics = listAt(object, 'status', 'currentMetrics');
  const [current] = splitCpu(currentMetrics, 'current');
  const annotated = withAnnotations(object, {
    [METRICS]: annotationText(metrics.map((metric) => toFirst(metric, 'target'))),
    [BEHAVIOR]: isObject(behavior) ? behaviorText(behavior) : undefined,
    [CURRENT]: annotationText(currentMetrics.map((metric) => toFirst(metric, 'current'))),
    [CONDITIONS]: annotationText(listAt(object, 'status', 'conditions')),
  });
  return withParts(annotated, {
    spec: { ...spec, ...omitUndefined({ targetCPUUtilizationPercentage: target }) },
    // Only the first version writes it also when it is 0.
    status: {
      ...(object['status'] === undefined ? {} : { currentReplicas: 0 }),
      ...status,
      ...omitUndefined({ currentCPUUtilizationPercentage: current }),
    },
  });
}

/** A status appears only where there was one. */
function withParts(object: KubeObject, { spec, status }: { spec: JsonObject; status: JsonObject }): KubeObject {
  const changed = { ...object, spec };
  return object['status'] === undefined && Object.keys(status).length === 0 ? changed : { ...changed, status };
}

function cpuMetric({ target, current }: { readonly target?: number; readonly current?: number }): JsonObject {
  const value =
    target === undefined
      ? { current: { averageUtilization: current } }
      : { target: { type: 'Utilization', averageUtilization: target } };
  return { type: 'Resource', resource: { name: 'cpu', ...value } };
}

/** The first utilization of the CPU, which the first version has a field for, and all metrics that are none. */
function splitCpu(metrics: readonly Json[], side: 'target' | 'current'): [number | undefined, readonly Json[]] {
  const utilizationOf = (metric: Json): Json | undefined =>
    textAt(metric, 'type') === 'Resource' && textAt(metric, 'resource', 'name') === 'cpu'
      ? objectAt(metric, 'resource', side)['averageUtilization']
      : undefined;
  const isOwn = (metric: Json): boolean => typeof utilizationOf(metric) === 'number';
  const value = utilizationOf(metrics.find(isOwn) ?? null);
  return [typeof value === 'number' ? value : undefined, metrics.filter((metric) => !isOwn(metric))];
}

const DIRECTIONS = ['ScaleUp', 'ScaleDown'];
const OF_DIRECTION = ['StabilizationWindowSeconds', 'SelectPolicy', 'Policies', 'Tolerance'];
const OF_POLICY = ['Type', 'Value', 'PeriodSeconds'];

const written = (name: string): string => `${name.charAt(0).toLowerCase()}${name.slice(1)}`;

/** How it scales, by the names that the API server itself has for the fields, all of them. */
function behaviorText(behavior: JsonObject): string {
  const named = (value: Json | undefined, names: readonly string[], inner: readonly (readonly string[])[]): Json =>
    isObject(value) ? Object.fromEntries(names.map((name) => [name, renamedPart(value[written(name)], inner)])) : null;
  const renamedPart = (value: Json | undefined, [names, ...inner]: readonly (readonly string[])[]): Json => {
    if (Array.isArray(value)) return value.map((item) => named(item, names ?? [], inner));
    return isObject(value) && names ? named(value, names, inner) : (value ?? null);
  };
  return JSON.stringify(named(behavior, DIRECTIONS, [OF_DIRECTION, OF_POLICY]));
}

/** The same by the names that users write; what is nothing is left out. */
function behaviorOf(value: Json | undefined): Json | undefined {
  if (Array.isArray(value)) return value.map((item) => behaviorOf(item) ?? null);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).filter(([, part]) => part !== null && part !== undefined);
  return Object.fromEntries(entries.map(([name, part]) => [written(name), behaviorOf(part)]));
}

const annotationText = (items: readonly Json[]): string | undefined =>
  items.length > 0 ? JSON.stringify(items) : undefined;

function annotatedList(object: KubeObject, annotation: string): readonly Json[] {
  const value = annotatedJson(object, annotation);
  return Array.isArray(value) ? value : [];
}

/** Anyone may write annotations: what cannot be read means nothing. */
function annotatedJson(object: KubeObject, annotation: string): Json | undefined {
  try {
    const value: Json = JSON.parse(annotationsOf(object)[annotation] ?? 'null');
    return value;
  } catch {
    return undefined;
  }
}
