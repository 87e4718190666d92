import { isList } from '../../core/json.ts';
import { annotationsOf, type KubeObject, versionOf } from '../../objects/object.ts';
import { type Condition, conditionsOf, health, parsedConditions, type ResourceHealth } from './check.ts';

const FAILURES: Readonly<Record<string, readonly string[]>> = {
  AbleToScale: ['FailedGetScale', 'FailedUpdateScale'],
  ScalingActive: [
    'FailedGetResourceMetric',
    'FailedGetObjectMetric',
    'FailedGetPodsMetric',
    'FailedGetExternalMetric',
    'FailedComputeMetricsReplicas',
    'InvalidSelector',
  ],
};

export function autoscalerHealth(object: KubeObject): ResourceHealth {
  const conditions = versionOf(object.apiVersion) === 'v1' ? annotatedConditions(object) : conditionsOf(object);
  const failure = conditions.find((condition) => FAILURES[condition.type]?.includes(condition.reason));
  if (failure) return health('Degraded', failure.message);
  const working = conditions.find(
    ({ type, status }) => status === 'True' && (type === 'AbleToScale' || type === 'ScalingLimited'),
  );
  return working ? health('Healthy', working.message) : health('Progressing', 'Waiting to Autoscale');
}

/** Version 1 has no field for conditions: they travel as JSON in an annotation. */
function annotatedConditions(object: KubeObject): Condition[] {
  try {
    const parsed: unknown = JSON.parse(annotationsOf(object)['autoscaling.alpha.kubernetes.io/conditions'] ?? '[]');
    return isList(parsed) ? parsedConditions(parsed) : [];
  } catch {
    return [];
  }
}
