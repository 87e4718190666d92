// PodDisruptionBudgets: how many of the Pods they guard may go.

import { at, isObject, type Json, numberAt, objectAt } from '../../core/json.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import { goSelector, matchesLabels, selectorRequirements } from '../../objects/label-selector.ts';
import { groupOf, type KubeObject, labelsOf, type OwnerReference, versionOf } from '../../objects/object.ts';
import { recordEvent } from '../events/record.ts';
import { ofBudget } from '../events/tell.ts';
import { isTerminating } from '../object-meta.ts';
import { scalePaths } from '../scale-paths.ts';
import { hasSubresource } from '../strategy.ts';
import { condition, conditionOf } from './conditions.ts';
import { isReady } from './pod.ts';
import { namespacedName, type Reconciler, type ReconcilerClient } from './reconciler.ts';

const BUDGETS = 'policy/poddisruptionbudgets';

export function disruptionBudgets(): Reconciler {
  return {
    name: 'kube-controller-manager',
    storage: BUDGETS,
    watches: { '/pods': budgetsOf },
    reconcile: async (client, budget) => {
      if (isTerminating(budget)) return undefined;
      // Also those that are over or going are of those that are expected.
      const pods = client.list('/pods', budget.metadata.namespace ?? '').filter((pod) => guards(budget, pod));
      if (pods.length === 0) recordEvent(client, budget, ofBudget.idle(), { once: true });
      const expected = expectedOf(client, budget, pods);
      if (typeof expected === 'string') await fail(client, budget, expected);
      else await write(client, budget, { pods, ...expected });
      return undefined;
    },
  };
}

interface Expected {
  readonly expectedPods: number;
  readonly desiredHealthy: number;
}

async function write(
  client: ReconcilerClient,
  budget: KubeObject,
  { pods, expectedPods, desiredHealthy }: Expected & { readonly pods: readonly KubeObject[] },
): Promise<void> {
  const currentHealthy = pods.filter((pod) => isReady(pod) && !isTerminating(pod)).length;
  const disruptionsAllowed = expectedPods === 0 ? 0 : Math.max(0, currentHealthy - desiredHealthy);
  const observedGeneration = budget.metadata.generation ?? 1;
  const allowed = disruptionsAllowed > 0;
  const entry = condition(client, budget, {
    type: 'DisruptionAllowed',
    status: allowed ? 'True' : 'False',
    reason: allowed ? 'SufficientPods' : 'InsufficientPods',
    message: '',
  });
  const conditions = [{ ...entry, observedGeneration }];
  const counts = { currentHealthy, desiredHealthy, disruptionsAllowed, expectedPods, observedGeneration };
  await client.updateStatus(BUDGETS, budget, { conditions, ...counts });
}

/** What cannot be worked out allows nothing; the rest of the status stays as it was. */
async function fail(client: ReconcilerClient, budget: KubeObject, message: string): Promise<void> {
  recordEvent(client, budget, ofBudget.failed(message));
  const failed = { type: 'DisruptionAllowed', status: 'False', reason: 'SyncFailed', message } as const;
  const none = { currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 };
  const { observedGeneration } = conditionOf(budget, failed.type) ?? {};
  const conditions = [omitUndefined({ ...condition(client, budget, failed), observedGeneration })];
  const status = { ...none, ...objectAt(budget, 'status'), conditions, disruptionsAllowed: 0 };
  await client.updateStatus(BUDGETS, budget, status);
}

/** How many Pods there should be, and how many of them at least; or why that cannot be worked out. */
function expectedOf(client: ReconcilerClient, budget: KubeObject, pods: readonly KubeObject[]): Expected | string {
  const [least, most] = ['minAvailable', 'maxUnavailable'].map((field) => at(budget, 'spec', field));
  if (most === undefined && least === undefined) return { expectedPods: 0, desiredHealthy: 0 };
  if (typeof least === 'number') return { expectedPods: pods.length, desiredHealthy: least };
  // A share, or what may be missing, is counted of what the owners of the Pods want: of Pods without one nothing is known.
  const strays = pods.filter((pod) => ownerOf(pod) === undefined);
  if (strays.length > 0) {
    const selector = goSelector(at(budget, 'spec', 'selector'));
    recordEvent(client, budget, ofBudget.unmanaged(selector), { once: true });
  }
  const expectedPods = wantedOf(client, pods);
  if (typeof expectedPods === 'string') return expectedPods;
  const desiredHealthy =
    most === undefined ? countOf(least, expectedPods) : Math.max(0, expectedPods - countOf(most, expectedPods));
  return { expectedPods, desiredHealthy };
}

const ownerOf = ({ metadata }: KubeObject): OwnerReference | undefined =>
  metadata.ownerReferences?.find(({ controller }) => controller === true);

/** What all owners together want; or why that is not known. */
function wantedOf(client: ReconcilerClient, pods: readonly KubeObject[]): number | string {
  const wanted = new Map<string, number>();
  for (const pod of pods) {
    const owner = ownerOf(pod);
    if (!owner) continue;
    const scale = scaleOf(client, pod, owner) ?? `found no controllers for pod "${pod.metadata.name ?? ''}"`;
    if (typeof scale === 'string') return scale;
    wanted.set(scale.uid, scale.replicas);
  }
  return [...wanted.values()].reduce((sum, replicas) => sum + replicas, 0);
}

interface Scale {
  readonly uid: string;
  readonly replicas: number;
}

/** The scale of an owner, or of the Deployment that has it; undefined where the owner is gone. */
function scaleOf(
  client: ReconcilerClient,
  { metadata: { namespace = '' } }: KubeObject,
  reference: OwnerReference,
): Scale | string | undefined {
  const { apiVersion, kind: kindName, name, uid } = reference;
  const kind = client.api.kinds.ofKind(groupOf(apiVersion), versionOf(apiVersion), kindName);
  if (!kind) return `no matches for kind "${kindName}" in version "${apiVersion}"`;
  if (!hasSubresource(kind, 'scale')) {
    const resource = `${kind.plural}${kind.group === '' ? '' : `.${kind.group}`}`;
    return `${resource} does not implement the scale subresource`;
  }
  const owner = client.get(kind.storage, namespace, name);
  if (owner?.metadata.uid !== uid) return undefined;
  const above = kind.storage === 'apps/replicasets' ? ownerOf(owner) : undefined;
  if (above?.kind === 'Deployment') return scaleOf(client, owner, above);
  return { uid, replicas: numberAt(owner, ...scalePaths(kind).replicas) ?? (kind.custom ? 0 : 1) };
}

function budgetsOf(pod: KubeObject, client: ReconcilerClient): readonly string[] {
  const { name = '', namespace = '' } = pod.metadata;
  const budgets = client.list(BUDGETS, namespace).filter((budget) => guards(budget, pod));
  const [first, second] = budgets;
  if (first && second) recordEvent(client, pod, ofBudget.many(`"${namespace}"/"${name}"`, first.metadata.name ?? ''));
  return budgets.map(namespacedName);
}

/** An empty selector guards every Pod of the namespace, none guards no Pod. */
export function guards(budget: KubeObject, pod: KubeObject): boolean {
  const selector = at(budget, 'spec', 'selector');
  return isObject(selector) && matchesLabels(selectorRequirements(objectAt(selector)), labelsOf(pod));
}

/** A number, or a percentage, rounded up. */
function countOf(value: Json | undefined, of: number): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && value.endsWith('%') ? Math.ceil((Number(value.slice(0, -1)) * of) / 100) : 0;
}
