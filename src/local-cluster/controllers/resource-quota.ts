// ResourceQuotas: their status says what the namespace uses.

import { objectAt } from '../../core/json.ts';
import { quotaUsage } from '../admission/quota.ts';
import { isTerminating } from '../object-meta.ts';
import { ANY_STORAGE, namespacedName, type Reconciler } from './reconciler.ts';

const QUOTAS = '/resourcequotas';

export function resourceQuotas(): Reconciler {
  return {
    name: 'kube-controller-manager',
    storage: QUOTAS,
    watches: {
      [ANY_STORAGE]: ({ metadata }, client) => client.list(QUOTAS, metadata.namespace ?? '').map(namespacedName),
    },
    reconcile: async (client, quota) => {
      if (isTerminating(quota)) return undefined;
      const hard = objectAt(quota, 'spec', 'hard');
      await client.updateStatus(QUOTAS, quota, { hard, used: quotaUsage(client.api.store, quota) });
      return undefined;
    },
  };
}
