// What extends the cluster or guards it: APIService, CustomResourceDefinition, PodDisruptionBudget.

import type { KubeObject } from '../../objects/object.ts';
import { conditionsOf, health, type ResourceHealth } from './check.ts';

export function apiServiceHealth(object: KubeObject): ResourceHealth {
  const available = conditionsOf(object).find((condition) => condition.type === 'Available');
  if (!available) return health('Progressing', 'Waiting to be processed');
  const status = available.status === 'True' ? 'Healthy' : 'Progressing';
  return health(status, `${available.reason}: ${available.message}`);
}

export function definitionHealth(object: KubeObject): ResourceHealth {
  const conditions = conditionsOf(object);
  if (conditions.length === 0) return health('Progressing', 'Status conditions not found');
  const find = (type: string, status: string): { readonly message: string } | undefined =>
    conditions.find((condition) => condition.type === type && condition.status === status);
  const terminating = find('Terminating', 'True');
  if (terminating) return health('Progressing', `CRD is terminating: ${terminating.message}`);
  const refused = find('NamesAccepted', 'False');
  if (refused) return health('Degraded', `CRD names have not been accepted: ${refused.message}`);
  const violations = find('NonStructuralSchema', 'True');
  if (violations) return health('Degraded', `Schema violations found: ${violations.message}`);
  if (find('Established', 'True')) return health('Healthy', 'CRD is healthy');
  const installing = conditions.some(({ type, reason }) => type === 'Established' && reason === 'Installing');
  return installing ? health('Progressing', 'CRD is being installed') : health('Degraded', 'CRD is not established');
}

export function disruptionBudgetHealth(object: KubeObject): ResourceHealth {
  let result = health('Progressing', 'Waiting for status');
  for (const { status, reason } of conditionsOf(object)) {
    const message = `PodDisruptionBudget has ${reason}`;
    if (status === 'False' && reason !== 'InsufficientPods') return health('Degraded', message);
    result = health('Healthy', message);
  }
  return result;
}
