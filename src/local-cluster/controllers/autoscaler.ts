// HorizontalPodAutoscalers: every quarter of a minute the metrics of the target's Pods say how many there should be.

import { at, isObject, type JsonObject, listAt, numberAt, objectAt, textAt } from '../../core/json.ts';
import { formatSelector } from '../../objects/label-selector.ts';
import type { KubeObject } from '../../objects/object.ts';
import { milliOf } from '../../objects/quantity.ts';
import { memoryMs, moveOf, type Past } from '../autoscaling/behavior.ts';
import { type Failure, isFailure, type Measured, readMetrics } from '../autoscaling/metrics.ts';
import type { Scene } from '../autoscaling/replicas.ts';
import { podsOf, scaleTarget, type Target, targetOf } from '../autoscaling/target.ts';
import { recordEvent } from '../events/record.ts';
import { ofAutoscaler } from '../events/tell.ts';
import { measured } from '../metrics/objects.ts';
import { isTerminating } from '../object-meta.ts';
import { condition, type NewCondition } from './conditions.ts';
import { namespacedName, type Reconciler, type ReconcilerClient } from './reconciler.ts';

const AUTOSCALERS = 'autoscaling/horizontalpodautoscalers';
const PERIOD_MS = 15_000;

export function autoscalers(): Reconciler {
  const memories = new Map<string, Memory>();
  return {
    name: 'kube-controller-manager',
    storage: AUTOSCALERS,
    reconcile: async (client, autoscaler) => {
      if (isTerminating(autoscaler)) return undefined;
      const uid = autoscaler.metadata.uid ?? '';
      const first = Date.parse(autoscaler.metadata.creationTimestamp ?? '') + PERIOD_MS;
      const memory = memories.get(uid) ?? { scaled: [], next: first };
      memories.set(uid, memory);
      // Whatever changes: it looks at its own times.
      if (client.now() < memory.next) return memory.next;
      memory.next = client.now() + PERIOD_MS;
      await look(client, autoscaler, memory);
      return memory.next;
    },
    forget: async (_client, last) => {
      memories.delete(last.metadata.uid ?? '');
    },
  };
}

interface Memory {
  recommended?: Past['recommended'];
  scaled: Past['scaled'];
  /** When to look again. */
  next: number;
}

async function look(client: ReconcilerClient, autoscaler: KubeObject, memory: Memory): Promise<void> {
  const target = targetOf(client, autoscaler);
  if (typeof target === 'string') {
    const message = `the HPA controller was unable to get the target's current scale: ${target}`;
    const able = { type: 'AbleToScale', status: 'False', reason: 'FailedGetScale', message } as const;
    recordEvent(client, autoscaler, ofAutoscaler.failed('FailedGetScale', target));
    return write(client, autoscaler, { conditions: [able] });
  }
  // What is found first is thought to be right, also by an autoscaler that does not scale yet.
  memory.recommended ??= [{ time: client.now(), replicas: target.replicas }];
  const verdict = judge(client, autoscaler, { target, memory });
  const { desired } = verdict;
  const isMoved = desired !== undefined && desired !== target.replicas;
  if (!isMoved) return write(client, autoscaler, verdict);
  await scaleTarget(client, target, desired);
  memory.scaled = [...memory.scaled, { time: client.now(), replicas: desired - target.replicas }];
  recordEvent(client, autoscaler, ofAutoscaler.rescaled(desired, verdict.why ?? ''));
  const able = {
    type: 'AbleToScale',
    status: 'True',
    reason: 'SucceededRescale',
    message: `the HPA controller was able to update the target scale to ${desired}`,
  } as const;
  await write(client, autoscaler, { ...verdict, conditions: [...verdict.conditions, able], isMoved });
}

interface Verdict {
  readonly conditions: readonly NewCondition[];
  /** Absent: as it was. */
  readonly current?: number;
  readonly desired?: number;
  readonly metrics?: readonly JsonObject[];
  readonly why?: string;
  readonly isMoved?: boolean;
}

interface Situation {
  readonly target: Target;
  readonly memory: Memory;
}

const GOT: NewCondition = {
  type: 'AbleToScale',
  status: 'True',
  reason: 'SucceededGetScale',
  message: "the HPA controller was able to get the target's current scale",
};
const DISABLED: NewCondition = {
  type: 'ScalingActive',
  status: 'False',
  reason: 'ScalingDisabled',
  message: 'scaling is disabled since the replica count of the target is zero',
};

function judge(client: ReconcilerClient, autoscaler: KubeObject, { target, memory }: Situation): Verdict {
  const current = target.replicas;
  const least = numberAt(autoscaler, 'spec', 'minReplicas') ?? 1;
  const most = numberAt(autoscaler, 'spec', 'maxReplicas') ?? current;
  if (current === 0 && least !== 0) return { conditions: [GOT, DISABLED], current, desired: 0, metrics: [] };
  const got = { conditions: [GOT], current, metrics: [] };
  if (current > most) return { ...got, desired: most, why: 'Current number of replicas above Spec.MaxReplicas' };
  if (current < least) return { ...got, desired: least, why: 'Current number of replicas below Spec.MinReplicas' };
  const rivals = rivalsOf(client, autoscaler);
  if (rivals.length > 1) return { ...got, conditions: [GOT, ambiguous(client, autoscaler, { target, rivals })] };
  return compute(client, autoscaler, { target, memory });
}

/** All that scale the same, itself among them. */
function rivalsOf(client: ReconcilerClient, autoscaler: KubeObject): readonly KubeObject[] {
  const aimOf = (one: KubeObject): string =>
    ['kind', 'name'].map((field) => textAt(one, 'spec', 'scaleTargetRef', field)).join('/');
  const own = aimOf(autoscaler);
  return client.list(AUTOSCALERS, autoscaler.metadata.namespace ?? '').filter((other) => aimOf(other) === own);
}

function ambiguous(
  client: ReconcilerClient,
  autoscaler: KubeObject,
  { target, rivals }: { readonly target: Target; readonly rivals: readonly KubeObject[] },
): NewCondition {
  const reason = 'AmbiguousSelector';
  const selector = formatSelector(at(target.object, 'spec', 'selector'));
  const names = rivals.map(namespacedName).join(' ');
  const message = `pods by selector ${selector} are controlled by multiple HPAs: [${names}]`;
  recordEvent(client, autoscaler, ofAutoscaler.failed(reason, message));
  recordEvent(client, autoscaler, ofAutoscaler.failed('FailedComputeMetricsReplicas', message));
  return { type: 'ScalingActive', status: 'False', reason, message };
}

function compute(client: ReconcilerClient, autoscaler: KubeObject, { target, memory }: Situation): Verdict {
  const current = target.replicas;
  const readings = readMetrics(autoscaler, sceneOf(client, autoscaler, target));
  const known = readings.filter((one): one is Measured => !isFailure(one));
  const failures = readings.filter(isFailure);
  const largest = known.reduce<Measured | undefined>((a, b) => (a && a.replicas >= b.replicas ? a : b), undefined);
  const metrics = readings.map((one) => (isFailure(one) ? { type: '' } : one.status));
  const [first] = failures;
  // With a part of the metrics alone nothing is taken away.
  if (first && (!largest || largest.replicas < current)) {
    tellFailures(client, autoscaler, { failures, of: readings.length });
    const message = `the HPA was unable to compute the replica count: ${first.message}`;
    const active = { type: 'ScalingActive', status: 'False', reason: first.reason, message } as const;
    return { conditions: [GOT, active], current, metrics };
  }
  for (const { reason, message } of failures) recordEvent(client, autoscaler, ofAutoscaler.failed(reason, message));
  const { replicas: recommended = current, name = '' } = largest ?? {};
  const { replicas, able, limited } = move(client, autoscaler, { memory, current, recommended });
  const active = `the HPA was able to successfully calculate a replica count from ${name}`;
  return {
    conditions: [
      { type: 'AbleToScale', status: 'True', ...able },
      { type: 'ScalingActive', status: 'True', reason: 'ValidMetricFound', message: active },
      { type: 'ScalingLimited', ...limited },
    ],
    current,
    desired: replicas,
    metrics,
    why: replicas > current ? `${name} above target` : 'All metrics below target',
  };
}

/** Keeps in mind what was recommended. */
function move(
  client: ReconcilerClient,
  autoscaler: KubeObject,
  { memory, current, recommended }: { readonly memory: Memory; readonly current: number; readonly recommended: number },
): ReturnType<typeof moveOf> {
  const now = client.now();
  const since = now - memoryMs(autoscaler);
  const lately = (memory.recommended ?? []).filter(({ time }) => time > since);
  memory.scaled = memory.scaled.filter(({ time }) => time > since);
  const past = { recommended: lately, scaled: memory.scaled };
  const result = moveOf(autoscaler, past, { current, desired: recommended, now });
  memory.recommended = [...lately, { time: now, replicas: recommended }];
  return result;
}

function tellFailures(
  client: ReconcilerClient,
  autoscaler: KubeObject,
  { failures, of }: { readonly failures: readonly Failure[]; readonly of: number },
): void {
  for (const { reason, message } of failures) recordEvent(client, autoscaler, ofAutoscaler.failed(reason, message));
  const [first] = failures;
  const all = `invalid metrics (${failures.length} invalid out of ${of}), first error is: ${first?.among ?? ''}`;
  recordEvent(client, autoscaler, ofAutoscaler.failed('FailedComputeMetricsReplicas', all));
}

function sceneOf(client: ReconcilerClient, autoscaler: KubeObject, target: Target): Scene {
  const now = client.now();
  return {
    replicas: target.replicas,
    pods: podsOf(client, target),
    tolerance: { up: toleranceOf(autoscaler, 'scaleUp'), down: toleranceOf(autoscaler, 'scaleDown') },
    now,
    usage: (pod) => measured(pod, now),
  };
}

function toleranceOf(autoscaler: KubeObject, direction: 'scaleUp' | 'scaleDown'): number {
  const own = at(autoscaler, 'spec', 'behavior', direction, 'tolerance');
  return own === undefined ? 0.1 : milliOf(String(own)) / 1000;
}

async function write(client: ReconcilerClient, autoscaler: KubeObject, verdict: Verdict): Promise<void> {
  const { conditions, current, desired, metrics, isMoved } = verdict;
  const before = objectAt(autoscaler, 'status');
  const next = new Map(
    listAt(before, 'conditions')
      .filter(isObject)
      .map((entry) => [textAt(entry, 'type'), entry]),
  );
  for (const entry of conditions) next.set(entry.type, condition(client, autoscaler, entry));
  const status: JsonObject = {
    ...before,
    desiredReplicas: desired ?? numberAt(before, 'desiredReplicas') ?? 0,
    conditions: [...next.values()],
    ...(current === undefined ? {} : { currentReplicas: current }),
    ...(metrics === undefined ? {} : { currentMetrics: metrics }),
    ...(isMoved ? { lastScaleTime: client.time() } : {}),
  };
  await client.updateStatus(AUTOSCALERS, autoscaler, status);
}
