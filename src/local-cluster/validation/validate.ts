// Whether an object may be stored: rules for all kinds, then those of its own.

import type { JsonObject } from '../../core/json.ts';
import { objectAt } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import type { TypeOf } from '../../objects/schema.ts';
import type { WriteSettings } from '../api.ts';
import type { Kind } from '../kinds.ts';
import { type Cause, invalid } from '../status.ts';
import { apiService, webhookConfiguration } from './admission.ts';
import {
  mutatingPolicy,
  mutatingPolicyBinding,
  validatingPolicy,
  validatingPolicyBinding,
} from './admission-policy.ts';
import { autoscaler } from './autoscaling.ts';
import { cronJob, generatedLabels, generatedSelector, job, jobChangeCauses } from './batch.ts';
import { claim, claimChangeCauses } from './claim.ts';
import {
  bindingCauses,
  bindingChangeCauses,
  configMapCauses,
  immutableCauses,
  roleCauses,
  secretCauses,
} from './config.ts';
import { customCauses } from './custom.ts';
import { definitionChangeCauses, newDefinitionCauses } from './definition.ts';
import { deviceClass, resourceClaim, resourceClaimTemplate } from './device-claim.ts';
import { resourceSlice, slicePool } from './device-slice.ts';
import { endpointSlice, endpoints } from './endpoints.ts';
import { eventCauses, eventChangeCauses, newEventCauses } from './event.ts';
import { priorityLevel } from './flow-control.ts';
import { flowSchema } from './flow-schema.ts';
import { asGiven, asOwn, asSelector, asText, frozen } from './frozen.ts';
import { limitRange } from './limit-range.ts';
import { metaCauses } from './meta.ts';
import { namespace, namespaceChangeCauses, newNamespaceCauses } from './namespace.ts';
import { classedTwice, ingress, ingressClass, networkPolicy } from './network.ts';
import { node, nodeChangeCauses } from './node.ts';
import { persistentVolume, volumeChangeCauses } from './persistent-volume.ts';
import { newPodCauses, podCauses } from './pod.ts';
import { POD_CHANGES, unchangeablePodCauses } from './pod-change.ts';
import { disruptionBudget, lease, priorityClass, priorityClassChangeCauses, runtimeClass } from './policy.ts';
import { quotaChangeCauses, resourceQuota } from './quota.ts';
import { all, fields, notNegative, type Rule } from './rules.ts';
import { service, serviceChangeCauses } from './service.ts';
import { addressCauses } from './service-addresses.ts';
import { ipAddress, ipAddressChangeCauses, serviceCidr, serviceCidrChangeCauses } from './service-network.ts';
import { signingRequest, signingRequestChangeCauses } from './signing-request.ts';
import { STATUS_RULES } from './status-rules.ts';
import {
  attributesClass,
  attributesClassChangeCauses,
  storageCapacity,
  storageClass,
  storageClassChangeCauses,
} from './storage-class.ts';
import {
  attachmentChangeCauses,
  driver,
  driverChangeCauses,
  driverNode,
  driverNodeChangeCauses,
  volumeAttachment,
} from './storage-driver.ts';
import {
  changedStatefulSet,
  controllerRevision,
  daemonSet,
  deployment,
  frozenCauses,
  replicaSet,
  replicationController,
  statefulSet,
  statefulSetChangeCauses,
  templateCauses,
} from './workload.ts';

/** Throws what the API answers when an object, or a change of one, breaks a rule. */
export function validate(kind: Kind, object: KubeObject, { before, type, settings }: Circumstances): void {
  const { subresource = '', simulated = false } = settings ?? {};
  const ofStatus = subresource === 'status';
  const changes = ofStatus ? (simulated ? {} : STATUS_RULES) : CHANGE_RULES;
  const first = ofStatus ? [] : (FIRST_RULES[kind.storage]?.(object, '') ?? []);
  const own = ofStatus ? [] : (((before && CHANGED_RULES[kind.storage]) ?? RULES[kind.storage])?.(object, '') ?? []);
  const rules = [
    ...own,
    ...(before && TWICE.has(kind.storage) ? own : []),
    ...(before ? [] : (NEW_RULES[kind.storage]?.(object) ?? [])),
  ];
  const alone = ALONE_RULES[kind.storage]?.(object, before, subresource) ?? [];
  if (alone.length > 0) throw invalid(kind, object.metadata.name ?? '', alone);
  const change = before ? (changes[kind.storage]?.(object, before, subresource) ?? []) : [];
  const isMetaLast = isLookedAtLast(kind, before) && first.length + rules.length + change.length > 0;
  const meta = isMetaLast ? { first: [], last: [] } : metaCauses(kind, object, { before, ofStatus });
  const causes = [
    ...(kind.custom ? customCauses(object, { kind, ofStatus, before, type, warn: settings?.warn ?? (() => {}) }) : []),
    ...meta.first,
    ...first,
    ...(CHANGES_FIRST.has(kind.storage) ? [...change, ...meta.last, ...rules] : [...rules, ...meta.last, ...change]),
  ];
  // Events of either group are told as those of the core.
  const group = kind.storage.slice(0, kind.storage.indexOf('/'));
  if (causes.length > 0) throw invalid({ group, kind: kind.kind }, object.metadata.name ?? '', causes);
}

interface Circumstances {
  readonly before: KubeObject | undefined;
  /** The type of the object: only custom ones are checked by it. */
  readonly type: TypeOf;
  /** How it is written: of a status the rest of the object is as it was, and was checked when it came. */
  readonly settings?: Pick<WriteSettings, 'subresource' | 'simulated' | 'warn'>;
}

/** Nothing but the metadata of these is looked at. */
const plain: Rule = () => [];

const of =
  (causes: (object: JsonObject) => Cause[]): Rule =>
  (object) =>
    causes(objectAt(object));

/** What each built-in kind must hold. */
export const RULES: Readonly<Record<string, Rule>> = {
  '/configmaps': of(configMapCauses),
  '/endpoints': endpoints,
  '/events': of(eventCauses),
  '/limitranges': limitRange,
  '/namespaces': namespace,
  '/nodes': node,
  '/persistentvolumeclaims': claim,
  '/persistentvolumes': persistentVolume,
  '/pods': of(podCauses),
  '/podtemplates': of((object) =>
    templateCauses('template', objectAt(object, 'template'), ['Always', 'OnFailure', 'Never']),
  ),
  '/replicationcontrollers': replicationController,
  '/resourcequotas': resourceQuota,
  '/secrets': of(secretCauses),
  '/serviceaccounts': plain,
  '/services': service,
  'admissionregistration.k8s.io/mutatingadmissionpolicies': mutatingPolicy,
  'admissionregistration.k8s.io/mutatingadmissionpolicybindings': mutatingPolicyBinding,
  'admissionregistration.k8s.io/mutatingwebhookconfigurations': webhookConfiguration,
  'admissionregistration.k8s.io/validatingadmissionpolicies': validatingPolicy,
  'admissionregistration.k8s.io/validatingadmissionpolicybindings': validatingPolicyBinding,
  'admissionregistration.k8s.io/validatingwebhookconfigurations': webhookConfiguration,
  // Asked of by what is asked of new ones, and of changes.
  'apiextensions.k8s.io/customresourcedefinitions': plain,
  'apiregistration.k8s.io/apiservices': apiService,
  'apps/controllerrevisions': controllerRevision,
  'apps/daemonsets': daemonSet,
  'apps/deployments': deployment,
  'apps/replicasets': replicaSet,
  'apps/statefulsets': statefulSet,
  'autoscaling/horizontalpodautoscalers': autoscaler,
  'batch/cronjobs': cronJob,
  'batch/jobs': job,
  'certificates.k8s.io/certificatesigningrequests': signingRequest,
  'coordination.k8s.io/leases': lease,
  'discovery.k8s.io/endpointslices': endpointSlice,
  'flowcontrol.apiserver.k8s.io/flowschemas': flowSchema,
  'flowcontrol.apiserver.k8s.io/prioritylevelconfigurations': priorityLevel,
  'networking.k8s.io/ingressclasses': ingressClass,
  'networking.k8s.io/ingresses': ingress,
  'networking.k8s.io/ipaddresses': ipAddress,
  'networking.k8s.io/networkpolicies': networkPolicy,
  'networking.k8s.io/servicecidrs': plain,
  'node.k8s.io/runtimeclasses': runtimeClass,
  'policy/poddisruptionbudgets': disruptionBudget,
  'rbac.authorization.k8s.io/clusterrolebindings': of(bindingCauses),
  'rbac.authorization.k8s.io/clusterroles': of(roleCauses),
  'rbac.authorization.k8s.io/rolebindings': of(bindingCauses),
  'rbac.authorization.k8s.io/roles': of(roleCauses),
  'resource.k8s.io/deviceclasses': deviceClass,
  'resource.k8s.io/resourceclaims': resourceClaim,
  'resource.k8s.io/resourceclaimtemplates': resourceClaimTemplate,
  'resource.k8s.io/resourceslices': resourceSlice,
  'scheduling.k8s.io/priorityclasses': plain,
  'storage.k8s.io/csidrivers': driver,
  'storage.k8s.io/csinodes': driverNode,
  'storage.k8s.io/csistoragecapacities': storageCapacity,
  'storage.k8s.io/storageclasses': storageClass,
  'storage.k8s.io/volumeattachments': volumeAttachment,
  'storage.k8s.io/volumeattributesclasses': attributesClass,
};

type ChangeRule = (object: JsonObject, before: JsonObject, subresource: string) => Cause[];

/** What ends the look at an object before anything else is looked at. */
const ALONE_RULES: Readonly<
  Record<string, (object: JsonObject, before: JsonObject | undefined, subresource: string) => Cause[]>
> = {
  '/pods': unchangeablePodCauses,
  '/services': (object, _before, subresource) => (subresource === '' ? addressCauses(objectAt(object, 'spec')) : []),
};

/** What only new objects must hold. */
const NEW_RULES: Readonly<Record<string, (object: JsonObject) => Cause[]>> = {
  '/events': newEventCauses,
  '/namespaces': newNamespaceCauses,
  '/pods': newPodCauses,
  'networking.k8s.io/ingresses': classedTwice,
  'networking.k8s.io/servicecidrs': (object) => serviceCidr(object, ''),
  'scheduling.k8s.io/priorityclasses': (object) => priorityClass(object, ''),
  'apiextensions.k8s.io/customresourcedefinitions': newDefinitionCauses,
};

/** What the changed objects of some kinds must hold instead. */
const CHANGED_RULES: Readonly<Record<string, Rule>> = {
  'apps/controllerrevisions': fields({ revision: notNegative }),
  'apps/statefulsets': changedStatefulSet,
  // Its spec stays as it is.
  'resource.k8s.io/resourceclaims': plain,
};

/** What is told once, before the rules that a change is held to twice. */
const FIRST_RULES: Readonly<Record<string, Rule>> = {
  'batch/jobs': all(generatedLabels, generatedSelector),
  'resource.k8s.io/resourceslices': slicePool,
};

/** Kinds of which a change is told twice what is wrong with what it makes. */
const TWICE: ReadonlySet<string> = new Set(['/persistentvolumes', 'batch/jobs']);

/** Kinds whose metadata is looked at when nothing else is wrong; changed events of the new group are as all others. */
const META_LAST: ReadonlySet<string> = new Set(['/events', 'policy/poddisruptionbudgets']);

const isLookedAtLast = (kind: Kind, before: KubeObject | undefined): boolean =>
  META_LAST.has(kind.storage) && !(before && kind.group === 'events.k8s.io');

/** Kinds of which it is told first what may not change. */
const CHANGES_FIRST: ReadonlySet<string> = new Set([
  '/secrets',
  '/services',
  'apps/daemonsets',
  'networking.k8s.io/ingressclasses',
  'networking.k8s.io/servicecidrs',
  'resource.k8s.io/resourceslices',
  'storage.k8s.io/volumeattributesclasses',
]);

/** What may not change. */
const CHANGE_RULES: Readonly<Record<string, ChangeRule>> = {
  '/configmaps': immutableCauses,
  '/events': eventChangeCauses,
  '/namespaces': namespaceChangeCauses,
  '/persistentvolumeclaims': claimChangeCauses,
  '/persistentvolumes': volumeChangeCauses,
  '/secrets': (object, before) => [...frozenCauses(['type'])(object, before), ...immutableCauses(object, before)],
  '/pods': (object, before, subresource) => POD_CHANGES[subresource]?.(object, before) ?? [],
  '/services': serviceChangeCauses,
  '/nodes': nodeChangeCauses,
  '/resourcequotas': quotaChangeCauses,
  'apiextensions.k8s.io/customresourcedefinitions': definitionChangeCauses,
  'apps/deployments': frozen({ 'spec.selector': asSelector }),
  'apps/replicasets': frozen({ 'spec.selector': asSelector }),
  'apps/daemonsets': frozen({ 'spec.selector': asSelector }),
  'apps/controllerrevisions': frozenCauses(['data']),
  'apps/statefulsets': statefulSetChangeCauses,
  'batch/jobs': jobChangeCauses,
  'certificates.k8s.io/certificatesigningrequests': signingRequestChangeCauses,
  'discovery.k8s.io/endpointslices': frozen({ addressType: asText }),
  'networking.k8s.io/ingressclasses': frozen({ 'spec.controller': asText }),
  'networking.k8s.io/servicecidrs': serviceCidrChangeCauses,
  'networking.k8s.io/ipaddresses': ipAddressChangeCauses,
  'node.k8s.io/runtimeclasses': frozen({ handler: asText }),
  'rbac.authorization.k8s.io/rolebindings': bindingChangeCauses,
  'rbac.authorization.k8s.io/clusterrolebindings': bindingChangeCauses,
  'resource.k8s.io/resourceclaims': frozen({ spec: asOwn('DeviceClaimSpec') }),
  'resource.k8s.io/resourceclaimtemplates': frozen({ spec: asOwn('DeviceClaimTemplateSpec') }),
  'resource.k8s.io/resourceslices': frozen({
    'spec.pool.name': asText,
    'spec.driver': asText,
    'spec.nodeName': asGiven,
  }),
  'scheduling.k8s.io/priorityclasses': priorityClassChangeCauses,
  'storage.k8s.io/csidrivers': driverChangeCauses,
  'storage.k8s.io/csinodes': driverNodeChangeCauses,
  'storage.k8s.io/csistoragecapacities': frozen({ nodeTopology: asSelector, storageClassName: asText }),
  'storage.k8s.io/storageclasses': storageClassChangeCauses,
  'storage.k8s.io/volumeattachments': attachmentChangeCauses,
  'storage.k8s.io/volumeattributesclasses': attributesClassChangeCauses,
};
