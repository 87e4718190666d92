// StatefulSets: Pods with ordinals, made in order, ended from the last.

import { at, type JsonObject, listAt, numberAt, objectAt, textAt } from '../../core/json.ts';
import { type KubeObject, labelsOf } from '../../objects/object.ts';
import { recordEvent } from '../events/record.ts';
import { ofStatefulSet } from '../events/tell.ts';
import { isTerminating } from '../object-meta.ts';
import { availabilityOf, isAvailable } from './availability.ts';
import { isReady } from './pod.ts';
import { adopt, ownedBy, ownerOfKind, ownerReference, type Reconciler, type ReconcilerClient } from './reconciler.ts';
import { createPod, removePod, templateHash, textsOf } from './template.ts';

const SETS = 'apps/statefulsets';
const REVISIONS = 'apps/controllerrevisions';
const HASH = 'controller-revision-hash';

export function statefulSets(): Reconciler {
  return {
    name: 'kube-controller-manager',
    storage: SETS,
    watches: { '/pods': ownerOfKind('StatefulSet') },
    reconcile: async (client, set) => {
      if (isTerminating(set)) return undefined;
      await adopt(client, '/pods', set);
      await adopt(client, REVISIONS, set);
      const revision = await keepRevision(client, set);
      const pods = byOrdinal(ownedBy(client, '/pods', set));
      const replicas = numberAt(set, 'spec', 'replicas') ?? 1;
      const moved = await step(client, set, { pods, replicas, revision });
      const current = client.get(SETS, set.metadata.namespace ?? '', set.metadata.name ?? '');
      if (current === set || !moved)
        await client.updateStatus(SETS, current ?? set, statefulSetStatus(client, current ?? set, revision));
      return availabilityOf(set, [...pods.values()], client.now()).due;
    },
  };
}

/** The name of the revision of the present template; it is recorded when it is new. */
async function keepRevision(client: ReconcilerClient, set: KubeObject): Promise<string> {
  const template = objectAt(set, 'spec', 'template');
  const name = `${set.metadata.name ?? ''}-${templateHash(template)}`;
  const namespace = set.metadata.namespace ?? '';
  if (client.get(REVISIONS, namespace, name)) return name;
  const last = Math.max(0, ...ownedBy(client, REVISIONS, set).map((revision) => numberAt(revision, 'revision') ?? 0));
  const labels = { ...textsOf(at(template, 'metadata', 'labels')), 'controller.kubernetes.io/hash': name };
  await client.create(REVISIONS, {
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: { name, namespace, labels, ownerReferences: [ownerReference(set)] },
    data: { spec: { template: { ...template, $patch: 'replace' } } },
    revision: last + 1,
  });
  return name;
}

function byOrdinal(pods: readonly KubeObject[]): Map<number, KubeObject> {
  return new Map(pods.map((pod) => [Number(/-(\d+)$/.exec(pod.metadata.name ?? '')?.[1] ?? '-1'), pod]));
}

interface Plan {
  readonly pods: ReadonlyMap<number, KubeObject>;
  readonly replicas: number;
  readonly revision: string;
}

/** One step towards what is wanted; true when something was written. */
async function step(client: ReconcilerClient, set: KubeObject, { pods, replicas, revision }: Plan): Promise<boolean> {
  const parallel = textAt(set, 'spec', 'podManagementPolicy') === 'Parallel';
  let moved = false;
  for (let ordinal = 0; ordinal < replicas; ordinal += 1) {
    const pod = pods.get(ordinal);
    if (!pod) {
      await createMember(client, set, { ordinal, revision });
      moved = true;
    }
    if (!parallel && !(pod && isAvailable(set, pod, client.now()) && !isTerminating(pod))) return moved;
  }
  const surplus = [...pods].filter(([ordinal]) => ordinal >= replicas).sort(([a], [b]) => b - a);
  for (const [, pod] of surplus) {
    if (!isTerminating(pod)) await removePod(client, set, pod);
    moved = true;
    if (!parallel) return true;
  }
  if (textAt(set, 'spec', 'updateStrategy', 'type') === 'OnDelete') return moved;
  const partition = numberAt(set, 'spec', 'updateStrategy', 'rollingUpdate', 'partition') ?? 0;
  for (let ordinal = replicas - 1; ordinal >= partition; ordinal -= 1) {
    const pod = pods.get(ordinal);
    if (!pod || isTerminating(pod) || labelsOf(pod)[HASH] === revision) continue;
    await removePod(client, set, pod);
    return true;
  }
  return moved;
}

async function createMember(
  client: ReconcilerClient,
  set: KubeObject,
  { ordinal, revision }: { readonly ordinal: number; readonly revision: string },
): Promise<void> {
  const name = `${set.metadata.name ?? ''}-${ordinal}`;
  const claims = listAt(set, 'spec', 'volumeClaimTemplates');
  const volumes = listAt(set, 'spec', 'template', 'spec', 'volumes');
  for (const claim of claims) await createClaim(client, set, { claim, member: name });
  const claimed = claims.map((claim) => {
    const volume = textAt(claim, 'metadata', 'name');
    return { name: volume, persistentVolumeClaim: { claimName: `${volume}-${name}` } };
  });
  const labels = {
    [HASH]: revision,
    'statefulset.kubernetes.io/pod-name': name,
    'apps.kubernetes.io/pod-index': String(ordinal),
  };
  const subdomain = textAt(set, 'spec', 'serviceName');
  await createPod(client, set, {
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
  if (client.get('/persistentvolumeclaims', namespace, name)) return;
  const labels = textsOf(at(set, 'spec', 'selector', 'matchLabels'));
  const metadata = { name, namespace, labels };
  const spec = objectAt(claim, 'spec');
  await client.create('/persistentvolumeclaims', { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata, spec });
  recordEvent(client, set, ofStatefulSet.claimed(name, member, set.metadata.name ?? ''));
}

function statefulSetStatus(client: ReconcilerClient, set: KubeObject, revision: string): JsonObject {
  const pods = ownedBy(client, '/pods', set).filter((pod) => !isTerminating(pod));
  const replicas = numberAt(set, 'spec', 'replicas') ?? 1;
  const ready = pods.filter(isReady).length;
  const updated = pods.filter((pod) => labelsOf(pod)[HASH] === revision).length;
  const before = textAt(set, 'status', 'currentRevision') || revision;
  const done = updated === replicas && pods.length === replicas && ready === replicas;
  const current = done ? revision : before;
  const onCurrent = pods.filter((pod) => labelsOf(pod)[HASH] === current).length;
  const positive = (field: string, value: number): JsonObject => (value > 0 ? { [field]: value } : {});
  return {
    observedGeneration: set.metadata.generation ?? 1,
    replicas: pods.length,
    ...positive('readyReplicas', ready),
    ...positive('currentReplicas', onCurrent),
    ...positive('updatedReplicas', updated),
    currentRevision: current,
    updateRevision: revision,
    collisionCount: 0,
    availableReplicas: availabilityOf(set, pods, client.now()).available,
  };
}
