// What makes and keeps clusters: Cluster API, Karpenter, Gardener, Karmada.

import { at, listAt, numberAt, textAt } from '../../../core/json.ts';
import type { KubeObject } from '../../../objects/object.ts';
import { conditionsOf, health, isTrue, type ResourceHealth } from '../check.ts';
import { byCondition, byWord, findCondition, flag, forKinds, outdated, type Rules, wordAt } from './forms.ts';

const isFalse = (object: KubeObject): ReturnType<typeof conditionsOf> =>
  conditionsOf(object).filter(({ status }) => status === 'False');

function capiCluster(object: KubeObject): ResourceHealth {
  if (isTrue(object, 'spec', 'paused')) return health('Suspended', 'Cluster is paused');
  const phase = wordAt(object, 'status.phase');
  if (phase === 'Failed') return health('Degraded', wordAt(object, 'status.failureMessage') || 'Cluster is failed');
  const failed = findCondition(object, 'Ready', 'False') ?? findCondition(object, 'Available', 'False');
  if (failed && phase === 'Provisioned') return health('Degraded', failed.message);
  if (phase === 'Provisioned') return health('Healthy', 'Cluster is provisioned');
  return health('Progressing', 'Waiting for clusters');
}

/** Which conditions are not met, and why. */
function machinePool(object: KubeObject): ResourceHealth {
  const phase = wordAt(object, 'status.phase');
  if (phase === '') return health('Progressing', 'Waiting for MachinePool');
  const unmet = isFalse(object).map(({ type, reason }) => `Not ${type}${reason ? ` (${reason})` : ''}`);
  const message = `MachinePool is ${phase}${unmet.length > 0 ? `: ${unmet.join(', ')}` : ''}`;
  if (phase === 'Failed') return health('Degraded', message);
  if (unmet.length > 0 || ['Pending', 'Provisioning', 'Deleting'].includes(phase))
    return health('Progressing', message);
  return health('Healthy', message);
}

function healthCheck(object: KubeObject): ResourceHealth {
  const [current, expected] = [
    numberAt(object, 'status', 'currentHealthy'),
    numberAt(object, 'status', 'expectedMachines'),
  ];
  if (current === undefined && expected === undefined && findCondition(object, 'RemediationAllowed') === undefined)
    return health('Progressing', 'Waiting for MachineHealthCheck');
  const refused = findCondition(object, 'RemediationAllowed', 'False');
  if (refused) return health('Degraded', refused.message);
  return health((current ?? 0) < (expected ?? 0) ? 'Degraded' : 'Healthy');
}

/** Everything that is false, but the reason that something was created already. */
function controlPlane(object: KubeObject): ResourceHealth {
  if (conditionsOf(object).length === 0) return health('Progressing', 'Waiting for control plane');
  const told = isFalse(object).filter(({ type, reason }) => !(type.endsWith('Creating') && reason === 'created'));
  const text = told.map(({ message }) => (message ? `${message} ` : '')).join('');
  if (told.length > 0) {
    const isRunning = isTrue(object, 'status', 'ready');
    const hasFault = told.some(({ reason }) => /Failed|Error/.test(reason));
    return isRunning || hasFault ? health('Degraded', text) : health('Progressing', text);
  }
  return isTrue(object, 'status', 'ready')
    ? health('Healthy', 'Control plane is ready')
    : health('Progressing', 'Waiting for control plane');
}

/** A node on its way: each step has its condition, and its words while the next is waited for. */
const NODE_STEPS = [
  ['Initialized', 'Node initialized, waiting for Ready'],
  ['Registered', 'Node registered, waiting for initialization'],
  ['Launched', 'Node launched, waiting for registration'],
] as const;

function nodeClaim(object: KubeObject): ResourceHealth {
  const launching = health('Progressing', 'Waiting for NodeClaim to be launched');
  if (outdated(object) !== undefined) return launching;
  const ready = findCondition(object, 'Ready');
  if (ready?.status === 'True') return health('Healthy', ready.message);
  if (ready?.status === 'False') return health('Degraded', ready.message);
  const failed = ['Launched', 'Registered', 'Initialized'].flatMap(
    (type) => findCondition(object, type, 'False') ?? [],
  )[0];
  if (failed) return health('Degraded', failed.message);
  const step = NODE_STEPS.find(([type]) => findCondition(object, type, 'True') !== undefined);
  return step ? health('Progressing', step[1]) : launching;
}

function shoot(object: KubeObject): ResourceHealth {
  const state = wordAt(object, 'status.lastOperation.state');
  const component = (text: string): string => `Component state: ${text}`;
  if ((at(object, 'status') ?? null) === null || state === '') return health('Progressing', 'Update in progress');
  if (isTrue(object, 'spec', 'hibernation', 'enabled') && state === 'Succeeded')
    return health('Suspended', component('Hibernated'));
  if (['Failed', 'Error', 'Aborted'].includes(state)) return health('Degraded', component('Unhealthy'));
  const conditions = conditionsOf(object);
  if (conditions.length === 0) return health('Degraded', component('Unhealthy'));
  const isWell = conditions.every(({ status }) => status === 'True');
  return state === 'Succeeded' && isWell
    ? health('Healthy', component('Healthy'))
    : health('Progressing', component('Update in progress'));
}

/** A binding of Karmada: applied to every cluster that it is for, and well there. */
function binding(object: KubeObject): ResourceHealth {
  const clusters = listAt(object, 'spec', 'clusters').length;
  const statuses = listAt(object, 'status', 'aggregatedStatus');
  const isApplied = (each: unknown): boolean => isTrue(each, 'applied');
  if (clusters === 0 || statuses.length < clusters)
    return health('Progressing', 'Current resource status is insufficient');
  const isUnwell = (each: unknown): boolean => textAt(each, 'health') === 'Unhealthy' || !isApplied(each);
  return statuses.some(isUnwell) ? health('Degraded', 'Current resource status is unhealthy') : health('Healthy');
}

const machineDeployment = byWord({
  path: 'status.phase',
  healthy: ['Running'],
  progressing: ['ScalingUp', 'ScalingDown'],
  degraded: ['Failed'],
  message: (phase) =>
    ({
      Running: 'MachineDeployment is running',
      Failed: 'MachineDeployment is failed',
      ScalingUp: 'Cluster is spawning machines',
      ScalingDown: 'Cluster is stopping machines',
    })[phase] ?? phase,
  waiting: 'Waiting for machines',
  first: [
    [flag('spec.paused'), 'Suspended', 'MachineDeployment is paused'],
    [outdated, 'Progressing', 'Waiting for machines'],
  ],
});

export const CLUSTERS: Rules = {
  'addons.cluster.x-k8s.io/ClusterResourceSet': byCondition({
    type: 'ResourcesApplied',
    waiting: 'Waiting for resources to be applied',
    healthy: (text) => text || 'cluster resource set is applied',
  }),
  'cluster.x-k8s.io/Cluster': capiCluster,
  'cluster.x-k8s.io/Machine': byWord({
    path: 'status.phase',
    healthy: ['Running'],
    progressing: ['Pending', 'Provisioning', 'Provisioned', 'Deleting'],
    degraded: ['Failed'],
    message: (phase) =>
      phase === 'Running' ? 'Machine is running' : phase === 'Failed' ? 'Machine is failed' : 'Waiting for machines',
    waiting: 'Waiting for machines',
  }),
  'cluster.x-k8s.io/MachineDeployment': machineDeployment,
  'cluster.x-k8s.io/MachineHealthCheck': healthCheck,
  'cluster.x-k8s.io/MachinePool': machinePool,
  ...forKinds('controlplane.cluster.x-k8s.io', ['AWSManagedControlPlane', 'KubeadmControlPlane'], () => controlPlane),
  'karpenter.sh/NodeClaim': nodeClaim,
  'karpenter.sh/NodePool': byCondition({
    waiting: 'Waiting for NodePool',
    first: [[outdated, 'Progressing', 'Waiting for NodePool']],
  }),
  'core.gardener.cloud/Shoot': shoot,
  ...forKinds('work.karmada.io', ['ClusterResourceBinding', 'ResourceBinding'], () => binding),
};
