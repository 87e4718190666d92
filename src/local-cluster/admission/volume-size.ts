// Claims that grow: only those that a class provisions which says that its volumes can.

import { objectAt, textAt } from '../../core/json.ts';
import { annotationsOf, type KubeObject } from '../../objects/object.ts';
import { compareQuantities } from '../../objects/quantity.ts';
import { forbidden } from '../status.ts';
import type { Store } from '../store/store.ts';
import { CLASS_ANNOTATION } from '../validation/claim.ts';

const CLAIMS = { group: '', plural: 'persistentvolumeclaims', kind: 'PersistentVolumeClaim' } as const;
const WHY =
  'only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize';

/** Throws when a claim asks for more than it did and its class does not let it. */
export function checkGrowth(store: Store, claim: KubeObject, before: KubeObject): void {
  if (compareQuantities(askedBy(claim), askedBy(before)) <= 0) return;
  const name = annotationsOf(claim)[CLASS_ANNOTATION] ?? textAt(claim, 'spec', 'storageClassName');
  const found = name === '' ? undefined : store.get('storage.k8s.io/storageclasses', '', name);
  if (found?.['allowVolumeExpansion'] !== true) throw forbidden(CLAIMS, claim.metadata.name ?? '', WHY);
}

const askedBy = (claim: KubeObject): string =>
  String(objectAt(claim, 'spec', 'resources', 'requests')['storage'] ?? '0');
