// What the manifest of a Pod says about why it does not run.

import { at, type Json, listAt, numberAt, objectAt, textAt } from '../../core/json.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import type { Cause } from '../../model/cause.ts';

export interface PodState {
  readonly cause: Pick<Cause, 'container' | 'image' | 'reason' | 'detail' | 'exitCode' | 'restarts' | 'probe'>;
  /** Whether there can be a log. */
  readonly hasRun: boolean;
}

/** The container that is worst off, or the Pod itself where no container has a state yet. */
export function podState(pod: unknown): PodState {
  const containers = containersOf(pod);
  const [worst] = containers.filter(({ rank }) => rank > 0).sort((a, b) => b.rank - a.rank);
  if (worst) return worst.state;
  const unscheduled = listAt(pod, 'status', 'conditions').find(
    (condition) => textAt(condition, 'type') === 'PodScheduled' && textAt(condition, 'status') === 'False',
  );
  const reason = textAt(pod, 'status', 'reason') || textAt(unscheduled, 'reason') || undefined;
  const detail = textAt(pod, 'status', 'message') || textAt(unscheduled, 'message') || undefined;
  return { cause: omitUndefined({ reason, detail }), hasRun: containers.length > 0 };
}

interface Ranked {
  readonly rank: number;
  readonly state: PodState;
}

const LISTS = [
  ['initContainers', 'initContainerStatuses'],
  ['containers', 'containerStatuses'],
] as const;

function containersOf(pod: unknown): Ranked[] {
  return LISTS.flatMap(([specs, statuses]) =>
    listAt(pod, 'status', statuses).map((status) => {
      const spec = listAt(pod, 'spec', specs).find((container) => textAt(container, 'name') === textAt(status, 'name'));
      return { rank: rankOf(status), state: stateOf(status, spec) };
    }),
  );
}

/** What a container waits for in the course of a healthy start. */
const STARTING: readonly string[] = ['', 'ContainerCreating', 'PodInitializing'];

/** 0 is well; an image that cannot be had or a crash counts more than a probe, and that more than a start that goes on. */
function rankOf(status: Json): number {
  const waiting = textAt(status, 'state', 'waiting', 'reason');
  if (!STARTING.includes(waiting)) return 4;
  if ((numberAt(status, 'state', 'terminated', 'exitCode') ?? 0) !== 0) return 3;
  if (at(status, 'state', 'running') !== undefined && at(status, 'ready') === false) return 2;
  return waiting === '' ? 0 : 1;
}

function stateOf(status: Json, spec: Json | undefined): PodState {
  const { waiting, terminated, running } = objectAt(status, 'state');
  const last = terminated ?? at(status, 'lastState', 'terminated');
  const cause = omitUndefined({
    container: textAt(status, 'name') || undefined,
    image: textAt(spec, 'image') || textAt(status, 'image') || undefined,
    reason: textAt(waiting, 'reason') || textAt(last, 'reason') || undefined,
    detail: textAt(waiting, 'message') || textAt(last, 'message') || undefined,
    exitCode: numberAt(last, 'exitCode') || undefined,
    restarts: numberAt(status, 'restartCount') || undefined,
    probe: running === undefined ? undefined : probeOf(status, spec),
  });
  return { cause, hasRun: running !== undefined || last !== undefined };
}

/** The probe that a container which runs and is not ready has not passed. */
function probeOf(status: Json, spec: Json | undefined): string | undefined {
  const kind = at(status, 'started') === false && at(spec, 'startupProbe') !== undefined ? 'startup' : 'readiness';
  const probe = at(spec, `${kind}Probe`);
  return probe === undefined ? undefined : `${kind} probe has not succeeded: ${actionOf(probe)}`;
}

function actionOf(probe: Json): string {
  const port = (action: string): string => String(at(probe, action, 'port') ?? '');
  if (at(probe, 'httpGet') !== undefined) return `GET :${port('httpGet')}${textAt(probe, 'httpGet', 'path') || '/'}`;
  if (at(probe, 'tcpSocket') !== undefined) return `TCP :${port('tcpSocket')}`;
  if (at(probe, 'grpc') !== undefined) return `gRPC :${port('grpc')}`;
  return listAt(probe, 'exec', 'command').join(' ');
}
