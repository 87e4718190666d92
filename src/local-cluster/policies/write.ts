// Where policies are kept, and what they are not about.

import type { Kind } from '../kinds.ts';

export const POLICIES = 'admissionregistration.k8s.io/validatingadmissionpolicies';
export const BINDINGS = 'admissionregistration.k8s.io/validatingadmissionpolicybindings';

export const MUTATIONS = 'admissionregistration.k8s.io/mutatingadmissionpolicies';
export const MUTATION_BINDINGS = 'admissionregistration.k8s.io/mutatingadmissionpolicybindings';

/** What configures the API itself is never in a policy's hands: who wrote a wrong one could not take it back. */
export const isExempt = ({ storage }: Kind): boolean => EXEMPT.test(storage);

const EXEMPT =
  /^(admissionregistration\.k8s\.io\/(validating|mutating)admissionpol|authentication\.k8s\.io\/|authorization\.k8s\.io\/)/;
