// A local cluster in memory, called as its port calls it: by whom is said with the Authorization header.

import { isObject, type JsonObject, listAt, textAt } from '../../src/core/json.ts';
import type { Clock } from '../../src/core/time.ts';
import { openLocalCluster } from '../../src/local-cluster/open.ts';
import { isStream, type KubeHandle } from '../../src/local-cluster/request.ts';
import { type ScriptedClock, scriptedClock } from './scripted-clock.ts';

export interface KubeAnswer {
  readonly status: number;
  readonly body: JsonObject;
  readonly message: string;
  readonly warning: string;
  /** An answer that is no object. */
  readonly text: string;
}

export interface KubeCaller {
  readonly headers?: Readonly<Record<string, string>>;
  /** Absent: the owner. */
  readonly authorization?: string;
}

export interface KubeCalls {
  call(method: string, path: string, body?: JsonObject | string, caller?: KubeCaller): Promise<KubeAnswer>;
  /** The token of a service account, which is made when it is not there. */
  tokenOf(namespace: string, account: string): Promise<string>;
  /** For a client of the whole port. */
  readonly handle: KubeHandle;
  start(): void;
  /** Starts the controllers; resolves when they are loaded and at work. */
  startControllers(): Promise<void>;
  close(): Promise<void>;
}

/** The token of the cluster's owner. */
export const OWNER_TOKEN = 'test-token';

export async function openKubeCalls(clock: Clock, random: () => number = Math.random): Promise<KubeCalls> {
  const cluster = await openLocalCluster({ clock, random });
  const call: KubeCalls['call'] = async (method, path, body, caller = {}) => {
    const { pathname, searchParams } = new URL(path, 'http://localhost');
    const { headers = {}, ...who } = caller;
    const answer = await cluster.handle({
      method,
      path: pathname,
      query: searchParams,
      headers,
      ...who,
      ...(body === undefined ? {} : { body }),
    });
    const parsed = isStream(answer.body) || typeof answer.body === 'string' ? {} : answer.body;
    return {
      status: answer.status,
      body: parsed,
      message: textAt(parsed, 'message'),
      warning: answer.headers['warning'] ?? '',
      text: typeof answer.body === 'string' ? answer.body : '',
    };
  };
  const accounts = (namespace: string): string => `/api/v1/namespaces/${namespace}/serviceaccounts`;
  await call('POST', '/api/v1/namespaces/kube-system/secrets', {
    metadata: { name: 'hawser-api-token' },
    stringData: { token: OWNER_TOKEN },
  });
  return {
    call,
    tokenOf: async (namespace, account) => {
      await call('POST', accounts(namespace), { metadata: { name: account } });
      const { body } = await call('POST', `${accounts(namespace)}/${account}/token`, { spec: {} });
      return textAt(isObject(body) ? body : {}, 'status', 'token');
    },
    handle: cluster.handle,
    start: cluster.start,
    startControllers: async () => {
      cluster.start();
      const node = async (): Promise<boolean> => listAt((await call('GET', '/api/v1/nodes')).body, 'items').length > 0;
      while (!(await node())) await new Promise((resolve) => setImmediate(resolve));
    },
    close: cluster.close,
  };
}

/** A cluster whose controllers are at work by a clock that the test sets. */
export async function openScriptedCluster(): Promise<{ readonly clock: ScriptedClock; readonly cluster: KubeCalls }> {
  const clock = scriptedClock();
  const cluster = await openKubeCalls(clock);
  await cluster.startControllers();
  return { clock, cluster };
}
