// What the API server makes of a Pod's spec: fields of features that are not enabled are left out, and labels of the Pod
// become requirements of its own rules.

import { type Draft, each, present } from '../../objects/draft.ts';

const CONTAINER_LISTS = ['initContainers', 'containers', 'ephemeralContainers'];
const PROJECTIONS = ['clusterTrustBundle', 'podCertificate'];

export function dropDisabled(spec: Draft | undefined): void {
  if (spec) delete spec['schedulingGroup'];
  for (const list of CONTAINER_LISTS) each(spec, list).forEach(dropStopSignal);
  for (const volume of each(spec, 'volumes'))
    for (const source of each(present(volume, 'projected'), 'sources'))
      for (const field of PROJECTIONS) delete source[field];
}

/** What only told the signal says nothing without it. */
function dropStopSignal(container: Draft): void {
  const lifecycle = present(container, 'lifecycle');
  if (lifecycle?.['stopSignal'] === undefined) return;
  delete lifecycle['stopSignal'];
  if (Object.keys(lifecycle).length === 0) delete container['lifecycle'];
}

/** Keys of labels stand for the values that the Pod has: they are added to the selectors beside them. */
export function mergeLabelKeys(pod: Draft): void {
  const spec = present(pod, 'spec');
  const labels = present(present(pod, 'metadata'), 'labels') ?? {};
  const affinity = present(spec, 'affinity');
  for (const kind of ['podAffinity', 'podAntiAffinity']) {
    const rules = present(affinity, kind);
    const terms = [
      ...each(rules, 'requiredDuringSchedulingIgnoredDuringExecution'),
      ...each(rules, 'preferredDuringSchedulingIgnoredDuringExecution').map((term) => present(term, 'podAffinityTerm')),
    ];
    for (const term of terms) {
      addRequirements(term, labels, ['matchLabelKeys', 'In']);
      addRequirements(term, labels, ['mismatchLabelKeys', 'NotIn']);
    }
  }
  for (const spread of each(spec, 'topologySpreadConstraints'))
    addRequirements(spread, labels, ['matchLabelKeys', 'In']);
}

function addRequirements(holder: Draft | undefined, labels: Draft, [field, operator]: readonly [string, string]): void {
  const selector = present(holder, 'labelSelector');
  const keys = holder?.[field];
  if (!selector || !Array.isArray(keys)) return;
  const added = keys.flatMap((key): Draft[] => {
    const value = labels[String(key)];
    return value === undefined ? [] : [{ key, operator, values: [value] }];
  });
  if (added.length > 0) selector['matchExpressions'] = [...each(selector, 'matchExpressions'), ...added];
}
