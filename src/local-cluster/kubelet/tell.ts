// What a kubelet tells of a Pod: the events between one status and the next. Of a start that goes well nothing is told.

import { at, type Json, type JsonObject, listAt, numberAt, textAt } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import type { Told } from '../controllers/event.ts';
import { probeFailure } from './scripts.ts';

const LISTS = [
  ['initContainers', 'initContainerStatuses'],
  ['containers', 'containerStatuses'],
] as const;

export interface Faulty {
  /** Its runs are ended by a liveness probe. */
  readonly liveness: boolean;
}

export function eventsBetween(pod: KubeObject, after: JsonObject, faulty: Faulty): Told[] {
  return LISTS.flatMap(([specs, field]) =>
    listAt(after, field).flatMap((status) => {
      const name = textAt(status, 'name');
      const isSame = (one: Json): boolean => textAt(one, 'name') === name;
      const before = listAt(pod, 'status', field).find(isSame);
      const container = listAt(pod, 'spec', specs).find(isSame) ?? {};
      return [...waitingEvents(pod, status, before), ...killingEvents(container, { status, before, after, faulty })];
    }),
  );
}

const normal = (reason: string, message: string): Told => ({ type: 'Normal', reason, message, component: 'kubelet' });
const warning = (reason: string, message: string): Told => ({ type: 'Warning', reason, message, component: 'kubelet' });

function waitingEvents(pod: KubeObject, status: Json, before: Json | undefined): Told[] {
  const reason = textAt(status, 'state', 'waiting', 'reason');
  const earlier = textAt(before, 'state', 'waiting', 'reason');
  if (reason === '' || reason === earlier) return [];
  const image = textAt(status, 'image');
  const message = textAt(status, 'state', 'waiting', 'message');
  switch (reason) {
    case 'ErrImagePull':
      return pullFailed(image, message);
    case 'ImagePullBackOff': {
      const failure = message.slice(message.indexOf('ErrImagePull: ') + 'ErrImagePull: '.length);
      return [
        // The pull that failed may have come and gone unseen.
        ...(earlier === 'ErrImagePull' ? [] : pullFailed(image, failure)),
        normal('BackOff', `Back-off pulling image "${image}"`),
        warning('Failed', 'Error: ImagePullBackOff'),
      ];
    }
    case 'CrashLoopBackOff': {
      const { name = '', namespace = '', uid = '' } = pod.metadata;
      const container = textAt(status, 'name');
      return [
        warning('BackOff', `Back-off restarting failed container ${container} in pod ${name}_${namespace}(${uid})`),
      ];
    }
    case 'CreateContainerConfigError':
      return [warning('Failed', `Error: ${message}`)];
    case 'InvalidImageName':
      return [warning('InspectFailed', message), warning('Failed', 'Error: InvalidImageName')];
    default:
      return [];
  }
}

const pullFailed = (image: string, message: string): Told[] => [
  normal('Pulling', `Pulling image "${image}"`),
  warning('Failed', `Failed to pull image "${image}": ${message}`),
  warning('Failed', 'Error: ErrImagePull'),
];

interface Change {
  readonly status: Json;
  readonly before: Json | undefined;
  readonly after: JsonObject;
  readonly faulty: Faulty;
}

function killingEvents(container: Json, { status, before, after, faulty }: Change): Told[] {
  const ends = (one: Json | undefined): number =>
    (numberAt(one, 'restartCount') ?? 0) + (at(one, 'state', 'terminated') === undefined ? 0 : 1);
  const hadRun = at(before, 'state', 'running') !== undefined;
  if (!faulty.liveness || !hadRun || ends(status) <= ends(before)) return [];
  return [
    warning('Unhealthy', probeFailure('Liveness', container, textAt(after, 'podIP'))),
    normal('Killing', `Container ${textAt(container, 'name')} failed liveness probe, will be restarted`),
  ];
}

/** Of each container that runs and is not ready. */
export function readinessEvents(pod: KubeObject, status: JsonObject): Told[] {
  return listAt(status, 'containerStatuses').flatMap((one, index) => {
    if (at(one, 'state', 'running') === undefined || at(one, 'ready') === true) return [];
    const container = listAt(pod, 'spec', 'containers')[index] ?? {};
    return [warning('Unhealthy', probeFailure('Readiness', container, textAt(status, 'podIP')))];
  });
}
