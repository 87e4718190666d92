// Columns of configuration, storage, access and of the cluster itself.

import { at, isObject, type Json, listAt, numberAt, objectAt, textAt } from '../../core/json.ts';
import { type KubeObject, labelsOf } from '../../objects/object.ts';
import { AGE, ageOf, type Column, cell, integer, NAME, NONE, text, UNKNOWN, UNSET, wide } from './column.ts';

const size = (name: string, ...fields: readonly string[]): Column =>
  cell(name, (object) => fields.reduce((sum, field) => sum + Object.keys(objectAt(object, field)).length, 0));

const length = (name: string, path: string, type = 'integer'): Column =>
  cell(name, (object) => listAt(object, ...path.split('.')).length, type);

const phase = (object: KubeObject): string =>
  object.metadata.deletionTimestamp === undefined ? textAt(object, 'status', 'phase') : 'Terminating';

const SHORT_MODES: Readonly<Record<string, string>> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
};

function modes(value: readonly Json[]): string {
  return Object.entries(SHORT_MODES)
    .filter(([mode]) => value.includes(mode))
    .map(([, short]) => short)
    .join(',');
}

const bound = (claim: KubeObject): boolean => textAt(claim, 'spec', 'volumeName') !== '';

const BINDING: readonly Column[] = [
  NAME,
  cell('Role', (object) => `${textAt(object, 'roleRef', 'kind')}/${textAt(object, 'roleRef', 'name')}`),
  AGE,
  ...wide(
    cell('Users', (object) => subjects(object, 'User')),
    cell('Groups', (object) => subjects(object, 'Group')),
    cell('ServiceAccounts', (object) => subjects(object, 'ServiceAccount')),
  ),
];

const subjects = (object: KubeObject, kind: string): string =>
  listAt(object, 'subjects')
    .filter((subject) => textAt(subject, 'kind') === kind)
    .map((subject) =>
      kind === 'ServiceAccount'
        ? `${textAt(subject, 'namespace')}/${textAt(subject, 'name')}`
        : textAt(subject, 'name'),
    )
    .join(', ');

const WEBHOOKS = [NAME, length('Webhooks', 'webhooks'), AGE];
const POLICY_BINDING = [
  NAME,
  text('PolicyName', 'spec.policyName'),
  cell('ParamRef', (object) => {
    const parameter = objectAt(object, 'spec', 'paramRef');
    const [namespace, name] = [textAt(parameter, 'namespace'), textAt(parameter, 'name')];
    if (Object.keys(parameter).length === 0) return UNSET;
    return namespace === '' ? name : `${namespace}/${name}`;
  }),
  AGE,
];

const STORAGE: Readonly<Record<string, readonly Column[]>> = {
  '/persistentvolumes': [
    NAME,
    text('Capacity', 'spec.capacity.storage'),
    cell('Access Modes', (object) => modes(listAt(object, 'spec', 'accessModes'))),
    text('Reclaim Policy', 'spec.persistentVolumeReclaimPolicy'),
    cell('Status', phase),
    cell('Claim', (object) => {
      const claim = objectAt(object, 'spec', 'claimRef');
      return Object.keys(claim).length === 0 ? '' : `${textAt(claim, 'namespace')}/${textAt(claim, 'name')}`;
    }),
    text('StorageClass', 'spec.storageClassName'),
    text('VolumeAttributesClass', 'spec.volumeAttributesClassName', UNSET),
    text('Reason', 'status.reason'),
    AGE,
    ...wide(text('VolumeMode', 'spec.volumeMode', UNSET)),
  ],
  '/persistentvolumeclaims': [
    NAME,
    cell('Status', phase),
    text('Volume', 'spec.volumeName'),
    cell('Capacity', (claim) => (bound(claim) ? textAt(claim, 'status', 'capacity', 'storage') || '0' : '')),
    cell('Access Modes', (claim) => (bound(claim) ? modes(listAt(claim, 'status', 'accessModes')) : '')),
    text('StorageClass', 'spec.storageClassName'),
    text('VolumeAttributesClass', 'spec.volumeAttributesClassName', UNSET),
    AGE,
    ...wide(text('VolumeMode', 'spec.volumeMode', UNSET)),
  ],
  'storage.k8s.io/storageclasses': [
    { ...NAME, cell: (object) => `${object.metadata.name ?? ''}${isDefault(object) ? ' (default)' : ''}` },
    text('Provisioner', 'provisioner'),
    text('ReclaimPolicy', 'reclaimPolicy', 'Delete'),
    text('VolumeBindingMode', 'volumeBindingMode', 'Immediate'),
    cell('AllowVolumeExpansion', (object) => at(object, 'allowVolumeExpansion') === true),
    AGE,
  ],
  'storage.k8s.io/volumeattributesclasses': [NAME, text('DriverName', 'driverName'), AGE],
  'storage.k8s.io/volumeattachments': [
    NAME,
    { ...text('Attacher', 'spec.attacher'), format: 'name' },
    text('PV', 'spec.source.persistentVolumeName'),
    text('Node', 'spec.nodeName'),
    cell('Attached', (object) => at(object, 'status', 'attached') === true, 'boolean'),
    AGE,
  ],
  'storage.k8s.io/csinodes': [NAME, length('Drivers', 'spec.drivers'), AGE],
  'storage.k8s.io/csidrivers': [
    NAME,
    cell('AttachRequired', (object) => at(object, 'spec', 'attachRequired') !== false, 'boolean'),
    cell('PodInfoOnMount', (object) => at(object, 'spec', 'podInfoOnMount') === true, 'boolean'),
    cell('StorageCapacity', (object) => at(object, 'spec', 'storageCapacity') === true, 'boolean'),
    cell(
      'TokenRequests',
      (object) =>
        listAt(object, 'spec', 'tokenRequests')
          .map((entry) => textAt(entry, 'audience'))
          .join(',') || UNSET,
    ),
    cell('RequiresRepublish', (object) => at(object, 'spec', 'requiresRepublish') === true, 'boolean'),
    cell('Modes', (object) => listAt(object, 'spec', 'volumeLifecycleModes').join(',') || NONE),
    AGE,
  ],
};

function kernelText(node: KubeObject): string {
  const version = textAt(node, 'status', 'nodeInfo', 'kernelVersion') || UNKNOWN;
  const architecture = textAt(node, 'status', 'nodeInfo', 'architecture');
  return architecture === '' ? version : `${version} (${architecture})`;
}

const isDefault = (object: KubeObject): boolean =>
  ['storageclass.kubernetes.io/is-default-class', 'storageclass.beta.kubernetes.io/is-default-class'].some(
    (mark) => object.metadata.annotations?.[mark] === 'true',
  );

const ADMISSION: Readonly<Record<string, readonly Column[]>> = {
  'admissionregistration.k8s.io/mutatingwebhookconfigurations': WEBHOOKS,
  'admissionregistration.k8s.io/validatingwebhookconfigurations': WEBHOOKS,
  'admissionregistration.k8s.io/validatingadmissionpolicies': [
    NAME,
    length('Validations', 'spec.validations'),
    paramKind(),
    AGE,
  ],
  'admissionregistration.k8s.io/validatingadmissionpolicybindings': POLICY_BINDING,
  'admissionregistration.k8s.io/mutatingadmissionpolicies': [
    NAME,
    length('Mutations', 'spec.mutations'),
    paramKind(),
    AGE,
  ],
  'admissionregistration.k8s.io/mutatingadmissionpolicybindings': POLICY_BINDING,
  'flowcontrol.apiserver.k8s.io/flowschemas': [
    NAME,
    text('PriorityLevel', 'spec.priorityLevelConfiguration.name'),
    integer('MatchingPrecedence', 'spec.matchingPrecedence', 'string'),
    text('DistinguisherMethod', 'spec.distinguisherMethod.type', NONE),
    AGE,
    cell('MissingPL', (object) => {
      const missing = listAt(object, 'status', 'conditions').find(
        (condition) => textAt(condition, 'type') === 'Dangling',
      );
      return missing === undefined ? '?' : textAt(missing, 'status');
    }),
  ],
  'flowcontrol.apiserver.k8s.io/prioritylevelconfigurations': [
    NAME,
    text('Type', 'spec.type'),
    limited('NominalConcurrencyShares', 'nominalConcurrencyShares'),
    limited('Queues', 'limitResponse.queuing.queues'),
    limited('HandSize', 'limitResponse.queuing.handSize'),
    limited('QueueLengthLimit', 'limitResponse.queuing.queueLengthLimit'),
    AGE,
  ],
};

function paramKind(): Column {
  return cell('ParamKind', (object) => {
    const kind = objectAt(object, 'spec', 'paramKind');
    return Object.keys(kind).length === 0 ? UNSET : `${textAt(kind, 'apiVersion')}/${textAt(kind, 'kind')}`;
  });
}

function limited(name: string, path: string): Column {
  return cell(name, (object) => {
    const value = numberAt(object, 'spec', 'limited', ...path.split('.'));
    return value ?? NONE;
  });
}

const CORE: Readonly<Record<string, readonly Column[]>> = {
  '/configmaps': [NAME, size('Data', 'data', 'binaryData'), AGE],
  '/secrets': [NAME, text('Type', 'type'), size('Data', 'data'), AGE],
  '/componentstatuses': [NAME, ...['Status', 'Message', 'Error'].map(componentCondition)],
  '/serviceaccounts': [NAME, AGE],
  '/namespaces': [NAME, text('Status', 'status.phase'), AGE],
  '/nodes': [
    NAME,
    cell('Status', nodeStatus),
    cell('Roles', nodeRoles),
    AGE,
    text('Version', 'status.nodeInfo.kubeletVersion'),
    ...wide(
      cell('Internal-IP', (node) => nodeAddress(node, 'InternalIP')),
      cell('External-IP', (node) => nodeAddress(node, 'ExternalIP')),
      text('OS-Image', 'status.nodeInfo.osImage', UNKNOWN),
      cell('Kernel-Version', kernelText),
      text('Container-Runtime', 'status.nodeInfo.containerRuntimeVersion', UNKNOWN),
    ),
  ],
  '/events': [
    cell('Last Seen', lastSeen),
    text('Type', 'type'),
    text('Reason', 'reason'),
    cell('Object', (event) => {
      const [kind, name] = [
        textAt(event, 'involvedObject', 'kind').toLowerCase(),
        textAt(event, 'involvedObject', 'name'),
      ];
      return name === '' ? kind : `${kind}/${name}`;
    }),
    ...wide(text('Subobject', 'involvedObject.fieldPath'), cell('Source', eventSource)),
    cell('Message', (event) => textAt(event, 'message').trim()),
    ...wide(
      cell('First Seen', (event, now) => ageOf(textAt(event, 'firstTimestamp') || textAt(event, 'eventTime'), now)),
      cell('Count', (event) =>
        isObject(at(event, 'series')) ? (numberAt(event, 'series', 'count') ?? 0) : numberAt(event, 'count') || 1,
      ),
      NAME,
    ),
  ],
  '/resourcequotas': [
    NAME,
    cell('Request', (quota) => quotaText(quota, false)),
    cell('Limit', (quota) => quotaText(quota, true)),
    AGE,
  ],
  'coordination.k8s.io/leases': [NAME, text('Holder', 'spec.holderIdentity'), AGE],
  'scheduling.k8s.io/priorityclasses': [
    NAME,
    integer('Value', 'value'),
    cell('Global-Default', (object) => at(object, 'globalDefault') === true, 'boolean'),
    AGE,
    text('PreemptionPolicy', 'preemptionPolicy', 'PreemptLowerPriority'),
  ],
  'node.k8s.io/runtimeclasses': [NAME, text('Handler', 'handler'), AGE],
  'rbac.authorization.k8s.io/rolebindings': BINDING,
  'rbac.authorization.k8s.io/clusterrolebindings': BINDING,
  'certificates.k8s.io/certificatesigningrequests': [
    NAME,
    AGE,
    text('SignerName', 'spec.signerName', NONE),
    text('Requestor', 'spec.username'),
    cell('RequestedDuration', (object) => {
      const seconds = numberAt(object, 'spec', 'expirationSeconds');
      return seconds === undefined ? NONE : ageOf(new Date(0).toISOString(), seconds * 1000);
    }),
    cell('Condition', signingState),
  ],
  'apiregistration.k8s.io/apiservices': [
    NAME,
    cell('Service', (object) => {
      const service = objectAt(object, 'spec', 'service');
      return Object.keys(service).length === 0 ? 'Local' : `${textAt(service, 'namespace')}/${textAt(service, 'name')}`;
    }),
    cell('Available', (object) => {
      const state = listAt(object, 'status', 'conditions').find(
        (condition) => textAt(condition, 'type') === 'Available',
      );
      if (state === undefined) return 'Unknown';
      return textAt(state, 'status') === 'True' ? 'True' : `${textAt(state, 'status')} (${textAt(state, 'reason')})`;
    }),
    AGE,
  ],
  'resource.k8s.io/deviceclasses': [NAME, AGE],
  'resource.k8s.io/resourceclaims': [NAME, cell('State', claimState), AGE],
  'resource.k8s.io/resourceclaimtemplates': [NAME, AGE],
  'resource.k8s.io/resourceslices': [
    NAME,
    text('Node', 'spec.nodeName', UNSET),
    text('Driver', 'spec.driver'),
    text('Pool', 'spec.pool.name'),
    AGE,
  ],
};

export const CLUSTER_COLUMNS: Readonly<Record<string, readonly Column[]>> = { ...CORE, ...STORAGE, ...ADMISSION };

/** What the condition of a component says of its health. */
function componentCondition(name: string): Column {
  return cell(name, (object) => {
    const healthy = listAt(object, 'conditions').find((condition) => textAt(condition, 'type') === 'Healthy');
    return name === 'Status'
      ? (COMPONENT[textAt(healthy, 'status')] ?? 'Unknown')
      : textAt(healthy, name.toLowerCase());
  });
}

const COMPONENT: Readonly<Record<string, string>> = { True: 'Healthy', False: 'Unhealthy' };

function nodeStatus(node: KubeObject): string {
  const ready = listAt(node, 'status', 'conditions').find((condition) => textAt(condition, 'type') === 'Ready');
  const state = ready === undefined ? 'Unknown' : textAt(ready, 'status') === 'True' ? 'Ready' : 'NotReady';
  return at(node, 'spec', 'unschedulable') === true ? `${state},SchedulingDisabled` : state;
}

const ROLE = 'node-role.kubernetes.io/';

function nodeRoles(node: KubeObject): string {
  const roles = Object.entries(labelsOf(node)).flatMap(([label, value]) => {
    if (label.startsWith(ROLE)) return [label.slice(ROLE.length)];
    return label === 'kubernetes.io/role' ? [value] : [];
  });
  return [...new Set(roles)].sort().join(',') || NONE;
}

const nodeAddress = (node: KubeObject, type: string): string =>
  textAt(
    listAt(node, 'status', 'addresses').find((address) => textAt(address, 'type') === type),
    'address',
  ) || NONE;

function lastSeen(event: KubeObject, now: number): string {
  const time =
    textAt(event, 'series', 'lastObservedTime') ||
    textAt(event, 'lastTimestamp') ||
    textAt(event, 'firstTimestamp') ||
    textAt(event, 'eventTime');
  return ageOf(time, now);
}

function eventSource(event: KubeObject): string {
  const component = textAt(event, 'source', 'component') || textAt(event, 'reportingComponent');
  const host = textAt(event, 'source', 'host') || textAt(event, 'reportingInstance');
  return host === '' ? component : `${component}, ${host}`;
}

function quotaText(quota: KubeObject, ofLimits: boolean): string {
  const hard = objectAt(quota, 'status', 'hard');
  return Object.keys(hard)
    .filter((name) => name.startsWith('limits') === ofLimits)
    .sort()
    .map((name) => `${name}: ${String(at(quota, 'status', 'used', name) ?? '0')}/${String(hard[name])}`)
    .join(', ');
}

function signingState(object: KubeObject): string {
  const types = listAt(object, 'status', 'conditions').map((condition) => textAt(condition, 'type'));
  const states = [
    types.includes('Denied') ? 'Denied' : types.includes('Approved') ? 'Approved' : 'Pending',
    ...(types.includes('Failed') ? ['Failed'] : []),
    ...(textAt(object, 'status', 'certificate') === '' ? [] : ['Issued']),
  ];
  return states.join(',');
}

function claimState(object: KubeObject): string {
  const states = [
    ...(object.metadata.deletionTimestamp === undefined ? [] : ['deleted']),
    ...(isObject(at(object, 'status', 'allocation')) ? ['allocated'] : []),
    ...(listAt(object, 'status', 'reservedFor').length > 0 ? ['reserved'] : []),
  ];
  return states.length === 0 ? 'pending' : states.join(',');
}
