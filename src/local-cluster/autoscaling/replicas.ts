// How many replicas one metric of an autoscaler asks for: the ratio of what is used to what is aimed at, with what is not known of
// some Pods taken the cautious way.

import { listAt, textAt } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import { canonicalQuantity } from '../../objects/quantity.ts';
import type { ContainerUsage, Resource } from '../metrics/usage.ts';
import { requestOf } from '../metrics/usage.ts';
import { isTerminating } from '../object-meta.ts';

export interface Aim {
  readonly resource: string;
  /** One container of each Pod; absent: all of them. */
  readonly container: string | undefined;
  /** In hundredths of what is requested. */
  readonly utilization: number | undefined;
  /** In thousandths, of a Pod. */
  readonly average: number | undefined;
}

export interface Tolerance {
  readonly up: number;
  readonly down: number;
}

export interface Scene {
  readonly replicas: number;
  readonly pods: readonly KubeObject[];
  readonly tolerance: Tolerance;
  readonly now: number;
  usage(pod: KubeObject): readonly ContainerUsage[];
}

export interface Asked {
  readonly replicas: number;
  /** As the status tells it. */
  readonly current: { readonly averageUtilization?: number; readonly averageValue: string };
}

/** A Pod is no measure of its processor before that, unless it is ready. */
const INITIALIZATION_MS = 300_000;
const FIRST_READINESS_MS = 30_000;

/** Throws why it cannot be worked out. */
export function replicasFor(aim: Aim, scene: Scene): Asked {
  const { used, ...groups } = groupPods(aim, scene);
  if (!groups.isMeasured) {
    throw new Error(
      `unable to get metrics for resource ${aim.resource}: no metrics returned from resource metrics API`,
    );
  }
  if (used.size === 0) throw new Error('did not receive metrics for targeted pods (pods might be unready)');
  const all = [...used.keys(), ...groups.missing, ...groups.unready];
  const requests = new Map(aim.utilization === undefined ? [] : all.map((pod) => [pod, requestIn(pod, aim)]));
  const measure = { aim, requests };
  const averageValue = valueText(Math.floor(total(used.values()) / used.size), aim.resource);
  const current =
    aim.utilization === undefined
      ? { averageValue }
      : { averageUtilization: utilizationOf(used, requests), averageValue };
  return { replicas: steps(scene, { ...measure, ...groups, used }), current };
}

type Amounts = ReadonlyMap<KubeObject, number>;

/** Whole hundredths of what is requested. */
const utilizationOf = (used: Amounts, requests: Amounts): number =>
  Math.floor((total(used.values()) * 100) / total([...used.keys()].map((pod) => requests.get(pod) ?? 0)));

/** Thousandths as a quantity; memory is told as it is measured, in powers of two. */
function valueText(milli: number, resource: string): string {
  if (milli % 1000 !== 0) return `${milli}m`;
  const value = String(milli / 1000);
  return resource === 'memory' && milli % 1_024_000 === 0 ? canonicalQuantity(`${milli / 1_024_000}Ki`) : value;
}
const total = (values: Iterable<number>): number => [...values].reduce((sum, value) => sum + value, 0);

interface Groups {
  readonly missing: readonly KubeObject[];
  readonly unready: readonly KubeObject[];
  /** Some Pod has metrics, be it ready or not. */
  readonly isMeasured: boolean;
}

function groupPods(aim: Aim, { pods, usage, now }: Scene): Groups & { readonly used: Amounts } {
  const used = new Map<KubeObject, number>();
  const missing: KubeObject[] = [];
  const unready: KubeObject[] = [];
  let isMeasured = false;
  for (const pod of pods) {
    const phase = textAt(pod, 'status', 'phase');
    if (isTerminating(pod) || phase === 'Failed') continue;
    const containers = usage(pod);
    const amount = amountOf(containers, aim);
    isMeasured ||= containers.length > 0 && isResource(aim.resource);
    if (phase === 'Pending') unready.push(pod);
    else if (amount === undefined) missing.push(pod);
    else if (aim.resource === 'cpu' && !countsForCpu(pod, now)) unready.push(pod);
    else used.set(pod, amount);
  }
  return { used, missing, unready, isMeasured };
}

const isResource = (name: string): name is Resource => name === 'cpu' || name === 'memory';

function amountOf(containers: readonly ContainerUsage[], { resource, container }: Aim): number | undefined {
  if (containers.length === 0 || !isResource(resource)) return undefined;
  if (container === undefined) return total(containers.map(({ usage }) => usage[resource]));
  return containers.find(({ name }) => name === container)?.usage[resource];
}

function countsForCpu(pod: KubeObject, now: number): boolean {
  const ready = listAt(pod, 'status', 'conditions').find((entry) => textAt(entry, 'type') === 'Ready');
  const start = Date.parse(textAt(pod, 'status', 'startTime'));
  if (!ready || Number.isNaN(start)) return false;
  if (textAt(ready, 'status') !== 'False') return true;
  const turned = Date.parse(textAt(ready, 'lastTransitionTime'));
  return now > start + INITIALIZATION_MS && turned > start + FIRST_READINESS_MS;
}

function requestIn(pod: KubeObject, { resource, container }: Aim): number {
  const sidecars = listAt(pod, 'spec', 'initContainers').filter((one) => textAt(one, 'restartPolicy') === 'Always');
  const counted = [...listAt(pod, 'spec', 'containers'), ...sidecars].filter(
    (one) => container === undefined || textAt(one, 'name') === container,
  );
  return total(
    counted.map((one) => {
      const request = requestOf(one, resource);
      if (request > 0) return request;
      throw new Error(
        `missing request for ${resource} in container ${textAt(one, 'name')} of Pod ${pod.metadata.name ?? ''}`,
      );
    }),
  );
}

interface Measure extends Groups {
  readonly aim: Aim;
  readonly used: Amounts;
  readonly requests: Amounts;
}

function ratioOf(used: Amounts, { aim, requests }: Pick<Measure, 'aim' | 'requests'>): number {
  if (aim.utilization !== undefined) return utilizationOf(used, requests) / aim.utilization;
  return Math.floor(total(used.values()) / used.size) / (aim.average ?? 1);
}

function steps({ replicas, tolerance }: Scene, measure: Measure): number {
  const isClose = (one: number): boolean => (one >= 1 ? one - 1 <= tolerance.up : 1 - one <= tolerance.down);
  const { used, missing, unready } = measure;
  const ratio = ratioOf(used, measure);
  const rebalances = unready.length > 0 && ratio > 1;
  if (!rebalances && missing.length === 0) return isClose(ratio) ? replicas : Math.ceil(exact(ratio * used.size));
  // Less is asked for as if they used all they may, more as if they used nothing.
  const all = new Map(used);
  for (const pod of missing) if (ratio !== 1) all.set(pod, ratio < 1 ? mostOf(pod, measure) : 0);
  if (rebalances) for (const pod of unready) all.set(pod, 0);
  const cautious = ratioOf(all, measure);
  if (isClose(cautious) || (ratio < 1 && cautious > 1) || (ratio > 1 && cautious < 1)) return replicas;
  const next = Math.ceil(exact(cautious * all.size));
  const turnsBack = (cautious < 1 && next > replicas) || (cautious > 1 && next < replicas);
  return turnsBack ? replicas : next;
}

const mostOf = (pod: KubeObject, { aim, requests }: Measure): number =>
  aim.utilization === undefined
    ? (aim.average ?? 0)
    : ((requests.get(pod) ?? 0) * Math.max(100, aim.utilization)) / 100;

/** Without what floating point adds: 0.7 of 30 are 21 and no more. */
const exact = (value: number): number => Math.round(value * 1e9) / 1e9;
