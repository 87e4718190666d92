// A system that only answers a question leaves its controllers idle. Before it shows an application it runs them until
// they have caught up with the time that has passed, as far as the question needs it.

import { at, textAt } from '../../core/json.ts';
import type { Clock } from '../../core/time.ts';
import {
  APPLICATION_TYPE,
  type ApplicationKey,
  applicationKey,
  parseApplicationKey,
} from '../../model/application-key.ts';
import { REFRESH_ANNOTATION } from '../../model/refresh.ts';
import type { Cluster } from '../../objects/cluster.ts';
import { annotationsOf, type KubeObject } from '../../objects/object.ts';
import type { ObjectChange } from '../ports.ts';

export interface IdleControllersOptions {
  readonly home: Cluster;
  readonly namespace: string;
  readonly clock: Clock;
  readonly run: () => Promise<void>;
  readonly isRunning: () => boolean;
  readonly controller: { settled(key: ApplicationKey): Promise<unknown> };
  readonly subscribe: (listener: (change: ObjectChange) => void) => () => void;
}

const QUIET_MS = 60;
const LONGEST_MS = 20_000;
/** A list does not wait for a repository, and no question waits for the end of an operation. */
const LONGEST_FOR_LIST_MS = 1000;

export function createIdleControllers(options: IdleControllersOptions): {
  catchUp(key?: ApplicationKey): Promise<void>;
} {
  const { clock } = options;

  /** Resolves when nothing has changed for a moment. */
  async function waitUntilQuiet(): Promise<void> {
    let last = clock.now();
    const unsubscribe = options.subscribe(() => {
      last = clock.now();
    });
    const end = last + LONGEST_FOR_LIST_MS;
    while (clock.now() - last < QUIET_MS && clock.now() < end) await clock.sleep(10);
    unsubscribe();
  }

  async function settle(keys: readonly ApplicationKey[], longest: number): Promise<void> {
    await options.run();
    await waitUntilQuiet();
    const control = new AbortController();
    const settled = Promise.all(keys.map((key) => options.controller.settled(key)));
    await Promise.race([settled, clock.sleep(longest, control.signal).catch(() => undefined)]);
    control.abort();
  }

  return {
    catchUp: async (key) => {
      if (options.isRunning()) return;
      if (key !== undefined) {
        const object = await options.home.get({ ...APPLICATION_TYPE, ...parseApplicationKey(key) });
        return settle([key], object && isUnderWay(object) ? LONGEST_FOR_LIST_MS : LONGEST_MS);
      }
      const { items } = await options.home.list(APPLICATION_TYPE, { namespace: options.namespace });
      const busy = items.filter((object) => !isIdle(object)).map((object) => applicationKey(object.metadata));
      if (busy.length > 0) await settle(busy, LONGEST_FOR_LIST_MS);
    },
  };
}

const isUnderWay = (object: KubeObject): boolean =>
  at(object, 'operation') !== undefined || object.metadata.deletionTimestamp !== undefined;

/** Nothing is under way: no operation, no deletion, no refresh, no rollout. */
function isIdle(object: KubeObject): boolean {
  if (isUnderWay(object) || annotationsOf(object)[REFRESH_ANNOTATION] !== undefined) return false;
  return textAt(object, 'status', 'health', 'status') !== 'Progressing';
}
