// One event as its teller writes it: of the core group by kubelets and controllers, of the newer group by the scheduler.

import { isObject, type JsonObject, numberAt, textAt } from '../../core/json.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import { timestamp } from '../../core/time.ts';
import type { KubeObject } from '../../objects/object.ts';

export const EVENTS = '/events';

export interface Told {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  /** Who tells it; absent: the controller of the object's kind. */
  readonly component?: string;
  /** On which node. */
  readonly host?: string;
  /** The part of the object that it is about. */
  readonly fieldPath?: string;
  /** What was done: said in the newer form, which counts by a series. */
  readonly action?: string;
  /** It stands for others: who reports it is not said. */
  readonly isCombined?: boolean;
}

/** Controllers whose name is not that of their kind. */
const COMPONENTS: Readonly<Record<string, string>> = {
  HorizontalPodAutoscaler: 'horizontal-pod-autoscaler',
  PersistentVolumeClaim: 'persistentvolume-controller',
  PodDisruptionBudget: 'controllermanager',
  ReplicationController: 'replication-controller',
};

export const componentOf = ({ component }: Told, { kind }: KubeObject): string =>
  component ?? COMPONENTS[kind] ?? `${kind.toLowerCase()}-controller`;

export interface Stamp {
  readonly uid: string;
  readonly now: number;
  readonly manager: string;
  /** Makes names of the same millisecond differ. */
  readonly turn: number;
}

export function eventOf(about: KubeObject, told: Told, stamp: Stamp): KubeObject {
  const { name = '', namespace = '' } = about.metadata;
  const nanoseconds = BigInt(stamp.now) * 1_000_000n + BigInt(stamp.turn % 1_000_000);
  const time = timestamp(stamp.now);
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: {
      name: `${name}.${nanoseconds.toString(16)}`,
      namespace: namespace || 'default',
      uid: stamp.uid,
      creationTimestamp: time,
      managedFields: [ownersOf(told, stamp.manager, time)],
    },
    involvedObject: { ...referenceTo(about), ...omitUndefined({ fieldPath: told.fieldPath }) },
    reason: told.reason,
    message: told.message,
    type: told.type,
    ...(told.action === undefined ? countedBy(about, told, time) : actedBy(about, told, stamp.now)),
  };
}

function countedBy(about: KubeObject, told: Told, time: string): JsonObject {
  const component = componentOf(told, about);
  return {
    source: { component, ...omitUndefined({ host: told.host }) },
    firstTimestamp: time,
    lastTimestamp: time,
    count: 1,
    eventTime: null,
    reportingComponent: told.isCombined ? '' : component,
    reportingInstance: told.isCombined ? '' : (told.host ?? ''),
  };
}

function actedBy(about: KubeObject, told: Told, now: number): JsonObject {
  const component = componentOf(told, about);
  return {
    source: {},
    firstTimestamp: null,
    lastTimestamp: null,
    eventTime: microTime(now),
    action: told.action ?? '',
    reportingComponent: component,
    reportingInstance: `${component}-local`,
  };
}

/** The same event, told so many times more. */
export function toldAgain(
  event: KubeObject,
  message: string,
  { now, times }: { now: number; times: number },
): KubeObject {
  const time = timestamp(now);
  const managedFields = (event.metadata.managedFields ?? []).map((entry) =>
    isObject(entry) ? { ...entry, time } : entry,
  );
  const metadata = { ...event.metadata, managedFields };
  if (textAt(event, 'eventTime') !== '') {
    const count = (numberAt(event, 'series', 'count') ?? 1) + times;
    return { ...event, metadata, message, series: { count, lastObservedTime: microTime(now) } };
  }
  return { ...event, metadata, message, count: (numberAt(event, 'count') ?? 1) + times, lastTimestamp: time };
}

const microTime = (now: number): string => `${new Date(now).toISOString().slice(0, -1)}000Z`;

function referenceTo({ apiVersion, kind, metadata }: KubeObject): JsonObject {
  const { name = '', namespace, uid, resourceVersion } = metadata;
  return {
    kind,
    ...(namespace ? { namespace } : {}),
    name,
    ...omitUndefined({ uid }),
    apiVersion,
    ...omitUndefined({ resourceVersion }),
  };
}

const NONE = {} as const;
const fields = (...names: readonly string[]): JsonObject =>
  Object.fromEntries([...names].sort().map((name) => [`f:${name}`, NONE]));

const COUNTED = ['count', 'firstTimestamp', 'involvedObject', 'lastTimestamp', 'message'] as const;
const ACTED = ['action', 'eventTime', 'note', 'regarding', 'reportingController'] as const;
const EVERY = ['reason', 'reportingInstance', 'type'] as const;

/** Who owns what in an event of a form: shared by all of them, for they are many. */
const OWNED = {
  counted: { ...fields(...COUNTED, ...EVERY, 'reportingComponent'), 'f:source': fields('component') },
  onNode: { ...fields(...COUNTED, ...EVERY, 'reportingComponent'), 'f:source': fields('component', 'host') },
  acted: fields(...ACTED, ...EVERY),
} as const;

function ownersOf({ action, host }: Told, manager: string, time: string): JsonObject {
  const isNewer = action !== undefined;
  const form = isNewer ? 'acted' : host === undefined ? 'counted' : 'onNode';
  const apiVersion = isNewer ? 'events.k8s.io/v1' : 'v1';
  return { manager, operation: 'Update', apiVersion, time, fieldsType: 'FieldsV1', fieldsV1: OWNED[form] };
}
