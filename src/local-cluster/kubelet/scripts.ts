// What the containers of a Pod are going to do: run until they are stopped, or to an end, or what a fault says.

import { at, type Json, listAt, textAt } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import type { Fault } from '../faults/parse.ts';
import { PULL_FAILURES } from '../faults/parse.ts';
import type { FaultName } from '../faults/table.ts';
import type { Ending, Pull, Run, Script, Waiting } from './container.ts';
import { invalidImage, isOnNoHost, pullMessage } from './image.ts';
import type { InitScript } from './pod-at.ts';

const RUN_MS = 400;
const INIT_RUN_MS = 100;
const COMPLETED: Ending = { exitCode: 0, reason: 'Completed' };

export interface Circumstances {
  readonly faults: readonly Fault[];
  /** How long the first run had lasted when the faults came: those of a Pod that runs already. */
  readonly delay: number;
  /** How many Pods of the same owner had the same fault before: where nothing restarts in place, they are counted. */
  readonly earlierFailures: number;
  /** What the environment of a container lacks. */
  missingConfig(container: Json): string | undefined;
}

export function containerScripts(pod: KubeObject, circumstances: Circumstances): Script[] {
  const restarts = restartPolicyOf(pod);
  return listAt(pod, 'spec', 'containers').map((container) => {
    const healthy = { lasts: restarts === 'Always' ? Number.POSITIVE_INFINITY : RUN_MS, ending: COMPLETED };
    const faults = circumstances.faults.filter((fault) => isAbout(fault, container));
    return {
      ...scriptOf(container, faults, circumstances),
      restarts,
      run: runOf({ healthy: { ...healthy, ready: healthy.lasts }, names: ENDINGS, faults, restarts, circumstances }),
    };
  });
}

export function initScripts(pod: KubeObject, circumstances: Circumstances): InitScript[] {
  const restarts = restartPolicyOf(pod) === 'Never' ? 'Never' : 'OnFailure';
  return listAt(pod, 'spec', 'initContainers').map((container) => {
    const isSidecar = textAt(container, 'restartPolicy') === 'Always';
    const lasts = isSidecar ? Number.POSITIVE_INFINITY : INIT_RUN_MS;
    const healthy = { lasts, ending: COMPLETED, ready: isSidecar ? lasts : 0 };
    const faults = circumstances.faults.filter((fault) =>
      fault.name === 'init-crash' ? isFor(fault, container) : isMeant(fault, container),
    );
    const names = ['init-crash', ...ENDINGS] as const;
    const policy = isSidecar ? 'Always' : restarts;
    return {
      ...scriptOf(container, faults, circumstances),
      restarts: policy,
      isSidecar,
      run: runOf({ healthy, names, faults, restarts: policy, circumstances }),
    };
  });
}

function restartPolicyOf(pod: KubeObject): Script['restarts'] {
  const policy = textAt(pod, 'spec', 'restartPolicy');
  return policy === 'OnFailure' || policy === 'Never' ? policy : 'Always';
}

const isMeant = ({ texts }: Fault, container: Json): boolean => texts['container'] === textAt(container, 'name');

const isFor = (fault: Fault, container: Json): boolean =>
  fault.texts['container'] === undefined || isMeant(fault, container);

/** Faults are about all containers, unless one is named; init containers have their own. */
const isAbout = (fault: Fault, container: Json): boolean => fault.name !== 'init-crash' && isFor(fault, container);

function scriptOf(
  container: Json,
  faults: readonly Fault[],
  { missingConfig }: Circumstances,
): Pick<Script, 'name' | 'pull' | 'blocked'> {
  const image = textAt(container, 'image');
  const invalid = invalidImage(image);
  const missing = invalid ? undefined : missingConfig(container);
  const blocked: Waiting | undefined =
    missing === undefined ? invalid : { reason: 'CreateContainerConfigError', message: missing };
  return { name: textAt(container, 'name'), blocked, pull: invalid ? undefined : pullOf(image, faults) };
}

function pullOf(image: string, faults: readonly Fault[]): Pull | undefined {
  const fault = faults.find(({ name }) => name === 'never-pull');
  if (!fault) {
    if (!isOnNoHost(image)) return undefined;
    return { image, message: pullMessage(image, 'no-host'), failures: Number.POSITIVE_INFINITY };
  }
  const reason = PULL_FAILURES.find((known) => known === fault.texts['reason']) ?? 'not-found';
  return { image, message: pullMessage(image, reason), failures: fault.numbers['times'] ?? Number.POSITIVE_INFINITY };
}

/** Faults that end a run. The first that is there counts. */
const ENDINGS = ['oom', 'crash', 'liveness', 'fail'] as const satisfies readonly FaultName[];

function endingOf({ name, numbers }: Fault): Ending {
  if (name === 'oom') return { exitCode: 137, reason: 'OOMKilled' };
  return { exitCode: name === 'liveness' ? 137 : (numbers['exit'] ?? 1), reason: 'Error' };
}

interface Wish {
  readonly healthy: Run;
  readonly names: readonly FaultName[];
  readonly faults: readonly Fault[];
  readonly restarts: Script['restarts'];
  readonly circumstances: Circumstances;
}

function runOf({ healthy, names, faults, restarts, circumstances }: Wish): Script['run'] {
  const { delay, earlierFailures } = circumstances;
  const [fault] = names.flatMap((name) => faults.filter((one) => one.name === name));
  const unready = faults.find(({ name }) => name === 'never-ready');
  const late = (index: number): number => (index === 0 ? delay : 0);
  const well = (index: number): Run =>
    unready
      ? { ...healthy, lasts: Number.POSITIVE_INFINITY, ready: (unready.numbers['after'] ?? 0) + late(index) }
      : healthy;
  if (!fault) return well;
  const times = fault.numbers['times'] ?? Number.POSITIVE_INFINITY;
  const ending = endingOf(fault);
  return (index) => {
    const failures = restarts === 'Never' ? earlierFailures : index;
    if (failures >= times) return well(index);
    const lasts = (fault.numbers['after'] ?? 0) + late(index);
    return { lasts, ending, ready: unready ? Math.min(well(index).ready, lasts) : lasts };
  };
}

/** The action of a probe that fails, as the event of a kubelet says it. */
export function probeFailure(kind: 'Readiness' | 'Liveness', container: Json, address: string): string {
  const probe = at(container, `${kind.toLowerCase()}Probe`);
  const failed = `${kind} probe failed: `;
  if (at(probe, 'httpGet') !== undefined) return `${failed}HTTP probe failed with statuscode: 503`;
  if (at(probe, 'tcpSocket') !== undefined) {
    return `${failed}dial tcp ${address}:${String(at(probe, 'tcpSocket', 'port') ?? '')}: connect: connection refused`;
  }
  if (at(probe, 'grpc') !== undefined) return `${failed}service unhealthy (responded with "NOT_SERVING")`;
  const command = listAt(probe, 'exec', 'command').join(' ');
  return `${failed}${command === '' ? 'asked for by hawser.dev/fault' : `${command}: exit status 1`}`;
}
