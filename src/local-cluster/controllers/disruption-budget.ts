// PodDisruptionBudgets: how many of the Pods they guard may go.

import { at, isObject, type Json, objectAt } from '../../core/json.ts';
import { matchesLabels, selectorRequirements } from '../../objects/label-selector.ts';
import { type KubeObject, labelsOf } from '../../objects/object.ts';
import { recordEvent } from '../events/record.ts';
import { ofBudget } from '../events/tell.ts';
import { isTerminating } from '../object-meta.ts';
import { condition } from './conditions.ts';
import { isActive, isReady } from './pod.ts';
import { namespacedName, type Reconciler, type ReconcilerClient } from './reconciler.ts';

const BUDGETS = 'policy/poddisruptionbudgets';

export function disruptionBudgets(): Reconciler {
  return {
    name: 'kube-controller-manager',
    storage: BUDGETS,
    watches: { '/pods': budgetsOf },
    reconcile: async (client, budget) => {
      if (isTerminating(budget)) return undefined;
      const pods = client
        .list('/pods', budget.metadata.namespace ?? '')
        .filter((pod) => isActive(pod) && guards(budget, pod));
      if (pods.length === 0) recordEvent(client, budget, ofBudget.idle(), { once: true });
      const currentHealthy = pods.filter(isReady).length;
      const expectedPods = isCounted(budget) ? pods.length : pods.filter(isManaged).length;
      const desiredHealthy = leastHealthy(budget, expectedPods);
      const disruptionsAllowed = expectedPods === 0 ? 0 : Math.max(0, currentHealthy - desiredHealthy);
      const observedGeneration = budget.metadata.generation ?? 1;
      const allowed = disruptionsAllowed > 0;
      const entry = condition(client, budget, {
        type: 'DisruptionAllowed',
        status: allowed ? 'True' : 'False',
        reason: allowed ? 'SufficientPods' : 'InsufficientPods',
        message: '',
      });
      await client.updateStatus(BUDGETS, budget, {
        conditions: [{ ...entry, observedGeneration }],
        currentHealthy,
        desiredHealthy,
        disruptionsAllowed,
        expectedPods,
        observedGeneration,
      });
      return undefined;
    },
  };
}

/** A share, or what may be missing, is counted of what the owners of the Pods want: of Pods without one nothing is known. */
const isCounted = (budget: KubeObject): boolean => typeof at(budget, 'spec', 'minAvailable') === 'number';
const isManaged = (pod: KubeObject): boolean =>
  (pod.metadata.ownerReferences ?? []).some(({ controller }) => controller === true);

function budgetsOf(pod: KubeObject, client: ReconcilerClient): readonly string[] {
  return client
    .list(BUDGETS, pod.metadata.namespace ?? '')
    .filter((budget) => guards(budget, pod))
    .map(namespacedName);
}

/** An empty selector guards every Pod of the namespace, none guards no Pod. */
export function guards(budget: KubeObject, pod: KubeObject): boolean {
  const selector = at(budget, 'spec', 'selector');
  return isObject(selector) && matchesLabels(selectorRequirements(objectAt(selector)), labelsOf(pod));
}

function leastHealthy(budget: KubeObject, expected: number): number {
  const most = at(budget, 'spec', 'maxUnavailable');
  if (most !== undefined) return Math.max(0, expected - countOf(most, expected));
  return countOf(at(budget, 'spec', 'minAvailable') ?? 1, expected);
}

/** A number, or a percentage, rounded up. */
function countOf(value: Json, of: number): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && value.endsWith('%') ? Math.ceil((Number(value.slice(0, -1)) * of) / 100) : 0;
}
