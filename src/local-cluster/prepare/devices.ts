// What the cluster does to slices of devices, and to claims of them.

import { textAt } from '../../core/json.ts';
import { timestamp } from '../../core/time.ts';
import { type Draft, each, fill, isDraft, present } from '../../objects/draft.ts';
import { forbiddenField, invalid } from '../status.ts';
import type { PrepareContext } from './context.ts';

/** A taint of a device is as old as its write. */
export function prepareDevices(object: Draft, { api }: PrepareContext): void {
  for (const device of each(present(object, 'spec'), 'devices'))
    for (const taint of each(device, 'taints')) fill(taint, { timeAdded: timestamp(api.clock.now()) });
}

/** Fields of features that are off are not kept. */
export function dropDisabledOfSlice(object: Draft): void {
  for (const device of each(present(object, 'spec'), 'devices')) {
    delete device['nodeAllocatableResourceMappings'];
    for (const attribute of Object.values(present(device, 'attributes') ?? {}))
      for (const list of ['ints', 'bools', 'strings', 'versions']) if (isDraft(attribute)) delete attribute[list];
  }
}

const ADMIN = 'resource.kubernetes.io/admin-access';

/** Only where the namespace says so may a claim see what others have claimed. */
export function checkAdminAccess(object: Draft, { api, before }: PrepareContext): void {
  if (before) return;
  const spec = present(object, 'spec');
  const requests = each(present(present(spec, 'spec') ?? spec, 'devices'), 'requests');
  const namespace = api.store.get('/namespaces', '', textAt(object, 'metadata', 'namespace'));
  if (namespace?.metadata.labels?.[ADMIN] === 'true') return;
  const message = `admin access to devices requires the \`${ADMIN}: true\` label on the containing namespace`;
  const causes = requests.flatMap((request, index) =>
    present(request, 'exactly')?.['adminAccess'] === true
      ? [forbiddenField(`spec.devices.requests[${index}].adminAccess`, message)]
      : [],
  );
  const subject = { group: 'resource.k8s.io', kind: textAt(object, 'kind') };
  if (causes.length > 0) throw invalid(subject, textAt(object, 'metadata', 'name'), causes);
}
