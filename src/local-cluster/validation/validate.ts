// Whether an object may be stored: rules for all kinds, then those of its own.

import type { JsonObject } from '../../core/json.ts';
import { objectAt } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import type { TypeOf } from '../../objects/schema.ts';
import type { Kind } from '../kinds.ts';
import { type Cause, invalid } from '../status.ts';
import {
  bindingCauses,
  bindingChangeCauses,
  claimCauses,
  configMapCauses,
  immutableCauses,
  roleCauses,
  secretCauses,
} from './config.ts';
import { customCauses } from './custom.ts';
import { definitionCauses } from './definition.ts';
import { eventCauses } from './event.ts';
import { finalizerCauses, metaCauses } from './names.ts';
import { podSpecCauses } from './pod.ts';
import { serviceCauses, serviceChangeCauses } from './service.ts';
import {
  cronJobCauses,
  deploymentCauses,
  frozenCauses,
  jobCauses,
  podChangeCauses,
  statefulSetCauses,
  statefulSetChangeCauses,
  templateCauses,
  workloadCauses,
} from './workload.ts';

/** Throws what the API answers when an object, or a change of one, breaks a rule. */
export function validate(kind: Kind, object: KubeObject, { before, type }: Circumstances): void {
  const causes = [
    ...(kind.custom ? customCauses(object, type) : []),
    ...metaCauses(kind, object),
    ...(RULES[kind.storage]?.(object) ?? []),
    ...(before ? finalizerCauses(object, before) : []),
    ...(before ? (CHANGE_RULES[kind.storage]?.(object, before) ?? []) : []),
  ];
  if (causes.length > 0) throw invalid(kind, object.metadata.name ?? '', causes);
}

interface Circumstances {
  readonly before: KubeObject | undefined;
  /** The type of the object: only custom ones are checked by it. */
  readonly type: TypeOf;
}

const RULES: Readonly<Record<string, (object: JsonObject) => Cause[]>> = {
  '/configmaps': configMapCauses,
  '/secrets': secretCauses,
  '/pods': (object) => podSpecCauses('spec', objectAt(object, 'spec')),
  '/podtemplates': (object) =>
    templateCauses('template', objectAt(object, 'template'), ['Always', 'OnFailure', 'Never']),
  '/services': serviceCauses,
  '/persistentvolumeclaims': claimCauses,
  '/events': eventCauses,
  'apps/deployments': deploymentCauses,
  'apps/replicasets': workloadCauses,
  'apps/statefulsets': statefulSetCauses,
  'apps/daemonsets': workloadCauses,
  'batch/jobs': jobCauses,
  'batch/cronjobs': cronJobCauses,
  'apiextensions.k8s.io/customresourcedefinitions': definitionCauses,
  'rbac.authorization.k8s.io/roles': roleCauses,
  'rbac.authorization.k8s.io/clusterroles': roleCauses,
  'rbac.authorization.k8s.io/rolebindings': bindingCauses,
  'rbac.authorization.k8s.io/clusterrolebindings': bindingCauses,
};

const CHANGE_RULES: Readonly<Record<string, (object: JsonObject, before: JsonObject) => Cause[]>> = {
  '/configmaps': immutableCauses,
  '/secrets': (object, before) => [...frozenCauses(['type'])(object, before), ...immutableCauses(object, before)],
  '/pods': podChangeCauses,
  '/services': serviceChangeCauses,
  'apps/deployments': frozenCauses(['spec.selector']),
  'apps/replicasets': frozenCauses(['spec.selector']),
  'apps/daemonsets': frozenCauses(['spec.selector']),
  'apps/statefulsets': statefulSetChangeCauses,
  'batch/jobs': frozenCauses(['spec.completions', 'spec.selector', 'spec.template', 'spec.completionMode']),
  'rbac.authorization.k8s.io/rolebindings': bindingChangeCauses,
  'rbac.authorization.k8s.io/clusterrolebindings': bindingChangeCauses,
};
