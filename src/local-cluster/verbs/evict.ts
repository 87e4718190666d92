// Eviction: a delete that disruption budgets may refuse.

import { at, isObject, listAt, numberAt, objectAt, textAt } from '../../core/json.ts';
import { timestamp } from '../../core/time.ts';
import { matchesLabels, selectorRequirements } from '../../objects/label-selector.ts';
import { type KubeObject, labelsOf } from '../../objects/object.ts';
import { OWNER } from '../access/user.ts';
import { checkNamespace } from '../admission/admit.ts';
import { partByWebhooks, withWebhooks } from '../admission/webhooks.ts';
import type { Api, ResourceRequest, WriteSettings } from '../api.ts';
import { checkMediaType, readBody } from '../body.ts';
import { conditionOf } from '../controllers/conditions.ts';
import { checkAddress, isTerminating } from '../object-meta.ts';
import { withTrueCondition } from '../pod-parts.ts';
import { updateInStore } from '../registry.ts';
import type { KubeResponse } from '../request.ts';
import { success } from '../response.ts';
import { ApiError, badRequest } from '../status.ts';
import { warned } from './answer.ts';
import { inNamespace } from './create.ts';
import { removalOf, remove } from './delete.ts';
import { readPart } from './incoming.ts';
import { checkPreconditions } from './preconditions.ts';
import { storedObject } from './read.ts';
import { writeSettings } from './settings.ts';

const EVICTION = { group: 'policy', version: 'v1', kind: 'Eviction' } as const;
const OLD_EVICTION = { ...EVICTION, version: 'v1beta1' } as const;
const EVICTED = {
  type: 'DisruptionTarget',
  reason: 'EvictionByEvictionAPI',
  message: 'Eviction API: evicting',
} as const;
const BUDGETS = 'policy/poddisruptionbudgets';
const BY_SERVER: WriteSettings = {
  simulated: true,
  dryRun: false,
  manager: 'kube-apiserver',
  subresource: 'status',
  operation: 'Update',
  validation: 'Ignore',
  user: OWNER,
};

export const evict = (call: ResourceRequest): Promise<KubeResponse> =>
  withWebhooks(call.api, (api) => evictNow({ ...call, api }));

async function evictNow(call: ResourceRequest): Promise<KubeResponse> {
  checkMediaType(call.request);
  const settings = writeSettings(call, 'CreateOptions');
  const told = evictionType(call);
  const { object, warnings } = readPart(call, told, settings);
  await warned(call, warnings, () => evictAs(call, object, { told, settings }));
  return success(warnings);
}

interface Reading {
  readonly told: ReturnType<typeof evictionType>;
  readonly settings: WriteSettings;
}

async function evictAs(call: ResourceRequest, object: KubeObject, { told, settings }: Reading): Promise<void> {
  const { api, kind, path } = call;
  checkAddress({ ...path, name: '' }, object);
  checkNamespace(api.store, kind, path);
  const eviction = partByWebhooks(call, { told, object: inNamespace(object, path.namespace), settings });
  if (eviction.metadata.name !== path.name) throw badRequest('name in URL does not match name in Eviction object');
  const removal = removalOf(call, eviction['deleteOptions']);
  const pod = storedObject(call);
  checkPreconditions(kind, pod, removal);
  const budget = guardOf(api, pod);
  const used = budget && usedBy(api, budget, pod);
  const ending = isTerminating(pod) ? pod : withTrueCondition(pod, timestamp(api.clock.now()), EVICTED);
  // Both without a pause: the Pod that is read is the one that goes.
  await Promise.all([
    used && !removal.dryRun ? storeBudget(api, budget, used) : undefined,
    remove(api, { ...kind, plural: path.plural }, { object: ending, removal }),
  ]);
}

/** Older clients speak an earlier version. What cannot be read is refused later. */
function evictionType({ request }: ResourceRequest): typeof EVICTION | typeof OLD_EVICTION {
  try {
    return textAt(readBody(request), 'apiVersion') === 'policy/v1beta1' ? OLD_EVICTION : EVICTION;
  } catch {
    return EVICTION;
  }
}

/** The budget that has to be asked; a Pod that does not run, or is not healthy anyway, needs none. */
function guardOf(api: Api, pod: KubeObject): KubeObject | undefined {
  if (isTerminating(pod) || textAt(pod, 'status', 'phase') !== 'Running') return undefined;
  const budgets = api.store.list(BUDGETS, pod.metadata.namespace ?? '').filter((budget) => {
    const selector = at(budget, 'spec', 'selector');
    return isObject(selector) && matchesLabels(selectorRequirements(selector), labelsOf(pod));
  });
  if (budgets.length > 1) {
    const message = 'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.';
    throw new ApiError(500, '', { message });
  }
  const [budget] = budgets;
  return budget && !isReady(pod) && mayGoUnready(budget) ? undefined : budget;
}

const isReady = (pod: KubeObject): boolean =>
  listAt(pod, 'status', 'conditions').some(
    (condition) => textAt(condition, 'type') === 'Ready' && textAt(condition, 'status') === 'True',
  );

function mayGoUnready(budget: KubeObject): boolean {
  const [healthy, desired] = healthOf(budget);
  const isAlways = textAt(budget, 'spec', 'unhealthyPodEvictionPolicy') === 'AlwaysAllow';
  return isAlways || (desired > 0 && healthy >= desired);
}

/** How many are healthy, and how many should be. */
const healthOf = (budget: KubeObject): readonly [number, number] => [
  numberAt(budget, 'status', 'currentHealthy') ?? 0,
  numberAt(budget, 'status', 'desiredHealthy') ?? 0,
];

/** A budget without one of the disruptions that it still allows. */
function usedBy(api: Api, budget: KubeObject, pod: KubeObject): KubeObject {
  const { name = '', generation = 0 } = budget.metadata;
  const status = objectAt(budget, 'status');
  const count = (field: string): number => numberAt(status, field) ?? 0;
  if (count('observedGeneration') < generation)
    throw tooMany(`The disruption budget ${name} is still being processed by the server.`, 10);
  const allowed = count('disruptionsAllowed');
  if (allowed <= 0) {
    throw tooMany(`The disruption budget ${name} ${whyNone(budget)}`, 0);
  }
  const disruptedPods = {
    ...objectAt(status, 'disruptedPods'),
    [pod.metadata.name ?? '']: new Date(api.clock.now()).toISOString().replace(/\.\d+/, ''),
  };
  return { ...budget, status: { ...status, disruptionsAllowed: allowed - 1, disruptedPods } };
}

/** Why a budget allows none: it could not be worked out, too few are healthy, or for some other reason. */
function whyNone(budget: KubeObject): string {
  const [healthy, desired] = healthOf(budget);
  const state = conditionOf(budget, 'DisruptionAllowed');
  const isFailed = textAt(state, 'status') === 'False' && textAt(state, 'reason') === 'SyncFailed';
  if (isFailed) return `does not allow evicting pods currently because it failed sync: ${textAt(state, 'message')}`;
  if (healthy > desired) return 'does not allow evicting pods currently';
  return `needs ${desired} healthy pods and has ${healthy} currently`;
}

async function storeBudget(api: Api, before: KubeObject, after: KubeObject): Promise<void> {
  const kind = api.kinds.ofKind('policy', 'v1', 'PodDisruptionBudget');
  if (kind) await updateInStore(api, kind, { before, after, settings: BY_SERVER });
}

function tooMany(why: string, seconds: number): ApiError {
  return new ApiError(429, 'TooManyRequests', {
    message: "Cannot evict pod as it would violate the pod's disruption budget.",
    details: {
      causes: [{ reason: 'DisruptionBudget', message: why }],
      ...(seconds > 0 ? { retryAfterSeconds: seconds } : {}),
    },
    ...(seconds > 0 ? { headers: { 'retry-after': String(seconds) } } : {}),
  });
}
