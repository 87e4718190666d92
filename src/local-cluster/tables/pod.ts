// How a Pod is: the one word, and the counts, that a list shows of it.

import { at, isObject, type Json, listAt, numberAt, textAt } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import { ageOf } from './column.ts';

interface PodSummary {
  readonly ready: string;
  readonly status: string;
  readonly restarts: string;
}

export function podSummary(pod: KubeObject, now: number): PodSummary {
  const statuses = listAt(pod, 'status', 'containerStatuses');
  const inits = listAt(pod, 'status', 'initContainerStatuses');
  const sidecars = listAt(pod, 'spec', 'initContainers')
    .filter((container) => textAt(container, 'restartPolicy') === 'Always')
    .map((container) => textAt(container, 'name'));
  const isSidecar = (status: Json): boolean => sidecars.includes(textAt(status, 'name'));
  const starting = startingReason(pod, inits, isSidecar);
  const isStarting = starting !== undefined && !hasCondition(pod, 'Initialized');
  const counted = isStarting ? inits : [...inits.filter(isSidecar), ...statuses];
  const good = [...inits.filter(isSidecar), ...(isStarting ? [] : statuses)].filter(isReady).length;
  const total = listAt(pod, 'spec', 'containers').length + sidecars.length;
  const reason = isStarting ? starting : runningReason(pod, statuses, starting ?? phaseOf(pod));
  return { ready: `${good}/${total}`, status: endingReason(pod, reason), restarts: restartText(counted, now) };
}

const isReady = (status: Json): boolean => at(status, 'ready') === true && isObject(at(status, 'state', 'running'));

function phaseOf(pod: KubeObject): string {
  const gated = listAt(pod, 'status', 'conditions').some(
    (condition) => textAt(condition, 'type') === 'PodScheduled' && textAt(condition, 'reason') === 'SchedulingGated',
  );
  return gated ? 'SchedulingGated' : textAt(pod, 'status', 'reason') || textAt(pod, 'status', 'phase');
}

const hasCondition = (pod: KubeObject, type: string): boolean =>
  listAt(pod, 'status', 'conditions').some(
    (condition) => textAt(condition, 'type') === type && textAt(condition, 'status') === 'True',
  );

/** Where its init containers are; undefined when all have done their work. */
function startingReason(
  pod: KubeObject,
  inits: readonly Json[],
  isSidecar: (status: Json) => boolean,
): string | undefined {
  const total = listAt(pod, 'spec', 'initContainers').length;
  for (const [index, status] of inits.entries()) {
    const ended = at(status, 'state', 'terminated');
    const waits = textAt(status, 'state', 'waiting', 'reason');
    if (isObject(ended) && (numberAt(ended, 'exitCode') ?? 0) === 0) continue;
    if (isSidecar(status) && at(status, 'started') === true) continue;
    if (isObject(ended)) return `Init:${endReason(ended)}`;
    return waits !== '' && waits !== 'PodInitializing' ? `Init:${waits}` : `Init:${index}/${total}`;
  }
  return undefined;
}

function endReason(ended: Json): string {
  const signal = numberAt(ended, 'signal') ?? 0;
  return (
    textAt(ended, 'reason') || (signal === 0 ? `ExitCode:${numberAt(ended, 'exitCode') ?? 0}` : `Signal:${signal}`)
  );
}

/** The first container that waits or has ended says how the Pod is. */
function runningReason(pod: KubeObject, statuses: readonly Json[], phase: string): string {
  let reason = phase;
  let isRunning = false;
  for (const status of statuses.toReversed()) {
    const waits = textAt(status, 'state', 'waiting', 'reason');
    const ended = at(status, 'state', 'terminated');
    if (waits !== '') reason = waits;
    else if (isObject(ended)) reason = endReason(ended);
    else if (isReady(status)) isRunning = true;
  }
  if (reason !== 'Completed' || !isRunning) return reason;
  return hasCondition(pod, 'Ready') ? 'Running' : 'NotReady';
}

function endingReason(pod: KubeObject, reason: string): string {
  if (pod.metadata.deletionTimestamp === undefined) return reason;
  if (textAt(pod, 'status', 'reason') === 'NodeLost') return 'Unknown';
  return ['Succeeded', 'Failed'].includes(textAt(pod, 'status', 'phase')) ? reason : 'Terminating';
}

function restartText(statuses: readonly Json[], now: number): string {
  const count = statuses.reduce((sum: number, status) => sum + (numberAt(status, 'restartCount') ?? 0), 0);
  const [last] = statuses
    .map((status) => textAt(status, 'lastState', 'terminated', 'finishedAt'))
    .filter((time) => time !== '')
    .sort()
    .reverse();
  return count === 0 || last === undefined ? String(count) : `${count} (${ageOf(last, now)} ago)`;
}

export function readinessGates(pod: KubeObject): string {
  const gates = listAt(pod, 'spec', 'readinessGates');
  const open = gates.filter((gate) => hasCondition(pod, textAt(gate, 'conditionType'))).length;
  return gates.length === 0 ? '<none>' : `${open}/${gates.length}`;
}
