// What tells clients that cache a kind by it when the version changes in which it is stored.

import { createHash } from 'node:crypto';
import { textAt } from '../../core/json.ts';
import type { Kind } from '../kinds.ts';
import { storingVersion } from '../served.ts';

const HASH_BYTES = 8;

export function storageHash(kind: Kind): { readonly storageVersionHash?: string } {
  if (!kind.verbs.includes('get') || kind.storage === '/componentstatuses') return {};
  const digest = createHash('sha256').update(storedName(kind)).digest();
  return { storageVersionHash: digest.subarray(0, HASH_BYTES).toString('base64') };
}

/** Kinds that are stored in another version than they are served in. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  '/events': '/v1/Event',
  'admissionregistration.k8s.io/mutatingadmissionpolicies':
    'admissionregistration.k8s.io/v1beta1/MutatingAdmissionPolicy',
  'admissionregistration.k8s.io/mutatingadmissionpolicybindings':
    'admissionregistration.k8s.io/v1beta1/MutatingAdmissionPolicyBinding',
  'apiextensions.k8s.io/customresourcedefinitions': 'apiextensions.k8s.io/v1beta1/CustomResourceDefinition',
  'autoscaling/horizontalpodautoscalers': 'autoscaling/v2/HorizontalPodAutoscaler',
};

function storedName({ custom, group, version, kind, storage }: Kind): string {
  const own = custom ? textAt(storingVersion(custom.definition), 'name') : version;
  return ELSEWHERE[storage] ?? `${group}/${own}/${kind}`;
}
