// What the API server fills in, by kind. Only what depends on the object itself: addresses, names and ids are given by
// the cluster.

import { type Draft, each, fill, present, within } from '../draft.ts';
import {
  defaultDeviceClaim,
  defaultDriver,
  defaultFlowSchema,
  defaultGivenDevices,
  defaultPolicy,
  defaultPolicyBinding,
  defaultPriorityLevel,
  defaultServicePort,
} from './cluster.ts';
import { defaultPod, defaultPodSpec, defaultSources } from './pod.ts';
import {
  defaultCronJob,
  defaultDaemonSet,
  defaultDeployment,
  defaultJob,
  defaultReplicaSet,
  defaultStatefulSet,
} from './workload.ts';

/** Fills in the defaults of a built-in object, in place. */
export function applyDefaults(group: string, kind: string, object: Draft): void {
  DEFAULTS[group === '' ? kind : `${group}/${kind}`]?.(object);
}

const DEFAULTS: Readonly<Record<string, (object: Draft) => void>> = {
  Pod: (object) => {
    const spec = within(object, 'spec');
    defaultPodSpec(spec);
    defaultPod(spec);
  },
  PodTemplate: (object) => defaultPodSpec(within(within(object, 'template'), 'spec')),
  ReplicationController: (object) => {
    const spec = within(object, 'spec');
    const labels = present(present(present(spec, 'template'), 'metadata'), 'labels');
    if (labels) {
      fill(spec, { selector: { ...labels } });
      fill(within(object, 'metadata'), { labels: { ...labels } });
    }
    defaultReplicaSet(object);
  },
  Service: defaultService,
  Secret: (object) => fill(object, { type: 'Opaque' }),
  Namespace: (object) => {
    const metadata = within(object, 'metadata');
    const { name } = metadata;
    if (name !== undefined) within(metadata, 'labels')['kubernetes.io/metadata.name'] = name;
  },
  PersistentVolumeClaim: (object) => fill(within(object, 'spec'), { volumeMode: 'Filesystem' }),
  PersistentVolume: (object) => {
    const spec = within(object, 'spec');
    fill(spec, { volumeMode: 'Filesystem', persistentVolumeReclaimPolicy: 'Retain' });
    defaultSources(spec);
  },
  LimitRange: (object) => each(within(object, 'spec'), 'limits').forEach(defaultLimit),
  Endpoints: (object) => {
    for (const subset of each(object, 'subsets')) {
      for (const port of each(subset, 'ports')) fill(port, { protocol: 'TCP' });
    }
  },
  // Structures and times without a pointer are written also when nobody has set them.
  Event: (object) =>
    fill(object, {
      involvedObject: {},
      source: {},
      firstTimestamp: null,
      lastTimestamp: null,
      eventTime: null,
      reportingComponent: '',
      reportingInstance: '',
    }),
  'events.k8s.io/Event': (object) =>
    fill(object, {
      regarding: {},
      deprecatedSource: {},
      deprecatedFirstTimestamp: null,
      deprecatedLastTimestamp: null,
      eventTime: null,
    }),
  'apps/Deployment': defaultDeployment,
  'apps/ReplicaSet': defaultReplicaSet,
  'apps/StatefulSet': defaultStatefulSet,
  'apps/DaemonSet': defaultDaemonSet,
  'batch/Job': defaultJob,
  'batch/CronJob': defaultCronJob,
  'networking.k8s.io/NetworkPolicy': defaultNetworkPolicy,
  'networking.k8s.io/IngressClass': (object) => {
    const parameters = present(present(object, 'spec'), 'parameters');
    if (parameters) fill(parameters, { scope: 'Cluster' });
  },
  'storage.k8s.io/StorageClass': (object) => fill(object, { reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' }),
  'scheduling.k8s.io/PriorityClass': (object) => fill(object, { preemptionPolicy: 'PreemptLowerPriority' }),
  'autoscaling/HorizontalPodAutoscaler': defaultAutoscaler,
  'rbac.authorization.k8s.io/RoleBinding': defaultBinding,
  'rbac.authorization.k8s.io/ClusterRoleBinding': defaultBinding,
  Node: (object) => {
    const spec = present(object, 'spec');
    if (spec) defaultPodNetworks(spec);
    const status = present(object, 'status');
    const capacity = present(status, 'capacity');
    if (status && capacity) fill(status, { allocatable: { ...capacity } });
  },
  'apiregistration.k8s.io/APIService': (object) => defaultServicePort(present(object, 'spec')),
  'storage.k8s.io/CSIDriver': defaultDriver,
  'storage.k8s.io/VolumeAttachment': (object) => {
    const volume = present(present(present(object, 'spec'), 'source'), 'inlineVolumeSpec');
    if (volume) defaultSources(volume);
  },
  'flowcontrol.apiserver.k8s.io/FlowSchema': defaultFlowSchema,
  'flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration': defaultPriorityLevel,
  'resource.k8s.io/ResourceClaim': (object) => {
    defaultDeviceClaim(present(object, 'spec'));
    defaultGivenDevices(present(object, 'status'));
  },
  'resource.k8s.io/ResourceClaimTemplate': (object) => defaultDeviceClaim(present(present(object, 'spec'), 'spec')),
  'admissionregistration.k8s.io/ValidatingAdmissionPolicy': defaultPolicy,
  'admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding': defaultPolicyBinding,
  'admissionregistration.k8s.io/MutatingAdmissionPolicy': defaultPolicy,
  'admissionregistration.k8s.io/MutatingAdmissionPolicyBinding': defaultPolicyBinding,
  'discovery.k8s.io/EndpointSlice': (object) => {
    for (const port of each(object, 'ports')) fill(port, { name: '', protocol: 'TCP' });
  },
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration': defaultWebhooks,
  'admissionregistration.k8s.io/MutatingWebhookConfiguration': (object) => {
    defaultWebhooks(object);
    for (const webhook of each(object, 'webhooks')) fill(webhook, { reinvocationPolicy: 'Never' });
  },
};

/** The first network of Pods is told in a field of its own, which is followed. */
function defaultPodNetworks(spec: Draft): void {
  const { podCIDR, podCIDRs } = spec;
  const [first] = Array.isArray(podCIDRs) ? podCIDRs : [];
  if (podCIDR && podCIDR !== first) spec['podCIDRs'] = [podCIDR];
  else if (!podCIDR && first) spec['podCIDR'] = first;
}

function defaultService(object: Draft): void {
  const spec = within(object, 'spec');
  fill(spec, { type: 'ClusterIP', sessionAffinity: 'None' });
  const type = spec['type'];
  if (spec['sessionAffinity'] === 'None') delete spec['sessionAffinityConfig'];
  if (spec['sessionAffinity'] === 'ClientIP') {
    fill(within(within(spec, 'sessionAffinityConfig'), 'clientIP'), { timeoutSeconds: 10_800 });
  }
  const isOutside = type === 'ClusterIP' && Array.isArray(spec['externalIPs']) && spec['externalIPs'].length > 0;
  if (type === 'NodePort' || type === 'LoadBalancer' || isOutside) fill(spec, { externalTrafficPolicy: 'Cluster' });
  if (type === 'LoadBalancer') fill(spec, { allocateLoadBalancerNodePorts: true });
  if (type !== 'ExternalName') fill(spec, { internalTrafficPolicy: 'Cluster' });
  for (const port of each(spec, 'ports')) {
    fill(port, { protocol: 'TCP' });
    if (!port['targetPort']) port['targetPort'] = port['port'] ?? 0;
  }
}

/** A limit is the most that there is, and what is asked for the limit: each resource for itself. */
function defaultLimit(limit: Draft): void {
  if (limit['type'] !== 'Container') return;
  const spread = (from: string, to: string): void => {
    const amounts = present(limit, from) ?? {};
    if (Object.keys(amounts).length > 0) fill(within(limit, to), amounts);
  };
  spread('max', 'default');
  spread('default', 'defaultRequest');
  spread('min', 'defaultRequest');
}

function defaultNetworkPolicy(object: Draft): void {
  const spec = within(object, 'spec');
  within(spec, 'podSelector');
  for (const rule of [...each(spec, 'ingress'), ...each(spec, 'egress')]) {
    for (const port of each(rule, 'ports')) fill(port, { protocol: 'TCP' });
  }
  fill(spec, { policyTypes: spec['egress'] === undefined ? ['Ingress'] : ['Ingress', 'Egress'] });
}

function defaultAutoscaler(object: Draft): void {
  const spec = within(object, 'spec');
  fill(spec, { minReplicas: 1 });
  if (object['apiVersion'] === 'autoscaling/v1') {
    const metrics = present(present(object, 'metadata'), 'annotations')?.['autoscaling.alpha.kubernetes.io/metrics'];
    if (metrics === undefined) fill(spec, { targetCPUUtilizationPercentage: 80 });
    return;
  }
  const target = { type: 'Utilization', averageUtilization: 80 };
  fill(spec, { metrics: [{ type: 'Resource', resource: { name: 'cpu', target } }] });
  const behavior = present(spec, 'behavior');
  if (!behavior) return;
  const percent = { type: 'Percent', value: 100, periodSeconds: 15 };
  fill(within(behavior, 'scaleUp'), {
    stabilizationWindowSeconds: 0,
    selectPolicy: 'Max',
    policies: [{ type: 'Pods', value: 4, periodSeconds: 15 }, { ...percent }],
  });
  fill(within(behavior, 'scaleDown'), { selectPolicy: 'Max', policies: [{ ...percent }] });
}

const RBAC = 'rbac.authorization.k8s.io';

function defaultBinding(object: Draft): void {
  const role = within(object, 'roleRef');
  if (!role['apiGroup']) role['apiGroup'] = RBAC;
  for (const subject of each(object, 'subjects')) {
    if (subject['kind'] === 'User' || subject['kind'] === 'Group') fill(subject, { apiGroup: RBAC });
  }
}

function defaultWebhooks(object: Draft): void {
  for (const webhook of each(object, 'webhooks')) {
    fill(webhook, { failurePolicy: 'Fail', matchPolicy: 'Equivalent', timeoutSeconds: 10 });
    within(webhook, 'namespaceSelector');
    within(webhook, 'objectSelector');
    for (const rule of each(webhook, 'rules')) fill(rule, { scope: '*' });
    defaultServicePort(present(webhook, 'clientConfig'));
  }
}
