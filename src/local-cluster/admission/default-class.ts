// Classes: of priority, of storage, of ingress. Who names none gets the cluster's default, if there is one.

import { at, textAt } from '../../core/json.ts';
import { type Draft, fill, present, within } from '../../objects/draft.ts';
import { annotationsOf, type KubeObject } from '../../objects/object.ts';
import { nameAskedFor } from '../object-meta.ts';
import { forbidden } from '../status.ts';
import type { Store } from '../store/store.ts';
import { CLASS_ANNOTATION } from '../validation/claim.ts';

const PODS = { group: '', plural: 'pods', kind: 'Pod' } as const;

/** Classes that no cluster is without. */
const SYSTEM_PRIORITIES: Readonly<Record<string, number>> = {
  'system-node-critical': 2_000_001_000,
  'system-cluster-critical': 2_000_000_000,
};

/** Gives a Pod the priority of its class; throws when there is no such class, or the Pod says another number. */
export function applyPriority(store: Store, pod: Draft): void {
  const spec = within(pod, 'spec');
  const podName = nameAskedFor(within(pod, 'metadata'));
  const classes = store.list('scheduling.k8s.io/priorityclasses');
  const given = spec['priorityClassName'] ?? '';
  const chosen =
    given === ''
      ? classes.find((one) => one['globalDefault'] === true)
      : classes.find((one) => one.metadata.name === given);
  const name = String(given === '' ? (chosen?.metadata.name ?? '') : given);
  const value = chosen ? Number(chosen['value'] ?? 0) : (SYSTEM_PRIORITIES[name] ?? 0);
  if (name !== '' && !chosen && !(name in SYSTEM_PRIORITIES)) {
    throw forbidden(PODS, podName, `no PriorityClass with name ${name} was found`);
  }
  if (spec['priority'] !== undefined && spec['priority'] !== value) {
    const why = `the integer value of priority (${Number(spec['priority'])}) must not be provided in pod spec; priority admission controller computed ${value} from the given PriorityClass name`;
    throw forbidden(PODS, podName, why);
  }
  const policy = textAt(chosen, 'preemptionPolicy') || 'PreemptLowerPriority';
  const own = spec['preemptionPolicy'];
  if (own !== undefined && own !== policy) {
    const why = `the string value of PreemptionPolicy (${String(own)}) must not be provided in pod spec; priority admission controller computed ${policy} from the given PriorityClass name`;
    throw forbidden(PODS, podName, why);
  }
  if (name !== '') spec['priorityClassName'] = name;
  spec['priority'] = value;
  fill(spec, { preemptionPolicy: policy });
}

/** Only one class may be the one of those who name none. */
export function checkDefaultPriority(store: Store, object: KubeObject): void {
  if (object['globalDefault'] !== true) return;
  const { name = '' } = object.metadata;
  const classes = store.list('scheduling.k8s.io/priorityclasses');
  const other = classes.find((one) => one['globalDefault'] === true && one.metadata.name !== name)?.metadata.name;
  if (other === undefined) return;
  const why = `PriorityClass ${other} is already marked as default. Only one default can exist`;
  throw forbidden({ group: 'scheduling.k8s.io', plural: 'priorityclasses', kind: 'PriorityClass' }, name, why);
}

export function applyStorageClass(store: Store, claim: Draft): void {
  const annotated = present(within(claim, 'metadata'), 'annotations')?.[CLASS_ANNOTATION];
  const chosen = defaultOf(store.list('storage.k8s.io/storageclasses'), [
    'storageclass.kubernetes.io/is-default-class',
    'storageclass.beta.kubernetes.io/is-default-class',
  ]);
  if (chosen && annotated === undefined) fill(within(claim, 'spec'), { storageClassName: chosen });
}

export function applyIngressClass(store: Store, ingress: Draft): void {
  const annotated = present(within(ingress, 'metadata'), 'annotations')?.['kubernetes.io/ingress.class'];
  const chosen = defaultOf(store.list('networking.k8s.io/ingressclasses'), [
    'ingressclass.kubernetes.io/is-default-class',
  ]);
  if (chosen && annotated === undefined) fill(within(ingress, 'spec'), { ingressClassName: chosen });
}

/** The name of the youngest class that is marked as the default. */
function defaultOf(classes: readonly KubeObject[], marks: readonly string[]): string | undefined {
  const marked = classes.filter((one) => marks.some((mark) => annotationsOf(one)[mark] === 'true'));
  const age = (one: KubeObject): string => String(at(one, 'metadata', 'creationTimestamp') ?? '');
  return marked.toSorted((a, b) => age(b).localeCompare(age(a)))[0]?.metadata.name;
}
