// What each controller tells of its objects, in its words.

import type { OwnerReference } from '../../objects/object.ts';
import type { Told } from './event.ts';

const normal = (reason: string, message: string, more: Partial<Told> = {}): Told => ({
  type: 'Normal',
  reason,
  message,
  ...more,
});
const warning = (reason: string, message: string): Told => ({ type: 'Warning', reason, message });

/** Of a ReplicaSet, a DaemonSet, a Job. */
export const ofOwner = {
  created: (pod: string) => normal('SuccessfulCreate', `Created pod: ${pod}`),
  deleted: (pod: string) => normal('SuccessfulDelete', `Deleted pod: ${pod}`),
  failed: (why: string) => warning('FailedCreate', `Error creating: ${why}`),
} as const;

export const ofDeployment = {
  scaled: (set: string, from: number, to: number) =>
    normal('ScalingReplicaSet', `Scaled ${to > from ? 'up' : 'down'} replica set ${set} from ${from} to ${to}`),
} as const;

export const ofDaemonSet = {
  over: (pod: string, node: string, isFailed: boolean) =>
    isFailed
      ? warning('FailedDaemonPod', `Found failed daemon pod ${pod} on node ${node}, will try to kill it`)
      : normal('SucceededDaemonPod', `Found succeeded daemon pod ${pod} on node ${node}, will try to delete it`),
} as const;

const member = (verb: string, pod: string, set: string): string =>
  `${verb} Pod ${pod} in StatefulSet ${set} successful`;

export const ofStatefulSet = {
  created: (pod: string, set: string) => normal('SuccessfulCreate', member('Create', pod, set)),
  deleted: (pod: string, set: string) => normal('SuccessfulDelete', member('Delete', pod, set)),
  failed: (pod: string, set: string, why: string) =>
    warning('FailedCreate', `Create Pod ${pod} in StatefulSet ${set} failed error: ${why}`),
  claimed: (claim: string, pod: string, set: string) =>
    normal('SuccessfulCreate', `Create Claim ${claim} Pod ${pod} in StatefulSet ${set} success`),
} as const;

export const ofJob = {
  completed: () => normal('Completed', 'Job completed'),
  failed: (reason: string, message: string) => warning(reason, message),
  suspended: () => normal('Suspended', 'Job suspended'),
  resumed: () => normal('Resumed', 'Job resumed'),
} as const;

export const ofCronJob = {
  created: (job: string) => normal('SuccessfulCreate', `Created job ${job}`),
  deleted: (job: string) => normal('SuccessfulDelete', `Deleted job ${job}`),
  ended: (job: string, condition: string) =>
    normal('SawCompletedJob', `Saw completed job: ${job}, condition: ${condition}`),
  missing: (job: string) => normal('MissingJob', `Active job went missing: ${job}`),
  unexpected: (job: string) =>
    warning('UnexpectedJob', `Saw a job that the controller did not create or forgot: ${job}`),
  failed: (why: string) => warning('FailedCreate', `Error creating job: ${why}`),
  missed: () =>
    warning(
      'TooManyMissedTimes',
      'too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew',
    ),
  never: (schedule: string) =>
    warning(
      'InvalidSchedule',
      `invalid schedule: ${schedule} : time difference between two schedules is less than 1 second`,
    ),
  blocked: () =>
    normal('JobAlreadyActive', 'Not starting job because prior execution is running and concurrency policy is Forbid'),
  unreadable: (schedule: string, why: string) =>
    warning('UnparseableSchedule', `unparseable schedule: "${schedule}" : ${why}`),
} as const;

export const ofClaim = {
  waiting: (provisioner: string) =>
    normal(
      'ExternalProvisioning',
      `Waiting for a volume to be created either by the external provisioner '${provisioner}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.`,
    ),
  idle: () => normal('WaitForFirstConsumer', 'waiting for first consumer to be created before binding'),
  unprovisioned: (provisioner: string) =>
    warning('ProvisioningFailed', `no volume plugin matched name: ${provisioner}`),
  begun: (claim: string, component: string) =>
    normal('Provisioning', `External provisioner is provisioning volume for claim "${claim}"`, { component }),
  provisioned: (volume: string, component: string | undefined) =>
    normal(
      'ProvisioningSucceeded',
      `Successfully provisioned volume ${volume}`,
      component === undefined ? {} : { component },
    ),
} as const;

const SCHEDULER = 'default-scheduler';

export const ofScheduler = {
  bound: (pod: string, node: string) =>
    normal('Scheduled', `Successfully assigned ${pod} to ${node}`, { component: SCHEDULER, action: 'Binding' }),
  refused: (message: string): Told => ({
    ...warning('FailedScheduling', message),
    component: SCHEDULER,
    action: 'Scheduling',
  }),
  preempted: (preemptor: string, node: string) =>
    normal('Preempted', `Preempted by pod ${preemptor} on node ${node}`, {
      component: SCHEDULER,
      action: 'Preempting',
    }),
} as const;

export const ofBudget = {
  idle: () => normal('NoPods', 'No matching pods found'),
  failed: (why: string) =>
    warning('CalculateExpectedPodCountFailed', `Failed to calculate the number of expected pods: ${why}`),
  many: (pod: string, chosen: string): Told => ({
    ...warning(
      'MultiplePodDisruptionBudgets',
      `Pod ${pod} matches multiple PodDisruptionBudgets.  Chose "${chosen}" arbitrarily.`,
    ),
    component: 'controllermanager',
  }),
  unmanaged: (selector: string) =>
    warning(
      'UnmanagedPods',
      `Pods selected by this PodDisruptionBudget (selector: ${selector}) were found to be unmanaged. As a result, the status of the PDB cannot be calculated correctly, which may result in undefined behavior. To account for these pods please set ".spec.minAvailable" field of the PDB to an integer value.`,
    ),
} as const;

export const ofBalancer = {
  begun: () => normal('EnsuringLoadBalancer', 'Ensuring load balancer', { component: 'service-controller' }),
  done: () => normal('EnsuredLoadBalancer', 'Ensured load balancer', { component: 'service-controller' }),
} as const;

export const ofMirror = {
  tooMany: (most: number, skipped: number): Told => ({
    ...warning(
      'TooManyAddressesToMirror',
      `A max of ${most} addresses can be mirrored to EndpointSlices per Endpoints subset. ${skipped} addresses were skipped`,
    ),
    component: 'endpoint-slice-mirroring-controller',
  }),
} as const;

export const ofGarbage = {
  stranger: ({ apiVersion, kind, name, uid }: OwnerReference, namespace: string): Told => ({
    ...warning(
      'OwnerRefInvalidNamespace',
      `ownerRef [${apiVersion}/${kind}, namespace: ${namespace}, name: ${name}, uid: ${uid}] does not exist in namespace "${namespace}"`,
    ),
    component: 'garbage-collector-controller',
  }),
} as const;

export const ofNode = {
  joined: (name: string) => normal('RegisteredNode', `Node ${name} event: Registered Node ${name} in Controller`),
  is: (name: string, status: string) =>
    normal(status, `Node ${name} status is now: ${status}`, { component: 'kubelet', host: name }),
  leaves: (name: string) => normal('RemovingNode', `Node ${name} event: Removing Node ${name} from Controller`),
  silent: (name: string) => normal('NodeNotReady', `Node ${name} status is now: NodeNotReady`),
  unready: () => ({ ...warning('NodeNotReady', 'Node is not ready'), component: 'node-controller' }),
  evicts: (pod: string) =>
    normal('TaintManagerEviction', `Marking for deletion Pod ${pod}`, { component: 'taint-eviction-controller' }),
  spares: (pod: string) =>
    normal('TaintManagerEviction', `Cancelling deletion of Pod ${pod}`, { component: 'taint-eviction-controller' }),
} as const;

export const ofAutoscaler = {
  rescaled: (size: number, reason: string) => normal('SuccessfulRescale', `New size: ${size}; reason: ${reason}`),
  failed: (reason: string, message: string) => warning(reason, message),
} as const;

/** Of a container of a Pod on a node. */
export const ofContainer = {
  pulling: (image: string) => normal('Pulling', `Pulling image "${image}"`),
  pulled: (image: string, took: string, bytes: number) =>
    normal(
      'Pulled',
      `Successfully pulled image "${image}" in ${took} (${took} including waiting). Image size: ${bytes} bytes.`,
    ),
  present: (image: string) =>
    normal('Pulled', `Container image "${image}" already present on machine and can be accessed by the pod`),
  created: () => normal('Created', 'Container created'),
  started: () => normal('Started', 'Container started'),
  stopped: (name: string) => normal('Killing', `Stopping container ${name}`),
} as const;
