// What one container does over time, worked out from when it began: pulls that fail, runs that end, pauses that grow.

/** How an image comes: attempts that fail, with a pause after each that doubles. */
export interface Pull {
  readonly message: string;
  readonly image: string;
  /** How many attempts fail. */
  readonly failures: number;
}

export interface Ending {
  readonly exitCode: number;
  readonly reason: string;
}

export interface Run {
  readonly lasts: number;
  readonly ending: Ending;
  /** How long it is ready. */
  readonly ready: number;
}

export interface Script {
  readonly name: string;
  readonly restarts: 'Always' | 'OnFailure' | 'Never';
  readonly pull: Pull | undefined;
  /** What keeps it from being created at all. */
  readonly blocked: Waiting | undefined;
  /** When what kept it from being created was mended. */
  readonly notBefore?: number;
  run(index: number): Run;
}

export interface Waiting {
  readonly reason: string;
  readonly message: string;
}

export interface Ended extends Ending {
  readonly from: number;
  readonly to: number;
}

export interface ContainerView {
  readonly state:
    | { readonly is: 'waiting'; readonly waiting: Waiting }
    | { readonly is: 'running'; readonly from: number }
    | { readonly is: 'terminated'; readonly ended: Ended };
  /** How the run before ended. */
  readonly last: Ended | undefined;
  readonly restarts: number;
  readonly ready: boolean;
  /** It has ended, and no other run follows. */
  readonly isDone: boolean;
  /** When it will be another; infinite where it stays. */
  readonly next: number;
}

const FIRST_BACKOFF_MS = 10_000;
const LONGEST_BACKOFF_MS = 300_000;
/** How long an end or a failed pull is seen as such, before the pause. */
const SEEN_MS = 300;

const backoff = (failures: number): number =>
  Math.min(FIRST_BACKOFF_MS * 2 ** Math.min(failures, 10), LONGEST_BACKOFF_MS);

/** A container that was begun at `from`, as it is at `now`. `podText` names its Pod in messages. */
export function containerAt(script: Script, from: number, { now, podText }: Moment): ContainerView {
  const pulled = pullAt(script.pull, from, now);
  if (typeof pulled !== 'number') return pulled;
  if (script.blocked) return waitingFor(script.blocked, Number.POSITIVE_INFINITY);
  let begun = Math.max(pulled, script.notBefore ?? pulled);
  let last: Ended | undefined;
  for (let index = 0; ; index += 1) {
    const run = script.run(index);
    const to = begun + run.lasts;
    const common = { last, restarts: index };
    if (now < to) return { ...common, ...running(run, begun, now) };
    const ended: Ended = { ...run.ending, from: begun, to };
    const isDone = script.restarts === 'Never' || (script.restarts === 'OnFailure' && ended.exitCode === 0);
    const state = { is: 'terminated', ended } as const;
    if (isDone) return { ...common, state, ready: false, isDone, next: Number.POSITIVE_INFINITY };
    const seen = to + SEEN_MS;
    if (now < seen) return { ...common, state, ready: false, isDone, next: seen };
    // The first restart comes at once; each later one waits twice as long as the one before.
    const pause = index === 0 ? SEEN_MS : backoff(index - 1);
    if (now < to + pause) {
      const message = `back-off ${pauseText(pause)} restarting failed container=${script.name} pod=${podText}`;
      return { ...waitingFor({ reason: 'CrashLoopBackOff', message }, to + pause), last: ended, restarts: index };
    }
    last = ended;
    begun = to + pause;
  }
}

export interface Moment {
  readonly now: number;
  readonly podText: string;
}

function running(run: Run, begun: number, now: number): Pick<ContainerView, 'state' | 'ready' | 'isDone' | 'next'> {
  const unready = begun + run.ready;
  const next = Math.min(begun + run.lasts, unready > now ? unready : Number.POSITIVE_INFINITY);
  return { state: { is: 'running', from: begun }, ready: now < unready, isDone: false, next };
}

export function waitingFor(waiting: Waiting, next: number): ContainerView {
  return { state: { is: 'waiting', waiting }, last: undefined, restarts: 0, ready: false, isDone: false, next };
}

/** When the image was there, or what the container waits for. */
function pullAt(pull: Pull | undefined, from: number, now: number): number | ContainerView {
  if (!pull) return from;
  let attempt = from;
  for (let index = 0; index < pull.failures; index += 1) {
    const again = attempt + backoff(index);
    if (now < attempt + SEEN_MS)
      return waitingFor({ reason: 'ErrImagePull', message: pull.message }, attempt + SEEN_MS);
    if (now < again) {
      const message = `Back-off pulling image "${pull.image}": ErrImagePull: ${pull.message}`;
      return waitingFor({ reason: 'ImagePullBackOff', message }, again);
    }
    attempt = again;
  }
  return attempt;
}

/** As Go writes a duration: '10s', '2m40s'. */
function pauseText(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}
