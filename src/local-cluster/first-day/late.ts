// What a cluster has from its first day and hardly anybody asks for: it is put in its place when a kind of it is asked for.

import type { Api } from '../api.ts';

const KINDS: ReadonlySet<string> = new Set([
  'rbac.authorization.k8s.io/clusterroles',
  'rbac.authorization.k8s.io/clusterrolebindings',
  'rbac.authorization.k8s.io/roles',
  'rbac.authorization.k8s.io/rolebindings',
  'flowcontrol.apiserver.k8s.io/flowschemas',
  'flowcontrol.apiserver.k8s.io/prioritylevelconfigurations',
  'apiregistration.k8s.io/apiservices',
  'networking.k8s.io/ipaddresses',
  'networking.k8s.io/servicecidrs',
]);

const begun = new WeakMap<Api['kinds'], Promise<void>>();

/** Resolves when the late objects of a kind are there; undefined for kinds that have none. */
export const lateObjects = (api: Api, storage: string): Promise<void> | undefined =>
  KINDS.has(storage) ? allLate(api) : undefined;

/** What may be done is asked of the roles: all of them have to be there. */
export function allLate(api: Api): Promise<void> {
  const before = begun.get(api.kinds);
  if (before) return before;
  const beginning = import('./late-objects.ts').then(({ putLateObjects }) => putLateObjects(api));
  begun.set(api.kinds, beginning);
  return beginning;
}
