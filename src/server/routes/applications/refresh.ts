import { APPLICATION_TYPE } from '../../../model/application-key.ts';
import type { ServerPorts } from '../../ports.ts';

export const REFRESH_ANNOTATION = 'argocd.argoproj.io/refresh';
const HYDRATE_ANNOTATION = 'argocd.argoproj.io/hydrate';

export interface RefreshRequest {
  /** 'hard' renders without the manifest cache. */
  readonly level: 'normal' | 'hard';
  /** Also for the branch that another one is made from. */
  readonly hydrates: boolean;
}

/** Asks the controller for a refresh, which takes the annotation away when it is done. */
export async function requestRefresh(
  { home, namespace }: Pick<ServerPorts, 'home' | 'namespace'>,
  { name }: { readonly name: string },
  { level, hydrates }: RefreshRequest,
): Promise<void> {
  const annotations = { [REFRESH_ANNOTATION]: level, ...(hydrates ? { [HYDRATE_ANNOTATION]: level } : {}) };
  await home.patch({ ...APPLICATION_TYPE, namespace, name }, { type: 'merge', body: { metadata: { annotations } } });
}
