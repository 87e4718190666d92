// What the API server warns of when an object is written, by kind.

import { listAt, objectAt, textAt } from '../../core/json.ts';
import { labelProblems } from '../validation/names.ts';
import { claimWarnings } from './claims.ts';
import { CLUSTER_WARNINGS } from './cluster.ts';
import { podWarnings } from './pods.ts';
import { secretWarnings } from './secrets.ts';
import { sourceWarnings } from './volumes.ts';
import { type Warnings, whenChanged, whenNew } from './when.ts';

const all =
  (...parts: readonly Warnings[]): Warnings =>
  (object, before) =>
    parts.flatMap((part) => part(object, before));

/** Of the Pods that an object is a template of, by where that stands. */
const template =
  (...path: readonly string[]): Warnings =>
  (object) =>
    podWarnings(objectAt(object, ...path), path.join('.'));

/** Told of what is wanted anew: with another generation. */
const wanted = (...path: readonly string[]): Warnings => whenChanged(template(...path), 'metadata', 'generation');

/** A name that hosts are called by is best a label of DNS. */
const name = (use: string): Warnings =>
  whenNew((object) => {
    const problems = labelProblems(textAt(object, 'metadata', 'name'));
    const why = 'which can result in surprising behavior; a DNS label is recommended';
    return problems.length === 0 ? [] : [`metadata.name: this is used in ${use}, ${why}: [${problems.join(' ')}]`];
  });

const ofPods = name('Pod names and hostnames');

const CLASS = 'volume.beta.kubernetes.io/storage-class';

const storageClass: Warnings = (object) =>
  objectAt(object, 'metadata', 'annotations')[CLASS] === undefined
    ? []
    : [`metadata.annotations[${CLASS}]: deprecated since v1.8; use "storageClassName" attribute instead`];

const claimTemplates: Warnings = (object) =>
  listAt(object, 'spec', 'volumeClaimTemplates').flatMap((claim, index) =>
    claimWarnings(objectAt(claim, 'spec'), `spec.volumeClaimTemplates[${index}].spec`),
  );

const history: Warnings = (object) =>
  Number(objectAt(object, 'spec')['revisionHistoryLimit'] ?? 0) < 0
    ? ['spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended']
    : [];

const recycling: Warnings = (object) =>
  textAt(object, 'spec', 'persistentVolumeReclaimPolicy') === 'Recycle'
    ? [
        'spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.',
      ]
    : [];

const KINDS: Readonly<Record<string, Warnings>> = {
  ...CLUSTER_WARNINGS,
  '/persistentvolumeclaims': all(storageClass, (object) => claimWarnings(objectAt(object, 'spec'), 'spec')),
  '/persistentvolumes': all(storageClass, recycling, (object) => sourceWarnings(objectAt(object, 'spec'), 'spec')),
  '/pods': whenNew(all(name("the Pod's hostname"), (object) => podWarnings(object, ''))),
  '/secrets': secretWarnings,
  '/podtemplates': whenChanged(template('template'), 'template'),
  '/replicationcontrollers': all(ofPods, wanted('spec', 'template')),
  'apps/daemonsets': whenChanged(template('spec', 'template'), 'spec', 'template'),
  'apps/deployments': all(ofPods, wanted('spec', 'template')),
  'apps/replicasets': all(ofPods, wanted('spec', 'template')),
  'apps/statefulsets': all(wanted('spec', 'template'), claimTemplates, history),
  'batch/cronjobs': all(ofPods, wanted('spec', 'jobTemplate', 'spec', 'template')),
  'batch/jobs': all(ofPods, wanted('spec', 'template')),
};

/** What to say of an object that has been written, of one that was there also by what it was. */
export const objectWarnings: (storage: string, ...change: Parameters<Warnings>) => readonly string[] = (
  storage,
  object,
  before,
) => KINDS[storage]?.(object, before) ?? [];
