// Operators, and what they keep of a platform: Open Cluster Management, OLM, OpenShift, Istio, nmstate.

import { at, listAt, numberAt, objectAt, textAt } from '../../../core/json.ts';
import type { HealthStatus } from '../../../model/application.ts';
import type { KubeObject } from '../../../objects/object.ts';
import { conditionsOf, type HealthCheck, health, isTrue, parsedConditions, type ResourceHealth } from '../check.ts';
import { always, both, condition, findCondition, firstOf, lacks, outdated, type Rules, word, wordAt } from './forms.ts';

const WAIT_REPORT = 'Waiting for the status to be reported';

/** What a policy found, template by template. */
function configurationPolicy(object: KubeObject): ResourceHealth {
  const compliant = wordAt(object, 'status.compliant');
  if ((at(object, 'status') ?? null) === null || compliant === '') return health('Progressing', WAIT_REPORT);
  const evaluated = numberAt(object, 'status', 'lastEvaluatedGeneration');
  const generation = numberAt(object, 'metadata', 'generation');
  if (evaluated !== undefined && generation !== undefined && evaluated !== generation)
    return health('Progressing', 'Waiting for the status to be updated');
  const texts = listAt(object, 'status', 'compliancyDetails').flatMap((detail) =>
    parsedConditions(listAt(detail, 'conditions')).map(({ type, message }) => `${type} - ${message}`),
  );
  return complianceOf(compliant, texts.join('; '));
}

function complianceOf(compliant: string, message: string): ResourceHealth {
  if (compliant === 'Compliant') return health('Healthy', message);
  return health(compliant === 'Pending' ? 'Progressing' : 'Degraded', message);
}

function operatorPolicy(object: KubeObject): ResourceHealth {
  if ((at(object, 'status') ?? null) === null) return health('Progressing', WAIT_REPORT);
  if (outdated(object) !== undefined) return health('Progressing', 'Waiting for the status to be updated');
  const compliant = findCondition(object, 'Compliant');
  if (!compliant) return health('Progressing', 'Waiting for the compliance condition');
  return health(compliant.status === 'True' ? 'Healthy' : 'Degraded', compliant.message);
}

/** The policy itself tells of clusters, its copy in a cluster's namespace of its templates. */
function openPolicy(object: KubeObject): ResourceHealth {
  if (isTrue(object, 'spec', 'disabled')) return health('Healthy', 'Policy is disabled');
  const status = objectAt(object, 'status');
  const compliant = wordAt(object, 'status.compliant');
  const clusters = listAt(status, 'status');
  const [noun, names] = Array.isArray(status['details'])
    ? ['templates', unwellNames(listAt(status, 'details'), 'templateMeta', 'name')]
    : ['clusters', unwellNames(clusters, 'clustername')];
  if (compliant === 'Compliant') return health('Healthy', `All ${noun} are compliant`);
  if (compliant === 'NonCompliant') return health('Degraded', `NonCompliant ${noun}: ${names.join(', ')}`);
  if (compliant === '' && Array.isArray(status['placement']) && clusters.length === 0)
    return health('Healthy', 'No clusters match this policy');
  if (compliant === 'Pending') return health('Progressing', `Waiting for the ${noun} to be evaluated`);
  return health('Progressing', WAIT_REPORT);
}

function unwellNames(entries: readonly unknown[], ...path: readonly string[]): string[] {
  return entries.filter((each) => textAt(each, 'compliant') === 'NonCompliant').map((each) => textAt(each, ...path));
}

/** OLM: the conditions of a Subscription are all of what is wrong. */
function subscription(object: KubeObject): ResourceHealth {
  const conditions = conditionsOf(object);
  const state = wordAt(object, 'status.state');
  const lines = conditions.map(({ type, status }, index) => `${index + 1}: ${type} | ${status}\n`);
  const message = `${lines.join('')}.status.state ${state === '' ? 'not yet known' : `is '${state}'`}\n`;
  const isOn = (...types: readonly string[]): boolean =>
    conditions.some(({ type, status }) => types.includes(type) && status === 'True');
  if (
    isOn('InstallPlanFailed', 'CatalogSourcesUnhealthy', 'InstallPlanMissing', 'ResolutionFailed', 'BundleUnpackFailed')
  )
    return health('Degraded', message);
  const isInstalled = wordAt(object, 'status.installedCSV') !== '';
  const isManual = wordAt(object, 'spec.installPlanApproval') === 'Manual';
  if (isOn('InstallPlanPending') && isManual && isInstalled) return health('Healthy', message);
  if (state === 'AtLatestKnown' && !isOn('InstallPlanPending')) return health('Healthy', message);
  if (conditions.length === 0 && state === '') return health('Progressing', message);
  return health('Progressing', message);
}

/** A router: admitted, then its Pods, its load balancer and its names. */
const ingressController = firstOf(
  [condition('Admitted', 'False'), 'Degraded'],
  [
    both(condition('LoadBalancerManaged'), condition('LoadBalancerReady', 'False', 'LoadBalancerPending')),
    'Progressing',
  ],
  [condition('Degraded'), 'Degraded'],
  [both(condition('LoadBalancerManaged'), condition('LoadBalancerReady', 'False')), 'Degraded'],
  [both(condition('DNSManaged'), condition('DNSReady', 'False')), 'Progressing'],
  [condition('DeploymentReplicasAllAvailable', 'False'), 'Progressing'],
  [condition('Progressing'), 'Progressing'],
  [condition('Available', 'False'), 'Degraded'],
  [condition('Available'), 'Healthy', 'IngressController is available'],
  [always, 'Progressing', 'Waiting for IngressController'],
);

function deploymentConfig(object: KubeObject): ResourceHealth {
  const available = findCondition(object, 'Available');
  const progressing = findCondition(object, 'Progressing');
  if (isTrue(object, 'spec', 'paused')) return health('Suspended', 'Deployment config is paused');
  if (conditionsOf(object).length === 0)
    return health('Progressing', 'replication controller is waiting for pods to run');
  if (available?.status === 'False' || progressing?.status === 'False')
    return numberAt(object, 'spec', 'replicas') === 0
      ? health('Healthy', 'replication controller is scaled to zero')
      : health('Degraded', 'Deployment config is degraded');
  const isDone = available?.status === 'True' && progressing?.reason === 'NewReplicationControllerAvailable';
  return isDone
    ? health('Healthy', 'replication controller successfully rolled out')
    : health('Progressing', 'replication controller is waiting for pods to run');
}

/** What Istio's API says of each state of the whole. */
const ISTIO_STATES: Readonly<Record<string, readonly [HealthStatus, string]>> = {
  HEALTHY: ['Healthy', 'Component is healthy.'],
  RECONCILING: ['Progressing', 'Controller has started but not yet completed reconciliation loop for the component.'],
  UPDATING: ['Progressing', 'Component is being updated to a different version.'],
  ERROR: ['Degraded', 'Component is in an error state.'],
  ACTION_REQUIRED: ['Degraded', 'Action is needed from the user for reconciliation to proceed.'],
  NONE: ['Progressing', 'Component is not present.'],
};

function istioOperator(object: KubeObject): ResourceHealth {
  const [status, message] = ISTIO_STATES[wordAt(object, 'status.status')] ?? [
    'Progressing',
    'Waiting for IstioOperator',
  ];
  return health(status, message);
}

function nmstate(): HealthCheck {
  const why = (type: string) => (_text: string, object: KubeObject) => {
    const { reason = '', message = '' } = findCondition(object, type, 'True') ?? {};
    return `${reason}: ${message}`;
  };
  return firstOf(
    [condition('Degraded'), 'Degraded', why('Degraded')],
    [condition('Progressing'), 'Progressing', why('Progressing')],
    [condition('Available'), 'Healthy', why('Available')],
    [condition('Ignored'), 'Healthy', why('Ignored')],
    [always, 'Progressing', 'Waiting for policy to be applied'],
  );
}

export const INSTALLED: Rules = {
  'policy.open-cluster-management.io/CertificatePolicy': firstOf(
    [lacks('status'), 'Progressing', WAIT_REPORT],
    [word('status.compliant', 'Compliant'), 'Healthy', 'All certificates found comply with the policy'],
    [word('status.compliant', 'NonCompliant'), 'Degraded', 'At least once certificate does not comply with the policy'],
    [always, 'Progressing', WAIT_REPORT],
  ),
  'policy.open-cluster-management.io/ConfigurationPolicy': configurationPolicy,
  'policy.open-cluster-management.io/OperatorPolicy': operatorPolicy,
  'policy.open-cluster-management.io/Policy': openPolicy,
  'operators.coreos.com/Subscription': subscription,
  'operator.openshift.io/IngressController': ingressController,
  'apps.openshift.io/DeploymentConfig': deploymentConfig,
  'install.istio.io/IstioOperator': istioOperator,
  'nmstate.io/NodeNetworkConfigurationPolicy': nmstate(),
};
