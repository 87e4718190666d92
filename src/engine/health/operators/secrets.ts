import type { KubeObject } from '../../../objects/object.ts';
import { type HealthCheck, health, type ResourceHealth } from '../check.ts';
import { always, byCondition, condition, conditionOutdated, firstOf, forKinds, type Rules, wordAt } from './forms.ts';

/** A certificate is being issued while its request is on its way, whatever it says of the old one. */
const certificate = firstOf(
  [condition('Issuing'), 'Progressing'],
  [condition('Ready', 'False'), 'Degraded'],
  [condition('Ready'), 'Healthy'],
  [always, 'Progressing', 'Waiting for certificate'],
);

const externalSecrets = (kind: string): HealthCheck => byCondition({ waiting: `Waiting for ${kind}` });

const clusterExternalSecret = firstOf(
  [condition('Ready'), 'Healthy'],
  [condition('PartiallyReady'), 'Degraded'],
  [condition('NotReady'), 'Degraded'],
  [condition('Ready', 'False'), 'Degraded'],
  [always, 'Progressing', 'Waiting for ClusterExternalSecret'],
);

/** An old ExternalSecret has a text: SUCCESS, or ERROR and why. */
function oldExternalSecret(object: KubeObject): ResourceHealth {
  const state = wordAt(object, 'status.status');
  if (state === 'SUCCESS') return health('Healthy', 'ExternalSecret is synced');
  if (state.startsWith('ERROR')) return health('Degraded', state.replace(/^ERROR,?\s*/, ''));
  return health('Progressing', state || 'Waiting for ExternalSecret');
}

const keycloak = firstOf(
  [condition('HasErrors'), 'Degraded'],
  [condition('Ready'), 'Healthy', ''],
  [condition('Ready', 'False'), 'Progressing', ''],
  [always, 'Progressing', ''],
);

/** Services found by DNS: adopted by a provider, advertised, and seen. */
const dnsService = firstOf(
  [conditionOutdated('Adopted'), 'Progressing', 'Waiting for DNSSDServiceInstance spec update to be observed'],
  [condition('Adopted', 'False'), 'Degraded'],
  [condition('Advertised', 'False'), 'Degraded'],
  [condition('Discoverable', 'False', 'NegativeLookupResult'), 'Progressing'],
  [condition('Discoverable', 'False'), 'Degraded'],
  [condition('Discoverable'), 'Healthy'],
  [condition('Advertised', 'Unknown'), 'Progressing'],
  [condition('Discoverable', 'Unknown'), 'Progressing'],
  [always, 'Progressing', 'Waiting for DNSSDServiceInstance to be adopted'],
);

export const SECRETS: Rules = {
  'cert-manager.io/Certificate': certificate,
  'certmanager.k8s.io/Certificate': certificate,
  ...forKinds('cert-manager.io', ['ClusterIssuer', 'Issuer'], () => byCondition({ waiting: 'Initializing issuer' })),
  ...forKinds('certmanager.k8s.io', ['ClusterIssuer', 'Issuer'], () => byCondition({ waiting: 'Initializing issuer' })),
  ...forKinds('external-secrets.io', ['ExternalSecret', 'PushSecret', 'ClusterPushSecret'], externalSecrets),
  'external-secrets.io/ClusterExternalSecret': clusterExternalSecret,
  ...forKinds('external-secrets.io', ['ClusterSecretStore', 'SecretStore'], (kind) =>
    byCondition({ waiting: `Waiting for ${kind}` }),
  ),
  'kubernetes-client.io/ExternalSecret': oldExternalSecret,
  'bitnami.com/SealedSecret': byCondition({ type: 'Synced', waiting: 'Waiting for Sealed Secret to be decrypted' }),
  'onepassword.com/OnePasswordItem': byCondition({ waiting: 'Waiting for OnePasswordItem' }),
  'kyverno.io/Policy': byCondition({ waiting: 'Waiting for Policy to be ready' }),
  'kyverno.io/ClusterPolicy': byCondition({ waiting: 'Waiting for ClusterPolicy to be ready' }),
  'k8s.keycloak.org/Keycloak': keycloak,
  'proclaim.dogmatiq.io/DNSSDServiceInstance': dnsService,
};
