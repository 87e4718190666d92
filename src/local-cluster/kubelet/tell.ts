// What a kubelet tells of a Pod: the events between one status and the next.

import { at, type Json, type JsonObject, listAt, numberAt, textAt } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import type { Told } from '../events/event.ts';
import { ofContainer } from '../events/tell.ts';
import { type ImagesOfNode, pullOfImage } from './images.ts';
import { probeFailure } from './scripts.ts';

const LISTS = [
  ['initContainers', 'initContainerStatuses'],
  ['containers', 'containerStatuses'],
] as const;

type SpecsField = (typeof LISTS)[number][0];

export interface Setting {
  /** Its runs are ended by a liveness probe. */
  readonly liveness: boolean;
  readonly images: ImagesOfNode;
}

/** Told so many times at once. */
export interface Telling extends Told {
  readonly times?: number;
}

export function eventsBetween(pod: KubeObject, after: JsonObject, setting: Setting): Telling[] {
  return LISTS.flatMap(([specs, field]) =>
    listAt(after, field).flatMap((status) => {
      const name = textAt(status, 'name');
      const isSame = (one: Json): boolean => textAt(one, 'name') === name;
      const before = listAt(pod, 'status', field).find(isSame);
      const container = listAt(pod, 'spec', specs).find(isSame) ?? {};
      const change = { status, before, after, setting };
      const told = [
        ...startingEvents(container, change),
        ...waitingEvents(pod, status, before),
        ...killingEvents(container, change),
      ];
      return told.map((one) => about(one, specs, name));
    }),
  );
}

const about = (told: Telling, specs: SpecsField, name: string): Telling => ({
  ...told,
  fieldPath: `spec.${specs}{${name}}`,
});

/** Of each container that runs: it is to end now. */
export function stoppingEvents(pod: KubeObject): Telling[] {
  return LISTS.flatMap(([specs, field]) =>
    listAt(pod, 'status', field)
      .filter((status) => at(status, 'state', 'running') !== undefined)
      .map((status) => textAt(status, 'name'))
      .map((name) => about(ofContainer.stopped(name), specs, name)),
  );
}

/** How many runs have begun. */
const runsOf = (status: Json | undefined): number =>
  textAt(status, 'containerID') === '' ? 0 : (numberAt(status, 'restartCount') ?? 0) + 1;

const UNREADY = 'CreateContainerConfigError';

function startingEvents(container: Json, { status, before, setting }: Change): Telling[] {
  const times = runsOf(status) - runsOf(before);
  if (times > 0) {
    const begun = [ofContainer.created(), ofContainer.started()];
    return [...pullEvents(container, setting.images), ...begun.map((told) => ({ ...told, times }))];
  }
  const [reason, earlier] = [status, before].map((one) => textAt(one, 'state', 'waiting', 'reason'));
  return reason === UNREADY && earlier !== UNREADY ? pullEvents(container, setting.images) : [];
}

function pullEvents(container: Json, images: ImagesOfNode): Telling[] {
  const image = textAt(container, 'image');
  if (textAt(container, 'imagePullPolicy') !== 'Always' && images.has(image)) return [ofContainer.present(image)];
  if (textAt(container, 'imagePullPolicy') === 'Never') return [ofContainer.present(image)];
  images.add(image);
  const { took, bytes } = pullOfImage(image);
  return [ofContainer.pulling(image), ofContainer.pulled(image, took, bytes)];
}

const normal = (reason: string, message: string): Told => ({ type: 'Normal', reason, message });
const warning = (reason: string, message: string): Told => ({ type: 'Warning', reason, message });

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
    case UNREADY:
      return [warning('Failed', `Error: ${message}`)];
    case 'InvalidImageName':
      return [warning('InspectFailed', message), warning('Failed', 'Error: InvalidImageName')];
    default:
      return [];
  }
}

const pullFailed = (image: string, message: string): Told[] => [
  ofContainer.pulling(image),
  warning('Failed', `Failed to pull image "${image}": ${message}`),
  warning('Failed', 'Error: ErrImagePull'),
];

interface Change {
  readonly status: Json;
  readonly before: Json | undefined;
  readonly after: JsonObject;
  readonly setting: Setting;
}

function killingEvents(container: Json, { status, before, after, setting }: Change): Told[] {
  const ends = (one: Json | undefined): number =>
    (numberAt(one, 'restartCount') ?? 0) + (at(one, 'state', 'terminated') === undefined ? 0 : 1);
  const hadRun = at(before, 'state', 'running') !== undefined;
  if (!setting.liveness || !hadRun || ends(status) <= ends(before)) return [];
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
    const told = warning('Unhealthy', probeFailure('Readiness', container, textAt(status, 'podIP')));
    return [about(told, 'containers', textAt(container, 'name'))];
  });
}
