// A write as policies see it, and where they are kept.

import type { KubeObject } from '../../objects/object.ts';
import type { WriteSettings } from '../api.ts';
import type { Kind } from '../kinds.ts';

export const POLICIES = 'admissionregistration.k8s.io/validatingadmissionpolicies';
export const BINDINGS = 'admissionregistration.k8s.io/validatingadmissionpolicybindings';

export const MUTATIONS = 'admissionregistration.k8s.io/mutatingadmissionpolicies';
export const MUTATION_BINDINGS = 'admissionregistration.k8s.io/mutatingadmissionpolicybindings';

/** What configures the API itself is never in a policy's hands: who wrote a wrong one could not take it back. */
export const isExempt = ({ storage }: Kind): boolean => EXEMPT.test(storage);

const EXEMPT =
  /^(admissionregistration\.k8s\.io\/(validating|mutating)admissionpol|authentication\.k8s\.io\/|authorization\.k8s\.io\/)/;

export interface PolicyWrite {
  readonly kind: Kind;
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE';
  readonly object: KubeObject | undefined;
  readonly before: KubeObject | undefined;
  readonly settings: Pick<WriteSettings, 'user' | 'subresource' | 'dryRun' | 'manager' | 'warn'>;
}
