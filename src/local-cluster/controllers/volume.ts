// Claims: each gets a volume of its own.

import { listAt, objectAt, textAt } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import { type Controller, isGoing, type World } from './world.ts';

const CLAIMS = '/persistentvolumeclaims';
const VOLUMES = '/persistentvolumes';

export function claims(): Controller {
  return {
    name: 'kube-controller-manager',
    storage: CLAIMS,
    reconcile: async (world, claim) => {
      if (isGoing(claim) || textAt(claim, 'status', 'phase') === 'Bound') return undefined;
      const volume = textAt(claim, 'spec', 'volumeName') || `pvc-${claim.metadata.uid ?? ''}`;
      if (textAt(claim, 'spec', 'volumeName') === '') {
        await createVolume(world, claim, volume);
        await world.update(CLAIMS, claim, { ...claim, spec: { ...objectAt(claim, 'spec'), volumeName: volume } });
        return undefined;
      }
      const accessModes = listAt(claim, 'spec', 'accessModes');
      const capacity = objectAt(claim, 'spec', 'resources', 'requests');
      await world.report(CLAIMS, claim, { phase: 'Bound', accessModes, capacity });
      return undefined;
    },
    forget: async (world, claim) => {
      const volume = world.get(VOLUMES, '', `pvc-${claim.metadata.uid ?? ''}`);
      if (volume) await world.remove(VOLUMES, volume);
    },
  };
}

async function createVolume(world: World, claim: KubeObject, name: string): Promise<void> {
  if (world.get(VOLUMES, '', name)) return;
  const storageClass = textAt(claim, 'spec', 'storageClassName');
  const { name: claimName = '', namespace = '', uid = '' } = claim.metadata;
  const volume = await world.create(VOLUMES, {
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
  await world.report(VOLUMES, volume, { phase: 'Bound' });
}
