import { type Draft, fill, present, within } from '../../objects/draft.ts';
import type { PrepareContext } from './context.ts';

/** A new Job selects its Pods by its own uid. */
export function prepareJob(object: Draft, { before }: PrepareContext): void {
  if (before) takeLabels(object);
  else selectPods(object);
}

function selectPods(object: Draft): void {
  const spec = within(object, 'spec');
  if (spec['manualSelector'] === true) return;
  const metadata = within(object, 'metadata');
  const { uid = '', name = '' } = metadata;
  const labels = {
    'batch.kubernetes.io/controller-uid': uid,
    'batch.kubernetes.io/job-name': name,
    'controller-uid': uid,
    'job-name': name,
  };
  const template = within(spec, 'template');
  fill(within(within(template, 'metadata'), 'labels'), { ...labels });
  takeLabels(object);
  // Beside the labels of a user's own selector, so that it is told to be none that was made here.
  fill(within(within(spec, 'selector'), 'matchLabels'), { 'batch.kubernetes.io/controller-uid': uid });
}

/** A Job without labels of its own takes those of its template. */
function takeLabels(object: Draft): void {
  const metadata = within(object, 'metadata');
  const own = present(present(present(object, 'spec'), 'template'), 'metadata')?.['labels'];
  if (metadata['labels'] === undefined && own !== undefined) metadata['labels'] = structuredClone(own);
}
