// The faults that a user may ask for by the annotation `hawser.dev/fault`: where each may stand, what it takes, what it does.
// docs/local-cluster.md has this table, and a test compares the two.

/** Kinds that carry faults. 'Pod' includes every Pod template; 'any' is every kind. */
type Place =
  | 'Pod'
  | 'Node'
  | 'Job'
  | 'Service'
  | 'Ingress'
  | 'PersistentVolumeClaim'
  | 'Namespace'
  | 'custom resource'
  | 'any';

type ParameterType = 'duration' | 'count' | 'exit' | 'share' | 'name' | 'text' | 'boolean';

export interface Parameter {
  readonly type: ParameterType;
  /** As a user would write it; '' where nothing is meant. */
  readonly initial: string;
  readonly about: string;
}

export interface FaultRow {
  readonly on: readonly Place[];
  readonly parameters: Readonly<Record<string, Parameter>>;
  readonly about: string;
}

const after = (initial: string): Parameter => ({ type: 'duration', initial, about: 'how long it runs first' });
const exit: Parameter = { type: 'exit', initial: '1', about: 'exit code' };
const container: Parameter = { type: 'name', initial: '', about: 'this container only' };
const share: Parameter = { type: 'share', initial: '30%', about: 'share of the calls' };
const times: Parameter = { type: 'count', initial: '', about: 'so many times, then it is well; without: always' };
const lasting: Parameter = { type: 'duration', initial: '', about: 'so long, then it is well; without: always' };

export const FAULTS = {
  crash: {
    on: ['Pod'],
    parameters: { exit, after: after('0.2s'), times, container },
    about: 'its containers end again and again: CrashLoopBackOff, with growing pauses and a log of the previous run',
  },
  oom: {
    on: ['Pod'],
    parameters: { after: after('0.2s'), times, container },
    about: 'its containers take too much memory again and again: OOMKilled, exit code 137',
  },
  liveness: {
    on: ['Pod'],
    parameters: { after: after('3s'), times, container },
    about: 'the liveness probe fails: Unhealthy, Killing, and a restart',
  },
  'never-ready': {
    on: ['Pod'],
    parameters: { after: { ...after('0s'), about: 'how long it is ready first' }, container },
    about: 'it runs and is not ready: events that the readiness probe failed. `hang` is the same',
  },
  'never-pull': {
    on: ['Pod'],
    parameters: {
      reason: { type: 'name', initial: 'not-found', about: '`not-found`, `denied` or `timeout`' },
      times,
      container,
    },
    about: 'the image cannot be pulled: ErrImagePull, ImagePullBackOff',
  },
  slow: {
    on: ['Pod'],
    parameters: { by: { type: 'duration', initial: '10s', about: 'how much longer' } },
    about: 'the start takes longer: ContainerCreating',
  },
  'init-crash': {
    on: ['Pod'],
    parameters: { exit, after: after('0.2s'), times, container },
    about: 'its init containers fail: Init:CrashLoopBackOff',
  },
  fail: {
    on: ['Pod', 'Job'],
    parameters: {
      times: { ...times, initial: '1', about: 'how often, before it succeeds' },
      exit,
      after: after('0.2s'),
    },
    about: 'a Job (or a Pod that runs to its end) fails so many times, and then succeeds',
  },
  unschedulable: {
    on: ['Pod'],
    parameters: { for: lasting },
    about: 'no node has room: Pending, FailedScheduling',
  },
  mount: {
    on: ['Pod'],
    parameters: { for: lasting, volume: { type: 'name', initial: '', about: 'the volume; without: the first' } },
    about: 'a volume cannot be mounted: ContainerCreating, FailedMount',
  },
  evict: {
    on: ['Pod'],
    parameters: {
      after: after('3s'),
      times: { ...times, initial: '1', about: 'how many Pods of the same owner' },
    },
    about: 'the node runs out of memory and evicts it: Failed, Evicted',
  },
  lost: {
    on: ['Node'],
    parameters: {},
    about:
      'its kubelet falls silent: after 50s the node is NotReady and its Pods are not ready, 300s later they are put out and stay Terminating',
  },
  pending: {
    on: ['Service', 'Ingress', 'PersistentVolumeClaim', 'custom resource'],
    parameters: { for: lasting },
    about: 'no address, no volume, no status that it is ready: it stays pending, and an event says why',
  },
  refuse: {
    on: ['any'],
    parameters: { message: { type: 'text', initial: 'refused on request', about: 'the sentence; the last parameter' } },
    about: 'admission refuses the object; in a Pod template it refuses the Pods',
  },
  stuck: {
    on: ['any'],
    parameters: {},
    about: 'a finalizer (`hawser.dev/stuck`) that never goes: deletion hangs until the annotation is removed',
  },
  throttle: {
    on: ['Namespace'],
    parameters: { share },
    about: 'calls to the API are answered 429 with `Retry-After: 1`',
  },
  error: {
    on: ['Namespace'],
    parameters: { share },
    about: 'calls to the API are answered 500 (ServerTimeout) with `Retry-After: 1`',
  },
  conflict: {
    on: ['Namespace'],
    parameters: { share },
    about: 'updates and patches are answered 409: the object has been modified',
  },
  cut: {
    on: ['Namespace'],
    parameters: {
      after: { type: 'duration', initial: '5s', about: 'how long a watch lives, at least 1s' },
      expired: { type: 'boolean', initial: 'false', about: 'ends it with 410 Expired, so that clients list again' },
    },
    about: 'watches are cut',
  },
} as const satisfies Readonly<Record<string, FaultRow>>;

export type FaultName = keyof typeof FAULTS;

export const ALIASES: Readonly<Record<string, FaultName>> = { hang: 'never-ready' };

export const isFaultName = (name: string): name is FaultName => Object.hasOwn(FAULTS, name);

/** One fault as a row of its table says; the wide type, for who walks over all. */
export const rowOf = (name: FaultName): FaultRow => FAULTS[name];
