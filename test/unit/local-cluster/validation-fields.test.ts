// Field by field, what an object may not say, in the words of the API server.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/cli/io/system-clock.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { type KubeCalls, openKubeCalls } from '../../support/kube-calls.ts';

let kube: KubeCalls;
beforeAll(async () => {
  kube = await openKubeCalls(systemClock);
});
afterAll(() => kube.close());

const inDefault = (group: string, plural: string): string =>
  `${group === '' ? '/api/v1' : `/apis/${group}`}/namespaces/default/${plural}`;

const container = (more: JsonObject): JsonObject => ({ name: 'c', image: 'i', ...more });
const pod = (spec: JsonObject, more: JsonObject = {}): JsonObject => ({ containers: [container(more)], ...spec });
const template = (spec: JsonObject = {}): JsonObject => ({ metadata: { labels: { a: 'b' } }, spec: pod(spec) });
const job = (more: JsonObject): JsonObject => ({ template: template({ restartPolicy: 'Never' }), ...more });
const volume = (source: JsonObject): JsonObject => pod({ volumes: [{ name: 'v', ...source }] });
const mount = (more: JsonObject, context: JsonObject = {}): JsonObject =>
  pod(
    { volumes: [{ name: 'v', emptyDir: {} }] },
    { volumeMounts: [{ name: 'v', mountPath: '/a', ...more }], ...context },
  );
const persistent = (more: JsonObject): JsonObject => ({
  accessModes: ['ReadWriteOnce'],
  capacity: { storage: '1Gi' },
  hostPath: { path: '/v' },
  ...more,
});
const scaled = (metric: JsonObject): JsonObject => ({
  scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'a' },
  maxReplicas: 2,
  metrics: [metric],
});
const paced = (policy: JsonObject): JsonObject => ({
  scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'a' },
  maxReplicas: 2,
  behavior: { scaleUp: { policies: [{ type: 'Pods', value: 1, ...policy }] } },
});
const failing = (rule: JsonObject, more: JsonObject = {}): JsonObject =>
  job({ podFailurePolicy: { rules: [{ action: 'FailJob', ...rule }] }, ...more });
const exits = (operator: string, values: readonly number[]): JsonObject =>
  failing({ onExitCodes: { operator, values } });
const spread = (more: JsonObject): JsonObject =>
  pod({
    topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'ScheduleAnyway', ...more }],
  });
const projected = (...sources: readonly JsonObject[]): JsonObject => volume({ projected: { sources } });
const keyed = (way: string, path: string): JsonObject => ({ [way]: { name: 'n', items: [{ key: 'k', path }] } });

const asked = (request: JsonObject, devices: JsonObject = {}): JsonObject => ({
  devices: { requests: [{ name: 'a', exactly: { deviceClassName: 'c', ...request } }], ...devices },
});
const slice = (device: JsonObject, more: JsonObject = {}): JsonObject => ({
  driver: 'd.example',
  nodeName: 'n',
  pool: { name: 'p', generation: 1, resourceSliceCount: 1 },
  devices: [{ name: 'd', ...device }],
  ...more,
});
const ranged = (usual: string): JsonObject => ({ default: usual, validRange: { min: '1', step: '2' } });

const SYSCTL =
  'must have at most 253 characters and match regex ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$';
const EXISTS =
  "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity";

type Case = readonly [spec: JsonObject, fault: string];

const CASES: Readonly<Record<string, { readonly path: string; readonly cases: readonly Case[] }>> = {
  Pod: {
    path: inDefault('', 'pods'),
    cases: [
      [
        pod({}, { resources: { limits: { 'a.b/gpu': '1500m' } } }),
        'spec.containers[0].resources.limits[a.b/gpu]: Invalid value: "1500m": must be an integer',
      ],
      [
        pod({}, { resources: { limits: { 'requests.a.b/gpu': '1' } } }),
        'spec.containers[0].resources.limits[requests.a.b/gpu]: Invalid value: "requests.a.b/gpu": doesn\'t follow extended resource name standard',
      ],
      [
        pod({}, { resources: { limits: { 'hugepages-2Mi': '4Mi' } } }),
        'spec.containers[0].resources: Forbidden: HugePages require cpu or memory',
      ],
      [
        pod({}, { resources: { limits: { cpu: '1', 'hugepages-2Mi': '3Mi' } } }),
        'spec.containers[0].resources.limits[hugepages-2Mi]: Invalid value: "3Mi": 3Mi is not positive integer multiple of hugepages-2Mi',
      ],
      [
        pod({}, { resources: { claims: [{ name: 'gpu' }] } }),
        'spec.containers[0].resources.claims[0]: Not found: "gpu": must be one of the names in pod.spec.resourceClaims which is empty',
      ],
      [
        pod({}, { resizePolicy: [{ resourceName: 'gpu', restartPolicy: 'NotRequired' }] }),
        'spec.containers[0].resizePolicy: Unsupported value: "gpu": supported values: "cpu", "memory"',
      ],
      [
        pod({}, { readinessProbe: { exec: { command: ['a'] }, terminationGracePeriodSeconds: 5 } }),
        'spec.containers[0].readinessProbe.terminationGracePeriodSeconds: Invalid value: 5: must not be set for readinessProbes',
      ],
      [
        pod({}, { livenessProbe: { httpGet: { path: '/', port: 80, httpHeaders: [{ name: 'a b', value: '' }] } } }),
        "spec.containers[0].livenessProbe.httpGet.httpHeaders: Invalid value: \"a b\": a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')",
      ],
      [
        pod({}, { lifecycle: { preStop: { sleep: { seconds: 31 } } } }),
        'spec.containers[0].lifecycle.preStop.sleep: Invalid value: 31: must be non-negative and less than terminationGracePeriodSeconds (30)',
      ],
      [
        pod({}, { livenessProbe: { sleep: { seconds: 1 } } }),
        'spec.containers[0].livenessProbe: Required value: must specify a handler type',
      ],
      [
        pod({}, { env: [{ name: 'A', valueFrom: { resourceFieldRef: { resource: 'limits.gpu' } } }] }),
        'spec.containers[0].env[0].valueFrom.resourceFieldRef.resource: Unsupported value: "limits.gpu": supported values: "limits.cpu"',
      ],
      [
        pod({}, { env: [{ name: 'A', valueFrom: { resourceFieldRef: { resource: 'limits.cpu', divisor: '3' } } }] }),
        'spec.containers[0].env[0].valueFrom.resourceFieldRef.divisor: Invalid value: "limits.cpu": only divisor\'s values 1m and 1 are supported with the cpu resource',
      ],
      [
        pod({ securityContext: { sysctls: [{ name: 'a b', value: '1' }] } }),
        `spec.securityContext.sysctls[0].name: Invalid value: "a b": ${SYSCTL.replaceAll('\\', '\\')}`,
      ],
      [
        pod({ securityContext: { sysctls: ['x.y', 'x.y'].map((name) => ({ name, value: '1' })) } }),
        'spec.securityContext.sysctls[1].name: Duplicate value: "x.y"',
      ],
      [
        pod({ securityContext: { appArmorProfile: { type: 'Localhost' } } }),
        'spec.securityContext.appArmorProfile.localhostProfile: Required value: must be set when AppArmor type is Localhost',
      ],
      [
        pod({}, { securityContext: { seccompProfile: { type: 'Strict' } } }),
        'spec.containers[0].securityContext.seccompProfile.type: Unsupported value: "Strict"',
      ],
      [
        pod({}, { securityContext: { procMount: 'Unmasked' } }),
        'spec.containers[0].securityContext.procMount: Invalid value: "Unmasked": `hostUsers` must be false to use `Unmasked`',
      ],
      [
        volume({ azureDisk: { diskName: 'a', diskURI: 'b' } }),
        'spec.volumes[0].azureDisk.diskURI: Unsupported value: "b"',
      ],
      [volume({ csi: {} }), 'spec.volumes[0].csi.driver: Required value'],
      [
        volume({ projected: { sources: [{ secret: { name: 'a' }, configMap: { name: 'b' } }] } }),
        'spec.volumes[0].projected.sources[0]: Forbidden: may not specify more than 1 volume type per source',
      ],
      [
        volume({ nfs: {}, hostPath: { path: '/a' } }),
        'spec.volumes[0].nfs: Forbidden: may not specify more than 1 volume',
      ],
      [volume({ configMap: {} }), 'spec.volumes[0].configMap.name: Required value'],
      [
        volume({ ephemeral: { volumeClaimTemplate: { spec: {} } } }),
        'spec.volumes[0].ephemeral.volumeClaimTemplate.spec.accessModes: Required value: at least 1 access mode is required',
      ],
      [
        pod({}, { env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'spec.hostNetwork' } } }] }),
        'fieldRef.fieldPath: Invalid value: "spec.hostNetwork": error converting fieldPath: field label not supported',
      ],
      [
        pod({}, { env: [{ name: 'A', valueFrom: { fileKeyRef: { key: 'a', path: 'b', volumeName: 'c' } } }] }),
        'spec.containers[0].env[0].valueFrom.fileKeyRef.volumeName: Not found: "c"',
      ],
      [
        pod({}, { restartPolicyRules: [{ action: 'Restart', exitCodes: { operator: 'In', values: [1] } }] }),
        'spec.containers[0].restartPolicy: Required value: must specify restartPolicy when restart rules are used',
      ],
      [
        pod({}, { securityContext: { allowPrivilegeEscalation: false, privileged: true } }),
        'spec.containers[0].securityContext: Invalid value: {"Capabilities":null,"Privileged":true,"SELinuxOptions":null',
      ],
      [
        pod({ resources: { limits: { memory: '1Mi' } } }, { resources: { limits: { memory: '2Mi' } } }),
        'spec.resources.containers[0][memory].limits: Invalid value: "2Mi": must be less than or equal to pod limits of 1Mi',
      ],
      [
        pod({ securityContext: { windowsOptions: { runAsUserName: 'a\\b\\c' } } }),
        'runAsUserName: Invalid value: "a\\\\b\\\\c": runAsUserName cannot contain more than one backslash',
      ],
      [pod({ hostname: 'a.b' }), 'spec.hostname: Invalid value: "a.b": must not contain dots'],
      [pod({ hostUsers: false, hostNetwork: true }), 'spec.hostNetwork: Forbidden: when `hostUsers` is false'],
      [
        pod({ os: { name: 'linux' }, securityContext: { windowsOptions: { runAsUserName: 'a' } } }),
        'spec.securityContext.windowsOptions: Forbidden: windows options cannot be set for a linux pod',
      ],
      [
        pod({ os: { name: 'windows' }, hostPID: true }, { securityContext: { privileged: false } }),
        '[spec.hostPID: Forbidden: cannot be set for a windows pod, spec.containers[0].securityContext.privileged: Forbidden: cannot be set for a windows pod]',
      ],
      [
        pod({ securityContext: { windowsOptions: { hostProcess: true } } }),
        'spec.hostNetwork: Invalid value: false: hostNetwork must be true if pod contains any hostProcess containers',
      ],
      [
        pod({ resources: { requests: { cpu: '2' }, limits: { cpu: '1' } } }),
        'spec.resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1',
      ],
      [
        pod({ shareProcessNamespace: true, hostPID: true }),
        'spec.securityContext.shareProcessNamespace: Invalid value: true: ShareProcessNamespace and HostPID cannot both be enabled',
      ],
      [
        pod({ nodeName: 'n', schedulingGates: [{ name: 'a.b/c' }] }),
        'spec.nodeName: Forbidden: cannot be set until all schedulingGates have been cleared',
      ],
      [pod({ schedulingGates: [{ name: 'g' }, { name: 'g' }] }), 'spec.schedulingGates[1]: Duplicate value: "g"'],
      [
        pod({ ephemeralContainers: [{ name: 'e', image: 'i' }] }),
        'spec.ephemeralContainers: Forbidden: cannot be set on create',
      ],
      [
        pod({ readinessGates: [{ conditionType: 'a b' }] }),
        'spec.readinessGates[0].conditionType: Invalid value: "a b": name part must consist of',
      ],
      [pod({ os: { name: 'plan9' } }), 'spec.os: Unsupported value: "plan9": supported values: "linux", "windows"'],
      [
        pod({ dnsConfig: { options: [{ value: '1' }] } }),
        'spec.dnsConfig.options[0]: Required value: must not be empty',
      ],
      [
        pod({ dnsConfig: { searches: ['a b'] } }),
        'spec.dnsConfig.searches[0]: Invalid value: "a b": a lowercase RFC 1123',
      ],
      [
        pod({ tolerations: [{ key: 'a', operator: 'Equal', value: 'a b' }] }),
        'spec.tolerations[0].operator: Invalid value: "a b": a valid label must be',
      ],
      [
        spread({ minDomains: 2 }),
        'spec.topologySpreadConstraints[0].minDomains: Invalid value: 2: can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ScheduleAnyway',
      ],
      [
        spread({ nodeTaintsPolicy: 'Maybe' }),
        'spec.topologySpreadConstraints[0].nodeTaintsPolicy: Unsupported value: "Maybe": supported values: "Honor", "Ignore"',
      ],
      [
        spread({ matchLabelKeys: ['a'] }),
        'spec.topologySpreadConstraints[0].matchLabelKeys: Forbidden: must not be specified when labelSelector is not set',
      ],
      [
        mount({ mountPropagation: 'Bidirectional' }),
        'spec.containers[0].volumeMounts.mountPropagation: Forbidden: Bidirectional mount propagation is available only to privileged containers',
      ],
      [
        mount({ recursiveReadOnly: 'Enabled' }),
        'spec.containers[0].volumeMounts.recursiveReadOnly: Forbidden: may only be specified when readOnly is true',
      ],
      [
        pod({ volumes: [{ name: 'v', emptyDir: {} }] }, { volumeDevices: [{ name: 'v', devicePath: '/dev/a' }] }),
        'spec.containers[0].volumeDevices[0].name: Invalid value: "v": can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode',
      ],
      [
        pod({}, { volumeDevices: [{ name: 'gone', devicePath: '/dev/a' }] }),
        'spec.containers[0].volumeDevices[0].name: Not found: "gone"',
      ],
      [
        projected(keyed('configMap', 'a'), keyed('secret', 'a')),
        'spec.volumes[0].projected: Invalid value: "n": conflicting duplicate paths',
      ],
      [
        projected({ serviceAccountToken: { path: 't', expirationSeconds: 10 } }),
        'spec.volumes[0].projected.sources[0].serviceAccountToken.expirationSeconds: Invalid value: 10: may not specify a duration less than 10 minutes',
      ],
      [
        volume({ downwardAPI: { items: [{ path: 'a', resourceFieldRef: { resource: 'limits.cpu' } }] } }),
        'spec.volumes[0].downwardAPI.resourceFieldRef.containerName: Required value',
      ],
      [
        volume({ downwardAPI: { items: [{ path: 'a', fieldRef: { fieldPath: 'spec.nodeName' } }] } }),
        'spec.volumes[0].downwardAPI.fieldRef.fieldPath: Unsupported value: "spec.nodeName"',
      ],
      [
        volume({ fc: {} }),
        'spec.volumes[0].fc.targetWWNs: Required value: must specify either targetWWNs or wwids, but not both',
      ],
      [
        volume({ iscsi: { targetPortal: 'a', iqn: 'x', lun: 1 } }),
        'spec.volumes[0].iscsi.iqn: Invalid value: "x": must be valid format starting with iqn, eui, or naa',
      ],
      [volume({ cinder: { volumeID: '' } }), 'spec.volumes[0].cinder.volumeID: Required value'],
      [
        pod({ resourceClaims: [{ name: 'r' }] }),
        'must specify one of: `resourceClaimName`, `resourceClaimTemplateName`',
      ],
    ],
  },
  Job: {
    path: inDefault('batch/v1', 'jobs'),
    cases: [
      [
        job({ completionMode: 'Indexed', parallelism: 2 }),
        'spec.completions: Required value: when completion mode is Indexed',
      ],
      [job({ selector: { matchLabels: { a: 'b' } } }), '`selector` not auto-generated'],
      [
        exits('In', [0, 1]),
        'spec.podFailurePolicy.rules[0].onExitCodes.values[0]: Invalid value: 0: must not be 0 for the In operator',
      ],
      [exits('In', [2, 1]), 'spec.podFailurePolicy.rules[0].onExitCodes.values: Invalid value: [2,1]: must be ordered'],
      [exits('NotIn', [1, 1]), 'spec.podFailurePolicy.rules[0].onExitCodes.values[1]: Duplicate value: 1'],
      [
        failing({ onExitCodes: { operator: 'In', values: [1], containerName: 'gone' } }),
        'spec.podFailurePolicy.rules[0].onExitCodes.containerName: Invalid value: "gone": must be one of the container or initContainer names in the pod template',
      ],
      [
        failing({ action: 'FailIndex', onExitCodes: { operator: 'In', values: [1] } }),
        'spec.podFailurePolicy.rules[0].action: Invalid value: "FailIndex": requires the backoffLimitPerIndex to be set',
      ],
      [
        failing({ onExitCodes: { operator: 'In', values: [1] } }, { podReplacementPolicy: 'TerminatingOrFailed' }),
        'spec.podReplacementPolicy: Unsupported value: "TerminatingOrFailed": supported values: "Failed"',
      ],
      [job({ successPolicy: { rules: [{ succeededCount: 1 }] } }), 'requires indexed completion mode'],
      [
        job({ completionMode: 'Indexed', completions: 2, successPolicy: { rules: [{ succeededCount: 3 }] } }),
        'spec.successPolicy.rules[0].succeededCount: Invalid value: 3: must be less than or equal to 2 (the number of specified completions)',
      ],
      [
        job({ completionMode: 'Indexed', completions: 2, maxFailedIndexes: 1 }),
        'spec.backoffLimitPerIndex: Required value: when maxFailedIndexes is specified',
      ],
      [job({ managedBy: 'me' }), 'spec.managedBy: Invalid value: "me": must be a domain-prefixed path'],
    ],
  },
  HorizontalPodAutoscaler: {
    path: inDefault('autoscaling/v2', 'horizontalpodautoscalers'),
    cases: [
      [
        scaled({ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization' } } }),
        'spec.metrics[0].resource.target.averageUtilization: Required value: must set either a target raw value or a target utilization',
      ],
      [
        scaled({ type: 'Pods', pods: { metric: { name: 'm' }, target: { type: 'AverageValue' } } }),
        'spec.metrics[0].pods.target.averageValue: Required value: must specify a positive target averageValue',
      ],
      [
        scaled({ type: 'Object', object: { metric: { name: 'm' }, target: { type: 'Value', value: '1' } } }),
        'spec.metrics[0].object.describedObject.kind: Required value',
      ],
      [
        scaled({ type: 'External', external: { metric: { name: 'm' }, target: { type: 'Value', value: '-1' } } }),
        'spec.metrics[0].external.target.value: Invalid value: "-1": must be positive',
      ],
      [
        scaled({ type: 'Resource', resource: { name: 'cpu', target: {} }, pods: {} }),
        'spec.metrics[0].pods: Forbidden: must populate the given metric source only',
      ],
      [
        paced({ periodSeconds: 1801 }),
        'spec.behavior.scaleUp.policies[0].periodSeconds: Invalid value: 1801: must be less than or equal to 1800',
      ],
    ],
  },
  Service: {
    path: inDefault('', 'services'),
    cases: [
      [
        { type: 'NodePort', ports: [{ port: 80, nodePort: 80 }] },
        'spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid range. The range of valid ports is 30000-32767',
      ],
      [
        { ports: [{ port: 80 }], clusterIPs: ['10.96.0.5'] },
        'spec.clusterIPs: Invalid value: ["10.96.0.5"]: must be empty when `clusterIP` is not specified',
      ],
      [{ ports: [{ port: 80 }], externalIPs: ['010.0.0.1'] }, '"010.0.0.1": must not have leading 0s'],
      [
        { ports: [{ port: 80 }], trafficDistribution: 'Near' },
        'spec.trafficDistribution: Unsupported value: "Near": supported values: "PreferClose", "PreferSameZone", "PreferSameNode"',
      ],
      [
        { type: 'LoadBalancer', loadBalancerClass: 'a b', ports: [{ port: 80 }] },
        'spec.loadBalancerClass: Invalid value: "a b"',
      ],
    ],
  },
  PersistentVolume: {
    path: '/api/v1/persistentvolumes',
    cases: [
      [
        persistent({ hostPath: undefined, local: { path: '/a' } }),
        'spec.nodeAffinity: Required value: Local volume requires node affinity',
      ],
      [
        persistent({ nodeAffinity: {} }),
        'spec.nodeAffinity.required: Required value: must specify required node constraints',
      ],
      [
        persistent({ hostPath: { path: '/' }, persistentVolumeReclaimPolicy: 'Recycle' }),
        "spec.persistentVolumeReclaimPolicy: Forbidden: may not be 'recycle' for a hostPath mount of '/'",
      ],
    ],
  },
  PersistentVolumeClaim: {
    path: inDefault('', 'persistentvolumeclaims'),
    cases: [
      [
        {
          accessModes: ['ReadWriteOnce'],
          resources: { requests: { storage: '1Gi' } },
          dataSourceRef: { kind: 'Snapshot', name: 'a' },
        },
        'spec.dataSourceRef: Invalid value: "Snapshot": must be \'PersistentVolumeClaim\' when referencing the default apiGroup',
      ],
    ],
  },
  ResourceQuota: {
    path: inDefault('', 'resourcequotas'),
    cases: [
      [
        { hard: { 'limits.cpu': '1' }, scopes: ['BestEffort'] },
        'spec.scopes: Invalid value: ["BestEffort"]: unsupported scope applied to resource',
      ],
      [
        { hard: { services: '1' }, scopes: ['Terminating'] },
        'spec.scopes: Invalid value: ["Terminating"]: unsupported scope applied to resource',
      ],
      [
        {
          hard: { pods: '1' },
          scopeSelector: { matchExpressions: [{ scopeName: 'BestEffort', operator: 'In', values: ['a'] }] },
        },
        `spec.scopeSelector.matchExpressions.operator: Invalid value: "In": ${EXISTS}`,
      ],
      [
        { hard: { pods: '1' }, scopeSelector: { matchExpressions: [{ scopeName: 'PriorityClass', operator: 'In' }] } },
        'spec.scopeSelector.matchExpressions.values: Required value: must be at least one value',
      ],
    ],
  },
  StatefulSet: {
    path: inDefault('apps/v1', 'statefulsets'),
    cases: [
      [
        {
          selector: { matchLabels: { a: 'b' } },
          template: template(),
          persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Keep', whenScaled: 'Retain' },
        },
        'spec.persistentVolumeClaimRetentionPolicy.whenDeleted: Unsupported value: "Keep": supported values: "Retain", "Delete"',
      ],
    ],
  },
  CSINode: {
    path: '/apis/storage.k8s.io/v1/csinodes',
    cases: [
      [{ drivers: [{ name: 'a.b' }] }, 'spec.drivers[0].nodeID: Required value'],
      [
        { drivers: [{ name: 'a', nodeID: 'n', topologyKeys: ['b!'] }] },
        'spec.drivers[0]: Invalid value: "b!": name part must consist of',
      ],
    ],
  },
  CSIDriver: {
    path: '/apis/storage.k8s.io/v1/csidrivers',
    cases: [
      [
        { serviceAccountTokenInSecrets: true },
        'spec.serviceAccountTokenInSecrets: Invalid value: true: serviceAccountTokenInSecrets is set but no tokenRequests are specified',
      ],
    ],
  },
  VolumeAttachment: {
    path: '/apis/storage.k8s.io/v1/volumeattachments',
    cases: [
      [
        { attacher: 'a.b', nodeName: 'n', source: { inlineVolumeSpec: { accessModes: ['ReadWriteOnce'] } } },
        'spec.source.inlineVolumeSpec.csi: Required value: has to be specified in the context of inline volumes',
      ],
    ],
  },
  PriorityLevelConfiguration: {
    path: '/apis/flowcontrol.apiserver.k8s.io/v1/prioritylevelconfigurations',
    cases: [
      [
        {
          type: 'Limited',
          limited: { limitResponse: { type: 'Queue', queuing: { queues: 1, handSize: 8, queueLengthLimit: 1 } } },
        },
        'spec.limited.limitResponse.queuing.handSize: Invalid value: 8: should not be greater than queues (1)',
      ],
      [
        {
          type: 'Limited',
          limited: { limitResponse: { type: 'Queue', queuing: { queues: 64, handSize: 11, queueLengthLimit: 1 } } },
        },
        'queuing.handSize: Invalid value: 11: required entropy bits of deckSize 64 and handSize 11 should not be greater than 60',
      ],
      [{ type: 'Exempt' }, `spec.type: Invalid value: "Exempt": must be 'Exempt' if and only if \`name\` is 'exempt'`],
    ],
  },
  DeviceClass: {
    path: '/apis/resource.k8s.io/v1/deviceclasses',
    cases: [
      [{ selectors: [{}] }, 'spec.selectors[0].cel: Required value'],
      [{ selectors: [{ cel: { expression: 'device.model == 1' } }] }, "ERROR: <input>:1:7: undefined field 'model'"],
      [
        { selectors: [{ cel: { expression: 'device.driver' } }] },
        'Invalid value: "device.driver": must evaluate to bool or the unknown type, not string',
      ],
      [
        { config: [{ opaque: { driver: 'a b', parameters: 'x' } }] },
        'spec.config[0].opaque.parameters: Invalid value: "<value omitted>": must be a valid JSON object',
      ],
      [
        { extendedResourceName: 'kubernetes.io/gpu' },
        'spec.extendedResourceName: Invalid value: "kubernetes.io/gpu": must be a valid extended resource name',
      ],
    ],
  },
  ResourceClaim: {
    path: inDefault('resource.k8s.io/v1', 'resourceclaims'),
    cases: [
      [{ devices: { requests: [{ name: 'a' }] } }, 'requests[0]: Required value: exactly one of `exactly` or'],
      [
        asked({ allocationMode: 'All', count: 2 }),
        "exactly.count: Invalid value: 2: must not be specified when allocationMode is 'All'",
      ],
      [
        asked({ adminAccess: true }),
        'spec.devices.requests[0].adminAccess: Forbidden: admin access to devices requires the',
      ],
      [
        asked({ tolerations: [{ key: 'a', operator: 'Exists', value: 'b' }] }),
        'tolerations[0].value: Invalid value: "b": must be empty for operator `Exists`',
      ],
      [
        asked({}, { constraints: [{ requests: ['b'], matchAttribute: 'c' }] }),
        'constraints[0].matchAttribute: Invalid value: "c": a fully qualified name must be a domain and a name',
      ],
    ],
  },
  ResourceClaimTemplate: {
    path: inDefault('resource.k8s.io/v1', 'resourceclaimtemplates'),
    cases: [[{ metadata: { name: 'a' }, spec: asked({}) }, 'spec.metadata.name: Forbidden: cannot be set']],
  },
  ResourceSlice: {
    path: '/apis/resource.k8s.io/v1/resourceslices',
    cases: [
      [slice({}, { allNodes: true }), 'spec: Invalid value: "{`nodeName`, `allNodes`}": exactly one of `nodeName`'],
      [slice({ attributes: { a: {} } }), 'devices[0].attributes[a]: Invalid value: "": exactly one value must be'],
      [slice({ attributes: { 'a/b-c': { int: 1 } } }), 'Invalid value: "b-c": a valid C identifier must start'],
      [slice({ taints: [{ key: 'a', effect: 'No' }] }), 'supported values: "NoExecute", "NoSchedule", "None"'],
      [slice({ bindingConditions: ['a'] }), 'bindingFailureConditions are required to use bindingConditions'],
      [
        slice({ allowMultipleAllocations: true, capacity: { a: { value: '9', requestPolicy: ranged('4') } } }),
        'requestPolicy.validRange.step: Invalid value: "4": value is not a multiple of a given step (2) from (1)',
      ],
    ],
  },
};

describe.each(Object.entries(CASES))('%s', (_kind, { path, cases }) => {
  test.each(cases)('%j', async (spec, fault) => {
    const answer = await kube.call('POST', path, { metadata: { name: 'x' }, spec });
    expect(answer.message).toContain(fault);
    expect(answer.status).toBe(422);
  });
});

test.each<[string, JsonObject, string]>([
  [
    inDefault('', 'configmaps'),
    { data: { a: '1' }, binaryData: { a: 'MQ==' } },
    'data[a]: Invalid value: "a": duplicate of key present in binaryData',
  ],
  [inDefault('apps/v1', 'controllerrevisions'), { revision: 1 }, 'data: Required value: data is mandatory'],
  [
    '/apis/rbac.authorization.k8s.io/v1/clusterroles',
    { aggregationRule: {} },
    'aggregationRule.clusterRoleSelectors: Required value: at least one clusterRoleSelector required if aggregationRule is non-nil',
  ],
])('%s %j', async (path, body, fault) => {
  const answer = await kube.call('POST', path, { metadata: { name: 'x' }, ...body });
  expect(answer).toMatchObject({ status: 422, message: expect.stringContaining(fault) });
});

test('a port of the nodes belongs to one Service', async () => {
  const path = inDefault('', 'services');
  const spec = { type: 'NodePort', ports: [{ port: 80, nodePort: 31_000 }] };
  expect((await kube.call('POST', path, { metadata: { name: 'first' }, spec })).status).toBe(201);
  expect(await kube.call('POST', path, { metadata: { name: 'second' }, spec })).toMatchObject({
    status: 422,
    message:
      'Service "second" is invalid: spec.ports[0].nodePort: Invalid value: 31000: provided port is already allocated',
  });
  const headers = { 'content-type': 'application/merge-patch+json' };
  expect((await kube.call('PATCH', `${path}/first`, { spec }, { headers })).status).toBe(200);
});

test.each<[string, JsonObject]>([
  ['pods', pod({}, { resources: { limits: { 'a.b/gpu': '2', 'hugepages-2Mi': '4Mi', memory: '1Gi' } } })],
  ['pods', mount({ readOnly: true, recursiveReadOnly: 'Enabled' })],
  ['pods', mount({ mountPropagation: 'Bidirectional' }, { securityContext: { privileged: true } })],
  ['pods', pod({ hostUsers: false }, { securityContext: { procMount: 'Unmasked' } })],
  ['pods', pod({ os: { name: 'windows' }, securityContext: { windowsOptions: { runAsUserName: 'a' } } })],
  ['pods', pod({ hostNetwork: true, securityContext: { windowsOptions: { hostProcess: true } } })],
  [
    'pods',
    pod(
      { volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'c' } }] },
      { volumeDevices: [{ name: 'v', devicePath: '/dev/a' }] },
    ),
  ],
  ['pods', projected(keyed('configMap', 'a'), keyed('secret', 'b'))],
  ['pods', pod({ securityContext: { sysctls: [{ name: 'net.ipv4/tcp_syncookies', value: '1' }] } })],
  ['pods', pod({ schedulingGates: [{ name: 'a.b/c' }] }, { lifecycle: { preStop: { sleep: { seconds: 0 } } } })],
  ['pods', spread({ whenUnsatisfiable: 'DoNotSchedule', minDomains: 2, matchLabelKeys: ['h'], labelSelector: {} })],
  ['resourcequotas', { hard: { pods: '1' }, scopes: ['BestEffort'] }],
])('%s that say the same rightly are taken: %j', async (plural, spec) => {
  const answer = await kube.call('POST', inDefault('', plural), { metadata: { generateName: 'x-' }, spec });
  expect(answer).toMatchObject({ status: 201, message: '' });
});
