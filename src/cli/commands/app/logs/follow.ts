// The logs of all Pods that there are, and of all that come, for as long as one likes: through rollouts and restarts.

import { HawserError } from '../../../../core/errors.ts';
import type { Context } from '../../../context.ts';
import type { LogContainer } from './containers.ts';
import { PASSING } from './stream.ts';

/** How often it is looked for Pods that came and went. */
const LOOK_AGAIN = 2000;
/** What no later try changes. */
const FINAL: readonly string[] = ['not-logged-in', 'not-allowed', 'usage', 'interrupted', 'terminated'];

export interface Following {
  /** The containers that there are now. */
  find(): Promise<readonly LogContainer[]>;
  /** Shows the log of one until it ends, or the signal fires. */
  show(container: LogContainer, signal: AbortSignal): Promise<void>;
}

interface Followed {
  readonly container: LogContainer;
  readonly stop: AbortController;
  isMissing: boolean;
}

/** Never ends but by the signal of the context, or by a failure that no later try changes. */
export async function followContainers({ find, show }: Following, context: Context): Promise<void> {
  const following = new Map<string, Followed>();
  const told = new Set<string>();
  const failures = new Map<string, number>();
  let fail: (reason: unknown) => void = () => undefined;
  const failure = new Promise<never>((_, reject) => {
    fail = reject;
  });
  failure.catch(() => undefined);
  const tellOnce = (key: string, text: string): void => {
    if (!told.has(key)) context.say(text);
    told.add(key);
  };
  const follow = (key: string, container: LogContainer): void => {
    const stop = new AbortController();
    following.set(key, { container, stop, isMissing: false });
    show(container, AbortSignal.any([context.signal, stop.signal])).catch((thrown: unknown) => {
      if (stop.signal.aborted) return;
      following.delete(key);
      if (context.signal.aborted || !mayPass(thrown)) {
        fail(thrown);
        return;
      }
      // A Pod that is gone by now is no trouble; one that starts is tried again with the next look.
      const count = (failures.get(key) ?? 0) + 1;
      failures.set(key, count);
      if (!isGone(thrown) && count > 1) tellOnce(key, messageFor(container, thrown));
    });
  };
  for (;;) {
    const containers = await find().catch((thrown: unknown) => {
      if (context.signal.aborted || !isPassing(thrown)) throw thrown;
      return undefined;
    });
    if (containers) {
      const present = new Map(containers.map((container) => [keyOf(container), container]));
      letGo(following, present);
      for (const [key, container] of present) if (!following.has(key)) follow(key, container);
      if (present.size === 0) tellOnce('', 'there is no pod yet: waiting for one');
    }
    await Promise.race([failure, context.clock.sleep(LOOK_AGAIN, context.signal)]);
  }
}

/** A Pod that went has one more look of time for its last lines, unless another one has its name. */
function letGo(following: Map<string, Followed>, present: ReadonlyMap<string, LogContainer>): void {
  const names = new Set([...present.values()].map(titleOf));
  for (const [key, followed] of following) {
    if (present.has(key)) followed.isMissing = false;
    else if (followed.isMissing || names.has(titleOf(followed.container))) {
      followed.stop.abort();
      following.delete(key);
    } else followed.isMissing = true;
  }
}

export const titleOf = ({ pod, container }: LogContainer): string => `${pod}/${container}`;

const keyOf = (container: LogContainer): string => `${container.uid}/${container.namespace}/${titleOf(container)}`;

const mayPass = (thrown: unknown): boolean => thrown instanceof HawserError && !FINAL.includes(thrown.code);
const isPassing = (thrown: unknown): boolean => thrown instanceof HawserError && PASSING.includes(thrown.code);
const isGone = (thrown: unknown): boolean => thrown instanceof HawserError && thrown.code === 'not-found';

const messageFor = (container: LogContainer, thrown: unknown): string =>
  `no log of ${titleOf(container)} yet: ${thrown instanceof Error ? thrown.message : String(thrown)}`;
