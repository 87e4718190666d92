// What counts no more, or not here: told to who writes it, as the API does.

import { type Json, type JsonObject, listAt, objectAt, textAt } from '../../core/json.ts';
import { canonicalAddress, canonicalCidr, parseCidr, plainAddress } from '../validation/addresses.ts';
import { rowOf } from '../validation/rules.ts';
import { type Warnings, whenChanged, whenNew } from './when.ts';

/** Labels of nodes that have been given other names. */
const OLD_LABELS: Readonly<Record<string, readonly [since: string, name: string]>> = {
  'beta.kubernetes.io/arch': ['v1.14', 'kubernetes.io/arch'],
  'beta.kubernetes.io/os': ['v1.14', 'kubernetes.io/os'],
  'failure-domain.beta.kubernetes.io/region': ['v1.17', 'topology.kubernetes.io/region'],
  'failure-domain.beta.kubernetes.io/zone': ['v1.17', 'topology.kubernetes.io/zone'],
  'beta.kubernetes.io/instance-type': ['v1.17', 'node.kubernetes.io/instance-type'],
};

function oldLabel(name: string, path: string): string[] {
  const [since, other] = rowOf(OLD_LABELS, name) ?? [];
  return other === undefined ? [] : [`${path}: deprecated since ${since}; use "${other}" instead`];
}

/** An address that can be written in a better way. */
function oddAddress(value: string, path: string): string[] {
  const plain = plainAddress(value);
  if (plain !== value) return [`${path}: non-standard IP address "${value}" is invalid: use "${plain}"`];
  const best = canonicalAddress(value);
  return best === value ? [] : [`${path}: IPv6 address "${value}" should be in RFC 5952 canonical format ("${best}")`];
}

function oddCidr(value: string, path: string): string[] {
  const best = parseCidr(value) ? canonicalCidr(value) : value;
  return best === value
    ? []
    : [`${path}: IPv6 CIDR value "${value}" should be in RFC 5952 canonical format ("${best}")`];
}

const each = (list: readonly Json[], path: string, warnings: (value: string, path: string) => string[]): string[] =>
  list.flatMap((item, index) => warnings(String(item), `${path}[${index}]`));

const HINTS = 'service.kubernetes.io/topology-aware-hints';

const ofService: Warnings = (service) => {
  const spec = objectAt(service, 'spec');
  const text = (field: string): string => textAt(spec, field);
  const addresses = listAt(spec, 'externalIPs');
  const isNamed = text('type') === 'ExternalName';
  const isHeadless = text('clusterIP') === 'None';
  const said: readonly (readonly [boolean, string])[] = [
    [
      objectAt(service, 'metadata', 'annotations')[HINTS] !== undefined,
      `annotation ${HINTS} is deprecated, please use service.kubernetes.io/topology-mode instead`,
    ],
    [isHeadless && text('loadBalancerIP') !== '', 'spec.loadBalancerIP is ignored for headless services'],
    [isHeadless && addresses.length > 0, 'spec.externalIPs is ignored for headless services'],
    [isHeadless && text('sessionAffinity') === 'ClientIP', 'spec.SessionAffinity is ignored for headless services'],
  ];
  const later: readonly (readonly [boolean, string])[] = [
    [
      !isHeadless && !isNamed && addresses.length > 0,
      'spec.externalIPs is deprecated and may no longer be implemented in some clusters',
    ],
    [isNamed && addresses.length > 0, 'spec.externalIPs is ignored when spec.type is "ExternalName"'],
    [!isNamed && text('externalName') !== '', 'spec.externalName is ignored when spec.type is not "ExternalName"'],
    [
      text('trafficDistribution') === 'PreferClose',
      'spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"',
    ],
  ];
  const told = (rows: readonly (readonly [boolean, string])[]): string[] =>
    rows.flatMap(([holds, warning]) => (holds ? [warning] : []));
  return [
    ...told(said),
    ...each(addresses, 'spec.externalIPs', oddAddress),
    ...oddAddress(text('loadBalancerIP'), 'spec.loadBalancerIP'),
    ...each(listAt(spec, 'loadBalancerSourceRanges'), 'spec.loadBalancerSourceRanges', oddCidr),
    ...told(later),
  ];
};

const ofNetworkPolicy: Warnings = (policy) =>
  [
    ['ingress', 'from'],
    ['egress', 'to'],
  ].flatMap(([direction = '', peers = '']) =>
    listAt(policy, 'spec', direction).flatMap((rule, index) =>
      listAt(rule, peers).flatMap((peer, place) => {
        const path = `spec.${direction}[${index}].${peers}[${place}].ipBlock`;
        return [
          ...oddCidr(textAt(peer, 'ipBlock', 'cidr'), `${path}.cidr`),
          ...each(listAt(peer, 'ipBlock', 'except'), `${path}.except`, oddCidr),
        ];
      }),
    ),
  );

const ofEndpoints: Warnings = (endpoints) =>
  listAt(endpoints, 'subsets').flatMap((subset, index) =>
    ['addresses', 'notReadyAddresses'].flatMap((field) =>
      listAt(subset, field).flatMap((address, place) =>
        oddAddress(textAt(address, 'ip'), `subsets[${index}].${field}[${place}].ip`),
      ),
    ),
  );

const NO_KEY_IN_SECRETS =
  'spec.serviceAccountTokenInSecrets is unset; if supported by this CSI driver, set to true to prevent possible logging of tokens in volume attributes';

const ENFORCE = 'kubernetes.io/enforce-mountable-secrets';
const CLASS = 'kubernetes.io/ingress.class';

const hasAnnotation = (object: JsonObject, name: string): boolean =>
  objectAt(object, 'metadata', 'annotations')[name] !== undefined;

/** Of what is no Pod and no volume, by kind. */
export const CLUSTER_WARNINGS: Readonly<Record<string, Warnings>> = {
  '/endpoints': ofEndpoints,
  '/nodes': (node) => [
    ...(textAt(node, 'spec', 'externalID') === ''
      ? []
      : ['spec.externalID: this field is deprecated, and is unused by Kubernetes']),
    ...each(listAt(node, 'spec', 'podCIDRs'), 'spec.podCIDRs', oddCidr),
  ],
  '/serviceaccounts': (account, before) =>
    hasAnnotation(account, ENFORCE) && !hasAnnotation(before ?? {}, ENFORCE)
      ? [
          `metadata.annotations[${ENFORCE}]: deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets`,
        ]
      : [],
  '/services': ofService,
  'discovery.k8s.io/endpointslices': whenNew((slice) =>
    textAt(slice, 'addressType') === 'FQDN' ? ['spec.addressType: FQDN endpoints are deprecated'] : [],
  ),
  'networking.k8s.io/ingresses': whenNew((ingress) =>
    hasAnnotation(ingress, CLASS)
      ? [`annotation "${CLASS}" is deprecated, please use 'spec.ingressClassName' instead`]
      : [],
  ),
  'networking.k8s.io/networkpolicies': ofNetworkPolicy,
  'node.k8s.io/runtimeclasses': (runtime) =>
    Object.keys(objectAt(runtime, 'scheduling', 'nodeSelector')).flatMap((name) =>
      oldLabel(name, 'scheduling.nodeSelector'),
    ),
  'storage.k8s.io/csidrivers': whenChanged(
    (driver) => {
      const { tokenRequests, serviceAccountTokenInSecrets: isSet } = objectAt(driver, 'spec');
      return listAt(tokenRequests).length > 0 && isSet === undefined ? [NO_KEY_IN_SECRETS] : [];
    },
    'spec',
    'tokenRequests',
  ),
  'storage.k8s.io/csistoragecapacities': (capacity) =>
    Object.keys(objectAt(capacity, 'nodeTopology', 'matchLabels')).flatMap((name) =>
      oldLabel(name, `nodeTopology.matchLabels.${name}`),
    ),
  'storage.k8s.io/storageclasses': (storage) =>
    listAt(storage, 'allowedTopologies').flatMap((term, index) =>
      listAt(term, 'matchLabelExpressions').flatMap((expression, place) =>
        oldLabel(textAt(expression, 'key'), `allowedTopologies[${index}].matchLabelExpressions[${place}].key`),
      ),
    ),
};
