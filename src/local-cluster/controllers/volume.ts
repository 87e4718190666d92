// Claims: each gets a volume that is there and fits, or one of its own. Volumes: whose they are, and what becomes of them.

import { listAt, objectAt, textAt } from '../../core/json.ts';
import { annotationsOf, type KubeObject, withAnnotations } from '../../objects/object.ts';
import type { Told } from '../events/event.ts';
import { recordEvent } from '../events/record.ts';
import { ofClaim } from '../events/tell.ts';
import { faultyUntil } from '../faults/of.ts';
import { isTerminating } from '../object-meta.ts';
import { isLeftToOthers, NO_PROVISIONER } from '../scheduling/volumes.ts';
import { namespacedName, type Reconciler, type ReconcilerClient } from './reconciler.ts';
import { isFor, isFree, volumeFor } from './volume-match.ts';

const CLAIMS = '/persistentvolumeclaims';
const VOLUMES = '/persistentvolumes';
const BOUND = 'pv.kubernetes.io/bind-completed';
const BY_CONTROLLER = 'pv.kubernetes.io/bound-by-controller';
/** By these an external provisioner knows the claims that are its to serve. */
const PROVISIONERS = ['volume.beta.kubernetes.io/storage-provisioner', 'volume.kubernetes.io/storage-provisioner'];
const PROVISIONED = 'pv.kubernetes.io/provisioned-by';

export function claims(): Reconciler {
  return {
    name: 'kube-controller-manager',
    storage: CLAIMS,
    watches: {
      [VOLUMES]: (_volume, client) => client.list(CLAIMS).filter(isOpen).map(namespacedName),
      '/pods': (pod, client) => claimsOf(pod, client),
    },
    reconcile: async (client, claim) => {
      if (isTerminating(claim) || !isOpen(claim)) return undefined;
      const until = faultyUntil(claim, 'pending');
      if (until !== undefined && client.now() < until) {
        recordEvent(client, claim, provisioningFailed(claim), { once: true });
        return Number.isFinite(until) ? until : undefined;
      }
      const volume = await findVolume(client, claim);
      if (volume) await bind(client, claim, volume);
      return undefined;
    },
  };
}

const claimNames = (pod: KubeObject): readonly string[] =>
  listAt(pod, 'spec', 'volumes').map((volume) => textAt(volume, 'persistentVolumeClaim', 'claimName'));

const isOpen = (claim: KubeObject): boolean => textAt(claim, 'status', 'phase') !== 'Bound';

/** The claims of a Pod that wait for a Pod, by 'namespace/name'. */
function claimsOf(pod: KubeObject, client: ReconcilerClient): readonly string[] {
  const { namespace = '' } = pod.metadata;
  return claimNames(pod).flatMap((name) => {
    const claim = name === '' ? undefined : client.get(CLAIMS, namespace, name);
    return claim && isOpen(claim) ? [`${namespace}/${name}`] : [];
  });
}

/** The volume of a claim, made where none fits; undefined where it has to wait. */
async function findVolume(client: ReconcilerClient, claim: KubeObject): Promise<KubeObject | undefined> {
  const named = textAt(claim, 'spec', 'volumeName');
  if (named !== '') {
    const volume = client.get(VOLUMES, '', named);
    return volume && (isFree(volume) || isFor(volume, claim)) ? volume : undefined;
  }
  const present = volumeFor(claim, client.list(VOLUMES));
  if (present) return present;
  if (waitsForPod(client, claim)) {
    recordEvent(client, claim, ofClaim.idle(), { once: true });
    return undefined;
  }
  // Whoever has such a class makes volumes himself.
  if (textAt(classOf(client, claim), 'provisioner') === NO_PROVISIONER) {
    if (!isLeftToOthers(client, claim))
      recordEvent(client, claim, ofClaim.unprovisioned(NO_PROVISIONER), { once: true });
    return undefined;
  }
  const name = `pvc-${claim.metadata.uid ?? ''}`;
  const volume = client.get(VOLUMES, '', name) ?? (await createVolume(client, claim, name));
  tellProvisioned(client, claim, name);
  return volume;
}

/** Some classes make no volume before a Pod needs it. */
function waitsForPod(client: ReconcilerClient, claim: KubeObject): boolean {
  if (textAt(classOf(client, claim), 'volumeBindingMode') !== 'WaitForFirstConsumer') return false;
  const uses = (pod: KubeObject): boolean => claimsOf(pod, client).includes(namespacedName(claim));
  return !client.list('/pods', claim.metadata.namespace ?? '').some(uses);
}

const classOf = (client: ReconcilerClient, claim: KubeObject): KubeObject | undefined =>
  client.get('storage.k8s.io/storageclasses', '', textAt(claim, 'spec', 'storageClassName'));

async function bind(client: ReconcilerClient, claim: KubeObject, volume: KubeObject): Promise<void> {
  const { name = '', namespace = '', uid = '', resourceVersion = '' } = claim.metadata;
  if (textAt(volume, 'spec', 'claimRef', 'uid') !== uid) {
    const claimRef = { kind: 'PersistentVolumeClaim', namespace, name, uid, apiVersion: 'v1', resourceVersion };
    const marked = isFree(volume) ? withAnnotations(volume, { [BY_CONTROLLER]: 'yes' }) : volume;
    await client.update(VOLUMES, volume, { ...marked, spec: { ...objectAt(volume, 'spec'), claimRef } });
  }
  const isChosen = textAt(claim, 'spec', 'volumeName') === '';
  const isMade = volume.metadata.name === `pvc-${uid}`;
  const provisioner = isMade ? externalProvisioner(client, claim) : undefined;
  const notes = {
    ...(provisioner === undefined ? {} : Object.fromEntries(PROVISIONERS.map((key) => [key, provisioner]))),
    [BOUND]: 'yes',
    ...(isChosen ? { [BY_CONTROLLER]: 'yes' } : {}),
  };
  const spec = { ...objectAt(claim, 'spec'), volumeName: volume.metadata.name ?? '' };
  if (annotationsOf(claim)[BOUND] !== 'yes')
    await client.update(CLAIMS, claim, withAnnotations({ ...claim, spec }, notes));
  const present = client.get(CLAIMS, namespace, name);
  if (present?.metadata.uid !== uid || !present) return;
  const accessModes = listAt(volume, 'spec', 'accessModes');
  const capacity = objectAt(volume, 'spec', 'capacity');
  await client.updateStatus(CLAIMS, present, { phase: 'Bound', accessModes, capacity });
}

export function volumes(): Reconciler {
  return {
    name: 'kube-controller-manager',
    storage: VOLUMES,
    watches: {
      [CLAIMS]: (claim, client) =>
        client
          .list(VOLUMES)
          .filter((one) => isFor(one, claim))
          .map(namespacedName),
    },
    reconcile: async (client, volume) => {
      if (isTerminating(volume)) return undefined;
      const phase = phaseOf(client, volume);
      const isOwn = annotationsOf(volume)[PROVISIONED] !== undefined;
      const isDropped = phase === 'Released' && textAt(volume, 'spec', 'persistentVolumeReclaimPolicy') === 'Delete';
      if (isDropped && isOwn) await client.remove(VOLUMES, volume);
      else await client.updateStatus(VOLUMES, volume, { ...objectAt(volume, 'status'), phase });
      return undefined;
    },
  };
}

function phaseOf(client: ReconcilerClient, volume: KubeObject): 'Available' | 'Bound' | 'Released' {
  const uid = textAt(volume, 'spec', 'claimRef', 'uid');
  if (uid === '') return 'Available';
  const [namespace, name] = [
    textAt(volume, 'spec', 'claimRef', 'namespace'),
    textAt(volume, 'spec', 'claimRef', 'name'),
  ];
  return client.get(CLAIMS, namespace, name)?.metadata.uid === uid ? 'Bound' : 'Released';
}

/** A class may name a provisioner of its own; what is built in tells in the name of the controller. */
function externalProvisioner(client: ReconcilerClient, claim: KubeObject): string | undefined {
  const provisioner = textAt(classOf(client, claim), 'provisioner');
  return provisioner === '' || provisioner.startsWith('kubernetes.io/') ? undefined : provisioner;
}

function tellProvisioned(client: ReconcilerClient, claim: KubeObject, volume: string): void {
  const provisioner = externalProvisioner(client, claim);
  if (provisioner !== undefined) {
    recordEvent(client, claim, ofClaim.waiting(provisioner));
    recordEvent(client, claim, ofClaim.begun(namespacedName(claim), provisioner));
  }
  recordEvent(client, claim, ofClaim.provisioned(volume, provisioner));
}

function provisioningFailed(claim: KubeObject): Told {
  const storageClass = textAt(claim, 'spec', 'storageClassName');
  const message = `failed to provision volume with StorageClass "${storageClass}": rpc error: code = ResourceExhausted desc = no capacity is left`;
  return { type: 'Warning', reason: 'ProvisioningFailed', message };
}

async function createVolume(client: ReconcilerClient, claim: KubeObject, name: string): Promise<KubeObject> {
  const storageClass = textAt(claim, 'spec', 'storageClassName');
  const { name: claimName = '', namespace = '', uid = '', resourceVersion = '' } = claim.metadata;
  const source = classOf(client, claim);
  return client.create(VOLUMES, {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name, annotations: { [PROVISIONED]: textAt(source, 'provisioner') || 'hawser.dev/simulated' } },
    spec: {
      capacity: objectAt(claim, 'spec', 'resources', 'requests'),
      accessModes: listAt(claim, 'spec', 'accessModes'),
      persistentVolumeReclaimPolicy: textAt(source, 'reclaimPolicy') || 'Delete',
      ...(storageClass === '' ? {} : { storageClassName: storageClass }),
      claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', name: claimName, namespace, uid, resourceVersion },
      hostPath: { path: `/simulated/${name}` },
    },
  });
}
