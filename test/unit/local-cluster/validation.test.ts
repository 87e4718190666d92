// What the local cluster refuses, kind by kind, in the words of the API server.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/cli/io/system-clock.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { RULES } from '../../../src/local-cluster/validation/validate.ts';
import { groupOf } from '../../../src/objects/object.ts';
import { builtinResources } from '../../../src/objects/types.ts';
import { type KubeCalls, openKubeCalls } from '../../support/kube-calls.ts';

let kube: KubeCalls;
beforeAll(async () => {
  kube = await openKubeCalls(systemClock);
});
afterAll(() => kube.close());

test('every built-in kind that is stored has its row', () => {
  const stored = Object.entries(builtinResources()).flatMap(([apiVersion, entries]) =>
    entries
      .filter(({ verbs }) => verbs.includes('create') && verbs.includes('get'))
      .map(({ name }) => `${groupOf(apiVersion)}/${name}`),
  );
  const rows = new Set([...Object.keys(RULES), 'events.k8s.io/events']);
  expect([...new Set(stored)].filter((storage) => !rows.has(storage))).toEqual([]);
});

const PATHS: Readonly<Record<string, string>> = {
  Ingress: '/apis/networking.k8s.io/v1/namespaces/default/ingresses',
  IngressClass: '/apis/networking.k8s.io/v1/ingressclasses',
  NetworkPolicy: '/apis/networking.k8s.io/v1/namespaces/default/networkpolicies',
  EndpointSlice: '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices',
  Endpoints: '/api/v1/namespaces/default/endpoints',
  Service: '/api/v1/namespaces/default/services',
  Pod: '/api/v1/namespaces/default/pods',
  Deployment: '/apis/apps/v1/namespaces/default/deployments',
  DaemonSet: '/apis/apps/v1/namespaces/default/daemonsets',
  StatefulSet: '/apis/apps/v1/namespaces/default/statefulsets',
  Job: '/apis/batch/v1/namespaces/default/jobs',
  CronJob: '/apis/batch/v1/namespaces/default/cronjobs',
  PersistentVolume: '/api/v1/persistentvolumes',
  PersistentVolumeClaim: '/api/v1/namespaces/default/persistentvolumeclaims',
  StorageClass: '/apis/storage.k8s.io/v1/storageclasses',
  PodDisruptionBudget: '/apis/policy/v1/namespaces/default/poddisruptionbudgets',
  HorizontalPodAutoscaler: '/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers',
  ResourceQuota: '/api/v1/namespaces/default/resourcequotas',
  LimitRange: '/api/v1/namespaces/default/limitranges',
  PriorityClass: '/apis/scheduling.k8s.io/v1/priorityclasses',
  RuntimeClass: '/apis/node.k8s.io/v1/runtimeclasses',
  Node: '/api/v1/nodes',
  Lease: '/apis/coordination.k8s.io/v1/namespaces/default/leases',
  APIService: '/apis/apiregistration.k8s.io/v1/apiservices',
  CertificateSigningRequest: '/apis/certificates.k8s.io/v1/certificatesigningrequests',
  ValidatingWebhookConfiguration: '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations',
  ValidatingAdmissionPolicyBinding: '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings',
  Role: '/apis/rbac.authorization.k8s.io/v1/namespaces/default/roles',
  ClusterRole: '/apis/rbac.authorization.k8s.io/v1/clusterroles',
  RoleBinding: '/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings',
  FlowSchema: '/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas',
};

const port = (value: number): JsonObject => ({ name: 'a', port: { number: value } });
const http = (path: JsonObject): JsonObject => ({
  rules: [{ http: { paths: [{ backend: { service: port(80) }, ...path }] } }],
});
const container = (more: JsonObject): JsonObject => ({ name: 'c', image: 'nginx', ...more });
const pod = (spec: JsonObject, more: JsonObject = {}): JsonObject => ({ containers: [container(more)], ...spec });
const template = (spec: JsonObject = {}): JsonObject => ({ metadata: { labels: { app: 'a' } }, spec: pod(spec) });
const workload = (more: JsonObject): JsonObject => ({
  selector: { matchLabels: { app: 'a' } },
  template: template(),
  ...more,
});
const claim = (more: JsonObject): JsonObject => ({
  accessModes: ['ReadWriteOnce'],
  resources: { requests: { storage: '1Gi' } },
  ...more,
});
const volume = (more: JsonObject): JsonObject => ({
  accessModes: ['ReadWriteOnce'],
  capacity: { storage: '1Gi' },
  hostPath: { path: '/v' },
  ...more,
});
const job = (more: JsonObject): JsonObject => ({ template: template({ restartPolicy: 'Never' }), ...more });

const SUBDOMAIN =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const CIDR = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)';

type Case = readonly [spec: JsonObject, faults: string];

const CASES: Readonly<Record<string, readonly Case[]>> = {
  Ingress: [
    [{}, 'spec: Invalid value: null: either `defaultBackend` or `rules` must be specified'],
    [http({ path: '/' }), 'spec.rules[0].http.paths[0].pathType: Required value: pathType must be specified'],
    [
      http({ path: 'a', pathType: 'Prefix' }),
      'spec.rules[0].http.paths[0].path: Invalid value: "a": must be an absolute path',
    ],
    [
      http({ path: '/a//b', pathType: 'Exact' }),
      'spec.rules[0].http.paths[0].path: Invalid value: "/a//b": must not contain \'//\'',
    ],
    [
      http({ path: '/', pathType: 'Regex' }),
      'spec.rules[0].http.paths[0].pathType: Unsupported value: "Regex": supported values: "Exact", "ImplementationSpecific", "Prefix"',
    ],
    [
      http({ path: '/', pathType: 'Prefix', backend: {} }),
      'spec.rules[0].http.paths[0].backend: Invalid value: "": resource or service backend is required',
    ],
    [
      { defaultBackend: { service: { name: 'a' } } },
      'spec.defaultBackend: Required value: port name or number is required',
    ],
    [
      { defaultBackend: { service: { name: 'a', port: { name: 'http', number: 80 } } } },
      'spec.defaultBackend: Invalid value: "": cannot set both port name & port number',
    ],
    [
      { defaultBackend: { service: port(70000) } },
      'spec.defaultBackend.service.port.number: Invalid value: 70000: must be between 1 and 65535, inclusive',
    ],
    [
      { defaultBackend: { service: port(80) }, rules: [{ host: '10.0.0.1' }] },
      'spec.rules[0].host: Invalid value: "10.0.0.1": must be a DNS name, not an IP address',
    ],
    [
      { defaultBackend: { service: port(80) }, rules: [{ host: 'A b' }] },
      `spec.rules[0].host: Invalid value: "A b": ${SUBDOMAIN}`,
    ],
    [{ rules: [{ http: { paths: [] } }] }, 'spec.rules[0].http.paths: Required value'],
  ],
  IngressClass: [
    [{}, 'spec.controller: Required value'],
    [
      { controller: 'nginx' },
      'spec.controller: Invalid value: "nginx": must be a domain-prefixed path (such as "acme.io/foo")',
    ],
  ],
  NetworkPolicy: [
    [
      { podSelector: {}, policyTypes: ['Both'] },
      'spec.policyTypes[0]: Unsupported value: "Both": supported values: "Ingress", "Egress"',
    ],
    [
      { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: '10.1.2.3/8' } }] }] },
      'spec.ingress[0].from[0].ipBlock.cidr: Invalid value: "10.1.2.3/8": must not have bits set beyond the prefix length',
    ],
    [{ podSelector: {}, ingress: [{ from: [{}] }] }, 'spec.ingress[0].from[0]: Required value: must specify a peer'],
    [
      { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0' } }] }] },
      `spec.ingress[0].from[0].ipBlock.cidr: Invalid value: "10.0.0.0": ${CIDR}`,
    ],
    [
      { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['11.0.0.0/16'] } }] }] },
      'spec.ingress[0].from[0].ipBlock.except[0]: Invalid value: "11.0.0.0/16": must be a strict subset of `cidr`',
    ],
    [
      { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8' }, podSelector: {} }] }] },
      'spec.ingress[0].from[0]: Forbidden: may not specify both ipBlock and another peer',
    ],
    [
      { podSelector: {}, egress: [{ ports: [{ port: 0 }] }] },
      'spec.egress[0].ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive',
    ],
    [
      { podSelector: {}, egress: [{ ports: [{ port: 90, endPort: 80 }] }] },
      'spec.egress[0].ports[0].endPort: Invalid value: 90: must be greater than or equal to `port`',
    ],
    [
      { podSelector: {}, egress: [{ ports: [{ endPort: 80 }] }] },
      'spec.egress[0].ports[0].endPort: Invalid value: 80: may not be specified when `port` is not specified',
    ],
    [
      { podSelector: { matchExpressions: [{ key: 'a', operator: 'In' }] } },
      "spec.podSelector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
    ],
  ],
  Service: [
    [
      { type: 'LoadBalancer', clusterIP: 'None', ports: [{ port: 80 }] },
      'spec.clusterIPs[0]: Invalid value: "None": may not be set to \'None\' for LoadBalancer services',
    ],
    [
      { ports: [{ port: 80, nodePort: 30001 }] },
      "spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'",
    ],
    [
      { ports: [{ port: 80, targetPort: 'a--b' }] },
      'spec.ports[0].targetPort: Invalid value: "a--b": must not contain consecutive hyphens',
    ],
    [
      { ports: [{ port: 80 }], externalTrafficPolicy: 'Local' },
      'spec.externalTrafficPolicy: Invalid value: "Local": may only be set for externally-accessible services',
    ],
    [
      { ports: [{ port: 80 }], sessionAffinity: 'Cookie' },
      'spec.sessionAffinity: Unsupported value: "Cookie": supported values: "ClientIP", "None"',
    ],
    [
      { ports: [{ port: 80 }], loadBalancerSourceRanges: ['10.0.0.0/8'] },
      "spec.LoadBalancerSourceRanges: Forbidden: may only be used when `type` is 'LoadBalancer'",
    ],
    [
      { ports: [{ port: 80 }], externalIPs: ['127.0.0.1'] },
      'spec.externalIPs[0]: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
    ],
    [{ type: 'ExternalName', externalName: 'a b' }, `spec.externalName: Invalid value: "a b": ${SUBDOMAIN}`],
  ],
  Pod: [
    [
      pod({ restartPolicy: 'Sometimes' }),
      'spec.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "OnFailure", "Never"',
    ],
    [
      pod({ activeDeadlineSeconds: 0 }),
      'spec.activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, inclusive',
    ],
    [
      pod({ tolerations: [{ operator: 'Equal', value: 'x' }] }),
      'spec.tolerations[0].operator: Invalid value: "Equal": operator must be Exists when `key` is empty, which means "match all values and all keys"',
    ],
    [
      pod({ tolerations: [{ key: 'a', operator: 'Exists', effect: 'Never' }] }),
      'spec.tolerations[0].effect: Unsupported value: "Never": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"',
    ],
    [pod({ volumes: [{ name: 'v', secret: {} }] }), 'spec.volumes[0].secret.secretName: Required value'],
    [
      pod({ volumes: [{ name: 'v', persistentVolumeClaim: {} }] }),
      'spec.volumes[0].persistentVolumeClaim.claimName: Required value',
    ],
    [
      pod({ volumes: [{ name: 'v', configMap: { name: 'a', items: [{ key: 'k', path: '../x' }] } }] }),
      'spec.volumes[0].configMap.items[0].path: Invalid value: "../x": must not contain \'..\'',
    ],
    [
      pod({}, { readinessProbe: { httpGet: { path: '/', port: 0 } } }),
      'spec.containers[0].readinessProbe.httpGet.port: Invalid value: 0: must be between 1 and 65535, inclusive',
    ],
    [
      pod({}, { livenessProbe: { exec: { command: ['a'] }, successThreshold: 2 } }),
      'spec.containers[0].livenessProbe.successThreshold: Invalid value: 2: must be 1',
    ],
    [
      pod({}, { livenessProbe: { exec: { command: ['a'] }, tcpSocket: { port: 80 } } }),
      'spec.containers[0].livenessProbe.tcpSocket: Forbidden: may not specify more than 1 handler type',
    ],
    [
      pod({}, { env: [{ name: 'A', valueFrom: {} }] }),
      'spec.containers[0].env[0].valueFrom: Invalid value: "": must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`',
    ],
    [
      pod({}, { env: [{ name: 'A', value: 'x', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }] }),
      'spec.containers[0].env[0].valueFrom: Invalid value: "": may not be specified when `value` is not empty',
    ],
    [
      pod({}, { resources: { requests: { cpus: '1' } } }),
      '[spec.containers[0].resources.requests[cpus]: Invalid value: "cpus": must be a standard resource type or fully qualified, spec.containers[0].resources.requests[cpus]: Invalid value: "cpus": must be a standard resource for containers]',
    ],
    [
      pod({}, { resources: { requests: { cpu: '2' }, limits: { cpu: '1' } } }),
      'spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1',
    ],
    [
      pod({}, { ports: [{ containerPort: 80, name: 'much-too-long-a-name' }] }),
      'spec.containers[0].ports[0].name: Invalid value: "much-too-long-a-name": must be no more than 15 characters',
    ],
    [
      pod(
        { volumes: [{ name: 'v', emptyDir: {} }] },
        {
          volumeMounts: [
            { name: 'v', mountPath: '/a' },
            { name: 'v', mountPath: '/a' },
          ],
        },
      ),
      'spec.containers[0].volumeMounts[1].mountPath: Invalid value: "/a": must be unique',
    ],
    [pod({ initContainers: [{ name: 'c', image: 'a' }] }), 'spec.initContainers[0].name: Duplicate value: "c"'],
    [
      pod({ topologySpreadConstraints: [{ maxSkew: 0, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule' }] }),
      'spec.topologySpreadConstraints[0].maxSkew: Invalid value: 0: must be greater than zero',
    ],
    [pod({ dnsPolicy: 'None' }), 'spec.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None'],
  ],
  Deployment: [
    [
      workload({ strategy: { type: 'Recreate', rollingUpdate: { maxSurge: 1 } } }),
      "spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'",
    ],
    [
      workload({ strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } } }),
      'spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` is 0',
    ],
    [
      workload({ strategy: { rollingUpdate: { maxUnavailable: '150%' } } }),
      'spec.strategy.rollingUpdate.maxUnavailable: Invalid value: "150%": must not be greater than 100%',
    ],
    [
      workload({ progressDeadlineSeconds: 5, minReadySeconds: 5 }),
      'spec.progressDeadlineSeconds: Invalid value: 5: must be greater than minReadySeconds',
    ],
    [workload({ minReadySeconds: -1 }), 'spec.minReadySeconds: Invalid value: -1: must be greater than or equal to 0'],
    [workload({ selector: {} }), 'spec.selector: Invalid value: {}: empty selector is invalid for deployment'],
    [
      workload({ template: template({ activeDeadlineSeconds: 5 }) }),
      'spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in ReplicaSet is not Supported',
    ],
  ],
  DaemonSet: [
    [
      workload({ updateStrategy: { type: 'Never' } }),
      'spec.updateStrategy: Unsupported value: {"Type":"Never","RollingUpdate":null}: supported values: "RollingUpdate", "OnDelete"',
    ],
    [workload({ selector: {} }), 'spec.selector: Invalid value: {}: empty selector is invalid for daemonset'],
  ],
  StatefulSet: [
    [
      workload({ serviceName: 'a', podManagementPolicy: 'Some' }),
      "spec.podManagementPolicy: Invalid value: \"Some\": must be 'OrderedReady' or 'Parallel'",
    ],
    [
      workload({ serviceName: 'a', updateStrategy: { type: 'OnDelete', rollingUpdate: { partition: 1 } } }),
      'spec.updateStrategy.rollingUpdate: Invalid value: {"Partition":1,"MaxUnavailable":null}: only allowed for updateStrategy \'RollingUpdate\'',
    ],
  ],
  Job: [
    [
      job({ completionMode: 'Indexed', parallelism: 2 }),
      'spec.completions: Required value: when completion mode is Indexed',
    ],
    [
      job({ completionMode: 'Some' }),
      'spec.completionMode: Unsupported value: "Some": supported values: "NonIndexed", "Indexed"',
    ],
    [job({ backoffLimit: -1 }), 'spec.backoffLimit: Invalid value: -1: must be greater than or equal to 0'],
    [
      { template: template({ restartPolicy: 'Always' }) },
      'spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"',
    ],
  ],
  CronJob: [
    [
      { schedule: 'at noon', jobTemplate: { spec: job({}) } },
      'spec.schedule: Invalid value: "at noon": expected exactly 5 fields, found 2: [at noon]',
    ],
    [
      { schedule: 'TZ=UTC * * * * *', jobTemplate: { spec: job({}) } },
      'spec.schedule: Invalid value: "TZ=UTC * * * * *": cannot use TZ or CRON_TZ in schedule, use timeZone field instead',
    ],
    [
      { schedule: '* * * * *', timeZone: 'Mars/Olympus', jobTemplate: { spec: job({}) } },
      'spec.timeZone: Invalid value: "Mars/Olympus": unknown time zone Mars/Olympus',
    ],
    [
      { schedule: '* * * * *', concurrencyPolicy: 'Some', jobTemplate: { spec: job({}) } },
      'spec.concurrencyPolicy: Unsupported value: "Some": supported values: "Allow", "Forbid", "Replace"',
    ],
  ],
  PersistentVolumeClaim: [
    [
      claim({ accessModes: ['Some'] }),
      'spec.accessModes: Unsupported value: "Some": supported values: "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"',
    ],
    [
      claim({ resources: { requests: { storage: '0' } } }),
      'spec.resources[storage]: Invalid value: "0": must be greater than zero',
    ],
    [
      claim({ volumeMode: 'Tape' }),
      'spec.volumeMode: Unsupported value: "Tape": supported values: "Block", "Filesystem"',
    ],
    [
      claim({ accessModes: ['ReadWriteOncePod', 'ReadWriteOnce'] }),
      'spec.accessModes: Forbidden: may not use ReadWriteOncePod with other access modes',
    ],
  ],
  PersistentVolume: [
    [
      volume({ capacity: null }),
      '[spec.capacity: Required value, spec.capacity: Unsupported value: null: supported values: "storage"]',
    ],
    [volume({ hostPath: {} }), 'spec.hostPath.path: Required value'],
    [
      { accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' } },
      'spec: Required value: must specify a volume type',
    ],
    [
      volume({ persistentVolumeReclaimPolicy: 'Burn' }),
      'spec.persistentVolumeReclaimPolicy: Unsupported value: "Burn": supported values: "Delete", "Recycle", "Retain"',
    ],
  ],
  PodDisruptionBudget: [
    [
      { minAvailable: '12', selector: {} },
      "spec.minAvailable: Invalid value: \"12\": a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')",
    ],
    [{ minAvailable: '150%', selector: {} }, 'spec.minAvailable: Invalid value: "150%": must not be greater than 100%'],
    [{ minAvailable: -1, selector: {} }, 'spec.minAvailable: Invalid value: -1: must be greater than or equal to 0'],
  ],
  HorizontalPodAutoscaler: [
    [
      { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'a' }, maxReplicas: 0 },
      '[spec.maxReplicas: Required value: must be set and greater than 0, spec.maxReplicas: Invalid value: 0: must be greater than or equal to `minReplicas`]',
    ],
    [
      { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment' }, maxReplicas: 2 },
      'spec.scaleTargetRef.name: Required value',
    ],
    [
      { scaleTargetRef: { apiVersion: 'v1', kind: 'Deployment', name: 'a' }, maxReplicas: 2 },
      'spec.scaleTargetRef.apiVersion: Invalid value: "v1": apiVersion must specify API group',
    ],
    [
      {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'a' },
        minReplicas: 5,
        maxReplicas: 2,
      },
      'spec.maxReplicas: Invalid value: 2: must be greater than or equal to `minReplicas`',
    ],
  ],
  ResourceQuota: [
    [{ hard: { pods: '-1' } }, 'spec.hard[pods]: Invalid value: "-1": must be greater than or equal to 0'],
    [{ hard: { pods: '1500m' } }, 'spec.hard[pods]: Invalid value: "1500m": must be an integer'],
  ],
  LimitRange: [
    [
      { limits: [{ type: 'Container', min: { cpu: '2' }, max: { cpu: '1' } }] },
      '[spec.limits[0].min[cpu]: Invalid value: "2": min value 2 is greater than max value 1, spec.limits[0].defaultRequest[cpu]: Invalid value: "1": min value 2 is greater than default request value 1, spec.limits[0].default[cpu]: Invalid value: "2": min value 2 is greater than default value 1]',
    ],
    [
      { limits: [{ type: 'Pod', min: { cpu: '1' }, max: { cpu: '2' }, maxLimitRequestRatio: { cpu: '4' } }] },
      'spec.limits[0].maxLimitRequestRatio[cpu]: Invalid value: "4": ratio 4 is greater than max/min = 2.000000',
    ],
    [
      { limits: [{ type: 'Pod', min: { cpu: '1' }, max: { cpu: '0' }, maxLimitRequestRatio: { cpu: '4' } }] },
      '[spec.limits[0].min[cpu]: Invalid value: "1": min value 1 is greater than max value 0, spec.limits[0].maxLimitRequestRatio[cpu]: Invalid value: "4": ratio 4 is greater than max/min = 0.000000]',
    ],
    [
      { limits: [{ type: 'Pod', default: { cpu: '2' } }] },
      "spec.limits[0].default: Forbidden: may not be specified when `type` is 'Pod'",
    ],
  ],
  Node: [
    [
      { taints: [{ key: 'a', effect: 'Some' }] },
      'metadata.taints[0].effect: Unsupported value: "Some": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"',
    ],
  ],
  Lease: [[{ leaseDurationSeconds: 0 }, 'spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0']],
  FlowSchema: [
    [
      { matchingPrecedence: 20000, priorityLevelConfiguration: { name: 'a' } },
      'spec.matchingPrecedence: Invalid value: 20000: must not be greater than 10000',
    ],
    [
      { matchingPrecedence: 1, priorityLevelConfiguration: { name: 'a' } },
      "spec.matchingPrecedence: Invalid value: 1: only the schema named 'exempt' may have matchingPrecedence 1",
    ],
    [
      { priorityLevelConfiguration: { name: 'a' }, rules: [{ subjects: [{ kind: 'User', group: {} }] }] },
      "[spec.rules[0].subjects[0].user: Required value: user is required when subject kind is 'User', spec.rules[0].subjects[0].group: Forbidden: group is forbidden when subject kind is not 'Group', spec.rules[0]: Required value: at least one of resourceRules and nonResourceRules has to be non-empty]",
    ],
    [
      {
        priorityLevelConfiguration: { name: 'a' },
        rules: [
          {
            subjects: [{ kind: 'User', user: { name: 'u' } }],
            resourceRules: [{ verbs: ['see'], apiGroups: ['*', 'a'], resources: ['a'] }],
            nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['/a*'] }],
          },
        ],
      },
      `[spec.rules[0].resourceRules[0].verbs: Unsupported value: ["see"]: supported values: "create", "delete", "deletecollection", "get", "list", "patch", "proxy", "update", "watch", spec.rules[0].resourceRules[0].apiGroups: Invalid value: ["*","a"]: if '*' is present, must not specify other api groups, spec.rules[0].resourceRules[0].namespaces: Required value: resource rules that are not cluster scoped must supply at least one namespace, spec.rules[0].nonResourceRules[0].nonResourceURLs[0]: Invalid value: "/a*": wildcard can only do suffix matching]`,
    ],
  ],
};

const cases = Object.entries(CASES).flatMap(([kind, rows]) =>
  rows.map(([spec, faults]) => [kind, spec, faults] as const),
);

test.each(cases)('%s %j', async (kind, spec, faults) => {
  const path = PATHS[kind] ?? '';
  const group = /^\/apis\/([^/]+)/.exec(path)?.[1];
  const answer = await kube.call('POST', path, { metadata: { name: 'x' }, spec });
  const subject = group === undefined ? kind : `${kind}.${group}`;
  expect(answer).toMatchObject({ status: 422, message: `${subject} "x" is invalid: ${faults}` });
});

describe('kinds without a spec', () => {
  test.each([
    ['StorageClass', {}, 'provisioner: Required value'],
    [
      'StorageClass',
      { provisioner: 'a/b', reclaimPolicy: 'Keep' },
      'reclaimPolicy: Unsupported value: "Keep": supported values: "Delete", "Retain"',
    ],
    [
      'PriorityClass',
      { value: 1_000_000_001 },
      'value: Forbidden: maximum allowed value of a user defined priority is 1000000000',
    ],
    ['RuntimeClass', {}, 'handler: Required value'],
    ['EndpointSlice', { endpoints: [] }, 'addressType: Required value'],
    [
      'EndpointSlice',
      { addressType: 'IPv4', endpoints: [{ addresses: ['a'] }] },
      'endpoints[0].addresses[0]: Invalid value: "a": must be a valid IP address',
    ],
    ['Endpoints', { subsets: [{}] }, 'subsets[0]: Required value: must specify `addresses` or `notReadyAddresses`'],
    [
      'ValidatingWebhookConfiguration',
      {
        webhooks: [
          {
            name: 'short',
            clientConfig: { url: 'https://a.example' },
            sideEffects: 'None',
            admissionReviewVersions: ['v1'],
          },
        ],
      },
      'webhooks[0].name: Invalid value: "short": should be a domain with at least three segments separated by dots',
    ],
  ])('%s %j', async (kind, body, faults) => {
    const answer = await kube.call('POST', PATHS[kind] ?? '', { metadata: { name: 'x' }, ...body });
    expect(answer.status).toBe(422);
    expect(answer.message).toContain(faults);
  });
});

describe('what may not change', () => {
  test.each([
    [
      'StorageClass',
      { provisioner: 'a/b' },
      { provisioner: 'c/d' },
      'provisioner: Invalid value: "c/d": field is immutable',
    ],
    ['PriorityClass', { value: 1 }, { value: 2 }, 'value: Forbidden: may not be changed in an update.'],
    ['RuntimeClass', { handler: 'a' }, { handler: 'b' }, 'handler: Invalid value: "b": field is immutable'],
    [
      'EndpointSlice',
      { addressType: 'IPv4', endpoints: [] },
      { addressType: 'IPv6' },
      'addressType: Invalid value: "IPv6": field is immutable',
    ],
    [
      'IngressClass',
      { spec: { controller: 'a.b/c' } },
      { spec: { controller: 'a.b/d' } },
      'spec.controller: Invalid value: "a.b/d": field is immutable',
    ],
    [
      'PersistentVolumeClaim',
      { spec: claim({}) },
      { spec: { accessModes: ['ReadWriteMany'] } },
      'spec: Forbidden: spec is immutable after creation',
    ],
    [
      'PersistentVolume',
      { spec: volume({}) },
      { spec: { hostPath: { path: '/other' } } },
      'spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation',
    ],
    ['Job', { spec: job({}) }, { spec: { completions: 3 } }, 'spec.completions: Invalid value: 3: field is immutable'],
  ])('%s %j to %j', async (kind, body, patch, faults) => {
    const path = PATHS[kind] ?? '';
    expect(await kube.call('POST', path, { metadata: { name: 'frozen' }, ...body })).toMatchObject({ status: 201 });
    const headers = { 'content-type': 'application/merge-patch+json' };
    const answer = await kube.call('PATCH', `${path}/frozen`, patch, { headers });
    expect(answer.status).toBe(422);
    expect(answer.message).toContain(faults);
  });
});

test('a status that is written does not look at the rest again', async () => {
  const path = PATHS['PersistentVolumeClaim'] ?? '';
  await kube.call('POST', path, { metadata: { name: 'bound' }, spec: claim({}) });
  const headers = { 'content-type': 'application/merge-patch+json' };
  expect((await kube.call('PATCH', `${path}/bound/status`, { status: { phase: 'Bound' } }, { headers })).status).toBe(
    200,
  );
});

test.each([
  ['Role', { rules: [{ nonResourceURLs: ['/a'], verbs: ['get'] }] }, 'namespaced rules cannot apply'],
  [
    'ClusterRole',
    { rules: [{ nonResourceURLs: ['/a'], resources: ['pods'], apiGroups: [''], verbs: ['get'] }] },
    'rules cannot apply to both regular resources and non-resource URLs',
  ],
  ['RoleBinding', { roleRef: { kind: 'Robot', name: 'a' } }, 'roleRef.kind: Unsupported value: "Robot"'],
  ['RoleBinding', { roleRef: { kind: 'Role', name: '' } }, 'roleRef.name: Required value'],
  ['RoleBinding', { roleRef: { apiGroup: 'a.b', kind: 'Role', name: 'a' } }, 'roleRef.apiGroup: Unsupported value'],
  [
    'RoleBinding',
    { roleRef: { kind: 'Role', name: 'a' }, subjects: [{ kind: 'Robot', name: 'a' }] },
    'subjects[0].kind: Unsupported value: "Robot"',
  ],
])('%s %j', async (kind, body, fault) => {
  const answer = await kube.call('POST', PATHS[kind] ?? '', { metadata: { name: 'rights' }, ...body });
  expect(answer).toMatchObject({ status: 422, message: expect.stringContaining(fault) });
});

test('a binding takes the groups of its subjects and its role from their kinds', async () => {
  const subjects = ['User', 'Group', 'ServiceAccount'].map((kind) => ({ kind, name: 'a' }));
  const body = { metadata: { name: 'plain' }, roleRef: { kind: 'ClusterRole', name: 'view' }, subjects };
  expect((await kube.call('POST', PATHS['RoleBinding'] ?? '', body)).status).toBe(201);
});

test.each([
  ['Service', { spec: { type: '__proto__', ports: [{ port: 80 }] } }],
  ['EndpointSlice', { addressType: '__proto__', endpoints: [{ addresses: ['a'] }] }],
])('a name that every object has is no row of a table: %s %j', async (kind, body) => {
  const answer = await kube.call('POST', PATHS[kind] ?? '', { metadata: { name: 'odd' }, ...body });
  expect(answer.status).toBe(422);
});

test('source ranges of a balancer may be padded', async () => {
  const spec = { type: 'LoadBalancer', ports: [{ port: 80 }], loadBalancerSourceRanges: [' 10.0.0.0/8 '] };
  const answer = await kube.call('POST', PATHS['Service'] ?? '', { metadata: { name: 'padded' }, spec });
  expect(answer.status).toBe(201);
});
