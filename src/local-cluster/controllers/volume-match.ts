// Which volume that is there fits a claim.

import { listAt, objectAt, textAt } from '../../core/json.ts';
import { matchesLabels, selectorRequirements } from '../../objects/label-selector.ts';
import { type KubeObject, labelsOf } from '../../objects/object.ts';
import { compareQuantities } from '../../objects/quantity.ts';
import { isTerminating } from '../object-meta.ts';

/** Whether a volume was made for this claim, or was given to it. */
export function isFor(volume: KubeObject, claim: KubeObject): boolean {
  const uid = textAt(volume, 'spec', 'claimRef', 'uid');
  return (
    textAt(volume, 'spec', 'claimRef', 'name') === claim.metadata.name &&
    textAt(volume, 'spec', 'claimRef', 'namespace') === claim.metadata.namespace &&
    (uid === '' || uid === claim.metadata.uid)
  );
}

export const isFree = (volume: KubeObject): boolean => textAt(volume, 'spec', 'claimRef', 'name') === '';

const capacityOf = (volume: KubeObject): string => textAt(volume, 'spec', 'capacity', 'storage') || '0';

/** The one that was promised to the claim, else the smallest that is big enough. */
export function volumeFor(claim: KubeObject, volumes: readonly KubeObject[]): KubeObject | undefined {
  const fitting = volumes.filter((volume) => !isTerminating(volume) && fits(volume, claim));
  const promised = fitting.find((volume) => !isFree(volume));
  const [smallest] = fitting.sort((a, b) => compareQuantities(capacityOf(a), capacityOf(b)));
  return promised ?? smallest;
}

function fits(volume: KubeObject, claim: KubeObject): boolean {
  if (!isFree(volume) && !isFor(volume, claim)) return false;
  const wanted = textAt(claim, 'spec', 'resources', 'requests', 'storage') || '0';
  const modes = listAt(volume, 'spec', 'accessModes');
  const modeOf = (object: KubeObject): string => textAt(object, 'spec', 'volumeMode') || 'Filesystem';
  return (
    textAt(volume, 'spec', 'storageClassName') === textAt(claim, 'spec', 'storageClassName') &&
    modeOf(volume) === modeOf(claim) &&
    listAt(claim, 'spec', 'accessModes').every((mode) => modes.includes(mode)) &&
    compareQuantities(capacityOf(volume), wanted) >= 0 &&
    matchesLabels(selectorRequirements(objectAt(claim, 'spec', 'selector')), labelsOf(volume))
  );
}
