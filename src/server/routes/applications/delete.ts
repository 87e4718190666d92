import type { DeleteApplication } from '../../../api/applications.ts';
import { HawserError } from '../../../core/errors.ts';
import { isDeleteHookFinalizer } from '../../../engine/sync/hooks.ts';
import type { KubeObject } from '../../../objects/object.ts';
import type { ServerPorts } from '../../ports.ts';
import { applicationReference, touchIdle } from './find.ts';

const CASCADE = 'resources-finalizer.argocd.argoproj.io';
const CASCADE_FINALIZERS = [CASCADE, `${CASCADE}/foreground`, `${CASCADE}/background`];

export async function remove(ports: ServerPorts, object: KubeObject, query: DeleteApplication): Promise<unknown> {
  await ports.run();
  touchIdle(ports, object);
  const cascade = query.cascade ?? true;
  const policy = (query.propagationPolicy ?? '').toLowerCase();
  if (!cascade && policy !== '') {
    throw new HawserError('invalid', 'cannot set propagation policy when cascading is disabled');
  }
  if (!['', 'foreground', 'background'].includes(policy)) {
    throw new HawserError('invalid', `invalid propagation policy: ${query.propagationPolicy}`, {
      hint: 'valid values: foreground, background',
    });
  }
  const others = (object.metadata.finalizers ?? []).filter((finalizer) => !CASCADE_FINALIZERS.includes(finalizer));
  // Without a cascade the hooks of a deletion must not run: they may drop a database.
  const finalizers = cascade
    ? [...others, policy === '' ? CASCADE : `${CASCADE}/${policy}`]
    : others.filter((finalizer) => !isDeleteHookFinalizer(finalizer));
  const reference = applicationReference(ports, object.metadata.name ?? '');
  const body = { metadata: { finalizers: finalizers.length > 0 ? finalizers : null } };
  await ports.home.patch(reference, { type: 'merge', body });
  // An application that is being deleted goes with its last finalizer.
  if (object.metadata.deletionTimestamp === undefined)
    await ports.home.delete(reference, { propagation: 'Background' });
  return {};
}
