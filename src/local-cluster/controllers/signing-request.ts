// Requests for certificates: those of kubelets are approved, approved ones are signed with the cluster's own certificate, and
// what is over goes.

import { X509Certificate } from 'node:crypto';
import { type JsonObject, listAt, numberAt, objectAt, textAt } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import { decide } from '../access/rules.ts';
import { isTerminating } from '../object-meta.ts';
import { certificateFor } from '../signing/certificate.ts';
import { requestOf, type SigningRequest } from '../signing/request.ts';
import { commonName, isSigner, KUBELET_CLIENTS, refusalOfSigner } from '../signing/signers.ts';
import { conditionOf } from './conditions.ts';
import { ownAuthority } from './own-certificate.ts';
import { earliest, type Reconciler, type ReconcilerClient } from './reconciler.ts';

const REQUESTS = 'certificates.k8s.io/certificatesigningrequests';
const HOUR_MS = 3_600_000;
const LONGEST_SECONDS = 365 * 24 * 3600;

export function signingRequests(): Reconciler {
  return {
    name: 'kube-controller-manager',
    storage: REQUESTS,
    reconcile: async (client, object) => {
      if (isTerminating(object)) return undefined;
      const end = endOf(client, object);
      if (end !== undefined && client.now() >= end) {
        await client.remove(REQUESTS, object);
        return undefined;
      }
      await decideOn(client, object);
      return end;
    },
  };
}

/** When a request is to go: some time after it was decided on, or when what was made of it is not good any more. */
function endOf(client: ReconcilerClient, object: KubeObject): number | undefined {
  const decisions = ['Approved', 'Denied', 'Failed'].map((type) => conditionOf(object, type));
  const times = decisions.map((one) => (one ? Date.parse(textAt(one, 'lastUpdateTime')) + HOUR_MS : undefined));
  const isOpen = decisions.every((one) => one === undefined);
  const made = Date.parse(object.metadata.creationTimestamp ?? '');
  return earliest(...times, isOpen ? made + 24 * HOUR_MS : undefined, expiryOf(client, object));
}

function expiryOf(client: ReconcilerClient, object: KubeObject): number | undefined {
  const certificate = Buffer.from(textAt(object, 'status', 'certificate'), 'base64');
  if (certificate.length === 0) return undefined;
  try {
    const left = Date.parse(new X509Certificate(certificate).validTo) - client.api.wallClock.now();
    return client.now() + left;
  } catch {
    return undefined;
  }
}

async function decideOn(client: ReconcilerClient, object: KubeObject): Promise<void> {
  const signer = textAt(object, 'spec', 'signerName');
  const has = (type: string): boolean => conditionOf(object, type) !== undefined;
  if (!isSigner(signer) || has('Denied') || has('Failed') || textAt(object, 'status', 'certificate') !== '') return;
  const request = requestOf(object);
  if (!request) return;
  const refusal = refusalOfSigner(signer, request, listAt(object, 'spec', 'usages').map(String));
  if (has('Approved')) await sign(client, object, { request, refusal });
  else if (signer === KUBELET_CLIENTS && refusal === undefined) await approve(client, object, request);
}

/** Whoever may have such a certificate gets it: a node its own, or others one for a node. */
async function approve(client: ReconcilerClient, object: KubeObject, request: SigningRequest): Promise<void> {
  const name = textAt(object, 'spec', 'username');
  const user = { name, groups: listAt(object, 'spec', 'groups').map(String) };
  const may = (subresource: string): boolean => decide(client.api.store, user, { ...RIGHT, subresource }).allowed;
  const isOwn = name === commonName(request.subject) && may('selfnodeclient');
  if (!isOwn && !may('nodeclient')) return;
  const message = `Auto approving ${isOwn ? 'self ' : ''}kubelet client certificate after SubjectAccessReview.`;
  const status = withDecision(client, object, { type: 'Approved', reason: 'AutoApproved', message });
  await client.update(REQUESTS, object, { ...object, status }, 'approval');
}

const RIGHT = {
  verb: 'create',
  group: 'certificates.k8s.io',
  resource: 'certificatesigningrequests',
  namespace: '',
  name: '',
} as const;

async function sign(
  client: ReconcilerClient,
  object: KubeObject,
  { request, refusal }: { readonly request: SigningRequest; readonly refusal: string | undefined },
): Promise<void> {
  if (refusal !== undefined) {
    const failed = { type: 'Failed', reason: 'SignerValidationFailure', message: refusal };
    return client.updateStatus(REQUESTS, object, withDecision(client, object, failed));
  }
  const authority = ownAuthority(client);
  if (!authority) return;
  const certificate = certificateFor(request, authority, {
    usages: listAt(object, 'spec', 'usages').map(String),
    seconds: Math.min(numberAt(object, 'spec', 'expirationSeconds') ?? LONGEST_SECONDS, LONGEST_SECONDS),
    now: client.api.wallClock.now(),
    serial: Buffer.from(Array.from({ length: 16 }, () => 1 + Math.floor(client.api.random() * 126))),
  });
  const status = { ...objectAt(object, 'status'), certificate: Buffer.from(certificate).toString('base64') };
  await client.updateStatus(REQUESTS, object, status);
}

function withDecision(
  client: ReconcilerClient,
  object: KubeObject,
  decision: Readonly<Record<'type' | 'reason' | 'message', string>>,
): JsonObject {
  const now = client.time();
  const times = { lastUpdateTime: now, lastTransitionTime: now };
  const conditions = [...listAt(object, 'status', 'conditions'), { ...decision, status: 'True', ...times }];
  return { ...objectAt(object, 'status'), conditions };
}
