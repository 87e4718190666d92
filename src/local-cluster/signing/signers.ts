// The signers that every cluster has: what each refuses.

import { ATTRIBUTE, NAME, type SigningRequest } from './request.ts';

const DIGITAL_SIGNATURE = 'digital signature';
const KEY_ENCIPHERMENT = 'key encipherment';
const CLIENT_AUTH = 'client auth';
const SERVER_AUTH = 'server auth';

export const CLIENTS = 'kubernetes.io/kube-apiserver-client';
export const KUBELET_CLIENTS = 'kubernetes.io/kube-apiserver-client-kubelet';

type Check = (request: SigningRequest, usages: readonly string[]) => string | undefined;

const NODES = 'system:nodes';
const NODE = 'system:node:';

const inNodes: Check = ({ subject }) => {
  const groups = subject.get(ATTRIBUTE.organization) ?? [];
  return groups.length === 1 && groups[0] === NODES ? undefined : `subject organization is not ${NODES}`;
};

const isNode: Check = ({ subject }) =>
  commonName(subject).startsWith(NODE) ? undefined : `subject common name does not begin with ${NODE}`;

export const commonName = (subject: SigningRequest['subject']): string =>
  subject.get(ATTRIBUTE.commonName)?.at(-1) ?? '';

const without =
  (...kinds: readonly (readonly [string, number])[]): Check =>
  ({ names }) => {
    const found = kinds.find(([, kind]) => names.has(kind));
    return found && `${found[0]} subjectAltNames are not allowed`;
  };

const withAddress: Check = ({ names }) =>
  names.has(NAME.dns) || names.has(NAME.ip) ? undefined : 'DNS or IP subjectAltName is required';

/** All of these; a key that cannot encipher does without. */
const exactly =
  (...wanted: readonly string[]): Check =>
  (_request, usages) => {
    const rest = (list: readonly string[]): string =>
      [...list]
        .filter((usage) => usage !== KEY_ENCIPHERMENT)
        .sort()
        .join();
    const isExact = rest(usages) === rest(wanted);
    return isExact ? undefined : `usages did not match [${[...wanted].sort().join(' ')}]`;
  };

const CLIENT_USAGES = [DIGITAL_SIGNATURE, KEY_ENCIPHERMENT, CLIENT_AUTH];

const forClients: Check = (_request, usages) => {
  const other = usages.find((usage) => !CLIENT_USAGES.includes(usage));
  if (other !== undefined) return `invalid usage for client certificate: ${other}`;
  return usages.includes(CLIENT_AUTH) ? undefined : `missing required usage for client certificate: ${CLIENT_AUTH}`;
};

const EMAIL = ['Email', NAME.email] as const;
const URI = ['URI', NAME.uri] as const;

/** What each asks, in its order. */
const SIGNERS: Readonly<Record<string, readonly Check[]>> = {
  [CLIENTS]: [forClients],
  [KUBELET_CLIENTS]: [
    inNodes,
    without(['DNS', NAME.dns], ['IP', NAME.ip], EMAIL, URI),
    isNode,
    exactly(DIGITAL_SIGNATURE, KEY_ENCIPHERMENT, CLIENT_AUTH),
  ],
  'kubernetes.io/kubelet-serving': [
    inNodes,
    withAddress,
    without(EMAIL, URI),
    exactly(DIGITAL_SIGNATURE, KEY_ENCIPHERMENT, SERVER_AUTH),
    isNode,
  ],
};

export const isSigner = (name: string): boolean => SIGNERS[name] !== undefined;

/** Why a signer does not sign; undefined where it does. */
export function refusalOfSigner(name: string, request: SigningRequest, usages: readonly string[]): string | undefined {
  for (const check of SIGNERS[name] ?? []) {
    const refusal = check(request, usages);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}
