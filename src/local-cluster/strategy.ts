// What differs from kind to kind when objects are written.

import { type JsonObject, sameJson } from '../core/json.ts';
import type { KubeObject } from '../objects/object.ts';
import type { Kind } from './kinds.ts';

export function hasSubresource(kind: Kind, name: string): boolean {
  return kind.subresources.some((subresource) => subresource.name === name);
}

/** Kinds of which a delete answers the object that it took. */
const DELETED_ANSWERED: ReadonlySet<string> = new Set([
  '/persistentvolumeclaims',
  '/persistentvolumes',
  '/pods',
  '/podtemplates',
  '/resourcequotas',
  '/serviceaccounts',
  '/services',
  'resource.k8s.io/deviceclasses',
  'resource.k8s.io/resourceclaims',
  'resource.k8s.io/resourceclaimtemplates',
  'resource.k8s.io/resourceslices',
  'storage.k8s.io/csidrivers',
  'storage.k8s.io/csinodes',
  'storage.k8s.io/storageclasses',
  'storage.k8s.io/volumeattachments',
  'storage.k8s.io/volumeattributesclasses',
]);

export const answersDeleted = (storage: string): boolean => DELETED_ANSWERED.has(storage);

const OF_ADMISSION = [
  'admissionregistration.k8s.io/mutatingadmissionpolicies',
  'admissionregistration.k8s.io/mutatingadmissionpolicybindings',
  'admissionregistration.k8s.io/mutatingwebhookconfigurations',
  'admissionregistration.k8s.io/validatingadmissionpolicies',
  'admissionregistration.k8s.io/validatingadmissionpolicybindings',
  'admissionregistration.k8s.io/validatingwebhookconfigurations',
];

/** Kinds whose generation counts the changes of what they want. */
const COUNTED: ReadonlySet<string> = new Set([
  '/podtemplates',
  '/pods',
  '/replicationcontrollers',
  ...OF_ADMISSION,
  'apiextensions.k8s.io/customresourcedefinitions',
  'apps/daemonsets',
  'apps/deployments',
  'apps/replicasets',
  'apps/statefulsets',
  'batch/cronjobs',
  'batch/jobs',
  'discovery.k8s.io/endpointslices',
  'flowcontrol.apiserver.k8s.io/flowschemas',
  'flowcontrol.apiserver.k8s.io/prioritylevelconfigurations',
  'networking.k8s.io/ingressclasses',
  'networking.k8s.io/ingresses',
  'networking.k8s.io/networkpolicies',
  'policy/poddisruptionbudgets',
  'resource.k8s.io/deviceclasses',
  'resource.k8s.io/resourceslices',
]);

/** Kinds that have a generation from the start, which stays. */
const FIXED: ReadonlySet<string> = new Set(['scheduling.k8s.io/priorityclasses']);
/** Kinds whose generation comes with the first change. */
const LATER: ReadonlySet<string> = new Set(['storage.k8s.io/csidrivers']);

export function startsGeneration(kind: Kind): boolean {
  return kind.custom !== undefined || COUNTED.has(kind.storage) || FIXED.has(kind.storage);
}

export function countsGeneration(kind: Kind): boolean {
  return kind.custom !== undefined || COUNTED.has(kind.storage) || LATER.has(kind.storage);
}

/** What of their metadata kinds want something by too. */
const WANTED: Readonly<Record<string, readonly ('annotations' | 'labels')[]>> = {
  'apps/deployments': ['annotations'],
  'discovery.k8s.io/endpointslices': ['labels'],
};
/** The annotation that a Deployment's controller writes as it writes the status. */
const REVISION = 'deployment.kubernetes.io/revision';

/** Whether what an object wants has not changed: all but its metadata, and a status that is written by itself. */
export function sameWish(kind: Kind, a: KubeObject, b: KubeObject): boolean {
  if (kind.custom && !hasSubresource(kind, 'status')) {
    const whole = ({ metadata: _metadata, ...rest }: KubeObject): JsonObject => rest;
    return sameJson(whole(a), whole(b));
  }
  const fields = WANTED[kind.storage] ?? [];
  const wish = ({ metadata, status: _status, ...rest }: KubeObject): JsonObject =>
    fields.length === 0
      ? rest
      : { ...rest, metadata: fields.map((field): JsonObject => ({ ...metadata[field], [REVISION]: '' })) };
  return sameJson(wish(a), wish(b));
}

const DESCRIPTIONS = ['labels', 'annotations', 'finalizers', 'ownerReferences'] as const;
const ALL_BUT_ITSELF = [...DESCRIPTIONS, 'deletionTimestamp'] as const;
const ALL = [...ALL_BUT_ITSELF, 'deletionGracePeriodSeconds', 'uid'] as const;

/** What of the metadata is not written with the status, by kind. */
const KEPT_WITH_STATUS: Readonly<Record<string, readonly (typeof ALL)[number][]>> = {
  '/pods': ['ownerReferences', 'deletionTimestamp'],
  'admissionregistration.k8s.io/validatingadmissionpolicies': ALL_BUT_ITSELF,
  'apiregistration.k8s.io/apiservices': DESCRIPTIONS,
  'apps/deployments': ['labels'],
  'flowcontrol.apiserver.k8s.io/flowschemas': ALL,
  'flowcontrol.apiserver.k8s.io/prioritylevelconfigurations': ALL,
  'networking.k8s.io/servicecidrs': ALL_BUT_ITSELF,
  'resource.k8s.io/resourceclaims': ALL_BUT_ITSELF,
  'storage.k8s.io/volumeattachments': ALL_BUT_ITSELF,
};

const keptWithStatus = (kind: Kind): readonly (typeof ALL)[number][] =>
  kind.custom ? DESCRIPTIONS : (KEPT_WITH_STATUS[kind.storage] ?? []);

/** What a client says of an object with its status: without what is not written then. */
export function saidWithStatus(kind: Kind, metadata: KubeObject['metadata']): KubeObject['metadata'] {
  const said = { ...metadata };
  for (const field of keptWithStatus(kind)) delete said[field];
  return said;
}

/** The metadata that an object has when its status is written. */
export function metaWithStatus(kind: Kind, before: KubeObject, after: KubeObject): KubeObject['metadata'] {
  if (kind.custom) {
    const { managedFields } = after.metadata;
    return managedFields === undefined ? before.metadata : { ...before.metadata, managedFields };
  }
  const metadata = { ...after.metadata };
  for (const field of keptWithStatus(kind)) {
    delete metadata[field];
    Object.assign(metadata, before.metadata[field] === undefined ? {} : { [field]: before.metadata[field] });
  }
  return metadata;
}

/** Kinds that have a status subresource and yet take the status of a new object. */
const STATUS_WITH_NEW: ReadonlySet<string> = new Set<string>(['/nodes']);

/** The object with the status that is stored: one written beside it counts only through the status subresource. */
export function withStatusOf(kind: Kind, object: KubeObject, before: KubeObject | undefined): KubeObject {
  if (!hasSubresource(kind, 'status') || (!before && STATUS_WITH_NEW.has(kind.storage))) return object;
  const { status: _given, ...rest } = object;
  const status = before?.['status'];
  return status === undefined ? rest : { ...rest, status };
}

const CREATED_BY_PUT: ReadonlySet<string> = new Set([
  'rbac.authorization.k8s.io/roles',
  'rbac.authorization.k8s.io/rolebindings',
  'rbac.authorization.k8s.io/clusterroles',
  'rbac.authorization.k8s.io/clusterrolebindings',
  'coordination.k8s.io/leases',
  'node.k8s.io/runtimeclasses',
  '/endpoints',
  '/services',
  '/events',
  '/limitranges',
]);

/** Whether a PUT creates an object that is not there. */
export const isCreatedByPut = (storage: string): boolean => CREATED_BY_PUT.has(storage);

/** Kinds that nobody writes without the version that he has seen. */
const SEEN_FIRST: ReadonlySet<string> = new Set([
  ...OF_ADMISSION,
  'apiextensions.k8s.io/customresourcedefinitions',
  'apiregistration.k8s.io/apiservices',
  'coordination.k8s.io/leases',
  'node.k8s.io/runtimeclasses',
  'policy/poddisruptionbudgets',
  'storage.k8s.io/csidrivers',
  'storage.k8s.io/csinodes',
  'storage.k8s.io/csistoragecapacities',
  'storage.k8s.io/volumeattachments',
]);

export const needsVersion = (kind: Kind): boolean => kind.custom !== undefined || SEEN_FIRST.has(kind.storage);

/** Where the real store keeps kinds, if not under their plural. */
const STORAGE_KEYS: Readonly<Record<string, string>> = {
  '/endpoints': 'services/endpoints',
  '/nodes': 'minions',
  '/replicationcontrollers': 'controllers',
  '/services': 'services/specs',
  'apiextensions.k8s.io/customresourcedefinitions': 'apiextensions.k8s.io/customresourcedefinitions',
  'apiregistration.k8s.io/apiservices': 'apiregistration.k8s.io/apiservices',
  'networking.k8s.io/ingresses': 'ingress',
};

export const storageKey = (kind: Kind): string =>
  kind.custom ? `${kind.group}/${kind.plural}` : (STORAGE_KEYS[kind.storage] ?? kind.plural);

/** Parts that a write leaves to others, by kind and subresource: nobody is told as their owner. */
const UNTOUCHED: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  'certificates.k8s.io/certificatesigningrequests': {
    '': ['spec', 'status'],
    approval: ['spec', 'status.certificate'],
    status: ['spec', 'status.conditions'],
  },
};

/** A write of the object itself leaves its status to others. */
export function untouchedBy(kind: Kind, subresource: string): readonly string[] {
  const own = UNTOUCHED[kind.storage]?.[subresource];
  if (own) return own;
  if (kind.custom && subresource === 'status') return ['metadata', 'spec'];
  return subresource === '' && hasSubresource(kind, 'status') ? ['status'] : [];
}
