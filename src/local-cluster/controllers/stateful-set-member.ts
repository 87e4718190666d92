// A member of a StatefulSet: its Pod, and the claims that stay when the Pod goes.

import { type JsonObject, listAt, numberAt, objectAt, sameJson, textAt } from '../../core/json.ts';
import type { KubeObject, OwnerReference } from '../../objects/object.ts';
import { recordEvent } from '../events/record.ts';
import { ofStatefulSet } from '../events/tell.ts';
import { isTerminating } from '../object-meta.ts';
import { ownerReference, type ReconcilerClient } from './reconciler.ts';
import { createPod, textsOf } from './template.ts';

const CLAIMS = '/persistentvolumeclaims';
export const HASH = 'controller-revision-hash';

export const ordinalOf = (pod: KubeObject): number => Number(/-(\d+)$/.exec(pod.metadata.name ?? '')?.[1] ?? '-1');
/** Whether its name is one that the set gives: others are left alone, whatever their labels say. */
export const isMember = (set: KubeObject, pod: KubeObject): boolean =>
  pod.metadata.name?.replace(/-\d+$/, '-') === `${set.metadata.name ?? ''}-`;
export const firstOrdinal = (set: KubeObject): number => numberAt(set, 'spec', 'ordinals', 'start') ?? 0;

interface NewMember {
  readonly ordinal: number;
  readonly revision: string;
  /** Of an older revision, where the member is one of it. */
  readonly template: JsonObject;
}

export async function createMember(client: ReconcilerClient, set: KubeObject, member: NewMember): Promise<void> {
  const { ordinal, revision, template } = member;
  const name = `${set.metadata.name ?? ''}-${ordinal}`;
  const claims = listAt(set, 'spec', 'volumeClaimTemplates');
  const claimed = claims.map((claim) => {
    const volume = textAt(claim, 'metadata', 'name');
    return { name: volume, persistentVolumeClaim: { claimName: `${volume}-${name}` } };
  });
  for (const claim of claims) await createClaim(client, set, { claim, member: name });
  const names = claimed.map((volume) => volume.name);
  const volumes = listAt(template, 'spec', 'volumes').filter((volume) => !names.includes(textAt(volume, 'name')));
  const labels = {
    [HASH]: revision,
    'statefulset.kubernetes.io/pod-name': name,
    'apps.kubernetes.io/pod-index': String(ordinal),
  };
  const subdomain = textAt(set, 'spec', 'serviceName');
  const owner = { ...set, spec: { ...objectAt(set, 'spec'), template } };
  await createPod(client, owner, {
    name,
    labels,
    spec: {
      hostname: name,
      ...(subdomain === '' ? {} : { subdomain }),
      ...(claimed.length > 0 ? { volumes: [...volumes, ...claimed] } : {}),
    },
  });
}

async function createClaim(
  client: ReconcilerClient,
  set: KubeObject,
  { claim, member }: { readonly claim: unknown; readonly member: string },
): Promise<void> {
  const namespace = set.metadata.namespace ?? '';
  const name = `${textAt(claim, 'metadata', 'name')}-${member}`;
  if (client.get(CLAIMS, namespace, name)) return;
  const labels = {
    ...textsOf(objectAt(claim, 'metadata', 'labels')),
    ...textsOf(objectAt(set, 'spec', 'selector', 'matchLabels')),
  };
  const annotations = textsOf(objectAt(claim, 'metadata', 'annotations'));
  const metadata = {
    name,
    namespace,
    labels,
    ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
    ...withOwners(policyOf(set).whenDeleted === 'Delete' ? [ownerReference(set)] : []),
  };
  const spec = objectAt(claim, 'spec');
  await client.create(CLAIMS, { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata, spec });
  recordEvent(client, set, ofStatefulSet.claimed(name, member, set.metadata.name ?? ''));
}

const withOwners = (owners: readonly OwnerReference[]): { ownerReferences?: OwnerReference[] } =>
  owners.length > 0 ? { ownerReferences: [...owners] } : {};

function policyOf(set: KubeObject): { readonly whenDeleted: string; readonly whenScaled: string } {
  const policy = objectAt(set, 'spec', 'persistentVolumeClaimRetentionPolicy');
  return { whenDeleted: textAt(policy, 'whenDeleted'), whenScaled: textAt(policy, 'whenScaled') };
}

/** A claim goes with the set, or with the Pod of a member that is too many, where the set says so: they own it then. */
export async function keepClaims(
  client: ReconcilerClient,
  set: KubeObject,
  pods: readonly KubeObject[],
): Promise<void> {
  const names = listAt(set, 'spec', 'volumeClaimTemplates').map((claim) => textAt(claim, 'metadata', 'name'));
  if (names.length === 0) return;
  const { whenDeleted, whenScaled } = policyOf(set);
  const end = firstOrdinal(set) + (numberAt(set, 'spec', 'replicas') ?? 1);
  for (const pod of pods) {
    const isSurplus = ordinalOf(pod) < firstOrdinal(set) || ordinalOf(pod) >= end;
    const owner = isSurplus && whenScaled === 'Delete' ? pod : whenDeleted === 'Delete' ? set : undefined;
    for (const name of names) {
      const claim = client.get(CLAIMS, set.metadata.namespace ?? '', `${name}-${pod.metadata.name ?? ''}`);
      if (claim && !isTerminating(claim)) await giveTo(client, claim, { owner, former: [set, pod] });
    }
  }
}

async function giveTo(
  client: ReconcilerClient,
  claim: KubeObject,
  { owner, former }: { readonly owner: KubeObject | undefined; readonly former: readonly KubeObject[] },
): Promise<void> {
  const before = claim.metadata.ownerReferences ?? [];
  const uids = former.map(({ metadata }) => metadata.uid);
  const others = before.filter(({ uid }) => !uids.includes(uid));
  const owners = [...others, ...(owner ? [ownerReference(owner)] : [])];
  if (sameJson(before, owners)) return;
  const { ownerReferences: _before, ...metadata } = claim.metadata;
  await client.update(CLAIMS, claim, { ...claim, metadata: { ...metadata, ...withOwners(owners) } });
}
