// A role that gathers others holds the rules of all that its selectors choose.

import { isObject, listAt, sameJson } from '../../core/json.ts';
import { matchesLabels, selectorRequirements } from '../../objects/label-selector.ts';
import { labelsOf } from '../../objects/object.ts';
import { aggregates } from '../access/rules.ts';
import { namespacedName, type Reconciler } from './reconciler.ts';

const STORAGE = 'rbac.authorization.k8s.io/clusterroles';

export function clusterRoles(): Reconciler {
  return {
    name: 'clusterrole-aggregation-controller',
    storage: STORAGE,
    watches: { [STORAGE]: (_changed, client) => client.list(STORAGE).filter(aggregates).map(namespacedName) },
    reconcile: async (client, role) => {
      if (!aggregates(role)) return undefined;
      const selectors = listAt(role, 'aggregationRule', 'clusterRoleSelectors').map(selectorRequirements);
      const chosen = client
        .list(STORAGE)
        .filter(({ metadata }) => metadata.name !== role.metadata.name)
        .filter((other) => selectors.some((selector) => matchesLabels(selector, labelsOf(other))));
      const rules = chosen.flatMap((other) => listAt(other, 'rules')).filter(isObject);
      const different = rules.filter((rule, index) => rules.findIndex((earlier) => sameJson(earlier, rule)) === index);
      if (sameJson(different, listAt(role, 'rules'))) return undefined;
      await client.update(STORAGE, role, { ...role, rules: different });
      return undefined;
    },
  };
}
