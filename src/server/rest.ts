// A system that only answers a question leaves its controllers asleep. Before it shows an application it lets them catch
// up with the time that has passed, as far as the question needs it.

import { at, textAt } from '../core/json.ts';
import type { Clock } from '../core/time.ts';
import type { Cluster } from '../objects/cluster.ts';
import type { KubeObject } from '../objects/object.ts';
import type { ObjectChange } from './ports.ts';

export interface RestOptions {
  readonly home: Cluster;
  readonly namespace: string;
  readonly clock: Clock;
  readonly run: () => Promise<void>;
  readonly isRunning: () => boolean;
  readonly controller: { settled(name: string): Promise<unknown> };
  readonly subscribe: (listener: (change: ObjectChange) => void) => () => void;
}

const QUIET_MS = 60;
const LONGEST_MS = 20_000;
/** A list never waits for a repository, and nobody for the end of an operation: only for what is due at once. */
const LONGEST_FOR_LIST_MS = 1000;

export function createRest(options: RestOptions): { catchUp(name: string): Promise<void> } {
  const { clock } = options;

  /** Resolves when nothing has changed for a moment. */
  async function quiet(): Promise<void> {
    let last = clock.now();
    const unsubscribe = options.subscribe(() => {
      last = clock.now();
    });
    const end = last + LONGEST_FOR_LIST_MS;
    while (clock.now() - last < QUIET_MS && clock.now() < end) await clock.sleep(10);
    unsubscribe();
  }

  async function settle(names: readonly string[], longest: number): Promise<void> {
    await options.run();
    await quiet();
    const control = new AbortController();
    const settled = Promise.all(names.map((name) => options.controller.settled(name)));
    await Promise.race([settled, clock.sleep(longest, control.signal).catch(() => undefined)]);
    control.abort();
  }

  return {
    catchUp: async (name) => {
      if (options.isRunning()) return;
      const type = { group: 'argoproj.io', version: 'v1alpha1', kind: 'Application' };
      if (name !== '') {
        const object = await options.home.get({ ...type, namespace: options.namespace, name });
        return settle([name], object && isUnderWay(object) ? LONGEST_FOR_LIST_MS : LONGEST_MS);
      }
      const { items } = await options.home.list(type, { namespace: options.namespace });
      const restless = items.filter((object) => !isAtRest(object));
      if (restless.length === 0) return;
      await settle(
        restless.map((object) => object.metadata.name ?? ''),
        LONGEST_FOR_LIST_MS,
      );
    },
  };
}

const isUnderWay = (object: KubeObject): boolean =>
  at(object, 'operation') !== undefined || object.metadata.deletionTimestamp !== undefined;

/** Nothing is under way: no operation, no deletion, no rollout. */
function isAtRest(object: KubeObject): boolean {
  if (isUnderWay(object)) return false;
  return textAt(object, 'status', 'health', 'status') !== 'Progressing';
}
