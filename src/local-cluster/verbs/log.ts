// Logs of simulated Pods: a few lines that tell what the simulation did.

import { at, type Json, listAt, numberAt, textAt } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import type { ResourceRequest } from '../api.ts';
import { isOn } from '../query.ts';
import type { KubeResponse } from '../request.ts';
import { badRequest } from '../status.ts';
import { storedObject } from './read.ts';

interface Line {
  readonly time: string;
  readonly text: string;
}

export async function podLog(call: ResourceRequest): Promise<KubeResponse> {
  const pod = storedObject(call);
  const { query } = call.request;
  const container = containerOf(pod, query.get('container') ?? '');
  // Nothing runs, and nothing is said, before there is a node.
  if (textAt(pod, 'spec', 'nodeName') === '') return { status: 200, headers: PLAIN, body: '' };
  const waiting = textAt(containerStatus(pod, container), 'state', 'waiting', 'reason');
  const name = pod.metadata.name ?? '';
  if (waiting !== '' && waiting !== 'CrashLoopBackOff') {
    const why =
      waiting === 'ContainerCreating' ? 'is waiting to start: ContainerCreating' : `is waiting to start: ${waiting}`;
    throw badRequest(`container "${container}" in pod "${name}" ${why}`);
  }
  const isPrevious = isOn(query, 'previous');
  if (isPrevious && at(containerStatus(pod, container), 'lastState', 'terminated') === undefined) {
    throw badRequest(`previous terminated container "${container}" in pod "${name}" not found`);
  }
  let lines = linesOf(pod, container, isPrevious);
  const since = Number(query.get('sinceSeconds') ?? '0');
  if (since > 0) lines = lines.filter(({ time }) => Date.parse(time) >= call.api.clock.now() - since * 1000);
  const tail = query.get('tailLines');
  if (tail !== null && tail !== '') lines = Number(tail) === 0 ? [] : lines.slice(-Number(tail));
  const withTime = isOn(query, 'timestamps');
  const text = lines.map((line) => `${withTime ? `${line.time} ` : ''}${line.text}\n`).join('');
  const follows = isOn(query, 'follow') && textAt(pod, 'status', 'phase') === 'Running';
  return { status: 200, headers: PLAIN, body: follows ? following(text, call) : text };
}

const PLAIN = { 'content-type': 'text/plain' };

/** Nothing more is said, but the stream stays open until the Pod or the reader goes. */
async function* following(text: string, { api, request, path }: ResourceRequest): AsyncGenerator<string> {
  yield text;
  const { signal } = request;
  await new Promise<void>((resolve) => {
    const unsubscribe = api.store.subscribe((change) => {
      const mine = change.resource === '/pods' && change.namespace === path.namespace && change.name === path.name;
      if (mine && (!change.object || textAt(change.object, 'status', 'phase') !== 'Running')) end();
    });
    const end = (): void => {
      unsubscribe();
      resolve();
    };
    if (signal?.aborted) end();
    signal?.addEventListener('abort', end, { once: true });
  });
}

/** The container that a request of a Pod means; refuses what is none. */
export function containerOf(pod: KubeObject, wanted: string): string {
  const names = listAt(pod, 'spec', 'containers').map((container) => textAt(container, 'name'));
  const init = listAt(pod, 'spec', 'initContainers').map((container) => textAt(container, 'name'));
  const later = listAt(pod, 'spec', 'ephemeralContainers').map((container) => textAt(container, 'name'));
  const [first = ''] = names;
  if (wanted === '' && names.length > 1) {
    const choice = `[${names.join(' ')}]`;
    throw badRequest(`a container name must be specified for pod ${pod.metadata.name ?? ''}, choose one of: ${choice}`);
  }
  const name = wanted === '' ? first : wanted;
  if (![...init, ...names, ...later].includes(name))
    throw badRequest(`container ${name} is not valid for pod ${pod.metadata.name ?? ''}`);
  return name;
}

const FIELDS = [
  ['initContainers', 'initContainerStatuses'],
  ['containers', 'containerStatuses'],
] as const;

function containerStatus(pod: KubeObject, container: string): Json | undefined {
  return FIELDS.flatMap(([, field]) => listAt(pod, 'status', field)).find(
    (status) => textAt(status, 'name') === container,
  );
}

/** Of the run that is or was last; with `isPrevious` of the one before. */
function linesOf(pod: KubeObject, container: string, isPrevious: boolean): Line[] {
  const spec = FIELDS.flatMap(([field]) => listAt(pod, 'spec', field)).find(
    (entry) => textAt(entry, 'name') === container,
  );
  const status = containerStatus(pod, container);
  const last = at(status, 'lastState', 'terminated');
  const running = isPrevious ? undefined : at(status, 'state', 'running');
  const ended = isPrevious ? last : running === undefined ? (at(status, 'state', 'terminated') ?? last) : undefined;
  const podStart = textAt(pod, 'status', 'startTime') || (pod.metadata.creationTimestamp ?? '');
  const isFirst = numberAt(status, 'restartCount') === 0;
  const start = isFirst ? podStart : textAt(ended, 'startedAt') || textAt(running, 'startedAt') || podStart;
  const lines: Line[] = [
    { time: start, text: `simulated container "${container}" of pod "${pod.metadata.name ?? ''}"` },
    { time: start, text: `image ${textAt(spec, 'image')} was not run` },
  ];
  const state = at(status, 'ready') === true ? 'ready' : 'running, not ready';
  if (ended === undefined) return [...lines, { time: start, text: state }];
  const code = numberAt(ended, 'exitCode') ?? 0;
  const how = `ended: ${textAt(ended, 'reason')}${code === 0 ? '' : `, exit code ${code}`}`;
  return [...lines, { time: textAt(ended, 'finishedAt') || start, text: how }];
}
