import { HawserError } from '../../../core/errors.ts';
import { APPLICATION_TYPE } from '../../../model/application-key.ts';
import { REFRESH_ANNOTATION } from '../../../model/refresh.ts';
import type { ServerPorts } from '../../ports.ts';

const HYDRATE_ANNOTATION = 'argocd.argoproj.io/hydrate';

export interface RefreshRequest {
  /** 'hard' renders without the manifest cache. */
  readonly level: 'normal' | 'hard';
  /** Also for the branch that another one is made from. */
  readonly hydrates: boolean;
}

/**
 * Asks the controller for a refresh, which takes the annotation away when it is done. Throws `conflict` where something in
 * the cluster takes it away first: nobody would ever refresh.
 */
export async function requestRefresh(
  { home, namespace }: Pick<ServerPorts, 'home' | 'namespace'>,
  { name }: { readonly name: string },
  { level, hydrates }: RefreshRequest,
): Promise<void> {
  const annotations = { [REFRESH_ANNOTATION]: level, ...(hydrates ? { [HYDRATE_ANNOTATION]: level } : {}) };
  const reference = { ...APPLICATION_TYPE, namespace, name };
  const written = await home.patch(reference, { type: 'merge', body: { metadata: { annotations } } });
  if (written.metadata.annotations?.[REFRESH_ANNOTATION] === undefined)
    throw dropped(name, 'refreshed', REFRESH_ANNOTATION);
}

/** Something in the cluster took a field away as it was written. */
export function dropped(name: string, what: string, field: string): HawserError {
  return new HawserError('conflict', `'${name}' cannot be ${what}: the cluster drops its '${field}' as it is written`, {
    hint: 'kubectl get mutatingadmissionpolicies,mutatingwebhookconfigurations shows what may change it',
  });
}
