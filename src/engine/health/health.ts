// The health of one object: a table from kind to rule.

import { groupOf, type KubeObject } from '../../objects/object.ts';
import { HOOK_FINALIZER } from '../sync/hooks.ts';
import { autoscalerHealth } from './autoscaler.ts';
import { type HealthCheck, health, type ResourceHealth } from './check.ts';
import { apiServiceHealth, definitionHealth, disruptionBudgetHealth } from './extension.ts';
import { cronJobHealth, jobHealth, workflowHealth } from './job.ts';
import { ingressHealth, serviceHealth } from './network.ts';
import { operatorRule } from './operators/table.ts';
import { podHealth } from './pod.ts';
import { claimHealth } from './storage.ts';
import { daemonSetHealth, deploymentHealth, replicaSetHealth, statefulSetHealth } from './workload.ts';

interface Rule {
  readonly check: HealthCheck;
  /** The versions the rule can read; absent: all. */
  readonly apiVersions?: readonly string[];
}

const RULES: Readonly<Record<string, Rule>> = {
  'apps/Deployment': { check: deploymentHealth, apiVersions: ['apps/v1'] },
  'apps/ReplicaSet': { check: replicaSetHealth, apiVersions: ['apps/v1'] },
  'apps/StatefulSet': { check: statefulSetHealth, apiVersions: ['apps/v1'] },
  'apps/DaemonSet': { check: daemonSetHealth, apiVersions: ['apps/v1'] },
  '/Pod': { check: podHealth, apiVersions: ['v1'] },
  '/Service': { check: serviceHealth, apiVersions: ['v1'] },
  '/PersistentVolumeClaim': { check: claimHealth, apiVersions: ['v1'] },
  'batch/Job': { check: jobHealth, apiVersions: ['batch/v1'] },
  'batch/CronJob': { check: cronJobHealth },
  'networking.k8s.io/Ingress': { check: ingressHealth },
  'extensions/Ingress': { check: ingressHealth },
  'autoscaling/HorizontalPodAutoscaler': {
    check: autoscalerHealth,
    apiVersions: ['autoscaling/v1', 'autoscaling/v2'],
  },
  'apiregistration.k8s.io/APIService': {
    check: apiServiceHealth,
    apiVersions: ['apiregistration.k8s.io/v1', 'apiregistration.k8s.io/v1beta1'],
  },
  'apiextensions.k8s.io/CustomResourceDefinition': { check: definitionHealth },
  'policy/PodDisruptionBudget': { check: disruptionBudgetHealth },
  'argoproj.io/Workflow': { check: workflowHealth },
};

/** Finds a rule that stands before the built-in ones: from settings, or shipped for a custom kind. */
export type CustomChecks = (group: string, kind: string) => HealthCheck | undefined;

/** The health of a live object; undefined when its kind has no rule, which is not the same as Healthy. */
export function healthOf(object: KubeObject, custom?: CustomChecks): ResourceHealth | undefined {
  const { deletionTimestamp, finalizers = [] } = object.metadata;
  if (deletionTimestamp !== undefined && !finalizers.includes(HOOK_FINALIZER)) {
    return health('Progressing', 'Pending deletion');
  }
  const group = groupOf(object.apiVersion);
  const own = custom?.(group, object.kind);
  if (own) return own(object);
  return ruleHealth(object);
}

/** What the rule of the kind says, whatever else is to be said of the object. */
export function ruleHealth(object: KubeObject): ResourceHealth | undefined {
  const group = groupOf(object.apiVersion);
  const rule = RULES[`${group}/${object.kind}`];
  // Kubernetes' own groups have no operator: the others have a dot, and are not `k8s.io`'s.
  if (!rule) return group.includes('.') ? operatorRule(group, object.kind)?.(object) : undefined;
  if (rule.apiVersions && !rule.apiVersions.includes(object.apiVersion)) {
    return health('Unknown', `unsupported version '${object.apiVersion}' of ${object.kind}`);
  }
  return rule.check(object);
}
