// Claims: each gets a volume of its own.

import { listAt, objectAt, textAt } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import type { Told } from '../events/event.ts';
import { recordEvent } from '../events/record.ts';
import { ofClaim } from '../events/tell.ts';
import { faultyUntil } from '../faults/of.ts';
import { isTerminating } from '../object-meta.ts';
import { namespacedName, type Reconciler, type ReconcilerClient } from './reconciler.ts';

const CLAIMS = '/persistentvolumeclaims';
const VOLUMES = '/persistentvolumes';

export function claims(): Reconciler {
  return {
    name: 'kube-controller-manager',
    storage: CLAIMS,
    reconcile: async (client, claim) => {
      if (isTerminating(claim) || textAt(claim, 'status', 'phase') === 'Bound') return undefined;
      const until = faultyUntil(claim, 'pending');
      if (until !== undefined && client.now() < until) {
        recordEvent(client, claim, provisioningFailed(claim), { once: true });
        return Number.isFinite(until) ? until : undefined;
      }
      const volume = textAt(claim, 'spec', 'volumeName') || `pvc-${claim.metadata.uid ?? ''}`;
      if (textAt(claim, 'spec', 'volumeName') === '') {
        await createVolume(client, claim, volume);
        tellProvisioned(client, claim, volume);
        await client.update(CLAIMS, claim, { ...claim, spec: { ...objectAt(claim, 'spec'), volumeName: volume } });
        return undefined;
      }
      const accessModes = listAt(claim, 'spec', 'accessModes');
      const capacity = objectAt(claim, 'spec', 'resources', 'requests');
      await client.updateStatus(CLAIMS, claim, { phase: 'Bound', accessModes, capacity });
      return undefined;
    },
    forget: async (client, claim) => {
      const volume = client.get(VOLUMES, '', `pvc-${claim.metadata.uid ?? ''}`);
      if (volume) await client.remove(VOLUMES, volume);
    },
  };
}

/** A class may name a provisioner of its own; what is built in tells in the name of the controller. */
function tellProvisioned(client: ReconcilerClient, claim: KubeObject, volume: string): void {
  const storageClass = client.get('storage.k8s.io/storageclasses', '', textAt(claim, 'spec', 'storageClassName'));
  const provisioner = textAt(storageClass, 'provisioner');
  const isExternal = provisioner !== '' && !provisioner.startsWith('kubernetes.io/');
  if (isExternal) {
    recordEvent(client, claim, ofClaim.waiting(provisioner));
    recordEvent(client, claim, ofClaim.begun(namespacedName(claim), provisioner));
  }
  recordEvent(client, claim, ofClaim.provisioned(volume, isExternal ? provisioner : undefined));
}

function provisioningFailed(claim: KubeObject): Told {
  const storageClass = textAt(claim, 'spec', 'storageClassName');
  const message = `failed to provision volume with StorageClass "${storageClass}": rpc error: code = ResourceExhausted desc = no capacity is left`;
  return { type: 'Warning', reason: 'ProvisioningFailed', message };
}

async function createVolume(client: ReconcilerClient, claim: KubeObject, name: string): Promise<void> {
  if (client.get(VOLUMES, '', name)) return;
  const storageClass = textAt(claim, 'spec', 'storageClassName');
  const { name: claimName = '', namespace = '', uid = '' } = claim.metadata;
  const volume = await client.create(VOLUMES, {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name },
    spec: {
      capacity: objectAt(claim, 'spec', 'resources', 'requests'),
      accessModes: listAt(claim, 'spec', 'accessModes'),
      persistentVolumeReclaimPolicy: 'Delete',
      ...(storageClass === '' ? {} : { storageClassName: storageClass }),
      claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', name: claimName, namespace, uid },
      hostPath: { path: `/simulated/${name}` },
    },
  });
  await client.updateStatus(VOLUMES, volume, { phase: 'Bound' });
}
