// A local cluster whose time is scripted: brought to rest step by step, its writes counted.

import { type JsonObject, listAt, numberAt, textAt } from '../../src/core/json.ts';
import { type LocalCluster, openLocalCluster } from '../../src/local-cluster/open.ts';
import { isStream } from '../../src/local-cluster/request.ts';
import { type SteppedClock, steppedClock } from './stepped-clock.ts';

export interface ControlledCluster {
  readonly clock: SteppedClock;
  call(
    method: string,
    path: string,
    body?: JsonObject,
    accept?: string,
  ): Promise<{ readonly status: number; readonly body: JsonObject }>;
  items(path: string): Promise<readonly JsonObject[]>;
  /** Lets so much time pass, and answers how many writes it took. */
  pass(milliseconds: number): Promise<number>;
  /** Closes the cluster and opens it again from its folder. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export async function openControlledCluster(folder?: string): Promise<ControlledCluster> {
  const clock = steppedClock();
  let seed = 7;
  // The same names in every run.
  const random = (): number => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed / 2 ** 32;
  };
  const open = (): Promise<LocalCluster> =>
    openLocalCluster({ clock, random, ...(folder === undefined ? {} : { folder }) });
  let cluster = await open();

  const call: ControlledCluster['call'] = async (method, path, body, accept = 'application/json') => {
    const { pathname, searchParams } = new URL(path, 'http://localhost');
    const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
    const headers = { 'content-type': type, accept };
    const answer = await cluster.handle({
      method,
      path: pathname,
      query: searchParams,
      headers,
      ...(body ? { body } : {}),
    });
    return { status: answer.status, body: isStream(answer.body) || typeof answer.body === 'string' ? {} : answer.body };
  };
  const revision = async (): Promise<number> =>
    Number(textAt((await call('GET', '/api/v1/componentstatuses')).body, 'metadata', 'resourceVersion'));

  /** Until nothing has been written for a while of the machine's turns. */
  async function rest(): Promise<void> {
    let before = -1;
    for (let quiet = 0; quiet < 8; ) {
      for (let turns = 0; turns < 4; turns += 1) await new Promise((resolve) => setImmediate(resolve));
      if (folder !== undefined) await new Promise((resolve) => setTimeout(resolve, 3));
      const now = await revision();
      quiet = now === before ? quiet + 1 : 0;
      before = now;
    }
  }

  /** Controllers are loaded when they begin; each has looked at what is there when theirs has its event. */
  async function begin(): Promise<void> {
    cluster.start();
    const path = '/api/v1/nodes';
    for (let tries = 0; listAt((await call('GET', path)).body, 'items').length === 0 && tries < 2000; tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 5));
    await rest();
  }

  await begin();
  return {
    clock,
    call,
    items: async (path) => {
      const { items } = (await call('GET', path)).body;
      return Array.isArray(items) ? items : [];
    },
    pass: async (milliseconds) => {
      await rest();
      const before = await revision();
      const end = clock.now() + milliseconds;
      while (clock.now() < end) {
        // A step is at least some time: who is due at once again and again would stop it.
        clock.advance(Math.min(Math.max(clock.next() ?? milliseconds, 50), end - clock.now()));
        await rest();
      }
      return (await revision()) - before;
    },
    restart: async () => {
      await cluster.close();
      cluster = await open();
      await begin();
    },
    close: () => cluster.close(),
  };
}

export const replicasOf = (object: JsonObject | undefined, field: string): number =>
  numberAt(object, 'status', field) ?? 0;
