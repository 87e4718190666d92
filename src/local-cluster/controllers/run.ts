// Runs the simulated controllers: changes of the store wake them, and the clock does when something is due.

import { setMaxListeners } from 'node:events';
import type { KubeObject } from '../../objects/object.ts';
import { loadPolicies } from '../admission/policies.ts';
import { areStored } from '../admission/webhooks.ts';
import type { Api } from '../api.ts';
import { watchForOperators } from '../operators/watch.ts';
import type { StoredChange } from '../store/store.ts';
import { apiServices, prepareMetrics } from './api-service.ts';
import { autoscalers } from './autoscaler.ts';
import { clusterRoles } from './cluster-role.ts';
import { cronJobs } from './cron-job.ts';
import { daemonSets } from './daemon-set.ts';
import { deployments } from './deployment.ts';
import { disruptionBudgets } from './disruption-budget.ts';
import { endpointMirror } from './endpoint-mirror.ts';
import { endpoints } from './endpoints.ts';
import { events } from './event.ts';
import { flowSchemas } from './flow-schema.ts';
import { collectGarbage } from './garbage.ts';
import { jobs } from './job.ts';
import { kubernetesService } from './kubernetes-service.ts';
import { ingresses, services } from './load-balancer.ts';
import { namespaceContents, namespaces } from './namespace.ts';
import { nodes, prepareNodes } from './node.ts';
import { nodeLives } from './node-life.ts';
import { pods } from './pod.ts';
import {
  ANY_STORAGE,
  createReconcilerClient,
  namespacedName,
  type Reconciler,
  type ReconcilerClient,
} from './reconciler.ts';
import { replicaSets, replicationControllers } from './replica-set.ts';
import { resourceQuotas } from './resource-quota.ts';
import { scheduler } from './scheduler.ts';
import { serviceAccountTokens } from './service-account-token.ts';
import { signingRequests } from './signing-request.ts';
import { retryDelay, sleepUntil } from './sleep.ts';
import { statefulSets } from './stateful-set.ts';
import { taintEvictions } from './taint-eviction.ts';
import { claims, volumes } from './volume.ts';

export interface Controllers {
  start(): void;
  stop(): void;
  /** Resolves when nothing is being worked on. */
  idle(): Promise<void>;
}

const CONTROLLERS: readonly (() => Reconciler)[] = [
  namespaces,
  namespaceContents,
  nodes,
  nodeLives,
  taintEvictions,
  deployments,
  replicaSets,
  replicationControllers,
  statefulSets,
  daemonSets,
  cronJobs,
  jobs,
  scheduler,
  pods,
  endpoints,
  endpointMirror,
  services,
  ingresses,
  kubernetesService,
  claims,
  volumes,
  disruptionBudgets,
  autoscalers,
  apiServices,
  events,
  serviceAccountTokens,
  clusterRoles,
  flowSchemas,
  resourceQuotas,
  signingRequests,
];

/** The journal writes down together what comes together. */
const AT_ONCE = 16;

export function createControllers(api: Api): Controllers {
  let control: AbortController | undefined;
  let working: Promise<unknown> = Promise.resolve();

  async function run(signal: AbortSignal): Promise<void> {
    await Promise.all([api.ready(), loadPolicies(api)]);
    await prepareNodes(createReconcilerClient(api, 'kubelet'));
    await prepareMetrics(createReconcilerClient(api, 'kube-aggregator'));
    if (signal.aborted) return;
    const stops = CONTROLLERS.map((create) => runController(api, create(), signal));
    stops.push(collectGarbage(api, signal));
    stops.push(watchForOperators(api, (reconciler) => runController(api, reconciler, signal), signal));
    await Promise.all(stops);
  }

  return {
    start: () => {
      if (control) return;
      control = new AbortController();
      setMaxListeners(0, control.signal);
      working = run(control.signal).catch(() => undefined);
    },
    stop: () => {
      control?.abort();
      control = undefined;
    },
    idle: async () => {
      await working;
    },
  };
}

/** Takes the objects that were named, some at once, but never one of them twice at a time. */
async function runController(api: Api, controller: Reconciler, signal: AbortSignal): Promise<void> {
  const client = createReconcilerClient(api, controller.name);
  const queue = new Set<string>(client.list(controller.storage).map(namespacedName));
  const due = new Map<string, number>();
  const gone = new Map<string, NonNullable<StoredChange['before']>>();
  const failures = new Map<string, number>();
  let wake: () => void = () => undefined;
  const add = (key: string): void => {
    queue.add(key);
    wake();
  };
  const unsubscribe = api.store.subscribe((change) => {
    if (change.resource === controller.storage) {
      if (!change.object && change.before && controller.forget) gone.set(namespacedName(change.before), change.before);
      add(`${change.namespace}/${change.name}`);
    }
    const concerned = controller.watches?.[change.resource] ?? controller.watches?.[ANY_STORAGE];
    const object = change.object ?? change.before;
    if (concerned && object) for (const key of concerned(object, client)) add(key);
  });
  const take = async (key: string): Promise<void> => {
    queue.delete(key);
    due.delete(key);
    const last = gone.get(key);
    gone.delete(key);
    const result = await work(controller, client, { key, last });
    const count = result === FAILED ? (failures.get(key) ?? 0) : 0;
    if (result === FAILED) failures.set(key, count + 1);
    else failures.delete(key);
    const next = result === FAILED ? client.now() + retryDelay(count) : result;
    if (next !== undefined) due.set(key, next);
  };
  const busy = new Map<string, Promise<void>>();
  const begin = (key: string): Promise<void> => {
    const done = (): void => {
      busy.delete(key);
      wake();
    };
    const reconciled = take(key).finally(done);
    busy.set(key, reconciled);
    return reconciled;
  };
  try {
    while (!signal.aborted) {
      await turn();
      // Whoever stopped meanwhile would not be heard by a sleep that begins now.
      if (signal.aborted) return;
      const keys = [...queue].filter((key) => !busy.has(key));
      for (let index = 0; index < keys.length; index += AT_ONCE) {
        if (index > 0) await turn();
        await inTime(api, keys.slice(index, index + AT_ONCE).map(begin));
        if (signal.aborted) return;
      }
      if ([...queue].some((key) => !busy.has(key))) continue;
      await sleepUntil(api, due, { signal, onWake: (call) => (wake = call) });
      for (const [key, time] of due) if (time <= api.clock.now()) queue.add(key);
    }
  } finally {
    unsubscribe();
    await Promise.all(busy.values());
  }
}

/** Others are not held up for longer by what waits for a webhook. */
const PATIENCE_MS = 100;

async function inTime(api: Api, works: readonly Promise<void>[]): Promise<void> {
  const done = Promise.all(works);
  if (!areStored(api)) {
    await done;
    return;
  }
  const rest = new AbortController();
  await Promise.race([done, api.wallClock.sleep(PATIENCE_MS, rest.signal).catch(() => undefined)]);
  rest.abort();
}

/** Lets requests and other controllers come in: what they change meanwhile is then looked at once, not change by change. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const FAILED = 'failed';

async function work(
  controller: Reconciler,
  client: ReconcilerClient,
  item: { readonly key: string; readonly last: StoredChange['before'] },
): Promise<number | typeof FAILED | undefined> {
  const slash = item.key.indexOf('/');
  const current = (): KubeObject | undefined =>
    client.get(controller.storage, item.key.slice(0, slash), item.key.slice(slash + 1));
  try {
    if (item.last && current()?.metadata.uid !== item.last.metadata.uid) await controller.forget?.(client, item.last);
    const object = current();
    return object ? await controller.reconcile(client, object) : undefined;
  } catch {
    // Another write came in between, or the journal refused: look again a little later.
    return FAILED;
  }
}
