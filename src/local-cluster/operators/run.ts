// One controller a custom kind that has a row or a user's rule: it writes what its operator would, once, and then rests.

import { type JsonObject, listAt, objectAt, sameJson } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import type { Api } from '../api.ts';
import {
  createReconcilerClient,
  namespacedName,
  ownerOfKind,
  type Reconciler,
  type ReconcilerClient,
} from '../controllers/reconciler.ts';
import { recordEvent } from '../events/record.ts';
import { faultyUntil } from '../faults/of.ts';
import { CRD_STORAGE, type Kind } from '../kinds.ts';
import { isTerminating } from '../object-meta.ts';
import { ApiError } from '../status.ts';
import { isRuleObject } from './label.ts';
import { createRules } from './rules.ts';
import { generationOf, type RunReconciler, type Simulation, withTimes } from './simulation.ts';
import { operatorOf } from './table.ts';

const CONFIG_MAPS = '/configmaps';
/** How often to look for what an object waits for. */
const MISSING_RETRY_MS = 5000;

export async function runOperators(api: Api, run: RunReconciler, signal: AbortSignal): Promise<void> {
  const rules = createRules(createReconcilerClient(api, 'hawser'));
  const running = new Map<string, Promise<void>>();
  const begin = (): void => {
    for (const kind of api.kinds.all()) {
      if (!kind.custom || running.has(kind.storage)) continue;
      const simulation = (): Simulation | undefined =>
        rules.of(kind.group, kind.kind) ?? operatorOf(kind.group, kind.kind);
      if (simulation()) running.set(kind.storage, run(operator(kind, simulation)));
    }
  };
  const unsubscribe = api.store.subscribe((change) => {
    if (change.resource === CRD_STORAGE) begin();
    if (change.resource === CONFIG_MAPS && rules.isAffected(change)) void rules.read().then(begin, () => undefined);
  });
  await rules.read();
  begin();
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  unsubscribe();
  await Promise.all(running.values());
}

/** What is known of an object beside what is written in it. */
interface Seen {
  readonly generation: number;
  readonly since: number;
}

function operator(kind: Kind, simulation: () => Simulation | undefined): Reconciler {
  const seen = new Map<string, Seen>();
  const all = (_: KubeObject, client: ReconcilerClient): string[] => client.list(kind.storage).map(namespacedName);
  const owns = simulation()?.owns;
  return {
    name: `${kind.plural}-operator`,
    storage: kind.storage,
    watches: {
      [CONFIG_MAPS]: (object, client) => (isRuleObject(object) ? all(object, client) : []),
      ...(owns === undefined ? {} : { [owns]: ownerOfKind(kind.kind) }),
    },
    reconcile: async (client, object) => {
      const row = simulation();
      if (!row || isTerminating(object)) return undefined;
      try {
        return await bringForward(client, object, { kind, row, seen });
      } catch (thrown) {
        // What the API refuses once it refuses again: told, and left until something changes.
        if (!(thrown instanceof ApiError) || thrown.code === 409 || thrown.code >= 500) throw thrown;
        const { message } = thrown;
        const told = { type: 'Warning', reason: 'SimulationFailed', message, component: 'hawser' } as const;
        recordEvent(client, object, told, { once: true });
        return undefined;
      }
    },
    forget: async (_client, last) => {
      seen.delete(last.metadata.uid ?? '');
    },
  };
}

interface Work {
  readonly kind: Kind;
  readonly row: Simulation;
  readonly seen: Map<string, Seen>;
}

async function bringForward(
  client: ReconcilerClient,
  object: KubeObject,
  { kind, row, seen }: Work,
): Promise<number | undefined> {
  const obstacle = obstacleOf(client, object, row);
  if (obstacle) {
    const { message, until } = obstacle;
    recordEvent(client, object, { type: 'Warning', reason: 'NotReady', message, component: 'hawser' }, { once: true });
    if (row.before) await writeStatus(client, object, { kind, status: row.before(object) });
    return Number.isFinite(until) ? until : undefined;
  }
  const due = sinceOf(client, object, seen) + row.after;
  if (client.now() < due) {
    // A status that says it is well is not taken back for a while.
    if (
      row.before &&
      listAt(object, 'status', 'conditions').length === 0 &&
      Object.keys(objectAt(object, 'status')).length === 0
    ) {
      await writeStatus(client, object, { kind, status: row.before(object) });
    }
    return due;
  }
  await row.make?.(object, client);
  await writeStatus(client, object, { kind, status: row.status(object, client) });
  return undefined;
}

interface Obstacle {
  readonly message: string;
  readonly until: number;
}

function obstacleOf(client: ReconcilerClient, object: KubeObject, row: Simulation): Obstacle | undefined {
  const until = faultyUntil(object, 'pending');
  if (until !== undefined && client.now() < until)
    return { message: 'it stays pending, as hawser.dev/fault says', until };
  const message = row.missing?.(object, client);
  return message === undefined ? undefined : { message, until: client.now() + MISSING_RETRY_MS };
}

/** When this generation of the object came. */
function sinceOf(client: ReconcilerClient, object: KubeObject, seen: Map<string, Seen>): number {
  const uid = object.metadata.uid ?? '';
  const generation = generationOf(object);
  const known = seen.get(uid);
  if (known?.generation === generation) return known.since;
  const created = Date.parse(object.metadata.creationTimestamp ?? '');
  // One that was there before this process is what it would have become.
  const since = known ? client.now() : created + 1000 < client.now() ? created : client.now();
  seen.set(uid, { generation, since });
  return since;
}

async function writeStatus(
  client: ReconcilerClient,
  object: KubeObject,
  { kind, status }: { readonly kind: Kind; readonly status: JsonObject },
): Promise<void> {
  const old = object['status'];
  const after = withTimes(status, old, client.time());
  if (sameJson(after, old)) return;
  const hasStatus = kind.subresources.some(({ name }) => name === 'status');
  if (hasStatus) await client.updateStatus(kind.storage, object, after);
  else await client.update(kind.storage, object, { ...object, status: after });
}
