// Where the webhooks of admission are kept.

export const MUTATING = 'admissionregistration.k8s.io/mutatingwebhookconfigurations';
export const VALIDATING = 'admissionregistration.k8s.io/validatingwebhookconfigurations';
